"""arXiv's catalogue through OAI-PMH, and what any other repository gives as Dublin Core.

The protocol is https://www.openarchives.org/OAI/openarchivesprotocol.html, arXiv's account of its server
https://info.arxiv.org/help/oa/index.html. Three formats are read: `arXivRaw` (what is asked for: it alone has every
version), `arXiv` and `oai_dc`. Datestamps are those of records, not of papers, and `until` is best left out; the
server of before March 2025 lives on under export.arxiv.org/oai2, with tokens that tell how far they are.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from generator.errors import SourceError
from generator.model import ARXIV_ID, Author, Record, Version
from generator.reading import dates, people, xml
from generator.reading.identifiers import arxiv, doi, names
from generator.reading.xml import Element
from generator.sources import Answer, Day, Document, Found, Get, Papers, Period, Rejected, Source, Wanted, record

NAME = "arxiv-oai"

_FORMAT = "arXivRaw"
_MOST_PAGES = 5_000
_NOTHING = "noRecordsMatch"
_HEADER_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DELETED = "deleted at its source"
_VERSION = re.compile(r"v(\d{1,4})")


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` is an answer of a repository, or a record out of one."""
    return b"<OAI-PMH" in head or (b"<record" in head and b"<header" in head and b"<metadata" in head)


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each record of some answers; a deleted one withdraws its paper."""
    for document in documents:
        try:
            root = _answered(document.data, document.place)
        except SourceError as error:
            yield Rejected(document.place, error.message)
        else:
            yield from _records(root, document.place)


def fetch(get: Get, wanted: Wanted, query: str) -> Found:
    """Yield a record or a rejection for each paper that is wanted.

    `query` names sets, separated by blanks ("cs:cs:CL math"); days and periods are those on which a record changed.
    """
    match wanted:
        case Papers(ids):
            for each in ids:
                yield from _one(get, each)
        case Day(day) if query:
            for each in query.split():
                yield from _set(get, each, day, day)
        case Period(first=first, last=last) if query:
            for each in query.split():
                yield from _set(get, each, first, last)


def _one(get: Get, each: str) -> Found:
    if not ARXIV_ID.fullmatch(each):
        yield Rejected(each, "not an id of arXiv's")
        return
    asked = {"verb": "GetRecord", "metadataPrefix": _FORMAT, "identifier": f"oai:arXiv.org:{each}"}
    answer = get("", asked)
    root = _root(answer)
    if _error(root)[0] == "idDoesNotExist":
        yield Rejected(each, "arXiv does not know it")
    else:
        yield from _records(_checked(root, answer.url), answer.url)


def _set(get: Get, name: str, first: date, last: date) -> Found:
    """Yield the records of a set, page by page."""
    asked = {"verb": "ListRecords", "metadataPrefix": _FORMAT, "set": name, "from": first.isoformat()}
    tokens: set[str] = set()
    for _ in range(_MOST_PAGES):
        answer = get("", asked)
        root = _checked(_root(answer), answer.url)
        yield from _records(root, answer.url, until=last)
        token = xml.text(root, ".//{*}resumptionToken").strip()
        if not token or token in tokens:
            return
        tokens.add(token)
        asked = {"verb": "ListRecords", "resumptionToken": token}


def _root(answer: Answer) -> Element:
    """Return the outermost element of an answer; errors of the protocol come with any status."""
    try:
        return xml.root(answer.body)
    except ValueError as error:
        raise SourceError(f"arXiv answered {answer.status}, {error}", where=answer.url) from error


def _answered(data: bytes, place: str) -> Element:
    """Return the outermost element of a recorded answer. Raises `SourceError` where it holds no records."""
    try:
        root = xml.root(data)
    except ValueError as error:
        raise SourceError(str(error), where=place) from error
    return _checked(root, place)


def _checked(root: Element, place: str) -> Element:
    """Return `root`. Raises `SourceError` where the server says that something is wrong."""
    code, message = _error(root)
    if code and code != _NOTHING:
        hint = "tokens last a day: begin again" if code == "badResumptionToken" else ""
        raise SourceError(f"the server says {code}{message and f': {message}'}", where=place, hint=hint)
    told = [xml.name(child) for child in root if xml.name(child) not in {"", "responseDate", "request"}]
    if not code and xml.name(root) == "OAI-PMH" and not {"ListRecords", "GetRecord"} & set(told):
        raise SourceError(f"an answer without records: <{told[0] if told else 'nothing'}>", where=place)
    if not code and xml.name(root) not in {"OAI-PMH", "record", "ListRecords"}:
        raise SourceError(f"not an answer of OAI-PMH, but <{xml.name(root)}>", where=place)
    return root


def _error(root: Element) -> tuple[str, str]:
    """Return the code and the words of an error; nothing where there is none."""
    error = root.find("{*}error")
    return ("", "") if error is None else (error.get("code", "unknown"), " ".join(xml.text(error).split()))


def _records(root: Element, place: str, *, until: date | None = None) -> Found:
    for element in root.iter("{*}record"):
        stamp = xml.text(element, "{*}header/{*}datestamp").strip()[:10]
        if until and _HEADER_DAY.fullmatch(stamp) and stamp > until.isoformat():
            continue
        identifier = xml.text(element, "{*}header/{*}identifier").strip()
        try:
            yield _record(element, identifier)
        except ValueError as error:
            yield Rejected(f"{place}:{element.sourceline}", f"{identifier}: {error}" if identifier else str(error))


def _record(element: Element, identifier: str) -> Record:
    """Return what one record says. Raises `ValueError` where it is none."""
    header = element.find("{*}header")
    if header is not None and header.get("status") == "deleted":
        return _deleted(identifier)
    metadata = element.find("{*}metadata")
    inner = next((child for child in metadata if xml.name(child)), None) if metadata is not None else None
    if inner is None:
        raise ValueError("there is no metadata")
    match xml.name(inner):
        case "arXivRaw":
            return _raw(inner)
        case "arXiv":
            return _plain(inner)
        case "dc":
            return _dublin(inner, identifier)
        case other:
            raise ValueError(f"metadata in the format {other!r} cannot be read")


def _deleted(identifier: str) -> Record:
    id_ = arxiv(identifier)
    named = names(title="", others=_elsewhere(identifier), own=identifier)
    return Record(id=id_ or named.id, source=NAME, identifiers=None if id_ else named.identifiers, withdrawn=_DELETED)


def _elsewhere(identifier: str) -> dict[str, str]:
    return {} if arxiv(identifier) or not identifier else {"oai": identifier.removeprefix("oai:")}


def _id(said: str) -> str:
    found = arxiv(said)
    if not found:
        raise ValueError(f"{said!r} is not an id of arXiv's")
    return found


def _raw(paper: Element) -> Record:
    """Return what arXivRaw says: every version with its day; authors and DOIs as one text."""
    versions = tuple(_versions(paper))
    last = next(reversed(paper.findall("{*}version")), None)
    # The type I ("ignore") with no size marks a version that takes the paper back.
    is_gone = (
        last is not None and "I" in xml.text(last, "{*}source_type") and xml.text(last, "{*}size").strip() == "0kb"
    )
    comment = xml.text(paper, "{*}comments")
    return _catalogued(
        paper,
        authors=people.listed(xml.text(paper, "{*}authors")),
        published=versions[0].date if versions else None,
        updated=versions[-1].date if versions else None,
        versions=versions or None,
        withdrawn=(comment or "withdrawn") if is_gone else None,
    )


def _plain(paper: Element) -> Record:
    """Return what the format arXiv says: authors in parts, the days of the first version and the last change."""
    return _catalogued(
        paper,
        authors=_authors(paper),
        published=dates.whole(dates.written(xml.text(paper, "{*}created"))),
        updated=dates.whole(dates.written(xml.text(paper, "{*}updated") or xml.text(paper, "{*}created"))),
    )


def _catalogued(paper: Element, *, authors: Iterable[Author], **facts: Any) -> Record:
    """Return what arXiv's two formats share."""
    title = xml.text(paper, "{*}title")
    return record(
        NAME,
        names(
            title=title,
            arxiv_id=_id(xml.text(paper, "{*}id")),
            said_doi=xml.text(paper, "{*}doi"),
            others={"report": xml.text(paper, "{*}report-no")},
        ),
        title=title,
        authors=authors,
        abstract=xml.text(paper, "{*}abstract"),
        subjects=tuple(xml.text(paper, "{*}categories").split()) or None,
        journal=xml.text(paper, "{*}journal-ref"),
        comment=xml.text(paper, "{*}comments"),
        licence=xml.text(paper, "{*}license"),
        **facts,
    )


