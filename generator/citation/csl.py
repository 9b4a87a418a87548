"""Papers as CSL-JSON, the items of citation processors: csl-data.json of github.com/citation-style-language/schema."""

import msgspec
from msgspec import Struct

from generator import tex, urls
from generator.citation.names import Name, name_of
from generator.citation.publication import container, issued, kind, publisher
from generator.model import Paper


class _Name(Struct, frozen=True, kw_only=True, omit_defaults=True):
    family: str = ""
    given: str = ""
    suffix: str = ""
    literal: str = ""


class _Date(Struct, frozen=True, kw_only=True, rename="kebab"):
    date_parts: tuple[tuple[int, ...]]


class Item(Struct, frozen=True, kw_only=True, omit_defaults=True, rename="kebab"):
    """One item. Names with capitals are those of the schema."""

    id: str
    type: str
    title: str
    author: tuple[_Name, ...] = ()
    issued: _Date | None = None
    container_title: str = ""
    volume: str = ""
    issue: str = ""
    page: str = ""
    publisher: str = ""
    genre: str = ""
    number: str = ""
    archive: str = ""
    archive_location: str = msgspec.field(default="", name="archive_location")
    abstract: str = ""
    keyword: str = ""
    doi: str = msgspec.field(default="", name="DOI")
    url: str = msgspec.field(default="", name="URL")
    note: str = ""


def csl_item(paper: Paper, key: str, *, abstract: str = "") -> Item:
    """Return `paper` as an item that is cited as `key`, with its `abstract` as plain text if one is given."""
    return Item(
        id=key,
        type=kind(paper).csl,
        title=tex.plain(paper.title),
        author=tuple(_name(name_of(author.name)) for author in paper.authors),
        issued=_Date(date_parts=(issued(paper),)) if issued(paper) else None,
        container_title=tex.plain(container(paper)),
        volume=paper.volume,
        issue=paper.issue,
        page=paper.pages,
        publisher=publisher(paper),
        genre="preprint" if publisher(paper) == "arXiv" else "",
        number=f"arXiv:{paper.arxiv}" if paper.arxiv else "",
        archive="arXiv" if paper.arxiv else "",
        archive_location=paper.arxiv,
        abstract=abstract,
        keyword=", ".join(paper.topics),
        doi=paper.doi,
        url=urls.landing(paper),
        note="Withdrawn" if paper.withdrawn else "",
    )


def _name(name: Name) -> _Name:
    return _Name(family=name.family, given=name.given, suffix=name.suffix, literal=name.literal)
