"""The map's layout: everybody has a place, near their like, and keeps it when others come."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from generator.layout import SIDE, layout
from generator.regions import Topic, apart, regions
from generator.search.postings import Document, analyse, elders

FIELDS = (
    ("robot arm grasp gripper torque joint motor actuator", "robotics"),
    ("galaxy star telescope redshift quasar halo nebula orbit", "astronomy"),
    ("protein enzyme cell genome ribosome membrane antibody peptide", "biology"),
)


def document(number: int, words: str, topic: str = "") -> Document:
    """Return a document of its own number, made of `words`."""
    return Document(id=f"{number:05}", day=f"2026-{number:06}", fields=(words[:20], words, "", topic, ""))


def places(documents: Sequence[Document]) -> NDArray[np.int64]:
    """Return the places of `documents`, which are in order."""
    return layout([each.id for each in documents], analyse(documents).postings).astype(np.int64)


def mixed(count: int) -> list[Document]:
    """Return documents of three fields in turn, each with five of the words of its field."""
    made = []
    for number in range(count):
        words, topic = FIELDS[number % 3]
        few = words.split()
        made.append(document(number, " ".join(few[(number // 3 + step) % len(few)] for step in range(5)), topic))
    return made


@settings(deadline=None, max_examples=30)
@given(st.lists(st.lists(st.sampled_from("abcdefghij"), max_size=6), max_size=90))
def test_every_paper_has_a_place_and_always_the_same(texts: list[list[str]]) -> None:
    """Papers with many, few or no words in common all stand on the map, twice in the same place."""
    documents = [document(number, " ".join(words)) for number, words in enumerate(texts)]
    found = places(documents)

    assert found.shape == (len(texts), 2)
    assert not len(found) or (found.min() >= 0 and found.max() < SIDE)
    assert (found == places(documents)).all()


@settings(deadline=None, max_examples=12)
@given(st.integers(80, 98), st.integers(1, 1))
def test_a_paper_more_moves_no_other(count: int, more: int) -> None:
    """The map of yesterday is that of today without the new points."""
    documents = mixed(count + more)

    assert elders(count) == elders(count + more)
    assert (places(documents)[:count] == places(documents[:count])).all()


def test_like_is_near_like() -> None:
    """A paper's field is nearer to it than another one."""
    found = places(mixed(150))
    centres = np.array([np.median(found[field::3], axis=0) for field in range(3)])
    distances = np.linalg.norm(found[:, None] - centres[None], axis=2)

    assert (distances.argmin(axis=1) == np.arange(150) % 3).mean() > 0.95


@given(st.integers(1, 200_000))
def test_elders_stay_for_a_quarter_of_growth(size: int) -> None:
    """They are never more than the papers there are, and at least three quarters of them."""
    old = elders(size)

    assert old <= size
    assert old >= size * 0.79 or size < 64
    assert elders(max(64, old)) == old or size < 64


def test_a_topic_is_written_where_it_is_at_home() -> None:
    """A topic of one field has a region among its papers; one of all papers has none."""
    documents = mixed(150)
    found = layout([each.id for each in documents], analyse(documents).postings)
    topics = [Topic(name, "", range(field, 150, 3)) for field, (_, name) in enumerate(FIELDS)]
    everywhere = np.random.default_rng(1).integers(0, SIDE, (150, 2)).astype(np.uint16)

    made = regions(found, topics, shown=4)

    assert {region.title for region in made} == {name for _, name in FIELDS}
    for region in made:
        field = [name for _, name in FIELDS].index(region.title)
        assert len(region.papers) == 4
        assert all(number % 3 == field for number in region.papers)
    assert regions(everywhere, [Topic("all", "", range(150))], shown=4) == ()


def test_regions_in_words_do_not_repeat_each_other() -> None:
    """Of two names for one place the more telling one is listed."""
    spot = np.array([[100 + n, 100] for n in range(20)], np.uint16)
    made = regions(spot, [Topic("some", "", range(10)), Topic("all", "", range(20))], shown=1)

    assert [region.title for region in made] == ["all", "some"]
    assert [region.title for region in apart(made, most=9, papers=20)] == ["all"]
