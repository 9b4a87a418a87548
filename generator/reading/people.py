"""Names of people: turned round, taken out of a list, told from their affiliations."""

import re
from collections.abc import Iterator

from generator.model import Author
from generator.tex import letters
from generator.text import one_line

_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dXx]")
_SUFFIX = re.compile(r"(?:jr|sr|[ivx]+)\.?", re.IGNORECASE)
# "(1) Heidelberg", "$^1$ MIT": what begins an affiliation in a list of them.
_NUMBERED = re.compile(r"\((\w{1,3})\)\s*([^()]+)")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[- ]?){1,4}")
_MARKS = re.compile(r"\w{1,3}(?:\s*[,;]\s*\w{1,3})*")
_MOST_LETTERS = 200


def orcid(said: str | None) -> str:
    """Return the ORCID iD in `said`, alone or as an address, or nothing."""
    found = _ORCID.search(said or "")
    return found[0].upper() if found else ""


def author(name: str, *, affiliation: str = "", said_orcid: str | None = None) -> Author | None:
    """Return an author whose TeX accents are letters, or nothing for what is no name (a lone ":")."""
    clean = letters(one_line(name))
    if not any(map(str.isalnum, clean)) or len(clean) > _MOST_LETTERS:
        return None
    return Author(name=clean, affiliation=letters(one_line(affiliation)), orcid=orcid(said_orcid))


def turned(name: str) -> str:
    """Return "Given Family" for "Family, Given", and "Given Family Jr." for "Family, Jr., Given" or the reverse."""
    parts = [part for part in map(one_line, name.split(",")) if part]
    if len(parts) == 2 and _SUFFIX.fullmatch(parts[1]):
        return " ".join(parts)
    if len(parts) == 2:
        return f"{parts[1]} {parts[0]}"
    if len(parts) == 3:
        suffix, given = sorted(parts[1:], key=lambda part: not _SUFFIX.fullmatch(part))
        return f"{given} {parts[0]} {suffix}"
    return one_line(name)


def inverted(text: str) -> list[Author]:
    """Return the authors of "Lovelace, A., Babbage, C."; nothing where not every second part is initials."""
    parts = [part for part in map(one_line, text.split(",")) if part]
    if len(parts) % 2 or not parts or not all(map(_INITIALS.fullmatch, parts[1::2])):
        return []
    found = (author(f"{given} {name}") for name, given in zip(parts[::2], parts[1::2], strict=True))
    return [each for each in found if each]


def listed(text: str) -> Iterator[Author]:
    """Yield the authors of a list as arXiv keeps it: names between commas and "and", affiliations in parentheses.

    An affiliation stands behind its author, or is numbered there and explained in a last pair of parentheses
    (https://info.arxiv.org/help/prep.html#author).
    """
    line = one_line(text)
    places = dict(_NUMBERED.findall(line))
    for piece in _pieces(line):
        name, _, rest = piece.partition("(")
        marks, said = rest.partition(")")[0].strip(), rest.rpartition(")")[0].strip()
        if marks and _MARKS.fullmatch(marks) and places:
            said = "; ".join(
                one_line(places[mark]).strip(" ,;") for mark in re.findall(r"\w+", marks) if mark in places
            )
        found = author(name, affiliation=said if "(" not in said else "")
        if found:
            yield found


def _pieces(line: str) -> Iterator[str]:
    """Yield what stands between commas and "and" outside of parentheses; a list of affiliations is no piece."""
    depth, begin, found = 0, 0, []
    for place, character in enumerate(line):
        depth = max(depth + (character in "([") - (character in ")]"), 0)
        if depth == 0 and character in ",;":
            found.append(line[begin:place])
            begin = place + 1
    found.append(line[begin:])
    for piece in found:
        outside, parenthesis, rest = piece.partition("(")
        *firsts, last = re.split(r"(?:^|\s)(?:and|&)\s", outside, flags=re.IGNORECASE) or [""]
        yield from firsts
        yield last + parenthesis + rest


def family(name: str) -> str:
    """Return the family name in "Given Family", as far as it can be told, in lower case."""
    words = [word for word in one_line(name.partition(",")[0] if "," in name else name).split() if word]
    while len(words) > 1 and _SUFFIX.fullmatch(words[-1]):
        words.pop()
    return words[-1].casefold() if words else ""
