r"""TeX inside text: accents and simple macros become letters, mathematics is told from text, and has a plain reading.

Only spans that match a known form are changed; everything else stays as it was written: paths, regular expressions,
macros of an author's own.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from pylatexenc.latex2text import LatexNodes2Text

MATH_LIMIT = 1000

# What one step inside mathematics may be: an escaped pair, or any character that neither ends it nor opens a paragraph.
_STEP = r"(?:\\[^\n]|[^\\$\n]|\n(?![ \t]*\n))"
_PAREN = r"(?:\\[^)\n]|[^\\\n]|\n(?![ \t]*\n))"
_SQUARE = r"(?:\\[^\]\n]|[^\\\n]|\n(?![ \t]*\n))"
# Pandoc's rule for dollars (manual, tex_math_dollars): the opening one has no blank after it, the closing one no blank
# before it and no digit after it; but $\sim$5 has a macro inside, so it cannot be money. Escaped characters and code in
# backticks hold no mathematics.
MATH = re.compile(
    rf"\$\$(?P<display>{_STEP}{{1,{MATH_LIMIT}}})\$\$"
    rf"|\$(?!\s)(?P<inline>{_STEP}{{1,{MATH_LIMIT}}})(?<!\s)\$(?!\d)"
    rf"|\$(?!\s)(?=[^$\n]{{0,{MATH_LIMIT}}}\\[A-Za-z])(?P<sure>{_STEP}{{1,{MATH_LIMIT}}})(?<!\s)\$"
    rf"|\\\((?P<paren>{_PAREN}{{1,{MATH_LIMIT}}})\\\)"
    rf"|\\\[(?P<square>{_SQUARE}{{1,{MATH_LIMIT}}})\\\]"
    r"|(?P<skip>\\[^\n]|(?<![\w`])`(?=[^\s`])[^`\n]{1,200}(?<!\s)`(?![\w`])|``(?=[^\s`])(?:(?!'')[^`\n]){1,200}``(?!`))"
)


_OPENING = re.compile(r"[$\\`]")


class Segment(Struct, frozen=True):
    """A piece of text: as it was written in `source` (mathematics with its delimiters), the TeX alone in `tex`."""

    kind: Literal["text", "math"]
    source: str
    display: bool = False
    tex: str = ""


@lru_cache(maxsize=1 << 12)
def segments(text: str) -> tuple[Segment, ...]:
    r"""Split `text` into plain pieces and mathematics: `$…$`, `$$…$$`, `\(…\)` and `\[…\]`.

    The sources of all pieces put together are `text`. Money and unclosed mathematics are text; a piece of mathematics
    has at most 1,000 steps and no paragraph break.
    """
    if "$" not in text and "\\" not in text:
        return (Segment("text", text),) if text else ()
    found = []
    end = 0
    sign = _OPENING.search(text)
    while sign:
        # Every branch of MATH begins with a sign; to look for one first takes a tenth of the time.
        match = MATH.match(text, sign.start())
        if match and is_math(match):
            if match.start() > end:
                found.append(Segment("text", text[end : match.start()]))
            found.append(segment_of(match))
            end = match.end()
        sign = _OPENING.search(text, match.end() if match else sign.end())
    if end < len(text):
        found.append(Segment("text", text[end:]))
    return tuple(found)


def segment_of(match: re.Match[str]) -> Segment:
    """Return the mathematics that a match of `MATH` is."""
    return Segment("math", match[0], match.lastgroup in ("display", "square"), match[match.lastgroup or 0].strip())


def is_math(match: re.Match[str]) -> bool:
    """Return whether a match of `MATH` is mathematics, not something to step over."""
    return match.lastgroup != "skip" and bool(match[match.lastgroup or 0].strip())


_PAIR = re.compile(r"(\\\\)|\\\$")


def reading(source: str) -> str:
    r"""Return what a piece of text that is not mathematics shows: `\$` is a dollar."""
    return _PAIR.sub(lambda match: match[1] or "$", source) if r"\$" in source else source


@lru_cache(maxsize=1 << 14)
def plain(text: str) -> str:
    """Return `text` as a person reads it: mathematics in Unicode characters, or as its source where that fails."""
    if "$" not in text and "\\" not in text:
        return text
    return "".join(_spoken(part) if part.kind == "math" else reading(part.source) for part in segments(text))


_COMMENT = re.compile(r"(?<!\\)%")
_SUPERSCRIPT = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SCRIPT = re.compile(r"([\^_])(?:\{([-+=]?\d{1,4}|n)\}|(\d|n))")


@lru_cache(maxsize=1 << 14)
def _spoken(part: Segment) -> str:
    """Return the Unicode reading of one piece of mathematics."""
    tex = _COMMENT.sub(r"\\%", _SCRIPT.sub(_script, part.tex))
    try:
        read = _decoder.latex_to_text(f"${tex}$")
    except Exception:  # noqa: BLE001 - pylatexenc meets text from anywhere: whatever it dislikes is shown as it was written
        read = ""
    return unicodedata.normalize("NFC", " ".join(read.split())) or part.tex


def _script(match: re.Match[str]) -> str:
    """Return a numeric exponent or index as small digits."""
    body = match[2] or match[3]
    if match[1] == "_" and body == "n":
        return match[0]
    return body.translate(_SUPERSCRIPT if match[1] == "^" else _SUBSCRIPT)


_decoder = LatexNodes2Text(math_mode="text", strict_latex_spaces=False)

# --- letters ---------------------------------------------------------------------------------------------------------

_SYMBOL_ACCENT = re.compile(
    r"""(?P<open>\{)?\\(?P<accent>["'`^~=.])"""
    r"""(?:\{\s*\\?(?P<braced>[^\W\d_])\s*\}|\\(?P<dotless>[ij])(?:\{\}|\b)|(?P<bare>[A-Za-z]))(?(open)\})"""
)
_LETTER_ACCENT = re.compile(
    r"(?P<open>\{)?\\(?P<accent>[cvuHkrbdt])(?:\{\s*\\?(?P<braced>[^\W\d_])\s*\}|(?<=\\[cvuHkr])[ ](?P<bare>[A-Za-z]))"
    r"(?(open)\})"
)
# An accent on a letter without braces only where such a letter is common: `example\.com` is no accent.
_BARE = {
    '"': "aeiouyAEIOUY",
    "'": "aeiouycnszrlgAEIOUYCNSZRLG",
    "`": "aeiouAEIOU",
    "^": "aeiouycghjswAEIOUYCGHJSW",
    "~": "anouiANOUI",
    "=": "aeiouAEIOU",
    ".": "zZI",
}
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])\\'(?=(?:s|t|re|ve|ll|d|m)\b)")
# `\"` and its like before a blank or a full stop: quotes that a program escaped, not accents.
_ESCAPED_QUOTE = re.compile(r"""\\(["'`])(?![A-Za-z{\\])""")

