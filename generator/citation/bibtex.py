r"""Papers as BibTeX entries.

Our own writer, because those of bibtexparser and pybtex print the values they are given: what makes an entry right is
how a value is written, and there both know either text or TeX, not text with mathematics in it.

The rules are BibTeX's own (btxdoc, "BibTeXing"; btxhak for braces): a value stands in braces that must balance, a
backslash before a brace does not change that, letters in braces keep their case, and `{\` at the outermost level begins
a "special character" whose letters do not. Files are UTF-8.
"""

import re
from collections.abc import Iterator, Mapping

from pylatexenc.latexencode import get_builtin_uni2latex_dict

from generator import tex, urls
from generator.citation.keys import year
from generator.citation.publication import issued
from generator.model import Author, Paper

_MATH = r"\ensuremath{"
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        # An escaped brace still counts as one.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "%&#_$"},
    }
)
# Signs, and Greek letters that are signs because no other stands beside them; TeX's fonts for text have neither.
_SIGN = re.compile(r"(?<![Ͱ-Ͽ])[Ͱ-Ͽ](?![Ͱ-Ͽ])|[⁰-₟℀-⋿]")
_SIGNS = {
    chr(code): told.removeprefix(_MATH)[:-1]
    for code, told in get_builtin_uni2latex_dict().items()
    if told.startswith(_MATH) and _SIGN.fullmatch(chr(code))
}
_ACTIVE_IN_MATH = re.compile(r"(?<!\\)((?:\\\\)*)([%#])")
_WORD = re.compile(r"(\s+)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# What BibTeX demands beside title, author and year, and the field of a paper that has it (btxdoc, 3.1).
_TYPES: Mapping[str, Mapping[str, str]] = {
    "article": {"journal": "journal"},
    "book": {"publisher": "publisher"},
    "inbook": {"publisher": "publisher"},
    "incollection": {"booktitle": "venue", "publisher": "publisher"},
    "inproceedings": {"booktitle": "venue"},
    "mastersthesis": {"school": "publisher"},
    "phdthesis": {"school": "publisher"},
    "techreport": {"institution": "publisher"},
    "proceedings": {},
    "manual": {},
}
_NAMES = {"venue": "booktitle", "issue": "number"}


def bibtex(paper: Paper, key: str) -> str:
    """Return `paper` as one BibTeX entry that is cited as `key`; its type tells how it was published."""
    type_ = _type(paper)
    fields = "".join(f"  {name} = {value},\n" for name, value in _fields(paper, type_))
    return f"@{type_}{{{key},\n{fields}}}\n"


def _type(paper: Paper) -> str:
    """Return the type of the entry of `paper`: its own, where all that BibTeX demands of it is known."""
    if paper.type in _TYPES:
        return paper.type if all(getattr(paper, name) for name in _TYPES[paper.type].values()) else "misc"
    return "article" if paper.journal else "misc"


def _fields(paper: Paper, type_: str) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{_title(paper.title)}}}"
    if paper.authors:
        yield "author", f"{{{' and '.join(map(_name, paper.authors))}}}"
    told = [f"{part:04}" for part in issued(paper)[:1]] if paper.issued else []
    if when := "".join(told) or year(paper):
        yield "year", f"{{{when}}}"
    if month := _month(paper):
        yield "month", _MONTHS[month - 1]
    yield from _publication(paper, type_)
    if paper.arxiv:
        yield "eprint", f"{{{paper.arxiv}}}"
        yield "archivePrefix", "{arXiv}"
        if paper.subjects:
            yield "primaryClass", f"{{{_text(paper.subjects[0])}}}"
    if paper.doi:
        yield "doi", f"{{{_verbatim(paper.doi)}}}"
    if url := urls.landing(paper):
        yield "url", f"{{{_verbatim(url)}}}"
    if paper.withdrawn:
        yield "note", "{Withdrawn}"


def _publication(paper: Paper, type_: str) -> Iterator[tuple[str, str]]:
    """Yield where the paper was published, under the names that an entry of `type_` has for that."""
    names = _NAMES | {value: name for name, value in _TYPES.get(type_, {}).items()}
    for name in ("journal", "venue", "volume", "issue", "pages", "publisher"):
        if value := getattr(paper, name):
            yield names.get(name, name), f"{{{_text(value.replace('–', '--'))}}}"


def _title(title: str) -> str:
    """Return `title` as TeX in which no style changes the case of a capital."""
    parts = []
    for segment in tex.segments(title):
        math = _math(segment)
        if math:
            parts.append(f"{{{math}}}")
            continue
        for word in _WORD.split(tex.reading(segment.source)):
            # Styles leave the first letter of a title alone.
            capital = any(map(str.isupper, word[1:] if not parts else word))
            parts.append(_kept(_escaped(word)) if capital else _escaped(word))
    return _one_line("".join(parts))


def _kept(word: str) -> str:
    """Return `word` in braces that keep its case."""
    return f"{{{{{word}}}}}" if word.startswith("\\") else f"{{{word}}}"


def _text(text: str) -> str:
    """Return `text` as TeX."""
    parts = (_math(part) or _escaped(tex.reading(part.source)) for part in tex.segments(text))
    return _one_line("".join(parts))


def _escaped(text: str) -> str:
    """Return `text` with everything that means something to TeX escaped, and signs as mathematics."""
    return _SIGN.sub(
        lambda found: f"{{${_SIGNS[found[0]]}$}}" if found[0] in _SIGNS else found[0], text.translate(_ESCAPES)
    )


def _math(segment: tex.Segment) -> str:
    """Return mathematics between dollars, or nothing where `segment` is text or its braces do not balance."""
    if segment.kind != "math" or not _balances(segment.tex):
        return ""
    math = _SIGN.sub(lambda found: f"{{{_SIGNS.get(found[0], found[0])}}}", segment.tex)
    # An unescaped % would begin a comment in the file that cites.
    return "$" + _ACTIVE_IN_MATH.sub(r"\1\\\2", math) + "$"


def _balances(source: str) -> bool:
    depth = 0
    for character in source:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    # A backslash at the end would swallow the dollar.
    return depth == 0 and not source.endswith("\\")


def _name(author: Author) -> str:
    """Return a name that BibTeX takes as one name, in the order it is spelled."""
    name = _one_line(author.name.translate(_ESCAPES))
    # "and" and commas mean something between names; in braces they are letters.
    return f"{{{name}}}" if re.search(r",|\b(?:and|others)\b", name, re.IGNORECASE) else name


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _verbatim(value: str) -> str:
    """Return an address or identifier; what would end or unbalance the value is percent-encoded."""
    return re.sub(r"[{}\\\s]|%(?![0-9A-Fa-f]{2})", lambda match: f"%{ord(match[0]):02X}", value)


def _month(paper: Paper) -> int:
    """Return the month of publication, or 0 where it is not known."""
    month = paper.issued[5:7] if paper.issued else str(paper.published.month) if paper.published else ""
    return int(month) if month.isdecimal() and 1 <= int(month) <= len(_MONTHS) else 0
