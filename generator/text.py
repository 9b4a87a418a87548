"""What is done to text wherever it comes from: cleaned once at the border, cut for descriptions, turned into keys."""

import re
import unicodedata
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import pairwise

from anyascii import anyascii

# Controls but tab and newline; lone surrogates; explicit bidirectional embeddings and overrides, which can make a line
# read otherwise than it is (Unicode TR 36); byte order marks and the two noncharacters at the end of the plane.
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\ufeff\ufffe\uffff]")
_BREAKS = re.compile("\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")
# "C", "C++" and "C#" are three topics.
_SPOKEN = str.maketrans({"+": " plus ", "#": " sharp ", "&": " and "})
_KEY_BYTES = 120
# Where arXiv and mail programs break lines; a text of narrower lines than the second is a list or a poem, not wrapped.
_WIDEST, _NARROWEST = 80, 60
_EMPTY_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")
_INDENT = re.compile(r"\n(?=[ \t\xa0]{2})")


def clean(text: str) -> str:
    """Return `text` in NFC without the characters that no reader should ever meet; every line break is a newline."""
    # Nothing that Python can print is forbidden or a break: the short way for nearly every text.
    if text.replace("\n", "").isprintable():
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", FORBIDDEN.sub("", _BREAKS.sub("\n", text)))


def one_line(text: str) -> str:
    """Return `text` cleaned and on one line, without blanks at the ends: a title, a name."""
    return " ".join(clean(text).split())


def paragraphs(text: str) -> str:
    """Return `text` cleaned, its hard wraps undone, one paragraph a line with an empty line between two.

    An empty line ends a paragraph, and so does a line that begins with two blanks, as arXiv writes it
    (https://info.arxiv.org/help/prep.html). Other newlines end one unless the text is hard-wrapped: see `_is_wrapped`.
    """
    cleaned = clean(text).strip()
    blocks = [block for part in _EMPTY_LINES.split(cleaned) for block in _INDENT.split(part)]
    lines = [[line.strip() for line in block.split("\n")] for block in blocks]
    if _is_wrapped(lines):
        lines = [[" ".join(block)] for block in lines]
    return "\n\n".join(" ".join(line.split()) for block in lines for line in block if line)


def _is_wrapped(blocks: list[list[str]]) -> bool:
    """Tell whether newlines inside `blocks` were put there by a machine to keep lines short.

    They were if enough of the lines they end are no wider than a wrapped line, but would be with the next word.
    """
    pairs = [pair for block in blocks for pair in pairwise(block)]
    width = max((len(line) for line, _ in pairs if len(line) <= _WIDEST), default=_WIDEST)
    room = max(width, _NARROWEST)
    reach = [(len(line), len(line) + 1 + len(following.partition(" ")[0])) for line, following in pairs]
    full = sum(length <= _WIDEST and with_next > room for length, with_next in reach)
    # Of 4,441 wrapped abstracts the one with most breaks of its authors' own has 48 of 100 lines filled.
    return bool(pairs) and 3 * full >= len(pairs)


def excerpt(text: str, *, limit: int = 180, mark: str = "…") -> str:
    """Return at most `limit` characters of `text` on one line, ending at a word, marked if cut."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    head = line[: limit - len(mark) + 1]
    return (head.rpartition(" ")[0] or head[:-1]).rstrip(" ,;:.–—-") + mark


@lru_cache(maxsize=1 << 17)
def key(name: str) -> str:
    """Return the part of an address that stands for `name`.

    Lower case; letters and digits of every script stay, Latin ones lose their accents, everything else becomes a dash:
    "José Núñez" and "Jose Nunez" share a key, 李明 and 王芳 do not. Never empty, never longer than 120 bytes, safe as a
    file name: a name without a letter or digit, or too long a one, is told apart by a digest.
    """
    spoken = unicodedata.normalize("NFKC", name).translate(_SPOKEN)
    words = "-".join("".join(map(_folded, spoken)).casefold().split())
    if words and len(words.encode()) <= _KEY_BYTES:
        return words
    digest = blake2b(name.encode("utf-8", "replace"), digest_size=5).hexdigest()
    head = words.encode()[: _KEY_BYTES - 11].decode("utf-8", "ignore").rstrip("-")
    return f"{head}-{digest}" if head else f"x-{digest}"


@cache
def _folded(character: str) -> str:
    """Return what stays of one character in a key; a blank where a word ends."""
    if unicodedata.name(character, "").startswith("LATIN "):
        return anyascii(character)
    if "\u0300" <= character <= "\u036f":  # an accent that has no composed form
        return ""
    # Vowel signs are marks, and belong to their word.
    return character if unicodedata.category(character)[0] in "LNM" else " "


def plural(count: int, singular: str, several: str = "") -> str:
    """Return "1 paper", "26 papers", "1,200 papers"."""
    return f"{count:,} {singular if count == 1 else several or singular + 's'}"
