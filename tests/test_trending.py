"""What is trending: scores that add up, an order that never depends on chance."""

from datetime import date, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from generator.archive import archive_of
from generator.model import Featured, Paper
from generator.trending import Ranking, Weights, ranking

LAST = date(2026, 2, 2)

counts = st.integers(0, 500)
papers = st.lists(
    st.builds(
        lambda day, rank, upvotes, comments, stars: (
            Featured(day=day, rank=rank, upvotes=upvotes, comments=comments),
            stars,
        ),
        st.dates(LAST - timedelta(days=9), LAST),
        st.integers(1, 4),
        counts,
        counts,
        st.none() | counts,
    ),
    max_size=12,
).map(
    lambda rows: [
        Paper(id=f"2602.{number:05}", title="A paper", featured=(seen,), stars=stars)
        for number, (seen, stars) in enumerate(rows)
    ]
)
weights = st.builds(
    Weights,
    votes=st.floats(0, 10),
    comments=st.floats(0, 10),
    stars=st.floats(0, 10),
    recency=st.floats(0, 10),
    half_life=st.floats(0.1, 30),
)


def of(given_papers: list[Paper], *, days: int = 7, most: int = 100, weights: Weights | None = None) -> Ranking:
    """Return the ranking of `given_papers` on the last day."""
    return ranking(archive_of(given_papers), LAST, days=days, weights=weights or Weights(), most=most)


@settings(deadline=None)
@given(papers, weights, st.randoms(use_true_random=False))
def test_the_order_is_that_of_the_scores_whatever_came_first(
    given_papers: list[Paper], chosen: Weights, random: Random
) -> None:
    """Scores never rise down the list, and shuffled papers are ranked alike."""
    ranked = of(given_papers, weights=chosen).ranked
    shuffled = random.sample(given_papers, len(given_papers))

    assert all(above.score >= below.score for above, below in pairwise(ranked))
    assert [row.place for row in ranked] == list(range(1, len(ranked) + 1))
    assert of(shuffled, weights=chosen).ranked == ranked


@given(papers, weights)
def test_the_parts_add_up_to_the_score_as_shown(given_papers: list[Paper], chosen: Weights) -> None:
    """What a reader adds up on paper is the score, to the last digit."""
    for row in of(given_papers, weights=chosen).ranked:
        assert sum(round(100 * float(f"{part.points:.2f}")) for part in row.parts) == round(100 * row.score)


@given(papers, st.integers(1, 10))
def test_only_papers_of_the_period_are_ranked(given_papers: list[Paper], days: int) -> None:
    """A ranking of so many days holds the papers of their lists, and all of them."""
    first = LAST - timedelta(days=days - 1)

    assert {row.entry.paper.id for row in of(given_papers, days=days).ranked} == {
        paper.id for paper in given_papers if paper.featured[0].day >= first
    }


@given(papers.filter(bool), st.integers(1, 500))
def test_a_vote_more_never_lowers_a_paper(given_papers: list[Paper], more: int) -> None:
    """Who gets votes keeps the place or gains."""
    chosen = given_papers[0]
    seen = replace(chosen.featured[0], upvotes=chosen.featured[0].upvotes + more)
    before = {row.entry.paper.id: row.place for row in of(given_papers, days=30).ranked}
    after = {
        row.entry.paper.id: row.place
        for row in of([replace(chosen, featured=(seen,)), *given_papers[1:]], days=30).ranked
    }

    assert after[chosen.id] <= before[chosen.id]


def test_without_counts_the_newest_come_first() -> None:
    """Where nobody votes, the ranking is by date, and says so."""
    old = Paper(id="a", title="Old", featured=(Featured(day=LAST - timedelta(days=3), rank=1),))
    new = Paper(id="b", title="New", featured=(Featured(day=LAST, rank=2),))

    made = of([old, new])

    assert [row.entry.paper.id for row in made.ranked] == ["b", "a"]
    assert not made.has_counts


def test_a_paper_on_two_lists_counts_once_with_the_last() -> None:
    """Its votes are those of the later list."""
    twice = Paper(
        id="a",
        title="Twice",
        featured=(
            Featured(day=LAST - timedelta(days=2), rank=1, upvotes=3),
            Featured(day=LAST, rank=1, upvotes=15),
        ),
    )

    (row,) = of([twice]).ranked

    assert [part.count for part in row.parts] == [15, 0, 0, 0]


def test_withdrawn_papers_are_not_ranked() -> None:
    """Nobody is sent to a paper that its authors took back."""
    assert not of([Paper(id="a", title="Gone", withdrawn="wrong", featured=(Featured(day=LAST, rank=1),))]).ranked
