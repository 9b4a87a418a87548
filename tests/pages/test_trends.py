"""How names fare over time, and which people may be taken for each other."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.archive import archive_of
from generator.model import Author
from generator.pages.lookalikes import lookalikes
from generator.pages.trends import drift, newcomers, timeline
from generator.pages.view import Edition
from tests.support import paper_of

TODAY = date(2026, 2, 3)


def edition_of(*papers: object) -> Edition:
    """Return the edition of `papers`."""
    return Edition(archive=archive_of(papers), today=TODAY)  # type: ignore[arg-type]


def test_a_topic_that_keeps_its_share_neither_rises_nor_falls() -> None:
    """Twice as many papers in all: what doubled stayed, what did not fell, what is new rose."""
    before = [
        paper_of(f"2601.{n:05}", day="2026-01-08", topics=("same", "less", "rare")[: 3 if n == 1 else 2])
        for n in range(1, 5)
    ]
    now = [paper_of(f"2602.{n:05}", topics=("same", "new") if n > 2 else ("same", "less")) for n in range(1, 9)]
    edition = edition_of(*before, *now)
    days = edition.archive.days

    rose, fell = drift(edition, "topic", days["2026-02-02"].entries, days["2026-01-08"].entries, most=5)

    assert [(each.title, each.count, each.before) for each in rose] == [("new", 6, 0)]
    assert [(each.title, each.count, each.before) for each in fell] == [("less", 2, 8)]


@given(st.lists(st.integers(0, 400), min_size=2, max_size=30))
def test_a_timeline_shows_every_paper_in_its_month(offsets: list[int]) -> None:
    """The table adds up to the collection, and the drawing has a bar for each month with papers."""
    days = [date(2025, 1, 1) + timedelta(days=offset) for offset in offsets]
    papers = [paper_of(f"2602.{n:05}", day=day.isoformat(), topics=("all",)) for n, day in enumerate(days)]
    edition = edition_of(*papers)

    line = timeline(edition, edition.archive.collections["topic"]["all"])

    months = {(day.year, day.month) for day in days}
    if line is None:
        assert len(months) == 1
        return
    counts = [count for _, row in line.years for count in row if count is not None]
    assert sum(counts) == len(papers)
    assert line.path.count("M") == len(months) == sum(count > 0 for count in counts)
    assert line.width == len(counts)


def test_everybody_is_new_once() -> None:
    """A month's newcomers are those no earlier list had; the first month says nothing."""
    edition = edition_of(
        paper_of("2601.00001", day="2026-01-08", authors=(Author(name="Ada Lovelace"),)),
        paper_of("2602.00001", authors=(Author(name="Ada Lovelace"), Author(name="Grace Hopper"))),
    )
    months = edition.archive.collections["month"]

    assert newcomers(edition, "author", months["2026-01"], most=5) is None
    new = newcomers(edition, "author", months["2026-02"], most=5)
    assert new and new.total == 1 and [count.title for count in new.most] == ["Grace Hopper"]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Ming Li", "Li Ming", True),
        ("Ming Li", "Ming A. Li", True),
        ("Xiao-Ming Li", "Xiaoming Li", True),
        ("M. Li", "Ming Li", True),
        ("José Núñez", "J. Nunez", True),
        ("Ming Li", "Mei Li", False),
        ("M. Li", "Ming Lin", False),
        ("Plato", "Aristotle", False),
    ],
)
def test_names_that_may_be_one_persons(one: str, other: str, alike: bool) -> None:
    """Order, initials, middle names and hyphens tell nobody apart; other letters do."""
    archive = archive_of([paper_of(authors=(Author(name=one), Author(name=other)))])
    people = archive.collections["author"]

    found = lookalikes(people.values())

    assert {key: [each.key for each in others] for key, others in found.items()} == (
        {key: [each for each in people if each != key] for key in people} if alike else {}
    )
