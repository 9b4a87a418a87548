"""arXiv's feeds of what was announced today, as RSS or Atom.

https://info.arxiv.org/help/rss.html: built at midnight, US Eastern time; empty at weekends and on holidays, which is no
error. New papers and cross-lists were on that day's list, in its order; replacements only change a paper.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from msgspec.structs import replace

from generator.errors import SourceError
from generator.model import Featured, Record
from generator.reading import people, xml
from generator.reading.identifiers import arxiv, names
from generator.reading.xml import Element
from generator.sources import Day, Document, Found, Get, Papers, Period, Rejected, Source, Wanted, record
from generator.text import one_line

NAME = "arxiv-rss"

_ANNOUNCED = re.compile(r"\s*arXiv:\S+\s+Announce Type:\s*(\S+)\s*(?:Abstract:)?\s*")
_LISTED = frozenset({"new", "cross"})
_SATURDAY = 5


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` is such a feed."""
    return b"rss.arxiv.org" in head or (b"announce_type" in head and b"arxiv.org/schemas/atom" in head)


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each paper of some feeds."""
    places: Counter[date] = Counter()
    for document in documents:
        try:
            root = xml.root(document.data)
        except ValueError as error:
            yield Rejected(document.place, str(error))
        else:
            yield from _records(root, document.place, places)


def fetch(get: Get, wanted: Wanted, query: str) -> Found:
    """Yield a record or a rejection for each paper of today's feed, if that day is wanted.

    `query` names categories, separated by blanks or plus signs ("cs.CL cs.LG").
    """
    match wanted:
        case Day(day):
            first = last = day
        case Period(first=first, last=last):
            pass
        case Papers():
            return
    if not query:
        return
    answer = get("/atom/" + "+".join(query.replace("+", " ").split()))
    if answer.status != HTTPStatus.OK:
        raise SourceError(f"arXiv answered {answer.status}", where=answer.url)
    try:
        root = xml.root(answer.body)
    except ValueError as error:
        raise SourceError(str(error), where=answer.url) from error
    yield from _records(root, answer.url, Counter(), within=(first, last))


def _records(root: Element, place: str, places: Counter[date], *, within: tuple[date, date] | None = None) -> Found:
    """Yield what a feed holds; `places` counts the papers on each day's list so far."""
    for element in (*root.iter("{*}entry"), *root.iter("{*}item")):
        try:
            day = _day(element)
            if within and not (day and within[0] <= day <= within[1]):
                continue
            found = _record(element)
        except ValueError as error:
            yield Rejected(f"{place}:{element.sourceline}", str(error))
            continue
        if day and _type(element) in _LISTED:
            places[day] += 1
            yield replace(found, featured=Featured(day=day, rank=places[day]))
        else:
            yield found


def _record(element: Element) -> Record:
    """Return what one entry says. Raises `ValueError` where it is no paper."""
    said = xml.text(element, "{*}id") or xml.text(element, "{*}guid")
    link = element.find("{*}link")
    address = (link.get("href") or xml.text(link)) if link is not None else ""
    id_ = arxiv(said) or arxiv(address)
    if not id_:
        raise ValueError(f"{one_line(said or address)[:80]!r} names no paper of arXiv's")
    title = xml.text(element, "{*}title")
    abstract = xml.text(element, "{*}summary") or xml.text(element, "{*}description")
    subjects = (each.get("term") or xml.text(each) for each in element.iterfind("{*}category"))
    return record(
        NAME,
        names(title=title, arxiv_id=id_, said_doi=xml.text(element, "{*}DOI")),
        title=title,
        authors=people.listed(", ".join(xml.text(each) for each in element.iterfind("{*}creator"))),
        abstract=_ANNOUNCED.sub("", abstract, count=1),
        subjects=tuple(dict.fromkeys(filter(None, map(one_line, subjects)))) or None,
        journal=xml.text(element, "{*}journal_reference"),
        licence=xml.text(element, "{*}rights"),
    )


def _type(element: Element) -> str:
    said = _ANNOUNCED.match(xml.text(element, "{*}summary") or xml.text(element, "{*}description"))
    return (xml.text(element, "{*}announce_type") or (said[1] if said else "")).strip()


def _day(element: Element) -> date | None:
    """Return the day of the announcement by arXiv's clocks. Raises `ValueError` where it is none."""
    atom, rss = xml.text(element, "{*}published").strip(), xml.text(element, "{*}pubDate").strip()
    try:
        return date.fromisoformat(atom[:10]) if atom else parsedate_to_datetime(rss).date() if rss else None
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise ValueError(f"{(atom or rss)[:40]!r} is not a date") from error


SOURCE = Source(
    name=NAME,
    label="arxiv rss",
    about="arXiv's feeds of today's announcements, in the order of the list",
    url="https://rss.arxiv.org",
    pace=3.0,
    recognises=recognises,
    parse=parse,
    fetch=fetch,
    listed=lambda day: day.weekday() < _SATURDAY,
)
