"""The Porter stemmer as lunr.js 2.3.9 has it, step for step, so that both sides stem alike.

The Python package of lunr stems otherwise ("survey" becomes "survei" there, "surveys" too, but not in the browser).
"""

import re
from collections.abc import Container, Mapping

_ENDINGS_2 = {
    "ational": "ate",
    "tional": "tion",
    "enci": "ence",
    "anci": "ance",
    "izer": "ize",
    "bli": "ble",
    "alli": "al",
    "entli": "ent",
    "eli": "e",
    "ousli": "ous",
    "ization": "ize",
    "ation": "ate",
    "ator": "ate",
    "alism": "al",
    "iveness": "ive",
    "fulness": "ful",
    "ousness": "ous",
    "aliti": "al",
    "iviti": "ive",
    "biliti": "ble",
    "logi": "log",
}
_ENDINGS_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}

_CONSONANTS = "[^aeiou][^aeiouy]*"
_VOWELS = "[aeiouy][aeiou]*"
_MORE_THAN_0 = re.compile(f"({_CONSONANTS})?{_VOWELS}{_CONSONANTS}")
_EXACTLY_1 = re.compile(f"({_CONSONANTS})?{_VOWELS}{_CONSONANTS}({_VOWELS})?$")
_MORE_THAN_1 = re.compile(f"({_CONSONANTS})?{_VOWELS}{_CONSONANTS}{_VOWELS}{_CONSONANTS}")
_HAS_VOWEL = re.compile(f"({_CONSONANTS})?[aeiouy]")
_SHORT = re.compile(f"{_CONSONANTS}[aeiouy][^aeiouwxy]$")

_ES = frozenset(("sses", "ies"))
_INFLECTIONS = frozenset(("eed", "ed", "ing"))
_LONGEST = 7
_AT_BL_IZ = ("at", "bl", "iz")
_DOUBLE = re.compile(r"([^aeiouylsz])\1$")
_ENDINGS_4 = frozenset(
    {"al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ou", "ism", "ate", "iti", "ous"}
    | {"ive", "ize"}
)
_ION = ("sion", "tion")


def stem(word: str) -> str:
    """Return the stem of `word`, which is made of the letters a to z."""
    if len(word) < 3:
        return word
    # A "y" that begins a word is a consonant; a capital is one for every expression above.
    is_y = word[0] == "y"
    made = _without_inflection("Y" + word[1:] if is_y else word)
    made = _shortened(_replaced(_replaced(made, _ENDINGS_2), _ENDINGS_3))
    return "y" + made[1:] if is_y else made


def _without_inflection(word: str) -> str:
    """Return `word` without plural, -ed and -ing, a last "y" as "i" (steps 1a to 1c)."""
    if _ending(word, _ES):
        word = word[:-2]
    elif word[-1] == "s" and len(word) > 2 and word[-2] != "s":
        word = word[:-1]
    ending = _ending(word, _INFLECTIONS)
    head = word[: -len(ending)] if ending else ""
    if ending == "eed":
        word = word[:-1] if _MORE_THAN_0.match(head) else word
    elif head and _HAS_VOWEL.match(head):
        word = _mended(head)
    if word[-1] == "y" and len(word) > 2 and word[-2] not in "aeiou":
        word = word[:-1] + "i"
    return word


def _mended(word: str) -> str:
    """Return what is left of a word without -ed or -ing, as it would be written."""
    if word.endswith(_AT_BL_IZ):
        return word + "e"
    if _DOUBLE.search(word):
        return word[:-1]
    return word + "e" if _SHORT.match(word) else word


def _ending(word: str, endings: Container[str]) -> str:
    """Return the longest of `endings` that `word` has behind at least one letter, or nothing."""
    for length in range(min(_LONGEST, len(word) - 1), 1, -1):
        if word[-length:] in endings:
            return word[-length:]
    return ""


def _replaced(word: str, endings: Mapping[str, str]) -> str:
    """Return `word` with its long ending made shorter (steps 2 and 3)."""
    ending = _ending(word, endings)
    head = word[: len(word) - len(ending)]
    return head + endings[ending] if ending and _MORE_THAN_0.match(head) else word


def _shortened(word: str) -> str:
    """Return `word` without its last ending, a last "e" and a doubled "l" (steps 4 and 5)."""
    if ending := _ending(word, _ENDINGS_4):
        head = word[: -len(ending)]
        word = head if _MORE_THAN_1.match(head) else word
    elif word.endswith(_ION) and len(word) > len("sion"):
        word = word[:-3] if _MORE_THAN_1.match(word[:-3]) else word
    if word[-1] == "e" and len(word) > 1:
        head = word[:-1]
        if _MORE_THAN_1.match(head) or (_EXACTLY_1.match(head) and not _SHORT.match(head)):
            word = head
    return word[:-1] if word.endswith("ll") and _MORE_THAN_1.match(word) else word
