"""Sources of records. Each module here is one, and ends in a constant `SOURCE`."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from generator import urls
from generator.errors import SourceError
from generator.model import ARXIV_ID, Artefact, Author, Linked, Record
from generator.reading import json
from generator.reading.identifiers import Names
from generator.tex import letters
from generator.text import excerpt, one_line, paragraphs

# Becomes a file name and a part of an address: no blank, no separator, no dot at either end.
_OTHER_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")
_YEARS = range(1800, 2200)
_VERSION = re.compile(r"v\d+$")
_RANGE = re.compile(r"(?<=\w)\s?(?:-{1,3}|—)\s?(?=\w)")


UNREADABLE = json.UNREADABLE
"""What decoding JSON from anywhere may raise."""

_LONGEST_TITLE = 2_000
_LONGEST_TEXT = 200_000
_MOST_AUTHORS = 20_000


class Hints(Struct, frozen=True, kw_only=True):
    """What the owner says about a file that the file does not.

    `columns` maps a field of `Record` to the name of the column that holds it, `year` is that of dates without one.
    """

    columns: Mapping[str, str] = msgspec.field(default_factory=dict)
    year: int | None = None


class Document(Struct, frozen=True):
    """One whole value to read: a JSON value, an Atom feed. `place` is where it stands: a file with a line, or a URL."""

    place: str
    data: bytes
    hints: Hints = Hints()


class Rejected(Struct, frozen=True):
    """Something that could not become a record. `what` is its id, or its place where it has none.

    `data` is what came, as it came, and is kept in quarantine; it is empty where nothing did (a paper is not known).
    """

    what: str
    reason: str
    data: bytes = b""


class Day(Struct, frozen=True, tag="day"):
    """The papers of one day."""

    day: date


class Period(Struct, frozen=True, kw_only=True, tag="period"):
    """The papers of a week (`kind` "week", `name` "2025-W50"), a month ("month", "2025-12") or some days ("days")."""

    kind: str
    name: str
    first: date
    last: date


class Papers(Struct, frozen=True, tag="papers"):
    """Papers by their ids."""

    ids: tuple[str, ...]


Wanted = Day | Period | Papers
Found = Iterator[Record | Rejected]


class Answer(Struct, frozen=True):
    """What a service answered. `etag` and `modified` are the headers by which it can be asked whether that holds."""

    url: str
    status: int
    body: bytes
    etag: str = ""
    modified: str = ""


class OtherDay(SourceError):
    """A service answered with the list of another `day` than the one it was asked for."""

    def __init__(self, day: date, *, where: str) -> None:
        super().__init__(f"answered with the list of {day}", where=where)
        self.day = day


class Get(Protocol):
    """Ask a service: `path` and `query` are added to its address.

    Raises `SourceError` where there is no answer, or one that says nothing about the question (429, 500).
    """

    def __call__(self, path: str, query: Mapping[str, str] | None = None, /) -> Answer:
        """Return the answer."""


def _always(_day: date) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place that records come from.

    `name` is used in settings and provenance, `label` is what a person calls the service, `about` says what it gives.
    `url` is the service's address and `pace` the least number of seconds between two requests; settings may say others.

    `recognises` tells, from the beginning of a document, whether `parse` can read it. `parse` yields a record, or a
    rejection, for each paper in some documents of one kind, in order; it never raises for what a document holds.

    `fetch` asks for what is wanted, and yields likewise. Its last argument is the query from the settings. It raises
    `SourceError` where the service fails, `OtherDay` where it sends another list; what was yielded before counts. A
    format of files has no `fetch`.

    `lists` tells whether the service has a list for each day without a query, `listed` on which days that list is not
    empty; `details` whether it should be asked about papers that were found elsewhere. `general` marks a format so wide
    that another source may know a file of it better.
    """

    name: str
    label: str
    about: str
    recognises: Callable[[bytes], bool]
    parse: Callable[[Iterable[Document]], Found]
    fetch: Callable[[Get, Wanted, str], Found] | None = None
    url: str = ""
    pace: float = 0.0
    lists: bool = False
    listed: Callable[[date], bool] = _always
    details: bool = False
    general: bool = False


def web_address(text: str | None) -> str | None:
    """Return `text` as an http or https address without blanks around it, or nothing where it is none."""
    bare = one_line(text or "")
    scheme, colon, rest = bare.partition(":")
    return urls.web(f"{scheme.lower()}{colon}{rest}") or None


def moment(text: str) -> datetime:
    """Return the time (RFC 3339) or date in `text`, in UTC. Raises `ValueError` where it is none."""
    try:
        said = datetime.fromisoformat(text)
        when = said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f'"{excerpt(one_line(text), limit=40)}" is not a date') from error
    if when.year not in _YEARS:
        raise ValueError(f'"{text}" is not a date of any paper')
    return when


def paper_id(text: str) -> str | None:
    """Return the id in `text` without a version ("2403.12015v2"), or nothing where it cannot be one."""
    bare = _VERSION.sub("", text.strip())
    if ARXIV_ID.fullmatch(bare):
        return bare
    return bare if _OTHER_ID.fullmatch(bare) and ".." not in bare else None


def record(
    source: str,
    names: Names,
    *,
    title: str,
    authors: Iterable[Author] = (),
    abstract: str = "",
    topics: Iterable[str] = (),
    **facts: Any,
) -> Record:
    """Return what `source` says about the paper called `names`, its texts clean and what is empty left out.

    Raises `ValueError` where there is no title, or more of something than any paper has.
    """
    people = tuple(authors)
    line = letters(one_line(title))
    if not line:
        raise ValueError("there is no title")
    if len(line) > _LONGEST_TITLE or len(abstract) > _LONGEST_TEXT or len(people) > _MOST_AUTHORS:
        raise ValueError("the title, the abstract or the list of authors is longer than that of any paper")
    said = {name: _cleaned(name, value) for name, value in facts.items()}
    return Record(
        id=names.id,
        source=source,
        title=line,
        authors=people or None,
        abstract=letters(paragraphs(abstract)) or None,
        topics=tuple(dict.fromkeys(filter(None, map(letters, map(one_line, topics))))) or None,
        doi=names.doi,
        identifiers=names.identifiers,
        **{name: value for name, value in said.items() if value},
    )


def _cleaned(name: str, value: Any) -> Any:
    if name in {"url", "pdf", "code", "project"}:
        return web_address(value)
    if name == "pages" and isinstance(value, str):
        value = _RANGE.sub("–", value)
    if isinstance(value, Linked):
        first = (Artefact(name=one_line(each.name), url=web_address(each.url) or "") for each in value.first)
        return Linked(total=value.total, first=tuple(each for each in first if each.name))
    if name == "subjects":
        return tuple(filter(None, map(one_line, value or ())))
    return letters(one_line(value)) if isinstance(value, str) else value


def json_records(
    documents: Iterable[Document], read: Callable[[bytes, Document], Record], *, inside: Iterable[str] = ()
) -> Found:
    """Yield what `read` makes of each value of some JSON documents, or why it makes nothing.

    A document is one value, a list of them, or an object with such a list under a key of `inside`.
    """
    for document in documents:
        try:
            values = json.entries(document.data, inside)
        except (*UNREADABLE, ValueError) as error:
            yield Rejected(document.place, str(error))
            continue
        for number, value in enumerate(values, 1):
            try:
                yield read(value, document)
            except (*UNREADABLE, ValueError) as error:
                place = f"{document.place}, entry {number}" if len(values) > 1 else document.place
                yield Rejected(place, str(error))
