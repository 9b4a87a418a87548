"""Filing papers."""

import random
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from generator.archive import archive_of
from generator.model import Aliases, Author, Featured, Paper
from tests.support import paper_of

papers = st.lists(
    st.builds(
        paper_of,
        st.integers(0, 40).map(lambda number: f"2602.{number:05}"),
        day=st.dates(date(2025, 12, 20), date(2026, 1, 20)).map(date.isoformat),
        rank=st.integers(1, 5),
        topics=st.lists(st.sampled_from(["LLM", "llm", "C++", "C", "Vision", "李明"]), max_size=4).map(tuple),
    ),
    unique_by=lambda paper: paper.id,
    max_size=12,
)


@given(papers, st.randoms(use_true_random=False))
def test_the_order_of_reading_never_shows(items: list[Paper], dice: random.Random) -> None:
    """An archive is a function of a set of papers."""
    shuffled = dice.sample(items, len(items))

    assert archive_of(shuffled) == archive_of(items)


@given(papers)
def test_every_appearance_is_filed_once_per_period(items: list[Paper]) -> None:
    """Days, weeks, months and years all hold the same appearances."""
    archive = archive_of(items)

    expected = sorted((paper.id, seen.day) for paper in items for seen in paper.featured)
    for kind in ("day", "week", "month", "year"):
        filed = [
            (entry.paper.id, entry.featured.day)
            for collection in archive.of(kind)
            for entry in collection.entries
            if entry.featured
        ]
        assert sorted(filed) == expected


@given(papers)
def test_numbers_run_from_one_without_a_gap(items: list[Paper]) -> None:
    """A number on a list can be linked to."""
    archive = archive_of(items)

    for collections in archive.collections.values():
        for collection in collections.values():
            assert [entry.number for entry in collection.entries] == list(range(1, len(collection.entries) + 1))


def test_a_day_is_in_the_order_of_its_ranks() -> None:
    """The list of a day is the source's list."""
    archive = archive_of([paper_of("2602.00002", rank=2), paper_of("2602.00001", rank=3), paper_of("2602.00003")])

    day = archive.days["2026-02-02"]

    assert [entry.paper.id for entry in day.entries] == ["2602.00003", "2602.00002", "2602.00001"]


def test_the_last_days_of_a_year_belong_to_the_iso_week() -> None:
    """30 December 2024 is in the first week of 2025, and in the year 2024."""
    archive = archive_of([paper_of(day="2024-12-30")])

    assert [c.key for kind in ("week", "month", "year") for c in archive.of(kind)] == ["2025-W01", "2024-12", "2024"]


def test_a_paper_on_two_days_is_listed_on_both_and_counted_once_by_name() -> None:
    """Featuring a paper again does not make it two papers."""
    twice = (Featured(day=date(2026, 1, 5), rank=1), Featured(day=date(2026, 1, 9), rank=4))
    archive = archive_of([paper_of(featured=twice)])

    assert len(archive.days) == len(twice)
    assert len(archive.entries) == len(archive.collections["author"]["ada-lovelace"].entries) == 1
    assert archive.entries[0].featured == twice[0]


def test_names_of_every_script_stay_apart_and_accents_do_not_divide() -> None:
    """李明 and 王芳 are two people; José and Jose are one entry in the index."""
    names = ("李明", "王芳", "José Núñez", "Jose Nunez")
    archive = archive_of([paper_of(f"2602.0000{i}", authors=(Author(name=name),)) for i, name in enumerate(names)])

    assert set(archive.collections["author"]) == {"李明", "王芳", "jose-nunez"}
    assert archive.collections["author"]["jose-nunez"].names == ("Jose Nunez", "José Núñez")


def test_a_name_twice_on_one_paper_is_one_paper() -> None:
    """Lists of authors repeat names."""
    archive = archive_of([paper_of(authors=(Author(name="Wei Wang"), Author(name="Wei Wang")))])

    assert len(archive.collections["author"]["wei-wang"].entries) == 1


def test_aliases_gather_spellings_under_the_chosen_name() -> None:
    """After an alias there is one topic, with the name the editor chose."""
    canonical = {"topic": {"llm": "Large language models", "llms": "Large language models"}}
    items = [paper_of("2602.00001", topics=("LLM",)), paper_of("2602.00002", topics=("LLMs", "large language models"))]

    topics = archive_of(items, aliases=Aliases(canonical=canonical)).collections["topic"]

    assert [(c.key, c.title, len(c.entries)) for c in topics.values()] == [
        ("large-language-models", "Large language models", 2)
    ]


def test_a_paper_without_a_day_is_on_no_days_list_unless_days_are_publication_dates() -> None:
    """The day of a list and the date of publication are never mixed by themselves."""
    lone = paper_of(featured=())

    assert [entry.paper for entry in archive_of([lone]).unlisted] == [lone]
    assert list(archive_of([lone], filed_by="published").days) == ["2026-01-30"]
