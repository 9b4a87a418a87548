"""The page reads text as the build does."""

import gzip
import html
import re
from pathlib import Path

from lunr.stop_word_filter import WORDS

from generator.search import analysis
from tests.search import node

READ = """
import { words, key, check, fold, normalised } from "./search/analysis.js";
const read = (text) => [fold(text), words(text).map((word) =>
  [word.parts, word.units, word.terms, word.every, word.together])];
process.stdout.write(JSON.stringify(input.map((text) => [...read(text), key(text), check(normalised(text))])));
"""
READ_WORDS = """
import { words } from "./search/analysis.js";
const summary = (word) => `${word.units.join(" ")}|${word.every.join(" ")}|${word.terms.length}${word.together}`;
process.stdout.write(JSON.stringify(input.map((text) => words(text).map(summary).join(";"))));
"""
# No word has these within; without them there are fewer to look at.
BETWEEN = dict.fromkeys(map(ord, '"{}[]()<>,;:=|\\'), " ")
TEXTS = [
    "",
    "in-context Learning",
    "Schrödinger’s cat’s-eye; naïve Æsop, Łódź, ſtraße, İstanbul, ΣΊΣΥΦΟΣ",
    "C++ c# i/o Q&A i/o2 c+++ f#m 2512.07783v2 3.5.1 3. .5",
    "BERT: Pre-training of Deep Bidirectional Transformers (e.g., “self-attention”)",
    "李明 上下文学习 カタカナ ひらがな 한국어 々〇 𠮷野家",
    "rock'n'roll don't the children's 'quoted' a-b--c- -x",
    "हिन्दी العربية עברית ไทย e\u0301 ﬁne ①②③ x² \u00ad so\u00adft \u200bzero",
    "survey surveys key keys play played models, model's generalizations happily yes y yy sky",
    "<img src=x onerror=alert(1)> & <script>",
    "x" * 60 + " " + "é" * 50,
    "cafe\u0301 \u2011 non\u2011breaking e\u2010mail 𝒳 𝐀𝐁 Ⅷ ℝ",
]


def test_page_reads_text_as_the_build_does(tmp_path: Path) -> None:
    """Folding, words, parts, stems, terms, keys and checks are the same for whatever a text may hold."""
    texts = [*TEXTS, *" ".join(TEXTS).split(), *sorted(WORDS)]

    assert node.run(READ, texts, tmp_path) == [_read(text) for text in texts]


def test_page_reads_every_character_as_the_build_does(tmp_path: Path) -> None:
    """A character that Python knows is a letter, a mark, a digit or nothing to both sides."""
    texts = [f"a{chr(number)}b {chr(number)}" for number in range(1, 0x3000) if chr(number).isprintable()]
    texts += [
        f"{chr(number)}x" for number in (*range(0x3000, 0x3200), *range(0xF900, 0x10000)) if chr(number).isprintable()
    ]

    assert node.run(READ, texts, tmp_path) == [_read(text) for text in texts]


def test_page_reads_every_real_word_as_the_build_does(real_data: Path, tmp_path: Path) -> None:
    """Every distinct word in every file of every source, in whatever script, is the same on both sides."""
    found: set[str] = set()
    for path in sorted(path for path in real_data.rglob("*") if path.is_file()):
        data = path.read_bytes()
        text = (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data).decode("utf-8", "replace")
        text = re.sub(r"\\u([0-9a-fA-F]{4})|\\[nrt]", _character, text) if "\\" in text else text
        found.update((html.unescape(text) if "&" in text else text).translate(BETWEEN).split())
    texts = sorted(word for word in found if len(word) < 200)

    assert len(texts) > 200_000
    assert node.run(READ_WORDS, texts, tmp_path) == [_summary(text) for text in texts]


def _character(match: re.Match[str]) -> str:
    number = int(match[1] or "20", 16)
    return " " if 0xD800 <= number < 0xE000 else chr(number)


def _summary(text: str) -> str:
    words = (
        f"{' '.join(word.units)}|{' '.join(word.every)}|{len(word.terms)}{word.together}"
        for word in analysis.words(text)
    )
    return ";".join(words)


def _read(text: str) -> list[object]:
    words = [
        [list(word.parts), list(word.units), list(word.terms), list(word.every), word.together]
        for word in analysis.words(text)
    ]
    return [analysis.fold(text), words, analysis.key(text), analysis.check(text)]
