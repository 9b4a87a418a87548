"""What is done to text wherever it comes from: cleaned once at the border, cut for descriptions, turned into keys."""

import re
import unicodedata
from functools import cache, lru_cache
from hashlib import blake2b

from anyascii import anyascii

# Controls but tab and newline; lone surrogates; explicit bidirectional embeddings and overrides, which can make a line
# read otherwise than it is (Unicode TR 36); byte order marks and the two noncharacters at the end of the plane.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\ufeff\ufffe\uffff]")
_BREAKS = re.compile("\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")
# "C", "C++" and "C#" are three topics.
_SPOKEN = str.maketrans({"+": " plus ", "#": " sharp ", "&": " and "})
_KEY_BYTES = 120


def clean(text: str) -> str:
    """Return `text` in NFC without the characters that no reader should ever meet; every line break is a newline."""
    return unicodedata.normalize("NFC", _FORBIDDEN.sub("", _BREAKS.sub("\n", text)))


def one_line(text: str) -> str:
    """Return `text` cleaned and on one line, without blanks at the ends: a title, a name."""
    return " ".join(clean(text).split())


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
