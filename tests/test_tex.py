"""TeX in text: what becomes a letter, what is mathematics, how it reads."""

from pathlib import Path
from time import process_time

import pytest
from hypothesis import given

from generator import tex
from generator.text import paragraphs
from tests.texts import NASTY, abstracts


@pytest.mark.parametrize(
    ("source", "letters"),
    [
        (
            r"Erd\H{o}s, {\"u}, \"{\i}, Fran\c{c}ois, Fran\c cois, Mei{\ss}ner, {\'{e}}",
            "Erdős, ü, ï, François, François, Meißner, é",
        ),
        (
            r"Pucha{\l}a, Pucha\l a, {\O}bro, \O stergaard, {\aa}, \.{z}, \v S",
            "Puchała, Puchała, Øbro, Østergaard, å, ż, Š",
        ),
        (r"(\"Ust\"un et al.), na\"ive, Nu\~nez, It\^o, vis-\`a-vis", "(Üstün et al.), naïve, Nuñez, Itô, vis-à-vis"),
        (r"an object\'s potential, the MLLM\'s parts", "an object's potential, the MLLM's parts"),
        (r"12.14 \AA\ was, 360{\deg}, {\Delta}G, 3.6\times", "12.14 Å was, 360°, ΔG, 3.6×"),
        (r"\emph{x \textbf{y}} {\it vs.} \textsc{z}", "x y vs. z"),
        (r"ChatGLM\url{https://a.b/c_d}, \href{https://a.b}{here}", "ChatGLM https://a.b/c_d, here"),
        (r"(\eg, one), \ie two, Smith \etal. three", "(e.g., one), i.e. two, Smith et al. three"),
        (r"83\% Q\&A a\_b \#1 \{x\} \$5", "83% Q&A a_b #1 {x} $5"),
        ("``so'' and `thus' and ``then\" too", "“so” and ‘thus’ and “then” too"),
        (r"Fig.~2, et~al., about~5, a -- b --- c", "Fig. 2, et al., about~5, a -- b --- c"),
        (r"300\,k (e.g.\ by) now\ ", "300 k (e.g. by) now"),
        ("{\\it A}\u0300", "À"),
    ],
)
def test_letters(source: str, letters: str) -> None:
    """Accents, macros, quotes and escapes of TeX become what a reader should see."""
    assert tex.letters(source) == letters


@pytest.mark.parametrize(
    "text",
    [
        r"C:\temp\new\times and \\server\url{x}",
        r"the pattern \d+\.\w*\b, a\nb, example\.com",
        r"say \"Hello\" now",
        r"`\emph{x}` and ``\"o``",
        r"$\emph{x} \& \'e$ and \( \alpha \)",
        r"we propose \ours and {\name}, \cite{a}",
        "~5 minutes, 5~10, a 100% rise",
    ],
)
def test_what_is_not_known_tex_stays(text: str) -> None:
    """Paths, regular expressions, escaped quotes, code, mathematics and macros of an author's own stay."""
    assert tex.letters(text) == text


@pytest.mark.parametrize(
    ("text", "mathematics"),
    [
        (r"let $x$, $$y$$, \(z\) and \[w\] be", ["$x$", "$$y$$", r"\(z\)", r"\[w\]"]),
        (r"in $O(n^2)$-time, ICC$\approx$0.78", ["$O(n^2)$", r"$\approx$"]),
        ("$1 Million, $5 and $6, $10-$20", []),
        (r"\$5 (or $x$) and \\(y\\)", ["$x$"]),
        ("an unclosed $x and \\(y", []),
        ("code `$x$` and ``$y$``", []),
        ("$a\n\nb$", []),
        ("$a\nb$", ["$a\nb$"]),
        (f"${'x' * 1001}$", []),
    ],
)
def test_mathematics_is_told_from_text(text: str, mathematics: list[str]) -> None:
    """Dollars follow Pandoc's rule; money, code and unclosed mathematics are text."""
    assert [part.source for part in tex.segments(text) if part.kind == "math"] == mathematics


@given(NASTY)
def test_segments_lose_nothing(text: str) -> None:
    """The pieces put together are the text, and its reading never fails."""
    assert "".join(part.source for part in tex.segments(text)) == text
    assert isinstance(tex.plain(tex.letters(text)), str)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"in $O(n^2)$ with $x_{10} \le \alpha$", "in O(n²) with x₁₀ ≤α"),
        (r"over $\mathbb{R}^d$ costs \$5, not $6", "over ℝ^d costs $5, not $6"),
        (r"$\frac{a}{b}$ and $50%$", "a/b and 50%"),
        (r"$\unknown$ and \\$", r"\unknown and \\$"),
    ],
)
def test_plain_reading(text: str, plain: str) -> None:
    """Mathematics reads as Unicode characters, or as its source where that fails."""
    assert tex.plain(text) == plain


@pytest.mark.parametrize(
    "piece", ["$a ", "\\(", "\\[", "`a ", "``a ", "{\\it ", "\\emph{", "\\url{", "$\\a ", "$$a", "\\'", "~a"]
)
def test_time_is_bounded(piece: str) -> None:
    """A hostile text costs time in proportion to its length."""
    started = process_time()
    tex.plain(tex.letters(piece * 4000))
    assert process_time() - started < 2


def test_real_abstracts_keep_only_unknown_macros(real_data: Path) -> None:
    """Of 348 real abstracts with backslashes, those left hold macros of their authors' own."""
    texts = [paragraphs(text) for text in abstracts(real_data)]
    assert sum("\\" in text for text in texts) == 348
    left = [
        text
        for text in map(tex.letters, texts)
        if any("\\" in part.source for part in tex.segments(text) if part.kind == "text")
    ]
    assert len(left) < 40
