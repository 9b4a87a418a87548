"""arXiv: the catalogue's own account of a paper, from its Atom interface.

The manual is https://info.arxiv.org/help/api/user-manual.html, the terms https://info.arxiv.org/help/api/tou.html: at
most one request in three seconds, one connection at a time. Answers of 2011, 2025 and 2026 differ in the order of
elements, in where namespaces stand and in how text is wrapped; so everything is found by its qualified name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from http import HTTPStatus

from lxml import etree

from generator.errors import SourceError
from generator.model import ARXIV_ID, Author, Record, Version
from generator.sources import (
    Answer,
    Day,
    Document,
    Found,
    Get,
    Papers,
    Period,
    Rejected,
    Source,
    Wanted,
    moment,
    paper_id,
)
from generator.tex import letters
from generator.text import excerpt, one_line, paragraphs

NAME = "arxiv"

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_BATCH = 100
_OLDEST_FIRST: Mapping[str, str] = {"sortBy": "submittedDate", "sortOrder": "ascending"}
# What arXiv gives for one query; more should be asked of its other interface, OAI-PMH.
_MOST = 30_000
# "cs.CL", "astro-ph.CO", "hep-th", and the capitals of before 1996; not classes of the MSC and ACM such as "03E75".
_SUBJECT = re.compile(r"[a-z][a-z-]+(?:\.[A-Za-z-]{2,})?")
_SIGNS = re.compile(rb"<(?:\w+:)?feed\b|<(?:\w+:)?entry\b")
_NUMBER = re.compile(r"v(\d+)$")


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` is an Atom feed of arXiv's."""
    is_xml = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    return is_xml and bool(_SIGNS.search(head)) and b"arxiv.org/" in head and b"rss.arxiv.org" not in head


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each entry of some Atom feeds."""
    for document in documents:
        try:
            entries = _entries(document.data, document.place)
        except SourceError as error:
            yield Rejected(document.place, error.message)
        else:
            yield from map(_read, entries)


def fetch(get: Get, wanted: Wanted, query: str) -> Found:
    """Yield a record or a rejection for each paper that is wanted.

    Days and periods are those on which a paper that fits `query` was first submitted (UTC); without a query arXiv is
    not asked for any. An id that arXiv does not know yields a rejection.
    """
    match wanted:
        case Papers(ids):
            yield from _by_id(get, ids)
        case Day(day) if query:
            yield from _by_query(get, _between(query, day, day))
        case Period(first=first, last=last) if query:
            yield from _by_query(get, _between(query, first, last))


def _by_id(get: Get, ids: tuple[str, ...]) -> Found:
    for each in ids:
        if not ARXIV_ID.fullmatch(each):
            yield Rejected(each, "not an id of arXiv's")
    known = [each for each in ids if ARXIV_ID.fullmatch(each)]
    for start in range(0, len(known), _BATCH):
        batch = known[start : start + _BATCH]
        missing = dict.fromkeys(batch)
        for found in map(_read, _answered(get("/api/query", {"id_list": ",".join(batch), "max_results": str(_BATCH)}))):
            missing.pop(found.id if isinstance(found, Record) else found.what, None)
            yield found
        yield from (Rejected(each, "arXiv does not know it") for each in missing)


def _by_query(get: Get, query: str) -> Found:
    """Yield what fits `query`, oldest first, so that what comes in meanwhile does not move the pages."""
    seen: set[str] = set()
    for start in range(0, _MOST, _BATCH):
        asked = {"search_query": query, "start": str(start), "max_results": str(_BATCH), **_OLDEST_FIRST}
        page = list(map(_read, _answered(get("/api/query", asked))))
        fresh = [found for found in page if _name(found) not in seen]
        seen.update(map(_name, fresh))
        yield from fresh
        if len(page) < _BATCH or not fresh:
            return


def _between(query: str, first: date, last: date) -> str:
    return f"({query}) AND submittedDate:[{first:%Y%m%d}0000 TO {last:%Y%m%d}2359]"


def _name(found: Record | Rejected) -> str:
    return found.id if isinstance(found, Record) else found.what


def _answered(answer: Answer) -> list[etree._Element]:
    """Return the entries of an answer. Raises `SourceError` where it has none to give."""
    entries = _entries(answer.body, answer.url)
    if answer.status != HTTPStatus.OK:
        raise SourceError(f"arXiv answered {answer.status}", where=answer.url)
    return entries


def _entries(data: bytes, place: str) -> list[etree._Element]:
    """Return the entries of a feed. Raises `SourceError` where `data` is none, or says that something is wrong."""
    # Nothing outside the text is ever read, and nothing in it can grow.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(f"not XML: {one_line(str(error))}", where=place) from error
    if root.tag not in {f"{_ATOM}feed", f"{_ATOM}entry"}:
        raise SourceError(f"not an Atom feed, but <{etree.QName(root).localname}>", where=place)
    entries = list(root.iter(f"{_ATOM}entry"))
    for entry in entries:
        if "/api/errors" in _text(entry, f"{_ATOM}id"):
            raise SourceError(f"arXiv says: {excerpt(_text(entry, f'{_ATOM}summary'))}", where=place)
    return entries


def _read(entry: etree._Element) -> Record | Rejected:
    """Return what one entry says, or why it says nothing that can be used."""
    said = _text(entry, f"{_ATOM}id")
    id_ = paper_id(said.rpartition("/abs/")[2])
    try:
        return _record(entry, id_ or "", said)
    except ValueError as error:
        what = id_ or excerpt(said, limit=80) or f"entry at line {entry.sourceline}"
        return Rejected(what, str(error), etree.tostring(entry, encoding="utf-8", with_tail=False))


def _record(entry: etree._Element, id_: str, said: str) -> Record:
    """Return the record of the paper `id_`. Raises `ValueError` where the entry is not one of a paper."""
    if not ARXIV_ID.fullmatch(id_):
        raise ValueError(f"{excerpt(said, limit=80)!r} is not the address of a paper at arXiv")
    title = letters(_text(entry, f"{_ATOM}title"))
    if not title:
        raise ValueError("there is no title")
    published, updated = _day(entry, "published"), _day(entry, "updated")
    return Record(
        id=id_,
        source=NAME,
        title=title,
        authors=tuple(_authors(entry)) or None,
        abstract=letters(paragraphs(entry.findtext(f"{_ATOM}summary") or "")) or None,
        published=published,
        updated=updated,
        versions=_versions(said, published, updated),
        subjects=tuple(_subjects(entry)) or None,
        doi=_text(entry, f"{_ARXIV}doi") or None,
        journal=letters(_text(entry, f"{_ARXIV}journal_ref")) or None,
        comment=letters(_text(entry, f"{_ARXIV}comment")) or None,
    )


def _authors(entry: etree._Element) -> Iterator[Author]:
    for author in entry.iterfind(f"{_ATOM}author"):
        name = letters(_text(author, f"{_ATOM}name"))
        places = (letters(one_line(place.text or "")) for place in author.iterfind(f"{_ARXIV}affiliation"))
        if name:
            yield Author(name=name, affiliation="; ".join(filter(None, places)))


def _subjects(entry: etree._Element) -> Iterator[str]:
    """Yield each category once, the primary one first."""
    elements = [*entry.iterfind(f"{_ARXIV}primary_category"), *entry.iterfind(f"{_ATOM}category")]
    terms = dict.fromkeys(one_line(element.get("term", "")) for element in elements)
    return (term for term in terms if _SUBJECT.fullmatch(term))


def _versions(said: str, published: date | None, updated: date | None) -> tuple[Version, ...] | None:
    """Return the first version and the current one, all that the interface tells."""
    number = _NUMBER.search(said)
    dates = {1: published} | ({int(number[1]): updated} if number else {})
    return tuple(Version(number=each, date=day) for each, day in sorted(dates.items()) if day and each > 0) or None


def _day(entry: etree._Element, name: str) -> date | None:
    said = _text(entry, f"{_ATOM}{name}")
    if not said:
        return None
    try:
        return moment(said).date()
    except ValueError as error:
        raise ValueError(f"<{name}>: {error}") from error


def _text(element: etree._Element, name: str) -> str:
    return one_line(element.findtext(name) or "")


SOURCE = Source(
    name=NAME,
    label="arxiv",
    about="arXiv's catalogue: subjects, versions, comments, DOI and affiliations of papers",
    url="https://export.arxiv.org",
    pace=3.0,
    recognises=recognises,
    parse=parse,
    fetch=fetch,
    details=True,
)