_LETTERS = {
    "ss": "ß",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "aa": "å",
    "AA": "Å",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "i": "i",
    "j": "j",
    "dh": "ð",
    "DH": "Ð",
    "th": "þ",
    "TH": "Þ",
    "dj": "đ",
    "DJ": "Đ",
    "ng": "ŋ",
}
_NAMES = "|".join(sorted(_LETTERS, key=len, reverse=True))
_LETTER = re.compile(
    rf"\{{\\({_NAMES})\s*\}}|\\({_NAMES})\{{\}}"
    rf"|(?<=[A-Za-zÀ-ɏ])\\({_NAMES})[ ](?=[a-z])"  # Pucha\l a
    r"|(?<![\w:\\/])\\(O|L|AA|AE|OE)[ ](?=[a-z])"  # \O stergaard
    r"|(?:(?<=[A-Za-zÀ-ɏ])|(?<=\d )|(?<=\d))\\(ss|aa|ae|oe|AA)(?![A-Za-z])"  # Gro\ss, 12 \AA
)

# Signs stand bare where a service took the dollars away: {\Delta}G, 360{\deg}, 3.6\times.
_SIGNS = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "varepsilon",
    "zeta",
    "eta",
    "theta",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "pi",
    "rho",
    "sigma",
    "tau",
    "phi",
    "varphi",
    "chi",
    "psi",
    "omega",
    "Gamma",
    "Delta",
    "Theta",
    "Lambda",
    "Xi",
    "Pi",
    "Sigma",
    "Phi",
    "Psi",
    "Omega",
    "times",
    "pm",
    "mp",
    "leq",
    "geq",
    "neq",
    "le",
    "ge",
    "ne",
    "ll",
    "gg",
    "approx",
    "sim",
    "simeq",
    "equiv",
    "propto",
    "in",
    "to",
    "rightarrow",
    "leftarrow",
    "infty",
    "partial",
    "nabla",
    "ell",
    "ldots",
    "dots",
    "copyright",
    "textregistered",
    "texttrademark",
    "textbullet",
    "textendash",
    "textemdash",
    "deg",
    "textdegree",
]
_SIGN = re.compile(rf"\{{\\({'|'.join(_SIGNS)})\s*\}}|\\({'|'.join(_SIGNS)})(?![A-Za-z{{])(?:\{{\}})?")
_ABBREVIATIONS = {
    "ie": "i.e.",
    "eg": "e.g.",
    "Ie": "I.e.",
    "Eg": "E.g.",
    "etal": "et al.",
    "etc": "etc.",
    "cf": "cf.",
    "vs": "vs.",
    "wrt": "w.r.t.",
    "aka": "a.k.a.",
    "iid": "i.i.d.",
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    "BibTeX": "BibTeX",
}
_ABBREVIATION = re.compile(rf"\\({'|'.join(_ABBREVIATIONS)})(?![A-Za-z])(?:\{{\}}|\\(?=[ ])|(?<!TeX)\.)?")