def _versions(paper: Element) -> Iterator[Version]:
    for version in paper.iterfind("{*}version"):
        number = _VERSION.fullmatch(version.get("version", ""))
        if number:
            yield Version(number=int(number[1]), date=dates.mailed(xml.text(version, "{*}date")))


def _authors(paper: Element) -> Iterator[Author]:
    for author in paper.iterfind("{*}authors/{*}author"):
        keyname = " ".join(xml.text(each) for each in author.iterfind("{*}keyname"))
        parts = (xml.text(author, "{*}forenames"), keyname, xml.text(author, "{*}suffix"))
        places = (xml.text(place) for place in author.iterfind("{*}affiliation"))
        found = people.author(" ".join(filter(None, parts)), affiliation="; ".join(places))
        if found:
            yield found


def _dublin(paper: Element, identifier: str) -> Record:
    """Return what Dublin Core says: names turned round, a comment among the descriptions, all sorts of identifiers."""
    title = xml.text(paper, "{*}title")
    authors = [each for name in paper.iterfind("{*}creator") if (each := people.author(people.turned(xml.text(name))))]
    said = [xml.text(each).strip() for each in paper.iterfind("{*}identifier")]
    id_ = arxiv(identifier) or next(filter(None, map(arxiv, said)), None)
    descriptions = [xml.text(each).strip() for each in paper.iterfind("{*}description")]
    comments = [each for each in descriptions if each.startswith("Comment:")]
    days = sorted(filter(None, (dates.written(xml.text(each)) for each in paper.iterfind("{*}date"))))
    issued = days[0] if days else None
    return record(
        NAME,
        names(
            title=title,
            authors=authors,
            year=issued and issued[:4],
            arxiv_id=id_,
            said_doi=next(filter(None, map(doi, said)), ""),
            others=_elsewhere(identifier),
            own=identifier,
        ),
        title=title,
        authors=authors,
        abstract=next((each for each in descriptions if each not in comments), ""),
        # arXiv's subjects are names of its categories, which have codes elsewhere.
        topics=() if id_ else [xml.text(each) for each in paper.iterfind("{*}subject")],
        published=dates.whole(issued),
        updated=dates.whole(days[-1]) if days else None,
        issued=None if id_ else issued,
        publisher=xml.text(paper, "{*}publisher"),
        comment=comments[0].removeprefix("Comment:") if comments else None,
        licence=xml.text(paper, "{*}rights"),
        url=None if id_ else next((each for each in said if each.startswith("http")), None),
    )


SOURCE = Source(
    name=NAME,
    label="arxiv oai",
    about="arXiv's catalogue by OAI-PMH: whole sets, every version, deletions; Dublin Core of other repositories",
    url="https://oaipmh.arxiv.org/oai",
    pace=3.0,
    recognises=recognises,
    parse=parse,
    fetch=fetch,
)
