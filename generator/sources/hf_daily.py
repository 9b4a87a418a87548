"""Daily Papers: the lists that Hugging Face publishes on working days, with votes, comments and links.

The API is not described by its makers. What is read here was found in answers stored since March 2024; the calls are
those of huggingface_hub (`list_daily_papers`, `paper_info`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from generator.errors import SourceError
from generator.model import Author, Featured, Organisation, Record
from generator.sources import (
    UNREADABLE,
    Answer,
    Day,
    Document,
    Found,
    Get,
    OtherDay,
    Papers,
    Period,
    Rejected,
    Source,
    Wanted,
    moment,
    paper_id,
    web_address,
)
from generator.tex import letters
from generator.text import excerpt, one_line, paragraphs

NAME = "hf-daily"

# The API's own default; more is cut to a number that nobody has written down.
_PAGE = 50
_MOST_PAGES = 200
# The time at the top of an entry tells when the paper was put on the list: until here in UTC, then by the clocks of
# the US East coast, though still marked as UTC. From 11 March 2025 it is arXiv's date and tells nothing about the list:
# such entries are known by the summary that stands at the top, too.
_UTC_UNTIL = datetime(2024, 11, 28, 18, tzinfo=UTC)
_EASTERN = ZoneInfo("America/New_York")
_SATURDAY = 5
# Who wrote the summaries was not said before June 2026.
_UNNAMED_MODEL = "a language model at Hugging Face"

# A list of papers, an archive's envelope, one paper; or an object that begins by telling why there is none.
_SIGNS = re.compile(
    rb'["\']paper["\']\s*:\s*\{|"response"\s*:\s*[\[{]\s*[\[{\]}"]|"publishedAt"\s*:|^\{\s*"(?:error|status)"\s*:'
)


class _Person(Struct, frozen=True):
    fullname: str | None = None
    name: str | None = None
    user: str | None = None


class _Author(Struct, frozen=True):
    # Authors that hide themselves on their Hugging Face page wrote the paper all the same: `hidden` is not read.
    name: str | None = None


class _Organisation(Struct, frozen=True):
    name: str | None = None
    fullname: str | None = None


# Only what is read is named here; a field that is missing and one that is null say the same.
class _Paper(
    Struct,
    frozen=True,
    rename={
        "published": "publishedAt",
        "submitted": "submittedOnDailyAt",
        "submitter": "submittedOnDailyBy",
        "code": "githubRepo",
        "stars": "githubStars",
        "project": "projectPage",
    },
):
    id: str | None = None
    title: str | None = None
    summary: str | None = None
    authors: list[_Author] | None = None
    published: str | None = None
    submitted: str | None = None
    submitter: _Person | None = None
    upvotes: int | None = None
    ai_summary: str | None = None
    ai_summary_model: str | None = None
    ai_keywords: list[str | None] | None = None
    code: str | None = None
    stars: int | None = None
    project: str | None = None
    organization: _Organisation | None = None


class _Entry(
    Struct,
    frozen=True,
    rename={
        "published": "publishedAt",
        "comments": "numComments",
        "submitter": "submittedBy",
        "submitter_organization": "submitterOrganization",
    },
):
    paper: _Paper
    title: str | None = None
    summary: str | None = None
    published: str | None = None
    comments: int | None = None
    submitter: _Person | None = None
    organization: _Organisation | None = None
    submitter_organization: _Organisation | None = None


class _Capture(Struct, frozen=True):
    """An answer as archives keep it: the date that was asked for, and when."""

    response: Raw
    date: str | None = None
    captured: str | None = None


class _List(Struct, frozen=True):
    """A list of entries, and what is known about it from outside."""

    place: str
    entries: tuple[bytes, ...]
    day: date | None = None
    seen: date | None = None


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` was sent by Daily Papers, be it a list, a paper or an error."""
    start = head.lstrip()[:1]
    return start in {b"[", b"{"} and bool(_SIGNS.search(head) or head.strip() == b"[]")


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each paper in `documents`.

    A document is a list of entries, one entry, one paper (`/api/papers/{id}`), or an object that holds such a list as
    `response` beside the `date` that was asked for and the time when it was `captured`.
    """
    places: Counter[date | None] = Counter()
    for document in documents:
        try:
            found = _list(document.data, document.place)
        except SourceError as error:
            yield Rejected(document.place, error.message)
        else:
            # An archived answer is a whole list; of others each may be a part.
            yield from _records(found, Counter() if found.day else places)


def fetch(get: Get, wanted: Wanted, _query: str) -> Found:
    """Yield a record or a rejection for each paper that is wanted. There are no queries here."""
    places: Counter[date | None] = Counter()
    match wanted:
        case Day(day):
            for page in _pages(get, {"date": day.isoformat()}, day):
                yield from _records(page, places)
        case Period(kind=kind, name=name):
            for page in _pages(get, {kind: name}, None):
                yield from _records(page, places)
        case Papers(ids):
            for each in ids:
                yield from _paper(get, each)


def _pages(get: Get, asked: Mapping[str, str], day: date | None) -> Iterator[_List]:
    """Yield the pages of a list until one is short, or brings nothing new: some servers ignore `p`."""
    known: set[bytes] = set()
    for number in range(_MOST_PAGES):
        answer = get("/api/daily_papers", {**asked, "limit": str(_PAGE), "p": str(number)})
        page = _answered(answer, day)
        if day:
            _check(page, day)
        fresh = tuple(entry for entry in page.entries if _mark(entry) not in known)
        known.update(map(_mark, fresh))
        yield replace(page, entries=fresh)
        if len(page.entries) < _PAGE or not fresh:
            return


def _paper(get: Get, each: str) -> Found:
    """Yield what Hugging Face knows about one paper."""
    answer = get(f"/api/papers/{quote(each)}")
    if answer.status == HTTPStatus.NOT_FOUND:
        yield Rejected(each, "Hugging Face has no page for it")
    else:
        yield from _records(_answered(answer, None), Counter())


def _answered(answer: Answer, day: date | None) -> _List:
    """Return the list in an answer. Raises `SourceError` where there is none."""
    page = _list(answer.body, answer.url)
    if answer.status != HTTPStatus.OK:
        raise SourceError(f"Hugging Face answered {answer.status}", where=answer.url)
    return replace(page, day=day)


def _check(page: _List, day: date) -> None:
    """Raise `OtherDay` where most entries of a page say that they are of another day's list.

    Of 6,640 entries seen one said so wrongly. Where it is only the top that tells, it may be a few hours off.
    """
    told = Counter(filter(None, map(_told_day, page.entries)))
    ((other, count),) = told.most_common(1) or (((day, 0)),)
    if other != day and 2 * count > told.total():
        raise OtherDay(other, where=page.place)


def _told_day(data: bytes) -> date | None:
    """Return the day of the list that an entry was on, as far as it tells and can be read."""
    try:
        return _listed(_entry(data))
    except (*UNREADABLE, ValueError):
        return None


def _mark(entry: bytes) -> bytes:
    """Return what tells one entry from another: its id, or all of it where that cannot be read."""
    try:
        id_ = msgspec.json.decode(entry, type=_Entry).paper.id
    except UNREADABLE:
        id_ = None
    return id_.encode() if id_ else entry


def _list(data: bytes, place: str, *, inside: bool = False) -> _List:
    """Return the list that `data` holds, in any of its forms. Raises `SourceError` where it holds none.

    `inside` an envelope there is no other.
    """
    try:
        value = msgspec.json.decode(data, type=list[Raw] | dict[str, Raw] | str | int | float | None)
    except UNREADABLE as error:
        raise SourceError(f"not JSON: {error}", where=place) from error
    if isinstance(value, list):
        return _List(place, tuple(map(bytes, value)))
    if not isinstance(value, dict):
        raise SourceError(f"not a list of papers, but {excerpt(str(value), limit=60)!r}", where=place)
    if "response" in value and not inside:
        return _captured(data, place)
    if "paper" in value or "id" in value:
        return _List(place, (data,))
    raise SourceError(_refusal(value), where=place)


def _captured(data: bytes, place: str) -> _List:
    """Return the list in an archive's envelope."""
    try:
        envelope = msgspec.json.decode(data, type=_Capture)
        seen, day = _moment(envelope.captured, "captured"), _moment(envelope.date, "date")
    except (*UNREADABLE, ValueError) as error:
        raise SourceError(f"not an archived answer: {error}", where=place) from error
    found = _list(bytes(envelope.response), place, inside=True)
    return replace(found, day=day and day.date(), seen=seen and seen.date())