_WRAPPER = re.compile(
    r"\\(?:emph|text(?:bf|it|sc|tt|rm|sf|sl|up|md|normal|superscript|subscript)?|mbox|underline|enquote|nolinkurl"
    r"|href[ ]?\{[^{}]*\})[ ]?\{([^{}]*)\}"
)
_SWITCH = re.compile(r"\{\\(?:it|em|bf|sc|tt|rm|sl|sf|itshape|bfseries|scshape|ttfamily|small)\b[ ]*([^{}]*)\}")
_URL = re.compile(r"(\w?)\\url[ ]?\{\s*([^{}\s]*)\s*\}")
_FOOTNOTE = re.compile(r"[ ]?\\footnote[ ]?\{([^{}]*)\}")
_QUOTES = re.compile(r"``(?=\S)((?:(?!``|'')[^\n\"]|\n(?!\s*\n)){1,400}?)(?:''|\")")
_SINGLE_QUOTES = re.compile(r"(?<![\w`\\])`(?=\w)([^`'\n]{1,80})(?<=[\w.,!?])'(?![\w'])")
_TIE = re.compile(
    r"(?<=[A-Za-zÀ-ɏ.,)}\x00])~(?=[A-Za-zÀ-ɏ(\\\x00])"
    r"|(?:(?<=[a-z]\.)|(?<=Section)|(?<=Figure)|(?<=Table)|(?<=Theorem))~(?=\d)"
)
_SPACE = re.compile(r"[ ]*(?<![\\:])\\[ ,;][ ]*")
_LAST_BLANKS = re.compile(r"[ ]+$", re.MULTILINE)
_SPACE_FACTOR = re.compile(r"(?<=[.\w])\\@")
_ESCAPED = re.compile(r"(?<!\\)\\([%&_#{}])")

_PATH = re.compile(r"\b[A-Za-z]:\\\S*|(?<!\S)\\\\\w+\\\S*")
_MARK = re.compile("\x00(\\d+)\x00")
_MAY_CHANGE = re.compile(r"[\\~`]")


