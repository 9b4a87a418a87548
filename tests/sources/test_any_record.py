"""Whole records of every source, made of anything: what comes of them is a record that can be kept, or a reason."""

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from generator.sources import Document
from tests.fuzz import run, seeds
from tests.sources import answers
from tests.sources.reading import SOURCES, parsed, sound
from tests.texts import NASTY

_ODD = st.sampled_from(
    [
        *("2512.00001", "hep-th/9901001", "10.1000/x(1)", "https://doi.org/10.1/é", "../../x", "..", ".", "a" * 300),
        *(
            "javascript:alert(1)",
            "https://a.b/c d",
            "http://[",
            "https://a.b/\u202e",
            "<i>x</i>",
            "<think>",
            "&lt;b&gt;",
        ),
        *(
            "Lovelace, Ada",
            "and",
            ":",
            "A (1), B (2) ((1) X)",
            "{\\'e}",
            "$x",
            "%",
            "\x00",
            "\ud800",
            "\u202e",
            "😀" * 50,
        ),
        *("2025-12-11", "2025-13-45", "2025", "Mon, 1 Dec 2025 10:00:00 GMT", "0000", "Dec 8", "¹", "٣"),
    ]
)
TEXT = _ODD | NASTY
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


def like(value: Any) -> st.SearchStrategy[Any]:
    """Return values of the same shape as `value`, with other texts, and now and then anything at all."""
    if isinstance(value, dict):
        same: st.SearchStrategy[Any] = st.fixed_dictionaries(
            {}, optional={key: like(each) for key, each in value.items()}
        )
        whole = st.fixed_dictionaries({key: like(each) for key, each in value.items()})
        return st.one_of(whole, whole, same, ANYTHING)
    if isinstance(value, list):
        return st.lists(st.one_of([like(each) for each in value] or [ANYTHING]), max_size=3)
    if isinstance(value, str):
        return st.one_of(st.just(value), TEXT, TEXT, ANYTHING)
    return st.one_of(st.just(value), ANYTHING)


JSON = {
    (source, place): json.loads(each)
    for source, several in answers.ANSWERS.items()
    for place, each in enumerate(several)
    if each.startswith(("{", "["))
}
XML = [(source, each) for source, several in answers.ANSWERS.items() for each in several if each.startswith("<")]
FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)


@pytest.mark.parametrize("which", JSON)
@FEW
@given(data=st.data())
def test_json_of_any_content(which: tuple[str, int], data: st.DataObject) -> None:
    """Fields are missing, null, of another type, or full of everything."""
    value = data.draw(like(JSON[which]))
    encoded = json.dumps(value).encode()

    parsed(which[0], encoded)


@pytest.mark.parametrize(("source", "answer"), XML)
@FEW
@given(data=st.data())
def test_xml_of_any_content(source: str, answer: str, data: st.DataObject) -> None:
    """Elements are missing, doubled, in another place, or full of everything that XML can say."""
    root = etree.fromstring(answer.encode())
    elements = [each for each in root.iter() if each.getparent() is not None]
    for _ in range(data.draw(st.integers(1, 4))):
        element = data.draw(st.sampled_from(elements))
        parent = element.getparent()
        match data.draw(st.sampled_from(["text", "text", "text", "gone", "double", "attribute"])):
            case "text":
                element.text = _speakable(data.draw(TEXT))
            case "gone" if parent is not None:
                parent.remove(element)
            case "double" if parent is not None:
                parent.append(etree.fromstring(etree.tostring(element, with_tail=False)))
            case _:
                for name in element.attrib:
                    element.set(name, _speakable(data.draw(TEXT)))

    parsed(source, etree.tostring(root))


def _speakable(text: str) -> str:
    """Return `text` without what no XML can hold."""
    return "".join(
        each
        for each in text
        if each in "\t\n" or (each >= " " and not "\ud800" <= each <= "\udfff" and each not in "\ufffe\uffff")
    )


@FEW
@given(rows=st.lists(st.lists(TEXT, min_size=3, max_size=5), max_size=4), delimiter=st.sampled_from(",;\t|"))
def test_tables_of_any_content(rows: list[list[str]], delimiter: str) -> None:
    """Cells may hold anything, and rows be of any length."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([["title", "authors", "abstract", "terms"], *rows])

    parsed("table", out.getvalue().encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("source", ["bibtex", "ris", "arxiv-mail", "page-text", "table"])
@FEW
@given(pieces=st.lists(TEXT, max_size=6), places=st.lists(st.integers(0, 2000), min_size=6, max_size=6))
def test_text_of_any_content(source: str, pieces: list[str], places: list[int]) -> None:
    """Text that somebody edited at will."""
    text = answers.ANSWERS[source][0]
    for piece, place in zip(pieces, places, strict=False):
        at = place % (len(text) + 1)
        text = text[:at] + piece + text[at:]

    list(sound(SOURCES[source].parse([Document("x", text.encode("utf-8", "surrogatepass"))])))


def test_mutated_answers() -> None:
    """Three hundred answers, broken in bytes and in structure. `python -m tests.fuzz N` does any number of them."""
    _, (slowest, _), wrong = run(300, seed=1, answers=seeds())

    assert wrong == []
    assert slowest < 5
