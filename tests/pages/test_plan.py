"""Which pages exist."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import generator.pages
from generator import urls
from generator.archive import archive_of
from generator.errors import ContentError
from generator.model import Aliases, Author, Featured, Link, Note, Override, Version
from generator.pages import PageKind, plan
from generator.pages.view import Edition, Page, Rules
from generator.registry import discover
from tests.support import paper_of

KINDS = discover(generator.pages, "PAGES", PageKind)
TODAY = date(2026, 2, 3)


def pages_of(*papers: object, **given_: object) -> dict[str, Page]:
    """Return the plan of an edition of `papers` by address."""
    edition = Edition(archive=archive_of(papers), today=TODAY, **given_)  # type: ignore[arg-type]
    return {page.url: page for page in plan(edition, KINDS)}


def values(page: Page, name: str) -> Any:
    """Return what `page` gives its template under `name`."""
    return page.context[name]


def links_in(value: object) -> Iterator[str]:
    """Yield every internal address inside a page's values."""
    if isinstance(value, Page):
        for part in (value.crumbs, value.previous, value.next, *value.context.values()):
            yield from links_in(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from links_in(part)
    elif isinstance(value, Link):
        yield value.url
    elif hasattr(value, "__struct_fields__"):
        for name in value.__struct_fields__:
            part = getattr(value, name)
            if name in {"url", "first", "previous", "next", "last"} and isinstance(part, str):
                yield part
            elif name not in {"paper", "entry", "entries"}:
                yield from links_in(part)


days = st.lists(st.dates(date(2025, 12, 24), date(2026, 1, 9)), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(days, st.integers(1, 4), st.integers(1, 3))
def test_no_page_leads_to_nothing(when: list[date], page_size: int, least: int) -> None:
    """Every address that the plan puts on a page is the address of a page."""
    papers = [
        paper_of(f"2602.{number:05}", day=day.isoformat(), rank=number, topics=(f"t{number % 3}", "all"))
        for number, day in enumerate(when, 1)
    ]
    rules = Rules(page_size=page_size, least={"author": least, "organisation": least, "topic": least}, feed_least=1)

    pages = pages_of(*papers, rules=rules)

    for page in pages.values():
        for url in links_in(page):
            assert not url or "://" in url or url.partition("#")[0] in pages, (page.url, url)


@settings(max_examples=25, deadline=None)
@given(days, st.integers(1, 4))
def test_lists_hold_every_paper_once_in_bounded_pages(when: list[date], page_size: int) -> None:
    """Paging loses nothing, repeats nothing, and never exceeds the page size."""
    papers = [paper_of(f"2602.{n:05}", day=day.isoformat(), rank=n) for n, day in enumerate(when, 1)]
    pages = pages_of(*papers, rules=Rules(page_size=page_size))

    listed = [page for page in pages.values() if page.kind == "organisation"]
    numbers = [e.number for page in listed for section in values(page, "sections") for e in section.entries]

    assert sorted(numbers) == list(range(1, len(papers) + 1))
    assert all(sum(len(s.entries) for s in values(page, "sections")) <= page_size for page in listed)


def test_every_date_between_the_first_and_the_last_list_has_a_page_that_explains_itself() -> None:
    """Weekends and gaps answer, say why, and lead to the nearest days with papers."""
    pages = pages_of(paper_of("2601.00001", day="2026-01-08"), paper_of("2601.00002", day="2026-01-13"))

    saturday, monday = pages["day/2026-01-10/"], pages["day/2026-01-12/"]

    assert "weekends" in str(saturday.context["empty"])
    assert monday.context["empty"] == "No list was published for this day."
    for page in (saturday, monday):
        assert not page.indexed
        assert page.previous and page.previous.url == "day/2026-01-08/"
        assert page.next and page.next.url == "day/2026-01-13/"
    assert "day/2026-01-07/" not in pages and "day/2026-01-14/" not in pages


def test_home_shows_the_newest_day() -> None:
    """Home is the newest list, whatever was published later."""
    home = pages_of(
        paper_of("2601.00001", day="2026-01-08", published=date(2026, 1, 30)), paper_of("2601.00002", day="2026-01-12")
    )[urls.HOME]

    assert home.heading == "Papers of Monday, 12 January 2026"
    assert home.previous and home.previous.url == "day/2026-01-08/"


def test_an_empty_archive_has_a_home_page_and_no_days() -> None:
    """The first build of a new archive works."""
    pages = pages_of()

    assert urls.HOME in pages and urls.NOT_FOUND in pages
    assert not [url for url in pages if url.startswith("day/")]


def test_two_pages_on_one_address_stop_the_build() -> None:
    """Both claims are named, and every clash is reported at once."""
    with pytest.raises(ContentError) as caught:
        pages_of(paper_of("a/b"), paper_of("a-b"))

    assert "paper/a-b/" in str(caught.value) and "two pages" in str(caught.value)


def test_a_hand_written_page_cannot_hide_an_index() -> None:
    """A note called "people" wants the address of the people index."""
    with pytest.raises(ContentError):
        pages_of(paper_of(), notes=(Note(name="people", title="People", body=""),))


def test_a_month_is_a_calendar_that_links_only_days_with_papers() -> None:
    """Seven columns, Monday first; days without papers are plain."""
    month = pages_of(paper_of(day="2026-02-02"))["month/2026-02/"]
    weeks = values(month, "calendar")
    cells = [day for week in weeks for day in week if day]

    assert all(len(week) == 7 for week in weeks)
    assert [day.date.day for day in cells] == list(range(1, 29))
    assert [day.url for day in cells if day.url] == ["day/2026-02-02/"]


def test_a_paper_stands_between_its_neighbours_of_the_day() -> None:
    """Paper pages can be read one after another; the ends lead nowhere."""
    pages = pages_of(paper_of("2602.00001", rank=1), paper_of("2602.00002", rank=2))
    first, second = pages["paper/2602.00001/"], pages["paper/2602.00002/"]

    assert first.previous is None and first.next and first.next.url == second.url
    assert second.previous and second.previous.url == first.url and second.next is None


def test_versions_and_aliases_redirect() -> None:
    """Addresses that people guess or remember answer."""
    aliases = Aliases(canonical={"topic": {"motors": "engines"}})
    papers = [paper_of(f"2602.0000{n}", versions=(Version(number=2, date=date(2026, 2, 1)),)) for n in (1, 2)]
    edition = Edition(archive=archive_of(papers, aliases=aliases), today=TODAY, aliases=aliases)

    moved = {page.url: page.context["target"] for page in plan(edition, KINDS) if page.kind == "redirect"}

    assert moved["paper/2602.00001v1/"] == moved["paper/2602.00001v2/"] == "paper/2602.00001/"
    assert moved["2026-02-02/"] == "day/2026-02-02/"
    assert moved["topic/motors/"] == "topic/engines/"


def test_the_first_page_of_a_list_has_one_address() -> None:
    """Who guesses /page/1/ is led to the list; a list of one page has no such address."""
    pages = pages_of(*(paper_of(f"2602.0000{n}", rank=n) for n in (1, 2, 3)), rules=Rules(page_size=2))

    assert pages["topic/engines/page/1/"].context["target"] == "topic/engines/"
    assert "topic/engines/page/2/" in pages
    assert "year/2026/page/1/" not in pages


def test_large_indexes_are_split_by_letter_and_bounded() -> None:
    """No page of the index of people holds more than a few hundred names, and every name is on one."""
    papers = [
        paper_of(f"2602.{n:05}", rank=n, authors=tuple(Author(name=f"A{n}x{m} Baker{n}x{m}") for m in range(50)))
        for n in range(1, 21)
    ]
    pages = pages_of(*papers)

    index = [page for page in pages.values() if page.kind == "index" and page.context["names"] == "author"]
    sizes = [sum(len(letter.names) for letter in values(page, "letters")) for page in index]

    assert sum(sizes) == 1000
    assert max(sizes) <= 400
    assert "people/letter/b/page/3/" in pages


def test_a_paper_featured_twice_tells_of_its_first_day() -> None:
    """The page of a paper hangs under the day that showed it first."""
    twice = (Featured(day=date(2026, 1, 5), rank=1), Featured(day=date(2026, 1, 9), rank=4))
    page = pages_of(paper_of(featured=twice))["paper/2602.00001/"]

    assert page.crumbs[-1].url == "day/2026-01-05/"


def test_a_long_day_is_also_one_page() -> None:
    """It holds every paper, is not for search engines, and the parts lead to it; a very long one is in parts only."""
    papers = [paper_of(f"2602.{n:05}", rank=n) for n in range(1, 6)]
    pages = pages_of(*papers, rules=Rules(page_size=2))
    whole = pages["day/2026-02-02/all/"]

    assert [entry.number for section in values(whole, "sections") for entry in section.entries] == [1, 2, 3, 4, 5]
    assert not whole.indexed
    assert values(pages["day/2026-02-02/page/2/"], "pager").whole == whole.url
    assert "day/2026-02-02/all/" not in pages_of(*papers, rules=Rules(page_size=2, whole=4))


def test_the_archive_always_has_a_page_about_itself() -> None:
    """With the editor's words where there are any, and no second page for them."""
    written = pages_of(paper_of(), notes=(Note(name="about", title="Who we are", body="Two of us."),))["about/"]

    assert (written.heading, written.context["body"]) == ("Who we are", "Two of us.")
    assert pages_of()["about/"].context["body"] == ""


def test_the_topics_of_a_week_are_set_against_the_week_before() -> None:
    """More, less or as many; the first week has nothing to be measured against."""
    pages = pages_of(
        paper_of("2601.00001", day="2026-01-27", topics=("engines",)),
        paper_of("2602.00001", topics=("engines",)),
        paper_of("2602.00002", rank=2, topics=("engines", "notes")),
    )
    first, second = pages["week/2026-W05/"], pages["week/2026-W06/"]

    assert (values(first, "before"), values(second, "before")) == ("", "Week 5")
    assert {each.title: each.difference for each in values(second, "topics")} == {"engines": 1, "notes": 1}


def test_a_correction_is_told_on_home_and_on_its_paper() -> None:
    """With its date and its reason; nothing is said where nothing was corrected."""
    override = Override(reason="a slip", date=date(2026, 2, 1), set={"title": "Right"})
    pages = pages_of(paper_of(), overrides={"2602.00001": override})

    assert [change.reason for change in values(pages[urls.HOME], "corrected")] == ["a slip"]
    assert values(pages["paper/2602.00001/"], "corrected") == override
    assert not values(pages_of(paper_of())["paper/2602.00001/"], "corrected")
