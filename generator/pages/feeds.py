"""The page that lists every feed one can subscribe to."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from generator import urls
from generator.archive import Collection
from generator.language import marked
from generator.model import Link
from generator.pages import PageKind
from generator.pages.changes import changes_of
from generator.pages.names import index_title
from generator.pages.view import Edition, Page, Sign, has_feeds, newest, numbered, pager, parts

# Of each kind, so many feeds stand on the first page, those with most papers; the others on pages of their own.
_SHOWN, _ON_ONE_PAGE = 25, 200


# Feeds with one entry for each list of these kinds.
DIGESTS = {"day": marked("Daily digest"), "week": marked("Weekly digest")}


class FeedRow(Struct, frozen=True, kw_only=True):
    """The feeds of the page at `url`: of how many things, where that is known, and the date of the newest."""

    title: str
    url: str
    count: int = 0
    newest: date | None = None


class FeedGroup(Struct, frozen=True, kw_only=True):
    """The collections of one kind that have feeds: some, by their papers, or all, by name.

    `total` is how many there are, `url` the page of all of them, or empty where they are all here. `folder` names the
    kind in addresses.
    """

    kind: str
    folder: str
    title: str
    rows: tuple[FeedRow, ...]
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
            "Every feed of this archive: all papers, digests of days and weeks, trending papers, changes, and those of "
            "saved queries, topics, organisations and people, as RSS, Atom and JSON Feed."
        ),
        context={
            "main": main_feeds(edition),
            "groups": tuple(map(_first, groups)),
            "least": edition.rules.feed_least,
            "pager": None,
        },
    )
    yield page
    for group in groups:
        if group.total > _SHOWN:
            yield from _all_of(edition, page, group)


def main_feeds(edition: Edition) -> tuple[FeedRow, ...]:
    """Return the feeds of the archive as a whole; a feed of a page that is not planned is not there."""
    said, archive, changes = edition.language.gettext, edition.archive, changes_of(edition)
    incidents = edition.status.incidents
    return (
        FeedRow(title=said("All papers"), url=urls.HOME, count=len(archive.entries), newest=newest(archive.entries)),
        *(_digest(edition, kind) for kind in DIGESTS if archive.collections[kind]),
        FeedRow(
            title=said("Trending"), url=urls.TRENDING, newest=max(map(date.fromisoformat, archive.days), default=None)
        ),
        FeedRow(
            title=said("Changes"), url=urls.CHANGES, count=len(changes), newest=changes[0].day if changes else None
        ),
        FeedRow(
            title=said("Status"),
            url=urls.STATUS,
            count=len(incidents),
            newest=incidents[0].since.date() if incidents else None,
        ),
    )


def _digest(edition: Edition, kind: str) -> FeedRow:
    lists = tuple(over(edition, kind))
    title, last = edition.language.gettext(DIGESTS[kind]), last_day(lists[0]) if lists else None
    return FeedRow(title=title, url=urls.latest(kind), count=len(lists), newest=last)


def over(edition: Edition, kind: str) -> Iterator[Collection]:
    """Yield the days or the weeks that are over, the newest first."""
    return (each for each in edition.archive.of(kind) if last_day(each) < edition.today)


def last_day(collection: Collection) -> date:
    """Return the last day of a day or a week."""
    if collection.kind == "day":
        return date.fromisoformat(collection.key)
    return date.fromisocalendar(int(collection.key[:4]), int(collection.key[-2:]), 7)


def groups_of(edition: Edition) -> tuple[FeedGroup, ...]:
    """Return all saved queries, topics, organisations and people that have feeds; empty groups are left out."""
    said = edition.language.gettext
    groups = []
    for kind in ("query", "topic", "organisation", "author"):
        found = tuple(
            FeedRow(
                title=collection.title,
                url=collection.url,
                count=len(collection.entries),
                newest=newest(collection.entries),
            )
            for collection in edition.archive.of(kind)
            if has_feeds(edition, collection)
        )
        title = said("Saved queries") if kind == "query" else index_title(edition.language, kind)
        if found:
            groups.append(
                FeedGroup(kind=kind, folder=urls.feeds(kind).split("/")[1], title=title, rows=found, total=len(found))
            )
    return tuple(groups)


def _first(group: FeedGroup) -> FeedGroup:
    """Return what the first page shows of `group`."""
    if group.total <= _SHOWN:
        return group
    largest = sorted(group.rows, key=lambda row: -row.count)
    return replace(group, rows=tuple(largest[:_SHOWN]), url=urls.feeds(group.kind))


def _all_of(edition: Edition, page: Page, group: FeedGroup) -> Iterator[Page]:
    """Yield the pages that list all of `group`."""
    found = parts(group.rows, _ON_ONE_PAGE)
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
                "groups": (replace(group, rows=part),),
                "pager": pager(number, len(found), partial(urls.feeds, group.kind)),
            },
        )


PAGES = PageKind(
    pages, about="the list of feeds", signs=(Sign(title=marked("Feeds"), url=urls.FEEDS, section="feeds", place=80),)
)
