"""What readers talk about: the lists of today, of a week and of a month, ranked, and how each finished week ended."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from msgspec import Struct

from generator import urls
from generator.language import marked
from generator.model import Link
from generator.pages import PageKind
from generator.pages.days import week_name
from generator.pages.view import Edition, Page, Sign, neighbours, newest
from generator.trending import Ranked, Ranking, ranking

_MOST = 30
# A snapshot is a finished week: seven days up to its Sunday.
_WEEK = 7
# The name in the address, what the switch says, and the days it looks back.
PERIODS = (("today", marked("Newest list"), 1), ("", marked("7 days"), _WEEK), ("month", marked("30 days"), 30))


class Segment(Struct, frozen=True):
    """One part of a score as a piece of a bar of 100: where it begins and how long it is."""

    name: str
    start: float
    width: float


class Row(Struct, frozen=True, kw_only=True):
    """A paper of the ranking, and its score as a bar."""

    ranked: Ranked
    bar: tuple[Segment, ...]


class SnapshotYear(Struct, frozen=True, kw_only=True):
    """The finished weeks of one ISO year, the newest first."""

    title: str
    weeks: tuple[Link, ...]


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the page of each period up to the newest list, and one for each finished week."""
    days = [date.fromisoformat(key) for key in edition.archive.days]
    last = max(days, default=None)
    weeks = _finished(edition)
    say = edition.language
    links = [Link(title=week_name(say, week), url=urls.trending(urls.week_key(week))) for week in weeks]
    for name, title, length in PERIODS:
        heading = say.gettext("Trending")
        if last is None:
            yield _page(edition, name, heading, say.gettext("Nothing has been listed yet."), None)
            continue
        ranked = _ranking(edition, last, length)
        when = say.writes.span(ranked.first, ranked.last) if length > 1 else say.writes.medium_date(last)
        yield _page(
            edition,
            name,
            f"{heading}: {say.gettext(title)}" if name else heading,
            say.ngettext(
                "The papers that readers talk about, from %(count)s paper of %(when)s, with every score.",
                "The papers that readers talk about, from %(count)s papers of %(when)s, with every score.",
                ranked.papers,
                when=when,
            ),
            ranked,
            snapshots=_by_year(weeks) if not name else (),
        )
    for place, sunday in enumerate(weeks):
        ranked = _ranking(edition, sunday, _WEEK)
        previous, following = neighbours(links, place)
        yield _page(
            edition,
            urls.week_key(sunday),
            f"{say.gettext('Trending')}: {week_name(say, sunday)}",
            say.gettext(
                "The papers that readers talked about from %(when)s, with every score.",
                when=say.writes.span(ranked.first, sunday),
            ),
            ranked,
            previous=following,
            next=previous,
            crumbs=(Link(title=say.gettext("Trending"), url=urls.TRENDING),),
        )


def _finished(edition: Edition) -> list[date]:
    """Return the Sundays of all finished weeks with papers, the newest first."""
    mondays = [date.fromisocalendar(int(week.key[:4]), int(week.key[-2:]), 1) for week in edition.archive.of("week")]
    sundays = [monday + timedelta(days=6) for monday in mondays]
    return [sunday for sunday in sundays if sunday < edition.today]


def _by_year(weeks: list[date]) -> tuple[SnapshotYear, ...]:
    def link(day: date) -> Link:
        return Link(title=str(day.isocalendar().week), url=urls.trending(urls.week_key(day)))

    return tuple(
        SnapshotYear(title=str(year), weeks=tuple(map(link, days)))
        for year, days in groupby(weeks, key=lambda day: day.isocalendar().year)
    )


def _ranking(edition: Edition, last: date, days: int) -> Ranking:
    return ranking(edition.archive, last, days=days, weights=edition.rules.ranking, most=_MOST)


def _page(
    edition: Edition,
    name: str,
    heading: str,
    description: str,
    ranked: Ranking | None,
    *,
    snapshots: tuple[SnapshotYear, ...] = (),
    previous: Link | None = None,
    next: Link | None = None,  # noqa: A002 - the name it has on a page
    crumbs: tuple[Link, ...] = (),
) -> Page:
    rows = ranked.ranked if ranked else ()
    whole = rows[0].score if rows else 0.0
    return Page(
        url=urls.trending(name),
        kind="trending",
        template="trending.html",
        title=heading,
        heading=heading,
        description=description,
        indexed=bool(rows),
        modified=newest(row.entry for row in rows),
        crumbs=crumbs,
        previous=previous,
        next=next,
        context={
            "ranking": ranked,
            "rows": tuple(Row(ranked=row, bar=_bar(row, whole)) for row in rows),
            "periods": tuple(
                Link(title=edition.language.gettext(title), url=urls.trending(each)) for each, title, _ in PERIODS
            ),
            "weights": edition.rules.ranking,
            "finished": bool(crumbs),
            "snapshots": snapshots,
        },
    )


def _bar(row: Ranked, whole: float) -> tuple[Segment, ...]:
    """Return the parts of a score one after another; `whole` fills the bar."""
    segments: list[Segment] = []
    start = 0.0
    for part in row.parts:
        width = round(100 * part.points / whole, 1) if whole else 0.0
        if width:
            segments.append(Segment(part.name, round(start, 1), width))
        start += width
    return tuple(segments)


PAGES = PageKind(
    pages,
    about="the papers that readers talk about, and how each week ended",
    signs=(Sign(title=marked("Trending"), url=urls.TRENDING, section="trending", place=20),),
)
