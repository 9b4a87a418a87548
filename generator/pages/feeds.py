"""The page that lists every feed one can subscribe to."""

from collections.abc import Iterator
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from generator import urls
from generator.language import marked
from generator.model import Link
from generator.pages import PageKind
from generator.pages.names import index_title
from generator.pages.view import Count, Edition, Page, Sign, has_feeds, numbered, pager, parts

# Of each kind, so many feeds stand on the first page, those with most papers; the others on pages of their own.
_SHOWN, _ON_ONE_PAGE = 25, 200


class FeedGroup(Struct, frozen=True, kw_only=True):
    """The collections of one kind that have feeds: some, by their papers, or all, by name.

    `total` is how many there are, `url` the page of all of them, or empty where they are all here.
    """

    kind: str
    title: str
    collections: tuple[Count, ...]
    total: int
    url: str = ""


def pages(edition: Edition) -> Iterator[Page]:
    """Yield /feeds/, and the list of all feeds of each kind that has more than that page shows."""
    said = edition.language.gettext
    groups = groups_of(edition)
    page = Page(
        url=urls.FEEDS,
        kind="feeds",
        template="feeds.html",
        title=said("Feeds"),
        heading=said("Feeds"),
        description=said(
            "Every feed of this archive: all papers, and those of a saved query, a topic, an organisation or a person, "
            "as RSS, Atom and JSON Feed."
        ),
        context={"groups": tuple(map(_first, groups)), "least": edition.rules.feed_least, "pager": None},
    )
    yield page
    for group in groups:
        if group.total > _SHOWN:
            yield from _all_of(edition, page, group)


def groups_of(edition: Edition) -> tuple[FeedGroup, ...]:
    """Return all saved queries, topics, organisations and people that have feeds; empty groups are left out."""
    said = edition.language.gettext
    groups = []
    for kind in ("query", "topic", "organisation", "author"):
        found = tuple(
            Count(title=collection.title, count=len(collection.entries), url=collection.url)
            for collection in edition.archive.of(kind)
            if has_feeds(edition, collection)
        )
        title = said("Saved queries") if kind == "query" else index_title(edition.language, kind)
        if found:
            groups.append(FeedGroup(kind=kind, title=title, collections=found, total=len(found)))
    return tuple(groups)


def _first(group: FeedGroup) -> FeedGroup:
    """Return what the first page shows of `group`."""
    if group.total <= _SHOWN:
        return group
    largest = sorted(group.collections, key=lambda collection: -collection.count)
    return replace(group, collections=tuple(largest[:_SHOWN]), url=urls.feeds(group.kind))


def _all_of(edition: Edition, page: Page, group: FeedGroup) -> Iterator[Page]:
    """Yield the pages that list all of `group`."""
    found = parts(group.collections, _ON_ONE_PAGE)
    title = f"{page.heading}: {group.title}"
    for number, part in enumerate(found, 1):
        yield replace(
            page,
            url=urls.feeds(group.kind, number),
            title=numbered(edition.language, title, number),
            heading=title,
            number=number,
            crumbs=(Link(title=page.heading, url=urls.FEEDS),),
            context={
                **page.context,
                "groups": (replace(group, collections=part),),
                "pager": pager(number, len(found), partial(urls.feeds, group.kind)),
            },
        )


PAGES = PageKind(
    pages, about="the list of feeds", signs=(Sign(title=marked("Feeds"), url=urls.FEEDS, section="feeds", place=80),)
)
