"""The text of a page of Daily Papers, as a browser copies it.

For each paper there is its title, its abstract, who it is from (an organisation, or "8 authors"), a dot, and its date
with, perhaps, the number of comments. Nothing else of such a page is about papers. A date of the current year has no
year on the page: it is left out unless the owner says which it is.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from msgspec import Struct

from generator.model import Organisation, Record
from generator.reading import dates
from generator.reading.identifiers import names
from generator.reading.text import decoded
from generator.sources import Document, Found, Rejected, Source, record
from generator.text import excerpt, one_line

NAME = "page-text"

_DOT = "·"
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec"
_DATE = re.compile(rf"(?P<month>{_MONTHS})[a-z]* (?P<day>\d{{1,2}})(?:, (?P<year>\d{{4}}))?(?: (?P<comments>[\d,]+))?")
_COUNT = re.compile(r"(?:[•*-]\s*)?(?P<count>[\d,]+) authors?")
_SIGNS = re.compile(rf"^{_DOT}\s*\n(?:{_MONTHS})[a-z]* \d".encode(), re.MULTILINE)
_LONGEST_TITLE = 250
_LONGEST_NAME = 120


class _Part(Struct, frozen=True):
    """What stands between two empty lines."""

    line: int
    text: str


class _Foot(Struct, frozen=True):
    """The last part of a paper: who it is from, and when."""

    by: str
    date: str


class _Block(Struct, frozen=True):
    """The parts of one paper. `foot` is missing where the page breaks off."""

    parts: tuple[_Part, ...]
    foot: _Foot | None


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` is such a text."""
    return bool(_SIGNS.search(head))


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each paper, rejections with the line of the title."""
    for document in documents:
        try:
            text = decoded(document.data)
        except ValueError as error:
            yield Rejected(document.place, str(error))
            continue
        for block in _blocks(list(_parts(text))):
            try:
                yield _read(block, document.hints.year)
            except ValueError as error:
                yield Rejected(f"{document.place}:{block.parts[0].line}", str(error))


def _parts(text: str) -> Iterator[_Part]:
    lines: list[str] = []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.strip():
            lines.append(line.strip())
        elif lines:
            yield _Part(number - len(lines), "\n".join(lines))
            lines = []


def _foot(part: _Part) -> _Foot | None:
    lines = part.text.split("\n")
    if len(lines) == 3 and lines[1] == _DOT and _DATE.fullmatch(lines[2]) and len(lines[0]) <= _LONGEST_NAME:
        return _Foot(lines[0], lines[2])
    return None


def _blocks(parts: list[_Part]) -> Iterator[_Block]:
    """Yield the papers. What stands before the first is the head of the page, up to a date alone on its line."""
    collected: list[_Part] = []
    is_first = is_head = True
    for part in parts:
        foot = _foot(part)
        if not foot:
            if is_first and _DATE.fullmatch(part.text):
                collected, is_head = [], False
            else:
                collected.append(part)
            continue
        yield from _divided(collected[-2:] if is_head else collected, foot, part)
        collected, is_first, is_head = [], False, False
    if collected and not is_first:
        yield from _divided(collected, None, collected[-1])


def _divided(parts: list[_Part], foot: _Foot | None, last: _Part) -> Iterator[_Block]:
    """Yield the paper that `foot` ends, after those before it that lost theirs: a title begins another paper."""
    begins = [
        place
        for place, part in enumerate(parts)
        if place == 0 or (_is_title(part) and place + 1 < len(parts) and not _is_title(parts[place + 1]))
    ]
    for begin, end in pairwise([*begins, len(parts)]):
        yield _Block(tuple(parts[begin:end]), foot if end == len(parts) else None)
    if not parts:
        yield _Block((last,), None)


def _is_title(part: _Part) -> bool:
    return len(part.text) <= _LONGEST_TITLE and not part.text.endswith(".")


def _read(block: _Block, year: int | None) -> Record:
    """Return what one block says. Raises `ValueError` where it is not whole."""
    if not block.foot:
        raise ValueError("block ends without a date line")
    if len(block.parts) < 2:
        raise ValueError("block has no title and abstract")
    title = one_line(block.parts[0].text)
    said = _DATE.fullmatch(block.foot.date)
    count = _COUNT.fullmatch(block.foot.by)
    assert said
    return record(
        NAME,
        names(title=title),
        title=title,
        abstract="\n\n".join(part.text for part in block.parts[1:]),
        published=_published(said, year),
        organisation=None if count else _organisation(block.foot.by),
        author_count=_number(count["count"]) if count else None,
        comments=_number(said["comments"]) if said["comments"] else None,
    )


def _published(said: re.Match[str], year: int | None) -> date | None:
    known = said["year"] or (str(year) if year else None)
    whole = dates.issued(known, said["month"], said["day"])
    if known and dates.whole(whole) is None:
        raise ValueError(f"{excerpt(said[0], limit=40)!r} is no day of {known}")
    return dates.whole(whole)


def _number(said: str) -> int | None:
    digits = said.replace(",", "")
    return int(digits) if digits.isdecimal() and len(digits) < 7 else None


def _organisation(said: str) -> Organisation | None:
    """Return the organisation in "slug Name": its short name has no blanks, what follows is the full one."""
    slug, _, name = one_line(said).partition(" ")
    return Organisation(slug=slug, name=name or slug) if slug else None


SOURCE = Source(
    name=NAME,
    label="page text",
    about="the text of a page of Daily Papers, copied from the browser",
    recognises=recognises,
    parse=parse,
)
