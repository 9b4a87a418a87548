"""Which paper a record is about."""

from datetime import date

import pytest
from msgspec.structs import replace

from generator.matching import Found, Index
from generator.model import Author, Paper, Record

WORDS = "we weave cloth on looms that cards tell what to do and so no hand need touch the thread"
OTHER = "stars far beyond our own galaxy shine with light older than any world we have ever known"
PAPER = Paper(
    id="2512.00001",
    title="On the Weaving of Algebraic Patterns",
    authors=(Author(name="Ada Lovelace"), Author(name="Charles Babbage")),
    abstract=WORDS,
    doi="10.1000/X",
    identifiers=("acl:2022.acl-long.1", "report:7"),
    published=date(2022, 5, 1),
)
RECORD = Record(id="local-1", source="x", title="on the weaving of algebraic patterns.")


def found(record: Record, *papers: Paper, by_title: bool = True) -> Found:
    """Return which of `papers` a record is about."""
    by_id = {paper.id: paper for paper in papers}
    return Index(papers).find(record, by_id.get, by_title=by_title)


@pytest.mark.parametrize(
    "names",
    [
        {"doi": "10.1000/x"},
        {"identifiers": ("acl:2022.acl-long.1",)},
        {"identifiers": ("arxiv:2512.00001",)},
        {"doi": "10.48550/arXiv.2512.00001"},
    ],
)
def test_a_shared_name_is_enough(names: dict[str, object]) -> None:
    """A DOI in any spelling, an identifier, arXiv's id under another name; whatever the title is."""
    record = replace(RECORD, title="Another title", **names)

    assert found(record, PAPER, by_title=False) == Found("2512.00001")


def test_numbers_of_reports_are_no_names() -> None:
    """Several papers may be one report."""
    assert found(replace(RECORD, title="Another", identifiers=("report:7",)), PAPER) == Found()


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"authors": (Author(name="Lovelace, A."),)}, Found("2512.00001")),
        ({"abstract": WORDS}, Found("2512.00001")),
        ({"author_count": 2}, Found("2512.00001")),
        ({}, Found("2512.00001")),
        ({"authors": (Author(name="Bo Li"),)}, Found()),
        ({"abstract": OTHER}, Found()),
        ({"abstract": OTHER, "authors": PAPER.authors}, Found()),
        ({"abstract": WORDS[:40] + OTHER[:30], "authors": PAPER.authors}, Found(candidates=("2512.00001",))),
        ({"doi": "10.1000/y"}, Found()),
        ({"identifiers": ("acl:2022.acl-long.2",)}, Found()),
        ({"id": "2512.00002"}, Found()),
        ({"published": date(1999, 1, 1)}, Found()),
    ],
)
def test_a_title_needs_company(facts: dict[str, object], expected: Found) -> None:
    """What else is said must agree, and nothing may speak against it."""
    assert found(replace(RECORD, **facts), PAPER) == expected
    assert found(replace(RECORD, **facts), PAPER, by_title=False) == Found()


def test_a_short_title_alone_proves_nothing() -> None:
    """Many papers are called so."""
    assert found(replace(RECORD, title="Editorial"), replace(PAPER, title="Editorial")).candidates == ("2512.00001",)


def test_two_papers_with_one_title_are_for_a_person_to_tell() -> None:
    """Unless one of them alone agrees."""
    other = replace(PAPER, id="2512.00002", doi="", identifiers=(), authors=(Author(name="Bo Li"),))
    bare = replace(RECORD, abstract=WORDS)

    assert found(bare, PAPER, other).candidates == ("2512.00001", "2512.00002")
    assert found(replace(bare, authors=PAPER.authors), PAPER, other) == Found("2512.00001")
