"""CSL-JSON, as citation managers and the DOI registries exchange it.

https://docs.citationstyles.org/en/stable/specification.html; Crossref's answers add `message` and titles in lists.
"""

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from generator.model import Author, Record
from generator.reading import dates, json, markup, people
from generator.reading.identifiers import arxiv, names
from generator.sources import Document, Found, Source, json_records, record

NAME = "csl-json"

# CSL's own types, and Crossref's.
_TYPES = {
    "article-journal": "article",
    "journal-article": "article",
    "article-magazine": "article",
    "paper-conference": "inproceedings",
    "proceedings-article": "inproceedings",
    "book": "book",
    "monograph": "book",
    "chapter": "incollection",
    "book-chapter": "incollection",
    "thesis": "phdthesis",
    "dissertation": "phdthesis",
    "report": "techreport",
}
_ARTICLES = {"article", "article-newspaper", "posted-content"}
_MARKS = {"type", "issued", "container-title", "DOI", "author", "citation-key", "publisher-place"}
_IN_BOOKS = {"inproceedings", "incollection"}

Text = str | int | float | list[str] | None


class _Name(Struct, frozen=True, rename={"particle": "non-dropping-particle", "dropping": "dropping-particle"}):
    family: str | None = None
    given: str | None = None
    particle: str | None = None
    dropping: str | None = None
    suffix: str | None = None
    literal: str | None = None
    name: str | None = None
    ORCID: str | None = None
    affiliation: list[object] | None = None


class _Date(Struct, frozen=True, rename={"parts": "date-parts"}):
    parts: list[list[int | str | None]] | None = None
    raw: str | None = None
    literal: str | None = None


class _Item(
    Struct,
    frozen=True,
    rename={"container": "container-title", "citation_key": "citation-key"},
):
    title: Text = None
    id: Text = None
    type: str | None = None
    author: list[_Name] | None = None
    issued: _Date | None = None
    container: Text = None
    DOI: str | None = None
    URL: str | None = None
    PMID: Text = None
    number: Text = None
    abstract: str | None = None
    volume: Text = None
    issue: Text = None
    page: Text = None
    publisher: Text = None
    keyword: str | None = None
    subject: list[str] | None = None
    note: str | None = None


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` holds items of CSL-JSON."""
    keys = json.keys(head)
    return (
        "title" in keys
        and len(keys & _MARKS) >= 2
        and bool(keys & {"family", "literal", "date-parts", "container-title"})
    )


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each item."""
    return json_records(documents, _read, inside=("items",))


def _read(data: bytes, _: Document) -> Record:
    envelope = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    item = msgspec.json.decode(envelope.get("message", data), type=_Item)
    title = markup.plain(_text(item.title))
    type_ = _TYPES.get(item.type or "")
    authors = [each for name in item.author or () if (each := _author(name))]
    issued = _issued(item.issued or _Date())
    at_arxiv = arxiv(item.URL) or arxiv(_text(item.number)) or arxiv(item.DOI)
    return record(
        NAME,
        names(
            title=title,
            authors=authors,
            year=issued,
            arxiv_id=at_arxiv,
            said_doi=item.DOI,
            others={"pmid": _text(item.PMID)},
        ),
        title=title,
        authors=authors,
        abstract=markup.plain(item.abstract or ""),
        topics=[*(item.keyword or "").split(","), *(item.subject or ())],
        published=dates.whole(issued),
        issued=issued if type_ else None,
        type=type_,
        journal=_text(item.container) if type_ == "article" else None,
        venue=_text(item.container) if type_ in _IN_BOOKS else None,
        volume=_text(item.volume),
        issue=_text(item.issue),
        pages=_text(item.page),
        publisher=_text(item.publisher) if item.type not in _ARTICLES else None,
        url=item.URL,
    )


def _text(said: Text) -> str:
    """Return the first of several texts, or the only one."""
    return (said[0] if said else "") if isinstance(said, list) else "" if said is None else str(said)


def _author(said: _Name) -> Author | None:
    whole = " ".join(filter(None, [said.given, said.dropping, said.particle, said.family, said.suffix]))
    places = (place.get("name") for place in said.affiliation or () if isinstance(place, dict))
    affiliation = "; ".join(place for place in places if isinstance(place, str))
    return people.author(said.literal or said.name or whole, affiliation=affiliation, said_orcid=said.ORCID)


def _issued(said: _Date) -> str | None:
    if said.parts and said.parts[0]:
        return dates.issued(*said.parts[0][:3])
    return dates.written(said.raw or said.literal)


SOURCE = Source(
    name=NAME,
    label="csl-json",
    about="CSL-JSON, as citation managers write it and DOI registries answer",
    recognises=recognises,
    parse=parse,
)
