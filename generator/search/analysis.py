"""From text to terms, the same on both sides: docs/search.md, section 1, is what the page's script does too."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from lunr.stop_word_filter import WORDS
from msgspec import Struct

from generator.search.stemmer import stem

STOP_WORDS = frozenset(WORDS)
LONGEST = 40

_REMOVED = re.compile("[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]")
_REPLACED = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ı": "i",
        "ς": "σ",
        **dict.fromkeys("’‘ʼ`´′", "'"),
        **dict.fromkeys("‐‑‒–−", "-"),
    }
)
# Han, Hiragana, Katakana: written without blanks.
_JOINED = "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_IS_JOINED = re.compile(f"[{_JOINED}]")
# What of ASCII is in no word; a full stop is in one before a digit only.
_BETWEEN = dict.fromkeys((n for n in range(0x80) if not (chr(n).isalnum() or chr(n) in "-'./&+#")), " ")
# From here on, code units and code points are in different orders.
_BEYOND = re.compile("[\ue000-\U0010ffff]")
_POSSESSIVE = re.compile("'s(?=-|$)")
_STEMMED = re.compile("[a-z]{3,}")


class Word(Struct, frozen=True):
    """One word of a text: its parts, what phrases compare, and the terms it is found by.

    `terms` leaves stop words out, `every` does not. `together` is the term of the parts written as one, if there are
    several; it is the last of the terms.
    """

    parts: tuple[str, ...]
    units: tuple[str, ...]
    terms: tuple[str, ...]
    every: tuple[str, ...]
    together: str = ""


def fold(text: str) -> str:
    """Return `text` in the form in which case, accents and kinds of dashes and apostrophes are the same."""
    if text.isascii():
        return text.lower().replace("`", "'")
    bare = _REMOVED.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", bare.lower().translate(_REPLACED))


def tokens(text: str) -> list[str]:
    """Return the words of `text`, folded, as they stand there."""
    return tokens_of(fold(text))


def tokens_of(folded: str) -> list[str]:
    """Return the words of a text that is folded."""
    return (_ASCII_TOKEN if folded.isascii() else _token()).findall(folded)


def pieces(text: str) -> list[str]:
    """Return `text`, folded, cut where no word goes on: most pieces are a word, and most of those come again."""
    folded = fold(text)
    return (folded.translate(_BETWEEN).replace(". ", " ") if folded.isascii() else folded).split()


def words(text: str) -> list[Word]:
    """Return the words of `text`."""
    return [analysed(token) for token in tokens(text)]


def terms(text: str, *, stop_words: bool = False) -> list[str]:
    """Return the terms of `text` in its order; `stop_words` keeps them."""
    return [term for word in words(text) for term in (word.every if stop_words else word.terms)]


def normalised(text: str) -> str:
    """Return the text by which two titles are the same."""
    return " ".join(part for word in words(text) for part in word.parts)


def check(title: str) -> int:
    """Return the number below 65,536 that stands for the whole `title`; its words tell eleven bits of it each."""
    return sum(map(hashed, normalised(title).split(" "))) % 0x10000


def hashed(text: str) -> int:
    """Return the number below 65,536 that stands for a part of a title, or for a term."""
    number = 0
    for character in text:
        number = (31 * number + ord(character)) % 0x10000
    return number


def spread(term: str) -> int:
    """Return the odd number by which `term` chooses its eleven bits of a check: `told`."""
    return 2 * hashed(term) + 1


def told(check: int, spread: int) -> int:
    """Return the eleven bits of `check` that the term with this `spread` tells."""
    return check * spread >> 5 & 0x7FF


def key(name: str) -> str:
    """Return what a name of a topic, organisation or subject is found by."""
    return normalised(name).replace(" ", "-")


@lru_cache(maxsize=1 << 15)
def analysed(token: str) -> Word:
    """Return the word that a folded `token` is."""
    if is_joined(token):
        pairs = tuple(dict.fromkeys(map("".join, pairwise(token)))) or (token,)
        return Word(tuple(token), tuple(token), pairs, pairs)
    pieces = tuple(piece for piece in _POSSESSIVE.sub("", token).replace("'", "").split("-") if piece)
    units = tuple(map(_stem, pieces))
    together = _stem("".join(pieces)) if len(pieces) > 1 else ""
    last = (together,) if together else ()
    kept = tuple(unit for piece, unit in zip(pieces, units, strict=True) if piece not in STOP_WORDS)
    return Word(pieces, units, _distinct(kept + last), _distinct(units + last), together)


def is_joined(token: str) -> bool:
    """Return whether `token` is written without blanks between its words."""
    return bool(_IS_JOINED.match(token))


def is_plain(token: str) -> bool:
    """Return whether `token` is one part, written as it is searched for, and more than a letter."""
    return len(token) > 1 and "-" not in token and "'" not in token and not is_joined(token)


def in_order(texts: Sequence[str]) -> list[int]:
    """Return the places of `texts` in the order of UTF-16 code units, which is that of code points for nearly all."""
    if _BEYOND.search("\n".join(texts)):
        return sorted(range(len(texts)), key=lambda place: utf16(texts[place]))
    return sorted(range(len(texts)), key=texts.__getitem__)


def is_beginning(token: str) -> bool:
    """Return whether words can be searched for that begin with the folded `token`: of one part, not of one letter."""
    return is_joined(token) or (len(token) > 1 and len(analysed(token).parts) == 1)


def follows(text: Sequence[str], phrase: Sequence[str]) -> bool:
    """Return whether the units `phrase` stand in the units `text` one after another.

    What counts is what they spell between two boundaries: "pre training" is found in "pretraining", and the other way.
    """
    wanted = "".join(phrase)
    return bool(wanted) and any(_spelled(text, start, wanted) for start in range(len(text)))


def _spelled(text: Sequence[str], start: int, wanted: str) -> bool:
    at = 0
    for place in range(start, len(text)):
        if not wanted.startswith(text[place], at):
            return False
        at += len(text[place])
        if at == len(wanted):
            return True
    return False


def utf16(term: str) -> bytes:
    """Return what sorts as JavaScript sorts: by UTF-16 code units."""
    return term.encode("utf-16-be")


def _stem(part: str) -> str:
    return (stem(part) if _STEMMED.fullmatch(part) else part)[:LONGEST]


def _distinct(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def _expression(characters: str) -> re.Pattern[str]:
    word = f"[{characters}]"
    return re.compile(
        f"[{_JOINED}]+"
        f"|[a-z][/&][a-z](?!{word})"
        rf"|{word}+(?:(?:[-']|(?<=[0-9])[.](?=[0-9])){word}+)*(?:(?:[+][+]|#)(?!{word}))?"
    )


@cache
def _token() -> re.Pattern[str]:
    """Return the expression that finds words in any script; Python's `re` knows no categories, so they are listed."""
    ranges: list[list[int]] = []
    for number in range(0x323B0):
        character = chr(number)
        if unicodedata.category(character)[0] in "LNM" and not _IS_JOINED.match(character):
            if ranges and ranges[-1][1] == number - 1:
                ranges[-1][1] = number
            else:
                ranges.append([number, number])
    ranges.append([0xE0100, 0xE01EF])  # the only ones above: selectors of variants
    return _expression("".join(f"{chr(first)}-{chr(last)}" for first, last in ranges))


_ASCII_TOKEN = _expression("a-z0-9")
