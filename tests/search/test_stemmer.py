"""Stems are lunr.js's."""

import pytest

from generator.search.stemmer import stem

# Said by `lunr.stemmer` of lunr.js 2.3.9.
STEMS = {
    "survey": "survey",
    "surveys": "survey",
    "key": "key",
    "play": "play",
    "lay": "lay",
    "try": "tri",
    "ponies": "poni",
    "agreed": "agre",
    "hopping": "hop",
    "falling": "fall",
    "filing": "file",
    "relational": "relat",
    "adoption": "adopt",
    "controlling": "control",
    "yoyo": "yoyo",
    "is": "is",
    "generalization": "gener",
    "sensibilities": "sensibl",
}


@pytest.mark.parametrize(("word", "expected"), STEMS.items())
def test_stems(word: str, expected: str) -> None:
    """A word has the stem that lunr.js gives it."""
    assert stem(word) == expected
