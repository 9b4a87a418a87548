"""The Porter stemmer as lunr.js 2.3.9 has it, expression for expression, so that both sides stem alike.

The Python package of lunr stems otherwise ("survey" becomes "survei" there, "surveys" too, but not in the browser).
"""

import re

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

_PLURAL = re.compile(r"(.+?)(ss|i)es$")
_PLAIN_PLURAL = re.compile(r"(.+?)([^s])s$")
_EED = re.compile(r"(.+?)eed$")
_ED_ING = re.compile(r"(.+?)(ed|ing)$")
_AT_BL_IZ = re.compile(r"(at|bl|iz)$")
_DOUBLE = re.compile(r"([^aeiouylsz])\1$")
_Y = re.compile(r"(.+?[^aeiou])y$")
_STEP_2 = re.compile(rf"(.+?)({'|'.join(_ENDINGS_2)})$")
_STEP_3 = re.compile(rf"(.+?)({'|'.join(_ENDINGS_3)})$")
_STEP_4 = re.compile(r"(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize)$")
_ION = re.compile(r"(.+?)(s|t)(ion)$")
_E = re.compile(r"(.+?)e$")


def stem(word: str) -> str:
    """Return the stem of `word`, which is made of the letters a to z."""
    if len(word) < 3:
        return word
    # A "y" that begins a word is a consonant; a capital is one for every expression above.
    is_y = word[0] == "y"
    made = _without_inflection("Y" + word[1:] if is_y else word)
    made = _shortened(_replaced(_replaced(made, _STEP_2, _ENDINGS_2), _STEP_3, _ENDINGS_3))
    return "y" + made[1:] if is_y else made


def _without_inflection(word: str) -> str:
    """Return `word` without plural, -ed and -ing, a last "y" as "i" (steps 1a to 1c)."""
    if match := _PLURAL.match(word) or _PLAIN_PLURAL.match(word):
        word = match[1] + match[2]
    if match := _EED.match(word):
        word = word[:-1] if _MORE_THAN_0.match(match[1]) else word
    elif (match := _ED_ING.match(word)) and _HAS_VOWEL.match(match[1]):
        word = match[1]
        if _AT_BL_IZ.search(word):
            word += "e"
        elif _DOUBLE.search(word):
            word = word[:-1]
        elif _SHORT.match(word):
            word += "e"
    match = _Y.match(word)
    return match[1] + "i" if match else word


def _replaced(word: str, ending: re.Pattern[str], endings: dict[str, str]) -> str:
    """Return `word` with its long ending made shorter (steps 2 and 3)."""
    match = ending.match(word)
    return match[1] + endings[match[2]] if match and _MORE_THAN_0.match(match[1]) else word


def _shortened(word: str) -> str:
    """Return `word` without its last ending, a last "e" and a doubled "l" (steps 4 and 5)."""
    if match := _STEP_4.match(word):
        word = match[1] if _MORE_THAN_1.match(match[1]) else word
    elif match := _ION.match(word):
        head = match[1] + match[2]
        word = head if _MORE_THAN_1.match(head) else word
    if match := _E.match(word):
        head = match[1]
        if _MORE_THAN_1.match(head) or (_EXACTLY_1.match(head) and not _SHORT.match(head)):
            word = head
    return word[:-1] if word.endswith("ll") and _MORE_THAN_1.match(word) else word
