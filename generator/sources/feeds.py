"""Any feed: RSS of every version, Atom and JSON Feed. feedparser knows the dialects, and their dates."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec
from lxml import etree
from msgspec import Struct

from generator.model import Author, Record
from generator.reading import dates, markup, people, xml
from generator.reading.identifiers import arxiv, doi, names
from generator.sources import Document, Found, Rejected, Source, json_records, record
from generator.text import one_line

NAME = "feeds"

_ROOTS = (b"<rss", b"<feed", b"<rdf:RDF", b"<atom:feed", b":feed ")


class _Person(Struct, frozen=True):
    name: str | None = None


class _Item(Struct, frozen=True, rename={"external": "external_url", "published": "date_published"}):
    """An item of JSON Feed (https://www.jsonfeed.org/version/1.1/)."""

    id: str | int | float | None = None
    url: str | None = None
    external: str | None = None
    title: str | None = None
    content_text: str | None = None
    content_html: str | None = None
    summary: str | None = None
    published: str | None = None
    authors: list[_Person] | None = None
    author: _Person | None = None
    tags: list[str] | None = None


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` is a feed."""
    return b"jsonfeed.org/version" in head or any(sign in head for sign in _ROOTS)


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each item of some feeds."""
    for document in documents:
        if document.data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            yield from json_records((document,), _json_item, inside=("items",))
        else:
            yield from _xml_items(document)


def _json_item(data: bytes, _: Document) -> Record:
    item = msgspec.json.decode(data, type=_Item)
    persons = item.authors or ([item.author] if item.author else [])
    return _record(
        title=item.title or "",
        links=[item.external or "", item.url or "", str(item.id or "")],
        own=str(item.id or ""),
        abstract=item.content_text or markup.html(item.content_html or "") or item.summary or "",
        authors=[each for person in persons if (each := people.author(person.name or ""))],
        topics=item.tags or [],
        published=dates.whole(dates.written(item.published)),
    )


def _xml_items(document: Document) -> Found:
    # It takes a third of the time of a command that needs no feed.
    import feedparser  # noqa: PLC0415

    try:
        # Well-formed, it goes through the parser that has no guesses to make, and without entities nothing can grow.
        root = xml.root(document.data, mend=True)
        etree.strip_elements(root, etree.Entity, with_tail=False)
        clean = etree.tostring(root, encoding="utf-8", xml_declaration=True)
        found = feedparser.parse(clean, sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, etree.LxmlError) as error:
        yield Rejected(document.place, f"not a feed: {one_line(str(error))}")
        return
    if not found.get("version"):
        yield Rejected(document.place, "not a feed")
    for number, item in enumerate(found.entries, 1):
        try:
            yield _xml_item(item)
        except ValueError as error:
            yield Rejected(f"{document.place}, entry {number}", str(error))


def _xml_item(item: dict[str, Any]) -> Record:
    contents = [str(each.get("value", "")) for each in item.get("content", ())]
    persons = [str(each.get("name", "")) for each in item.get("authors", ())]
    # The library's own look-up warns of what it once mixed up.
    day = dict.get(item, "published_parsed") or dict.get(item, "updated_parsed")
    return _record(
        title=markup.html(str(item.get("title", ""))),
        links=[str(item.get(key, "")) for key in ("link", "id", "prism_doi", "dc_identifier")],
        own=str(item.get("id") or item.get("link") or ""),
        abstract=markup.html(str(item.get("summary", "")) or next(iter(contents), "")),
        authors=[each for name in persons for each in people.listed(name)],
        topics=[str(tag.get("term") or "") for tag in item.get("tags", ())],
        published=date(*day[:3]) if day and day[0] in dates.YEARS else None,
    )


def _record(
    *, title: str, links: list[str], own: str, authors: list[Author], published: date | None, **facts: Any
) -> Record:
    """Return what an item says of a paper. Raises `ValueError` where it has no title."""
    id_ = next(filter(None, map(arxiv, links)), None)
    said_doi = next(filter(None, map(doi, links)), "")
    named = names(title=title, authors=authors, arxiv_id=id_, said_doi=said_doi, own=own)
    address = next((link for link in links if link.startswith(("https://", "http://"))), None)
    return record(NAME, named, title=title, authors=authors, published=published, url=None if id_ else address, **facts)


SOURCE = Source(
    name=NAME,
    label="feed",
    about="any feed: RSS, Atom, JSON Feed",
    recognises=recognises,
    parse=parse,
    general=True,
)
