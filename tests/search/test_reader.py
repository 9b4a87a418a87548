"""What is found, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.search import index
from generator.search.postings import Document
from generator.search.reader import Reader, StaleError, distance
from tests.search.made import document, found, reader, titled

PAPERS = [
    document(
        "1",
        "Reward hacking in agents",
        "How agents cheat.",
        authors="Jane Doe\nMay Li",
        topics="agents",
        day="2024-03-01",
    ),
    document("2", "A survey of reward hacking", "We survey reward models.", authors="Doe Jane", day="2025-03-02"),
    document(
        "3", "Hacking a reward", "The agent is hacked.", topics="deep agents", day="2025-06-01", filters=("has:code",)
    ),
    document("4", "In-context learning with C++", "About I/O and GPT-4.", organisation="Open Lab", day="2025-06-01"),
    document("5", "强化学习的模型", "李明提出了一种方法。", authors="李明", day="2025-06-02"),
    document("6", "Schrödinger bridges", "Pretraining of models.", day="", filters=("topic:bridges", "org:open-lab")),
]
ARCHIVE = reader(PAPERS)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"reward hacking"', {"1", "2"}),
        ('"reward hacking" -survey', {"1"}),
        ('"reward hacking" year:2025', {"2"}),
        ('reward -"reward hacking"', {"3"}),
        ("+agent +reward", {"1", "3"}),
        ("title:agent", {"1"}),
        ("title:agents -has:code", {"1"}),
        ("author:doe", {"1", "2"}),
        ('author:"jane doe"', {"1"}),
        ("author:may", {"1"}),
        ('topic:"deep agents"', {"3"}),
        ("topic:bridges", {"6"}),
        ("org:open-lab", {"6"}),
        ('org:"open lab" -topic:bridges', set()),
        ("has:code", {"3"}),
        ("year:2024", {"1"}),
        ("year:..2025-05", {"1", "2"}),
        ("day:2025-06", {"3", "4", "5"}),
        ("day:2025-06-02..", {"5"}),
        ("in-context", {"4"}),
        ("+incontext", {"4"}),
        ("c++", {"4"}),
        ("gpt4", {"4"}),
        ("i/o", {"4"}),
        ("强化", {"5"}),
        ("李明", {"5"}),
        ("schrodinger", {"6"}),
        ("pre-training", {"6"}),
        ('"pre-training of models"', {"6"}),
        ("brid*", {"6"}),
        ("bridgse~1", {"6"}),
        ("id:4", {"4"}),
        ("zzzz", set()),
        ("", set()),
        ("-reward -schrödinger", {"4", "5"}),
    ],
)
def test_operators(query: str, expected: set[str]) -> None:
    """Each operator finds what docs/search.md says."""
    assert {hit.card.id for hit in ARCHIVE.all(query)} == expected


def test_papers_with_all_words_come_first() -> None:
    """Papers with every word stand before those with some, which are listed while there are few."""
    answer = ARCHIVE.search("agent cheat")

    assert answer.hits[0].card.id == "1"
    assert answer.matching == 1 < answer.total


def test_an_exact_title_comes_first() -> None:
    """A paper that is called like the query stands before those that say more about it."""
    papers = [
        document("0", "Attention", "Nothing."),
        *(document(str(n), "Attention attention maps", "attention") for n in range(1, 40)),
    ]

    assert found(reader(papers), "attention")[0] == "0"
    assert found(titled("Is it you? It is", "What it is", "What is it"), "What is it?")[0] == "2"


def test_an_id_jumps() -> None:
    """A query that is an id has that paper first, and says so."""
    papers = reader([document("2512.07783", "One"), document("2512.07784", "Of 2512.07783")])

    answer = papers.search("arxiv:2512.07783v2")

    assert (answer.jump, answer.hits[0].card.id) == (True, "2512.07783")
    assert not papers.search("2512.07785").jump


def test_a_slip_is_corrected() -> None:
    """A word that no paper has is replaced by one that differs little, and the answer says so."""
    papers = titled("Grounding of agents", "Grounded answers", "Groups")

    answer = papers.search("groundign")

    assert answer.corrected == {"groundign": "grounding"}
    assert {hit.card.id for hit in answer.hits[:2]} == {"0", "1"}


def test_orders() -> None:
    """Newest first is by date; most votes first is by votes, the newest of equals first."""
    papers = reader(document(str(n), "same", day=f"2026-01-0{n}", votes=votes) for n, votes in ((1, 5), (2, 9), (3, 5)))

    assert found(papers, "same", sort="newest") == ["3", "2", "1"]
    assert found(papers, "same", sort="votes") == ["2", "3", "1"]


def test_a_further_day_counts() -> None:
    """A paper that was listed twice is found by both days."""
    papers = reader([document("1", "x", day="2026-01-01", also=("2026-02-02",)), document("2", "x", day="2026-02-03")])

    assert found(papers, "day:2026-02-02") == ["1"]


def test_pages_of_hits_follow_each_other() -> None:
    """An offset leaves out what came before, with and without phrases."""
    papers = titled(*("big model" + " of" * n for n in range(25)))

    for query in ("model", '"big model"'):
        whole = found(papers, query, limit=25)
        assert [*found(papers, query), *found(papers, query, offset=10), *found(papers, query, offset=20)] == whole
        assert len(whole) == 25


def test_common_terms_are_read_whole_where_it_matters() -> None:
    """A word of nearly every paper still decides what must, and what must not, be found."""
    papers = reader(document(f"{n:05}", f"model {n}" if n % 8 else f"other {n}", "plain text") for n in range(2400))

    assert papers.search("-model").matching == 300
    assert papers.search("+model year:2026").matching == 2100
    assert papers.search("title:model").matching == 2100
    assert found(papers, "model 1234")[0] == "01234"


def test_a_file_of_another_build_is_noticed() -> None:
    """Files that belong to other papers are refused, not misread."""
    old, new = (dict(index.files([document(str(n), "one") for n in range(size)])) for size in (3, 4))

    with pytest.raises(StaleError):
        Reader((old | {"recent/0.bin": new["recent/0.bin"]}).__getitem__).search("one")
    with pytest.raises(StaleError):
        Reader((old | {"cards/2.bin": new["cards/2.bin"]}).__getitem__).search("one")


@given(st.text(max_size=40) | st.text('+-"~*^:.ag reward', max_size=40))
def test_no_query_fails(query: str) -> None:
    """Whatever is typed has an answer."""
    answer = ARCHIVE.search(query)

    assert len(answer.hits) <= answer.total <= len(PAPERS)


@given(st.permutations(PAPERS))
def test_hits_do_not_depend_on_the_order_of_papers(papers: list[Document]) -> None:
    """The index is the same, to the byte, in whatever order papers come."""
    assert dict(index.files(papers)) == dict(index.files(PAPERS))


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ("word", "word", 0),
        ("word", "wrod", 1),
        ("word", "words", 1),
        ("word", "ward", 1),
        ("word", "drow", 3),
        ("a", "abcd", 3),
    ],
)
def test_distance(first: str, second: str, apart: int) -> None:
    """A letter wrong, missing, too many or swapped with the next counts one."""
    assert distance(first, second, 2) == distance(second, first, 2) == apart
