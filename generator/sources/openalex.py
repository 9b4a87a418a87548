"""OpenAlex: works as its API gives them, alone, in a list or under `results`.

https://docs.openalex.org/api-entities/works/work-object
"""

from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from generator.model import Author, Record
from generator.reading import dates, json, markup, people
from generator.reading.identifiers import arxiv, names
from generator.sources import Document, Found, Source, json_records, record

NAME = "openalex"

_TYPES = {
    "article": "article",
    "journal-article": "article",
    "proceedings-article": "inproceedings",
    "book": "book",
    "book-chapter": "incollection",
    "dissertation": "phdthesis",
    "report": "techreport",
}
_LONGEST_ABSTRACT = 20_000


class _Named(Struct, frozen=True):
    display_name: str | None = None
    orcid: str | None = None


class _Authorship(Struct, frozen=True):
    author: _Named | None = None
    institutions: list[_Named] | None = None
    raw_author_name: str | None = None


class _Venue(Struct, frozen=True):
    display_name: str | None = None
    host_organization_name: str | None = None
    type: str | None = None


class _Place(Struct, frozen=True):
    landing_page_url: str | None = None
    pdf_url: str | None = None
    license: str | None = None
    source: _Venue | None = None


class _Biblio(Struct, frozen=True):
    volume: str | None = None
    issue: str | None = None
    first_page: str | None = None
    last_page: str | None = None


class _Word(Struct, frozen=True):
    # The name of the field was `keyword` until 2024.
    display_name: str | None = None
    keyword: str | None = None


class _Work(Struct, frozen=True):
    id: str
    title: str | None = None
    display_name: str | None = None
    doi: str | None = None
    ids: Mapping[str, str | int | None] | None = None
    publication_date: str | None = None
    publication_year: int | None = None
    type: str | None = None
    type_crossref: str | None = None
    authorships: list[_Authorship] | None = None
    primary_location: _Place | None = None
    locations: list[_Place] | None = None
    biblio: _Biblio | None = None
    keywords: list[_Word] | None = None
    is_retracted: bool | None = None
    abstract_inverted_index: Mapping[str, list[int]] | None = None


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` holds works of OpenAlex."""
    return b"openalex.org/W" in head and bool(json.keys(head) & {"authorships", "display_name"})


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each work."""
    return json_records(documents, _read, inside=("results",))


def _read(data: bytes, _: Document) -> Record:
    work = msgspec.json.decode(data, type=_Work)
    place = work.primary_location or _Place()
    venue = place.source or _Venue()
    biblio = work.biblio or _Biblio()
    title = markup.plain(work.title or work.display_name or "")
    authors = [each for said in work.authorships or () if (each := _author(said))]
    issued = _issued(work)
    type_ = _TYPES.get(work.type_crossref or work.type or "", "")
    journal = venue.display_name if venue.type == "journal" else None
    at_arxiv = [arxiv(each.landing_page_url) for each in (place, *(work.locations or ()))]
    return record(
        NAME,
        names(
            title=title,
            authors=authors,
            year=issued,
            arxiv_id=next(filter(None, at_arxiv), None),
            said_doi=work.doi,
            others={
                "openalex": work.id.rpartition("/")[2],
                "pmid": str((work.ids or {}).get("pmid") or "").rpartition("/")[2],
            },
        ),
        title=title,
        authors=authors,
        abstract=_abstract(work.abstract_inverted_index or {}),
        topics=[markup.plain(word.display_name or word.keyword or "") for word in work.keywords or ()],
        published=dates.whole(issued),
        issued=issued if venue.type in {"journal", "conference", "book series"} else None,
        type=type_ if venue.type != "repository" else None,
        journal=journal,
        venue=venue.display_name if venue.type in {"conference", "book series"} else None,
        publisher=venue.host_organization_name if venue.type != "repository" else None,
        volume=biblio.volume,
        issue=biblio.issue,
        pages=_pages(biblio),
        licence=place.license,
        url=place.landing_page_url,
        pdf=place.pdf_url,
        withdrawn="retracted, says OpenAlex" if work.is_retracted else None,
    )


def _issued(work: _Work) -> str | None:
    """Return when a work came out. The first of January stands for an unknown day."""
    said = dates.written(work.publication_date) or dates.issued(work.publication_year)
    return said[:4] if said and said.endswith("-01-01") else said


def _author(said: _Authorship) -> Author | None:
    who = said.author or _Named()
    places = (place.display_name or "" for place in said.institutions or ())
    name = who.display_name or said.raw_author_name or ""
    return people.author(name, affiliation="; ".join(dict.fromkeys(filter(None, places))), said_orcid=who.orcid)


def _pages(biblio: _Biblio) -> str | None:
    ends = [biblio.first_page, biblio.last_page]
    return "–".join(dict.fromkeys(filter(None, ends))) or None


def _abstract(places: Mapping[str, list[int]]) -> str:
    """Return the text whose words stand at `places`. Raises `ValueError` for more words than an abstract has."""
    if sum(map(len, places.values())) > _LONGEST_ABSTRACT:
        raise ValueError(f"an abstract of more than {_LONGEST_ABSTRACT:,} words")
    words = sorted((place, word) for word, found in places.items() for place in found)
    return markup.plain(" ".join(word for _, word in words))


SOURCE = Source(
    name=NAME,
    label="openalex",
    about="works of OpenAlex (JSON)",
    recognises=recognises,
    parse=parse,
)