@lru_cache(maxsize=1 << 12)
def letters(text: str) -> str:
    r"""Return `text` with TeX accents as letters, simple text macros unwrapped, escaped characters as themselves.

    `Erd\H{o}s` is Erdős, `{\it vs.}` is vs., ``` ``so'' ``` is “so”, `83\%` is 83%. Mathematics, code in backticks,
    paths of Windows and unknown macros stay as they are.
    """
    if not _MAY_CHANGE.search(text):
        return text
    kept: list[str] = []

    def keep(source: str) -> str:
        kept.append(source)
        return f"\x00{len(kept) - 1}\x00"

    changed = MATH.sub(lambda match: keep(match[0]) if _is_kept(match) else match[0], text.replace("\x00", ""))
    changed = _accents(_PATH.sub(lambda match: keep(match[0]), changed))
    changed = _unwrapped(_signs(changed))
    changed = _TIE.sub(" ", _SINGLE_QUOTES.sub(r"‘\1’", _QUOTES.sub(r"“\1”", changed)))
    changed = _ESCAPED.sub(r"\1", _SPACE_FACTOR.sub("", _LAST_BLANKS.sub("", _SPACE.sub(" ", changed))))
    whole = _without_escaped_dollars(_MARK.sub(lambda match: kept[int(match[1])], changed))
    # A letter and an accent that had a macro between them are one letter now.
    return unicodedata.normalize("NFC", whole)


def _is_kept(match: re.Match[str]) -> bool:
    """Return whether a match of `MATH` is mathematics or code."""
    return is_math(match) or match[0].startswith("`")


def _accents(text: str) -> str:
    r"""Return `text` with `\"o`, `\'{e}`, `\v{s}`, `{\c c}`, `{\o}` as letters."""
    if "\\" not in text:
        return text
    text = _APOSTROPHE.sub("'", text)
    quotes = set(_ESCAPED_QUOTE.findall(text))

    def accented(match: re.Match[str]) -> str:
        accent, bare = match["accent"], match["bare"]
        if bare and (accent in quotes or bare not in _BARE.get(accent, bare)):
            return match[0]
        return _composed(accent, bare or match["braced"] or match["dotless"]) or match[0]

    text = _LETTER_ACCENT.sub(accented, _SYMBOL_ACCENT.sub(accented, text))
    return _LETTER.sub(lambda match: _LETTERS[next(filter(None, match.groups()))], text)


@lru_cache
def _composed(accent: str, letter: str) -> str:
    """Return the one character for `letter` with TeX's `accent`, or nothing where Unicode has none."""
    character = unicodedata.normalize("NFC", _decoder.latex_to_text(f"\\{accent}{{{letter}}}"))
    return character if len(character) == 1 and character != letter and character.isalpha() else ""


def _signs(text: str) -> str:
    r"""Return `text` with `\ie`, `{\Delta}` and `3.6\times` as they are read."""
    if "\\" not in text:
        return text
    text = _ABBREVIATION.sub(lambda match: _ABBREVIATIONS[match[1]], text)
    return _SIGN.sub(lambda match: _sign(match[1] or match[2]), text)


@lru_cache
def _sign(name: str) -> str:
    """Return the character of a TeX sign."""
    return "°" if name in ("deg", "textdegree") else unicodedata.normalize("NFC", _decoder.latex_to_text(f"\\{name}"))


def _unwrapped(text: str) -> str:
    r"""Return `text` without `\emph{…}`, `{\it …}`, `\url{…}`, `\footnote{…}` around other text, four deep."""
    for _ in range(4):
        before = text
        text = _URL.sub(lambda match: f"{match[1]} {match[2]}" if match[1] else match[2], text)
        text = _FOOTNOTE.sub(r" (\1)", _SWITCH.sub(r"\1", _WRAPPER.sub(r"\1", text)))
        if text == before:
            break
    return text


def _without_escaped_dollars(text: str) -> str:
    r"""Return `text` with `\$` as a plain dollar, unless that would make mathematics of money."""
    if r"\$" not in text:
        return text
    bare = re.sub(r"(?<!\\)\\\$", "$", text)
    return bare if _mathematics(bare) == _mathematics(text) else text


def _mathematics(text: str) -> list[str]:
    """Return the mathematics in `text`."""
    return [part.source for part in segments(text) if part.kind == "math"]