def _refusal(value: Mapping[str, Raw]) -> str:
    """Return what an object that is no list says."""
    if "error" in value:
        said = bytes(value["error"]).decode(errors="replace").strip('"')
        return f"Hugging Face says: {excerpt(said, limit=120)}"
    names = ", ".join(repr(excerpt(name, limit=40)) for name in list(value)[:4])
    return f"not a list of papers, but an object with {names or 'nothing in it'}"


def _records(page: _List, places: Counter[date | None]) -> Found:
    """Yield a record or a rejection for each entry of `page`. `places` counts the entries of each day so far."""
    for number, data in enumerate(page.entries, 1):
        where = f"{page.place}, entry {number}" if len(page.entries) > 1 else page.place
        if page.day:
            places[page.day] += 1
        try:
            yield _record(_entry(data), page, places)
        except (*UNREADABLE, ValueError) as error:
            yield Rejected(_said_id(data) or where, str(error), data)


def _entry(data: bytes) -> _Entry:
    """Return the entry in `data`, be it an entry of a list or a paper alone."""
    fields = msgspec.json.decode(data, type=dict[str, Raw] | list[Raw] | str | int | float | bool | None)
    if isinstance(fields, str) and fields.startswith("{'"):
        raise ValueError("this is the text of a Python object, not JSON: its archive is broken")
    if isinstance(fields, dict) and "paper" in fields:
        return msgspec.json.decode(data, type=_Entry)
    return _Entry(paper=msgspec.json.decode(data, type=_Paper))


