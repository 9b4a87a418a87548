"""Months: a calendar, the most voted papers, and all papers day by day."""

from calendar import Calendar
from collections.abc import Iterator
from datetime import date
from functools import partial

from msgspec import Struct

from generator import urls
from generator.archive import Collection
from generator.language import marked
from generator.model import Link
from generator.pages import Bunch, PageKind
from generator.pages.redirects import latest
from generator.pages.trends import newcomers
from generator.pages.view import (
    Edition,
    Page,
    Sign,
    by_day,
    counted,
    first_titles,
    most_voted,
    neighbours,
    newest,
    spread,
)
from generator.text import excerpt


class CalendarDay(Struct, frozen=True, kw_only=True):
    """A cell of the calendar; `url` is empty for a date without papers."""

    date: date
    count: int
    url: str


def bunches(edition: Edition) -> Iterator[Bunch]:
    """Yield the pages of every month with papers, a month at a time."""
    months = list(reversed(list(edition.archive.of("month"))))
    links = [Link(title=edition.language.writes.month_name(_first(month)), url=month.url) for month in months]
    for place, month in enumerate(months):
        yield partial(_month, edition, month, *neighbours(links, place))


def _month(edition: Edition, month: Collection, previous: Link | None, following: Link | None) -> Iterator[Page]:
    first = _first(month)
    name = edition.language.writes.month_name(first)
    count = edition.language.things(len(month.entries), "paper")
    top = most_voted(month.entries, 5)
    titles = first_titles(top or month.entries)
    page = Page(
        url=month.url,
        kind="month",
        template="month.html",
        title=name,
        heading=name,
        description=excerpt(
            edition.language.gettext(
                "%(papers)s featured in %(month)s: %(titles)s", papers=count, month=name, titles=titles
            ),
            limit=200,
        ),
        modified=newest(month.entries),
        crumbs=(Link(title=str(first.year), url=urls.year(first)),),
        previous=previous,
        next=following,
        collection=month,
        context={
            "running": urls.month_key(edition.today) <= month.key,
            "calendar": calendar(edition, month),
            "top": top,
            "topics": counted(edition, "topic", month.entries, most=15),
            "organisations": counted(edition, "organisation", month.entries, most=10),
            "new_authors": newcomers(edition, "author", month, most=10),
            "new_organisations": newcomers(edition, "organisation", month, most=10),
        },
    )
    yield from spread(edition, page, by_day)


def calendar(edition: Edition, month: Collection) -> tuple[tuple[CalendarDay | None, ...], ...]:
    """Return the month's weeks, Monday first; `None` stands for a day of another month."""
    counts = {section.url: len(section.entries) for section in by_day(edition, month.entries)}
    first = _first(month)

    def cell(when: date) -> CalendarDay | None:
        if when.month != first.month:
            return None
        url = urls.day(when)
        return CalendarDay(date=when, count=counts.get(url, 0), url=url if url in counts else "")

    return tuple(tuple(map(cell, week)) for week in Calendar().monthdatescalendar(first.year, first.month))


def _first(month: Collection) -> date:
    return date.fromisoformat(f"{month.key}-01")


PAGES = PageKind(
    partial(latest, kind="month"),
    about="a page for every month with papers",
    signs=(Sign(title=marked("Month"), url=urls.latest("month"), section="month", place=3, period=True),),
    bunches=bunches,
)
