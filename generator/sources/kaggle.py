"""The snapshot of arXiv's catalogue on Kaggle: one paper a line, as its page describes it.

https://www.kaggle.com/datasets/Cornell-University/arxiv
"""

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from generator.model import Record, Version
from generator.reading import dates, json, people
from generator.reading.identifiers import arxiv, names
from generator.sources import Document, Found, Source, json_records, record

NAME = "kaggle"


class _Version(Struct, frozen=True):
    version: str
    created: str


class _Paper(Struct, frozen=True, rename={"journal": "journal-ref", "report": "report-no"}):
    id: str
    title: str
    authors: str | None = None
    authors_parsed: list[list[str]] | None = None
    abstract: str | None = None
    categories: str | None = None
    comments: str | None = None
    journal: str | None = None
    doi: str | None = None
    report: str | None = None
    license: str | None = None
    versions: list[_Version] | None = None


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` is a line of the snapshot."""
    return {"id", "title", "categories", "update_date"} <= json.keys(head) >= {"authors"}


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each line."""
    return json_records(documents, _read)


def _read(data: bytes, _: Document) -> Record:
    said = msgspec.json.decode(data, type=_Paper)
    id_ = arxiv(said.id)
    if not id_:
        raise ValueError(f"{said.id!r} is not an id of arXiv's")
    versions = tuple(
        Version(number=number, date=dates.mailed(each.created))
        for each in said.versions or ()
        if (number := _number(each.version))
    )
    authors = [people.author(" ".join(_ordered(name))) for name in said.authors_parsed or ()]
    return record(
        NAME,
        names(title=said.title, arxiv_id=id_, said_doi=said.doi, others={"report": said.report or ""}),
        title=said.title,
        authors=[each for each in authors if each] or people.listed(said.authors or ""),
        abstract=said.abstract or "",
        published=versions[0].date if versions else None,
        updated=versions[-1].date if versions else None,
        versions=versions,
        subjects=tuple((said.categories or "").split()),
        journal=said.journal,
        comment=said.comments,
        licence=said.license,
    )


def _ordered(name: list[str]) -> list[str]:
    """Return family name, given names and suffix in the order in which they are spoken."""
    family, given, suffix, *_ = [*name, "", "", ""]
    return [given, family, suffix]


def _number(version: str) -> int:
    bare = version.removeprefix("v")
    return int(bare) if bare.isdecimal() and len(bare) <= 4 else 0


SOURCE = Source(
    name=NAME,
    label="kaggle",
    about="the snapshot of arXiv's catalogue on Kaggle, read line by line",
    recognises=recognises,
    parse=parse,
)
