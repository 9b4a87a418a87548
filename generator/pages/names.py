"""Authors, organisations and topics: one page each, built alike because a Collection is a Collection."""

from collections.abc import Iterator
from datetime import date

from generator import urls
from generator.archive import Collection
from generator.model import Link
from generator.pages import PageKind
from generator.pages.view import (
    Count,
    Edition,
    Page,
    by_year,
    counted,
    has_feeds,
    has_page,
    most_voted,
    namesakes,
    newest,
    spread,
)
from generator.text import plural

_INDEX_TITLES = {"author": "People", "organisation": "Organisations", "topic": "Topics"}
_MOST = 10


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the pages of every name that has enough papers for one."""
    for kind in _INDEX_TITLES:
        for collection in edition.archive.of(kind):
            if has_page(edition, collection):
                yield from _name(edition, collection)


def index_title(kind: str) -> str:
    """Return the title of the index of a kind of name."""
    return _INDEX_TITLES[kind]


def _name(edition: Edition, collection: Collection) -> Iterator[Page]:
    entries = collection.entries
    dates = sorted(when for entry in entries for when in (entry.featured and entry.featured.day,) if when)
    page = Page(
        url=collection.url,
        kind=collection.kind,
        template=f"{collection.kind}.html",
        title=collection.title,
        heading=collection.title,
        description=_description(collection, dates),
        modified=newest(entries),
        crumbs=(Link(title=index_title(collection.kind), url=urls.INDEXES[collection.kind]),),
        collection=collection,
        context={
            "names": tuple(name for name in collection.names if name != collection.title),
            "first": dates[0] if dates else None,
            "last": dates[-1] if dates else None,
            "top": most_voted(entries, 5) if len(entries) > _MOST else (),
            "authors": _others(edition, collection, "author"),
            "organisations": _others(edition, collection, "organisation"),
            "topics": _others(edition, collection, "topic"),
            "namesakes": namesakes(edition, collection.kind, collection.key),
            "feeds": has_feeds(edition, collection),
            "feed_least": edition.rules.feed_least,
        },
    )
    yield from spread(edition, page, by_year)


def _others(edition: Edition, collection: Collection, kind: str) -> tuple[Count, ...]:
    """Return the names of `kind` met most often in `collection`; of a single paper, its card says it all."""
    if len(collection.entries) == 1:
        return ()
    but = collection.key if collection.kind == kind else ""
    return counted(edition, kind, collection.entries, most=_MOST, but=but)


def _description(collection: Collection, dates: list[date]) -> str:
    count = plural(len(collection.entries), "paper")
    years = sorted({when.year for when in dates})
    when = f" from {years[0]}" if len(years) == 1 else f" from {years[0]} to {years[-1]}" if years else ""
    match collection.kind:
        case "author":
            return f"{count} by {collection.title}{when}, with co-authors, organisations and topics."
        case "organisation":
            return f"{count} by {collection.title}{when}, with its authors and topics."
    return f"{count} on {collection.title}{when}, with related topics, organisations and authors."


PAGES = PageKind(pages, about="a page for every author, organisation and topic with enough papers")
