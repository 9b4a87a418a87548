"""The index for stock lunr.js. Whether lunr.js itself agrees is measured by benchmarks/search."""

import json

from generator.search.stock import lunr_index
from tests.search.made import document

PAPERS = [document("2", "Surveys of keys", "José plays (e.g., models)."), document("1", "The key", "李明 plays a key.")]


def test_terms_are_those_of_lunr_js() -> None:
    """Text is cut, trimmed and stemmed as lunr.js does, its faults included."""
    terms = [term for term, _ in json.loads(lunr_index(PAPERS))["invertedIndex"]]

    assert terms == sorted({"", "survey", "key", "jo", "play", "e.g", "model"})


def test_vectors_name_every_field_of_every_paper() -> None:
    """There is a vector for each field, with weights in order of the terms' numbers."""
    made = json.loads(lunr_index(PAPERS))
    vectors = dict(made["fieldVectors"])

    assert set(vectors) == {f"{field}/{paper.id}" for field in made["fields"] for paper in PAPERS}
    assert all(vector[::2] == sorted(vector[::2]) for vector in vectors.values())
