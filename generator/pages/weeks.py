"""ISO weeks: the top of the week, then the papers day by day."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial

from generator import urls
from generator.archive import Collection, Entry
from generator.language import marked
from generator.model import Link
from generator.pages import Bunch, PageKind
from generator.pages.days import week_name, week_title
from generator.pages.redirects import latest
from generator.pages.trends import changes
from generator.pages.view import (
    Count,
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


def bunches(edition: Edition) -> Iterator[Bunch]:
    """Yield the pages of every week with papers, a week at a time."""
    weeks = list(reversed(list(edition.archive.of("week"))))
    links = [Link(title=week_name(edition.language, _monday(week)), url=week.url) for week in weeks]
    for place, week in enumerate(weeks):
        yield partial(_week, edition, week, *neighbours(links, place))


def _week(edition: Edition, week: Collection, previous: Link | None, following: Link | None) -> Iterator[Page]:
    monday = _monday(week)
    sunday = monday + timedelta(days=6)
    first = min(entry.featured.day for entry in week.entries if entry.featured)
    language = edition.language
    title = f"{week_title(language, monday)}, {language.writes.span(monday, sunday)}"
    count = language.things(len(week.entries), "paper")
    top = most_voted(week.entries, 5)
    titles = first_titles(top or week.entries)
    page = Page(
        url=week.url,
        kind="week",
        template="week.html",
        title=title,
        heading=title,
        description=excerpt(
            language.gettext(
                "%(papers)s featured in the week of %(day)s: %(titles)s",
                papers=count,
                day=language.writes.medium_date(monday),
                titles=titles,
            ),
            limit=200,
        ),
        modified=newest(week.entries),
        crumbs=(
            Link(title=str(first.year), url=urls.year(first)),
            Link(title=language.writes.month_name(first), url=urls.month(first)),
        ),
        previous=previous,
        next=following,
        collection=week,
        context={
            "running": edition.today <= sunday,
            "top": top,
            "days": _days(edition, week.entries, monday),
            "topics": changes(edition, "topic", week.entries, _week_before(edition, monday), most=15),
            "before": week_title(language, monday - timedelta(days=7)) if _week_before(edition, monday) else "",
            "organisations": counted(edition, "organisation", week.entries, most=12),
        },
    )
    yield from spread(edition, page, by_day)


def _monday(week: Collection) -> date:
    return date.fromisocalendar(int(week.key[:4]), int(week.key[-2:]), 1)


def _week_before(edition: Edition, monday: date) -> Sequence[Entry]:
    before = edition.archive.collections["week"].get(urls.week_key(monday - timedelta(days=7)))
    return before.entries if before else ()


def _days(edition: Edition, entries: Sequence[Entry], monday: date) -> tuple[Count, ...]:
    """Return the seven days with their numbers of papers; a day without papers has no address."""
    counts = {section.url: len(section.entries) for section in by_day(edition, entries)}
    days = [monday + timedelta(days=offset) for offset in range(7)]
    return tuple(
        Count(
            title=edition.language.writes.day_name(day),
            count=counts.get(urls.day(day), 0),
            url=urls.day(day) if urls.day(day) in counts else "",
        )
        for day in days
    )


PAGES = PageKind(
    partial(latest, kind="week"),
    about="a page for every ISO week with papers",
    signs=(Sign(title=marked("Week"), url=urls.latest("week"), section="week", place=2, period=True),),
    bunches=bunches,
)
