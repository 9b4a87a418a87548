"""Semantic Scholar: papers as its Graph API gives them, alone, in a list or under `data`.

https://api.semanticscholar.org/api-docs/graph
"""

from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from generator.model import Record
from generator.reading import dates, json, people
from generator.reading.identifiers import arxiv, names
from generator.sources import Document, Found, Source, json_records, record

NAME = "semantic-scholar"

_TYPES = {"JournalArticle": "article", "Conference": "inproceedings", "Book": "book", "BookSection": "incollection"}
# The service's name for a catalogue → ours.
_SCHEMES = {"ACL": "acl", "PubMed": "pmid", "PubMedCentral": "pmcid", "DBLP": "dblp", "CorpusId": "s2"}


class _Author(Struct, frozen=True, rename={"elsewhere": "externalIds"}):
    name: str | None = None
    affiliations: list[str] | None = None
    elsewhere: Mapping[str, object] | None = None


class _Journal(Struct, frozen=True):
    name: str | None = None
    volume: str | None = None
    pages: str | None = None


class _Address(Struct, frozen=True):
    url: str | None = None


class _Summary(Struct, frozen=True):
    text: str | None = None
    model: str | None = None


class _Paper(
    Struct,
    frozen=True,
    rename={
        "key": "paperId",
        "elsewhere": "externalIds",
        "dated": "publicationDate",
        "types": "publicationTypes",
        "pdf": "openAccessPdf",
    },
):
    key: str | None
    title: str | None = None
    elsewhere: Mapping[str, str | int | None] | None = None
    authors: list[_Author] | None = None
    abstract: str | None = None
    year: int | None = None
    dated: str | None = None
    types: list[str] | None = None
    venue: str | None = None
    journal: _Journal | None = None
    pdf: _Address | None = None
    tldr: _Summary | None = None
    url: str | None = None


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` holds papers of Semantic Scholar."""
    return {"paperId", "title"} <= json.keys(head)


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each paper."""
    return json_records(documents, _read, inside=("data",))


def _read(data: bytes, _: Document) -> Record:
    said = msgspec.json.decode(data, type=_Paper)
    elsewhere = {name: str(value) for name, value in (said.elsewhere or {}).items() if value}
    issued = dates.written(said.dated) or dates.issued(said.year)
    type_ = next((_TYPES[each] for each in said.types or () if each in _TYPES), None)
    journal = said.journal or _Journal()
    authors = [
        each
        for person in said.authors or ()
        if (
            each := people.author(
                person.name or "",
                affiliation="; ".join(person.affiliations or ()),
                said_orcid=str((person.elsewhere or {}).get("ORCID", "")),
            )
        )
    ]
    tldr = said.tldr or _Summary()
    return record(
        NAME,
        names(
            title=said.title or "",
            authors=authors,
            year=issued,
            arxiv_id=arxiv(elsewhere.get("ArXiv")),
            said_doi=elsewhere.get("DOI"),
            others={ours: elsewhere.get(theirs, "") for theirs, ours in _SCHEMES.items()},
        ),
        title=said.title or "",
        authors=authors,
        abstract=said.abstract or "",
        published=dates.whole(issued),
        issued=issued if said.venue or journal.name else None,
        type=type_,
        journal=journal.name if type_ == "article" else None,
        venue=said.venue if type_ != "article" else None,
        volume=journal.volume,
        pages=journal.pages,
        pdf=(said.pdf or _Address()).url,
        summary=tldr.text,
        summary_by="Semantic Scholar TLDR" if tldr.text else None,
    )


SOURCE = Source(
    name=NAME,
    label="semantic scholar",
    about="papers of Semantic Scholar's Graph API (JSON)",
    recognises=recognises,
    parse=parse,
)
