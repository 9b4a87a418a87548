"""The page that lists every feed one can subscribe to."""

from collections.abc import Iterator

from msgspec import Struct

from generator import urls
from generator.language import marked
from generator.pages import PageKind
from generator.pages.names import index_title
from generator.pages.view import Count, Edition, Page, Sign, has_feeds


class FeedGroup(Struct, frozen=True, kw_only=True):
    """The collections of one kind that have feeds, by name."""

    title: str
    collections: tuple[Count, ...]


def pages(edition: Edition) -> Iterator[Page]:
    """Yield /feeds/."""
    said = edition.language.gettext
    yield Page(
        url=urls.FEEDS,
        kind="feeds",
        template="feeds.html",
        title=said("Feeds"),
        heading=said("Feeds"),
        description=said(
            "Every feed of this archive: all papers, and those of a saved query, a topic, an organisation or a person, "
            "as RSS, Atom and JSON Feed."
        ),
        context={"groups": groups_of(edition), "least": edition.rules.feed_least},
    )


def groups_of(edition: Edition) -> tuple[FeedGroup, ...]:
    """Return the saved queries, topics, organisations and people that have feeds; empty groups are left out."""
    said = edition.language.gettext
    groups = (
        FeedGroup(
            title=said("Saved queries") if kind == "query" else index_title(edition.language, kind),
            collections=tuple(
                Count(title=collection.title, count=len(collection.entries), url=collection.url)
                for collection in edition.archive.of(kind)
                if has_feeds(edition, collection)
            ),
        )
        for kind in ("query", "topic", "organisation", "author")
    )
    return tuple(group for group in groups if group.collections)


PAGES = PageKind(
    pages, about="the list of feeds", signs=(Sign(title=marked("Feeds"), url=urls.FEEDS, section="feeds", place=80),)
)
