"""What a query asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.search.query import MOST_CLAUSES, Clause, parse


def said(text: str) -> list[str]:
    """Return each clause of a query in short."""
    return [_short(clause) for clause in parse(text).clauses]


def _short(clause: Clause) -> str:
    sign = {"should": "", "must": "+", "not": "-"}[clause.occur]
    field = f"{clause.field}:" if clause.field and clause.kind != "term" else ""
    period = f"{clause.first}..{clause.last}" if clause.kind == "period" else ""
    what = clause.text or period or "_".join("".join(word.parts) for word in clause.words)
    mark = {"prefix": "*", "fuzzy": f"~{clause.distance}", "phrase": '"'}.get(clause.kind, "")
    boost = f"^{clause.boost}" if clause.boost != 10 else ""
    return f"{sign}{field}{what}{mark}{boost}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reward hacking", ["reward", "hacking"]),
        ('"reward hacking" -survey year:2025', ['+reward_hacking"', "-survey", "+year:2025..2025"]),
        ("“reward hacking”", ['+reward_hacking"']),
        ('"survey"', ["+survey"]),
        ('-"reward hacking"', ['-reward_hacking"']),
        ("+must title:video", ["+must", "+title:video"]),
        ('author:"Jane Doe"', ['+author:Jane_Doe"'.lower()]),
        ('topic:"Reinforcement Learning"', ["+topic:reinforcement-learning"]),
        ("organisation:cmu-lti", ["+org:cmu-lti"]),
        ("year:2024..", ["+year:2024.."]),
        ("day:2025-12..2026-02-01", ["+day:2025-12..2026-02-01"]),
        ("id:hep-ex/0406020", ["+id:hep-ex/0406020"]),
        ("-has:code subject:cs.CL", ["-has:code", "+subject:cs-cl"]),
        ("experiment* grouding~ word~2", ["experiment*", "grouding~1", "word~2"]),
        ("agent^2 memory^0.5", ["agent^20", "memory^5"]),
        ("C++ i/o", ["c++", "i/o"]),
        ("state of the art", ["state", "art"]),
        ("the who", ["the", "who"]),
        ("foo/bar", ["foo", "bar"]),
    ],
)
def test_clauses(text: str, expected: list[str]) -> None:
    """Every operator asks for what docs/search.md says."""
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BERT: pre-training", ["bert", "pretraining"]),
        ("title: x", ["title", "x"]),
        ('open "quote', ["open", "quote"]),
        ("year:soon", ["year", "soon"]),
        ("foo:bar", ["foo", "bar"]),
        ('- + * ~ ^ : ""', []),
        ("<img src=x onerror=alert(1)>", ["img", "src", "x", "onerror", "alert", "1"]),
        ("http://example.org", ["http", "example", "org"]),
        ("a*", ["a"]),
    ],
)
def test_what_is_malformed_is_words(text: str, expected: list[str]) -> None:
    """A slip is no error: its words are searched for."""
    assert said(text) == expected


def test_quotes_in_a_pasted_text_ask_for_nothing() -> None:
    """In a long text, quoted words need not be found."""
    pasted = "one two three four five six seven eight nine ten " * 2

    assert {clause.occur for clause in parse(f'{pasted} the "reward" of "reward hacking"').clauses} == {"should"}


@pytest.mark.parametrize(
    "text",
    [
        "2512.07783",
        " 2512.07783v2 ",
        "arXiv:2512.07783",
        "https://arxiv.org/abs/2512.07783v1",
        "https://arxiv.org/pdf/2512.07783.pdf",
    ],
)
def test_an_id_in_any_form(text: str) -> None:
    """An id alone is known with its address, version or prefix."""
    assert parse(text).id == "2512.07783"


def test_what_is_no_id() -> None:
    """Words are no ids."""
    assert [parse(text).id for text in ("survey", "2512.07783 model", '"2512.07783"', "")] == ["", "", "", ""]


@given(st.text() | st.text('+-"~*^:. atitleyear2025', max_size=60))
def test_no_query_is_an_error(text: str) -> None:
    """Whatever is typed can be read, in bounded time and size."""
    query = parse(text)

    assert len(query.clauses) <= MOST_CLAUSES
    assert all(1 <= clause.boost <= 100 for clause in query.clauses)
