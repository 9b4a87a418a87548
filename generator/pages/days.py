"""A page for every date between the first and the last list: papers, or the reason why there are none."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import pairwise

from msgspec import Struct

from generator import urls
from generator.archive import Collection
from generator.language import Language, marked
from generator.model import Link
from generator.pages import Bunch, PageKind
from generator.pages.redirects import latest
from generator.pages.view import Edition, Page, Sign, counted, first_titles, newest, spread, whole
from generator.status import absence, growing, watches
from generator.text import excerpt

_FRIDAY = 4
# A year without a list is no holiday: one record with a wrong date must not make a page for each day of a century.
_LONGEST_GAP = 366


def bunches(edition: Edition) -> Iterator[Bunch]:
    """Yield the pages of each date from the first day to the last, a date at a time.

    Where a source is asked for new lists, the last day is today. Within a year without any list there is none.
    """
    days = edition.archive.days
    listed = sorted(date.fromisoformat(key) for key in days)
    if not listed:
        return
    dates = [*_dates(listed), *_awaited(edition, listed[-1])]
    before: date | None = None
    after = iter([*listed[1:], None])
    upcoming: date | None = listed[0]
    for place, when in enumerate(dates):
        collection = days.get(when.isoformat())
        if collection is not None:
            upcoming = next(after)
        beside = (day for day in dates[max(0, place - 1) : place + 2] if abs((day - when).days) == 1)
        bare = tuple(day for day in beside if day.isoformat() not in days)
        near = _Near(before=before, after=upcoming, bare=bare)
        if collection is None:
            yield partial(_empty, edition, when, near)
            continue
        yield partial(_day, edition, when, collection, near)
        before = when


class _Near(Struct, frozen=True, kw_only=True):
    """The days near one: the last list before it, the first one after it, and its neighbours without a list."""

    before: date | None
    after: date | None
    bare: tuple[date, ...]


class Making(Struct, frozen=True, kw_only=True):
    """How a day's list came about: the sources that had it, and when its order and counts are final."""

    sources: tuple[str, ...]
    final: date
    running: bool


def made(edition: Edition, when: date, collection: Collection) -> Making | None:
    """Return how the list of `when` was made; nothing where no source had it as a list."""
    sources = (name for entry in collection.entries for name, gave in entry.paper.sources.items() if "featured" in gave)
    named = tuple(dict.fromkeys(sources))
    final = when + timedelta(days=edition.rules.frozen_after + 1)
    return Making(sources=named, final=final, running=edition.today < final) if named else None


def crumbs(edition: Edition, when: date) -> tuple[Link, ...]:
    """Return the way from the year down to the week of `when`, without the periods that have no papers."""
    way = (
        ("year", urls.year_key(when), str(when.year)),
        ("month", urls.month_key(when), edition.language.writes.month_name(when)),
        ("week", urls.week_key(when), week_title(edition.language, when)),
    )
    return tuple(
        Link(title=title, url=urls.collection(kind, key))
        for kind, key, title in way
        if key in edition.archive.collections[kind]
    )


def week_title(language: Language, when: date) -> str:
    """Return "Week 50", for a date in that week."""
    return language.gettext("Week %(week)s", week=when.isocalendar().week)


def week_name(language: Language, when: date) -> str:
    """Return "Week 50, 2025", for a date in that week; the year is that of ISO 8601."""
    return language.gettext("%(week)s, %(year)s", week=week_title(language, when), year=when.isocalendar().year)


def link(language: Language, when: date | None) -> Link | None:
    """Return the link to a day, or nothing."""
    return Link(title=language.writes.short_date(when), url=urls.day(when)) if when else None


def _dates(listed: Sequence[date]) -> Iterator[date]:
    """Yield the days of lists and those between them, but where lists are more than a year apart."""
    yield listed[0]
    for day, after in pairwise(listed):
        gap = (after - day).days
        for offset in range(1, gap if gap <= _LONGEST_GAP else 0):
            yield day + timedelta(days=offset)
        yield after


def _awaited(edition: Edition, last: date) -> Iterator[date]:
    """Yield the days since the `last` list up to today, if somebody looks for their lists."""
    gap = (edition.today - last).days
    if watches(edition.status) and gap <= _LONGEST_GAP:
        yield from (last + timedelta(days=offset) for offset in range(1, gap + 1))


def _day(edition: Edition, when: date, collection: Collection, near: _Near) -> Iterator[Page]:
    language = edition.language
    count = language.things(len(collection.entries), "paper")
    day = language.writes.long_date(when)
    note = edition.day_notes.get(when)
    titles = first_titles(collection.entries)
    page = Page(
        url=collection.url,
        kind="day",
        template="day.html",
        title=f"{language.writes.medium_date(when)}: {count}",
        heading=day,
        description=excerpt(
            language.gettext("%(papers)s featured on %(day)s: %(titles)s", papers=count, day=day, titles=titles),
            limit=200,
        ),
        modified=newest(collection.entries),
        crumbs=crumbs(edition, when),
        previous=link(language, near.before),
        next=link(language, near.after),
        collection=collection,
        context={
            "day": when,
            "topics": counted(edition, "topic", collection.entries, most=12),
            "organisations": counted(edition, "organisation", collection.entries, most=12),
            "note": note,
            "growing": growing(edition.status, when, edition.today, language),
            "beside": tuple(link(language, day) for day in near.bare),
            "empty": "",
            "last": None,
            "made": made(edition, when, collection),
        },
    )
    yield from spread(edition, page, whole)


def _empty(edition: Edition, when: date, near: _Near) -> Iterator[Page]:
    language = edition.language
    day = language.writes.long_date(when)
    reason = _reason(edition, when, is_new=near.after is None)
    yield Page(
        url=urls.day(when),
        kind="day",
        template="day.html",
        title=language.gettext("%(day)s: no list", day=language.writes.medium_date(when)),
        heading=day,
        description=f"{day}: {reason}",
        indexed=False,
        crumbs=crumbs(edition, when),
        previous=link(language, near.before),
        next=link(language, near.after),
        context={
            "day": when,
            "sections": (),
            "pager": None,
            "topics": (),
            "organisations": (),
            "note": edition.day_notes.get(when),
            "growing": "",
            "beside": tuple(link(language, day) for day in near.bare),
            "empty": reason,
            "last": near.before if when.weekday() > _FRIDAY else None,
            "made": None,
        },
    )


def _reason(edition: Edition, when: date, *, is_new: bool) -> str:
    """Return why there is no list of `when`; a day that `is_new` may get one."""
    said = edition.language.gettext
    if when.weekday() > _FRIDAY:
        return said("No papers are featured at weekends.")
    awaited = absence(edition.status, when, edition.today, edition.language) if is_new else ""
    return awaited or said("No list was published for this day.")


PAGES = PageKind(
    partial(latest, kind="day"),
    about="a page for every date from the first list to the last, or to today while lists are awaited",
    signs=(Sign(title=marked("Day"), url=urls.latest("day"), section="day", place=1, period=True),),
    bunches=bunches,
)