def _said_id(data: bytes) -> str:
    """Return the id that a broken entry gives itself, as text to show."""
    try:
        value: Any = msgspec.json.decode(data)
    except UNREADABLE:
        return ""
    paper = value.get("paper", value) if isinstance(value, dict) else None
    said = paper.get("id") if isinstance(paper, dict) else None
    return excerpt(one_line(said), limit=60) if isinstance(said, str) else ""


def _record(entry: _Entry, page: _List, places: Counter[date | None]) -> Record:
    """Return what `entry` says. Raises `ValueError` where it cannot be a paper."""
    paper = entry.paper
    id_ = paper_id(paper.id or "")
    title = _line(entry.title) or _line(paper.title)
    if not id_:
        raise ValueError(f'field "id": {paper.id!r} is not the id of a paper' if paper.id else 'no field "id"')
    if not title:
        raise ValueError('no field "title"')
    published = _moment(paper.published, "paper.publishedAt")
    organisation = paper.organization or entry.organization or entry.submitter_organization
    summary = _line(paper.ai_summary)
    return Record(
        id=id_,
        source=NAME,
        seen=page.seen,
        # At the top stands arXiv's title; in `paper` mathematics has lost its dollars and backslashes.
        title=title,
        authors=_authors(paper.authors or ()),
        abstract=letters(paragraphs(paper.summary or entry.summary or "")) or None,
        published=published.date() if published else None,
        organisation=_organisation(organisation) if organisation else None,
        topics=tuple(dict.fromkeys(filter(None, map(one_line, filter(None, paper.ai_keywords or ()))))) or None,
        summary=summary or None,
        summary_by=(one_line(paper.ai_summary_model or "") or _UNNAMED_MODEL) if summary else None,
        code=web_address(paper.code),
        stars=paper.stars,
        project=web_address(paper.project),
        featured=_featured(entry, page, places),
    )


def _featured(entry: _Entry, page: _List, places: Counter[date | None]) -> Featured | None:
    """Return the place of `entry` on its list. A paper alone, or of an unknown day, has none.

    Raises `ValueError` for an entry that is on a list of another day.
    """
    day = page.day or _listed(entry)
    if not day or entry == _Entry(paper=entry.paper):
        return None
    submitted = _moment(entry.paper.submitted, "paper.submittedOnDailyAt")
    if submitted and submitted.date() != day:
        raise ValueError(f"it is of the list of {submitted.date()}, but came with that of {day}")
    if not page.day:
        places[day] += 1
    by = entry.submitter or entry.paper.submitter or _Person()
    return Featured(
        day=day,
        rank=places[day],
        upvotes=max(entry.paper.upvotes or 0, 0),
        comments=max(entry.comments or 0, 0),
        by=one_line(by.fullname or "") or one_line(by.name or by.user or ""),
    )


def _listed(entry: _Entry) -> date | None:
    """Return the day of the list that `entry` was on, as far as it tells."""
    submitted = _moment(entry.paper.submitted, "paper.submittedOnDailyAt")
    if submitted:
        return submitted.date()
    top = _moment(entry.published, "publishedAt")
    if not top or entry.summary is not None:
        return None
    return top.date() if top < _UTC_UNTIL else top.replace(tzinfo=_EASTERN).astimezone(UTC).date()


def _authors(authors: Iterable[_Author]) -> tuple[Author, ...] | None:
    names = (_line(author.name) for author in authors)
    return tuple(Author(name=name) for name in names if name) or None


def _organisation(said: _Organisation) -> Organisation | None:
    slug = one_line(said.name or "")
    name = one_line(said.fullname or "") or slug
    return Organisation(slug=slug or name, name=name) if name else None


def _line(said: str | None) -> str:
    return letters(one_line(said or ""))


def _moment(said: str | None, name: str) -> datetime | None:
    """Return the time that the field `name` says. Raises `ValueError` where it is none."""
    if said is None:
        return None
    try:
        return moment(said)
    except ValueError as error:
        raise ValueError(f'field "{name}": {error}') from error


SOURCE = Source(
    name=NAME,
    label="huggingface",
    about="the lists of Hugging Face Daily Papers, with votes, comments, organisations and code",
    url="https://huggingface.co",
    pace=0.6,
    recognises=recognises,
    parse=parse,
    fetch=fetch,
    lists=True,
    listed=lambda day: day.weekday() < _SATURDAY,
)
