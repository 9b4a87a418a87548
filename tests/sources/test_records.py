"""Broadsheet's own JSON lines."""

import json
from datetime import date

import msgspec
import pytest

from generator.model import Author, Featured, Record
from generator.sources import Document, Rejected
from generator.sources.records import parse, recognises


def read(value: object) -> Record | Rejected:
    """Return what one line holds."""
    (found,) = parse([Document("x:1", json.dumps(value).encode())])
    return found


def test_a_record_comes_back_as_it_was() -> None:
    """What is written from a record is read as that record."""
    record = Record(
        id="2512.00001",
        source="somewhere",
        seen=date(2025, 12, 12),
        title="A study",
        authors=(Author(name="Ada", affiliation="Here"),),
        abstract="One.\n\nTwo.",
        topics=("agents",),
        stars=3,
        code="https://a.example/",
        featured=Featured(day=date(2025, 12, 11), rank=1),
    )
    data = msgspec.json.encode(record)

    assert recognises(data)
    assert list(parse([Document("x:1", data)])) == [record]


def test_text_is_cleaned() -> None:
    """A person's file may hold anything."""
    found = read({"id": "own-1", "source": "me", "title": " A\x00\n study ", "code": "javascript:x", "authors": []})

    assert found == Record(id="own-1", source="me", title="A study")


@pytest.mark.parametrize(
    "said", [{"id": "../x", "source": "me"}, {"id": "x", "source": "me", "titel": "x"}, {"id": 7}, []]
)
def test_what_is_no_record_is_rejected(said: object) -> None:
    """Unknown fields are mistakes that somebody wants to know of."""
    assert isinstance(read(said), Rejected)
