"""Home: the newest day, and ways in."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain

from generator import urls
from generator.archive import Collection, Entry
from generator.pages import PageKind
from generator.pages.changes import changes_of
from generator.pages.days import link
from generator.pages.trends import Change, drift
from generator.pages.view import Edition, Page, Section, counted, first_titles, most_voted, newest
from generator.status import growing, notice
from generator.text import excerpt

_SATURDAY = 5


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the home page; it is never empty without saying why."""
    days = list(edition.archive.of("day"))
    if not days:
        yield _without_days(edition)
        return
    day = days[0]
    when = date.fromisoformat(day.key)
    week = edition.archive.collections["week"][urls.week_key(when)]
    titles = first_titles(day.entries)
    language = edition.language
    named, count = language.writes.long_date(when), language.things(len(day.entries), "paper")
    yield Page(
        url=urls.HOME,
        kind="home",
        template="home.html",
        title="",
        heading=language.gettext("Papers of %(day)s", day=named),
        description=excerpt(
            language.gettext("%(papers)s of %(day)s: %(titles)s", papers=count, day=named, titles=titles), limit=200
        ),
        modified=newest(day.entries),
        previous=link(language, date.fromisoformat(days[1].key)) if len(days) > 1 else None,
        collection=day,
        context={
            "day": when,
            "sections": (Section(title="", entries=tuple(day.entries[: edition.rules.page_size])),),
            "more": day.url if len(day.entries) > edition.rules.page_size else "",
            "yesterday": _yesterday(edition, days),
            "week": week,
            "top": most_voted(week.entries, 5),
            "topics": () if (rose := rising(edition, when)) else counted(edition, "topic", week.entries, most=12),
            "rising": rose,
            "late": _late(edition, when),
            "corrected": changes_of(edition)[:3],
            "note": edition.day_notes.get(when),
            "notice": notice(edition.status, edition.today, language),
            "growing": growing(edition.status, when, edition.today, language),
            "standings": edition.status.standings,
        },
    )


def rising(edition: Edition, when: date) -> tuple[Change, ...]:
    """Return the topics that rose most in the seven days up to `when`, against the four weeks before them."""
    days = edition.archive.days

    def within(first: int, last: int) -> tuple[Entry, ...]:
        keys = ((when - timedelta(days=back)).isoformat() for back in range(first, last))
        return tuple(chain.from_iterable(days[key].entries for key in keys if key in days))

    rose, _ = drift(edition, "topic", within(0, 7), within(7, 35), most=8)
    return rose


def _late(edition: Edition, when: date) -> int:
    """Return the number of working days since the newest list on which none came; today's may still come."""
    span = (when + timedelta(days=offset) for offset in range(1, (edition.today - when).days))
    return sum(day.weekday() < _SATURDAY for day in span)


def _yesterday(edition: Edition, days: list[Collection]) -> Section | None:
    if len(days) < 2:
        return None
    when = date.fromisoformat(days[1].key)
    return Section(title=edition.language.writes.long_date(when), entries=tuple(days[1].entries), url=days[1].url)


def _without_days(edition: Edition) -> Page:
    """Return the home page of an archive in which no day has papers: its newest papers, or how to begin."""
    entries = edition.archive.unlisted[: edition.rules.page_size]
    said = edition.language.gettext
    return Page(
        url=urls.HOME,
        kind="home",
        template="home.html",
        title="",
        heading=said("Newest papers") if entries else said("Nothing here yet"),
        description=said("The newest papers of this archive.")
        if entries
        else said("An archive that is about to begin."),
        indexed=bool(entries),
        modified=newest(entries),
        context={
            "day": None,
            "sections": (Section(title="", entries=entries),) if entries else (),
            "more": urls.ARCHIVE if len(edition.archive.unlisted) > len(entries) else "",
            "yesterday": None,
            "week": None,
            "top": (),
            "topics": counted(edition, "topic", entries, most=12),
            "rising": (),
            "late": 0,
            "corrected": changes_of(edition)[:3],
            "note": None,
            "notice": "",
            "growing": "",
            "standings": edition.status.standings,
        },
    )


PAGES = PageKind(pages, about="the newest day and ways in")
