"""The map of the archive: every paper a point near its like, and the same in words."""

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from generator import urls
from generator.archive import Entry
from generator.language import marked
from generator.pages import PageKind
from generator.pages.view import Edition, Page, Sign, newest, page_of
from generator.regions import Region, Topic, apart, regions

LEAST = 30
_MOST, _LISTED, _SHOWN = 400, 40, 5
# Papers of so many days up to the newest list are marked.
_FRESH_DAYS = 7


class Chart(Struct, frozen=True, kw_only=True):
    """What the map is drawn from: its names, the most telling first, and how many papers, the last, are new."""

    regions: tuple[Region, ...]
    fresh: int


class Place(Struct, frozen=True, kw_only=True):
    """A part of the map in words: its name, and the papers in its middle."""

    region: Region
    entries: tuple[Entry, ...]


def pages(edition: Edition) -> Iterator[Page]:
    """Yield /map/."""
    count = len(edition.prepared().documents)
    found = regions(edition.places, _topics(edition), shown=_SHOWN) if count >= LEAST else ()
    ids = [document.id for document in edition.prepared().documents]
    fresh, since = _fresh(edition)
    yield Page(
        url=urls.MAP,
        kind="map",
        template="map.html",
        title=edition.language.gettext("Map"),
        heading=edition.language.gettext("Map of the archive"),
        description=edition.language.ngettext(
            "%(count)s paper as a point, near those it is like, with topics where they gather.",
            "%(count)s papers as points, each near those it is like, with topics where they gather.",
            count,
        ),
        modified=newest(edition.archive.entries),
        context={
            "chart": Chart(regions=found[:_MOST], fresh=fresh) if count >= LEAST else None,
            "since": since,
            "count": count,
            "least": LEAST,
            "places": tuple(
                Place(region=region, entries=tuple(edition.entries[ids[number]] for number in region.papers))
                for region in apart(found, most=_LISTED, papers=count)
            ),
        },
    )


def _topics(edition: Edition) -> Iterator[Topic]:
    numbers = {document.id: number for number, document in enumerate(edition.prepared().documents)}
    for topic in edition.archive.of("topic"):
        papers = [numbers[entry.paper.id] for entry in topic.entries]
        yield Topic(topic.title, page_of(edition, "topic", topic.key), papers)


def _fresh(edition: Edition) -> tuple[int, str]:
    """Return how many papers came in the newest days, and since when."""
    documents = edition.prepared().documents
    newest_day = max(edition.archive.days, default="")
    if not newest_day:
        return 0, ""
    since = date.fromisoformat(newest_day) - timedelta(days=_FRESH_DAYS - 1)
    return sum(document.day >= since.isoformat() for document in documents), edition.language.writes.medium_date(since)


PAGES = PageKind(
    pages,
    about="the map of the archive",
    signs=(Sign(title=marked("Map"), url=urls.MAP, section="map", place=61),),
)
