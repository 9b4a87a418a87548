"""OpenReview: notes as both versions of its API give them, and the lists that others made of them.

https://docs.openreview.net: in version 2 each member of `content` is an object with a `value`.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from generator.model import Record
from generator.reading import json, people
from generator.reading.identifiers import arxiv, names
from generator.sources import Document, Found, Source, json_records, record, web_address

NAME = "openreview"

_SEPARATOR = re.compile(r"\s*[;|]\s*")


class _Note(Struct, frozen=True):
    id: str
    forum: str | None = None
    content: dict[str, object] | None = None
    pdate: int | None = None
    cdate: int | None = None
    # What lists have at the top instead of in `content`.
    title: str | None = None
    author: str | list[str] | None = None
    authors: str | list[str] | None = None
    abstract: str | None = None
    tldr: str | None = None
    keywords: str | list[str] | None = None
    status: str | None = None
    venue: str | None = None
    github: str | None = None
    project: str | None = None
    site: str | None = None
    pdf: str | None = None


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` holds notes of OpenReview, or a list made of them."""
    keys = json.keys(head)
    note = {"id", "content"} <= keys and bool(keys & {"forum", "invitation", "invitations"})
    return note or ({"id", "title"} <= keys and b"openreview.net" in head and bool(keys & {"author", "authors"}))


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each note."""
    return json_records(documents, _read, inside=("notes",))


def _read(data: bytes, _: Document) -> Record:
    note = msgspec.json.decode(data, type=_Note)
    said = {name: _value(value) for name, value in (note.content or {}).items()}
    title = _text(said.get("title")) or note.title or ""
    authors = [
        each
        for name in _several(said.get("authors")) or _several(note.authors) or _several(note.author)
        if (each := people.author(name))
    ]
    forum = note.forum or note.id
    venue = _text(said.get("venue")) or note.venue or ""
    status = (note.status or "").casefold()
    date = datetime.fromtimestamp(note.pdate / 1000, UTC).date() if note.pdate and 0 < note.pdate < 5e12 else None
    pdf = _text(said.get("pdf")) or note.pdf or ""
    return record(
        NAME,
        names(
            title=title,
            authors=authors,
            arxiv_id=arxiv(_text(said.get("arxiv"))),
            said_doi=_text(said.get("doi")),
            others={"openreview": forum},
        ),
        title=title,
        authors=authors,
        abstract=_text(said.get("abstract")) or note.abstract or "",
        topics=_several(said.get("keywords")) or _several(note.keywords),
        published=date,
        venue=venue,
        type="inproceedings" if venue and not _is_submission(venue) else None,
        comment=note.status if status and not note.content else None,
        withdrawn="withdrawn by its authors, says OpenReview" if "withdraw" in f"{status} {venue}".casefold() else None,
        summary=_text(said.get("TL;DR") or said.get("TLDR") or said.get("one-sentence_summary")) or note.tldr,
        summary_by="the authors" if _text(said.get("TL;DR") or said.get("TLDR")) or note.tldr else None,
        code=_text(said.get("code")) or note.github,
        project=note.project,
        url=web_address(note.site) or f"https://openreview.net/forum?id={forum}",
        pdf=f"https://openreview.net{pdf}" if pdf.startswith("/") else pdf,
    )


def _is_submission(venue: str) -> bool:
    return any(
        word in venue.casefold() for word in ("submitted", "submission", "withdrawn", "rejected", "under review")
    )


def _value(said: object) -> object:
    return said.get("value") if isinstance(said, dict) else said


def _text(said: object) -> str:
    return said if isinstance(said, str) else ""


def _several(said: object) -> list[str]:
    """Return a list of texts; lists made by others join them with semicolons."""
    if isinstance(said, str):
        return list(filter(None, _SEPARATOR.split(said)))
    return [each for each in said if isinstance(each, str)] if isinstance(said, list) else []


SOURCE = Source(
    name=NAME,
    label="openreview",
    about="OpenReview's notes, and lists of papers made of them (JSON)",
    recognises=recognises,
    parse=parse,
)
