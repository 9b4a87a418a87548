"""An index that stock lunr.js 2.3.9 loads, for anybody's own page: what its own builder would make, text for text.

The Python package of lunr does not: it trims and stems otherwise, and sorts terms so that lunr.js refuses the index.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from generator.search.analysis import STOP_WORDS, utf16
from generator.search.postings import FIELDS, Document
from generator.search.stemmer import stem

VERSION = "2.3.9"
_K1, _B = 1.2, 0.75
# JavaScript's \s, and the dash.
_SEPARATOR = re.compile("[-\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")
_stem = lru_cache(maxsize=1 << 16)(stem)  # words come again and again
_EDGES = re.compile("^[^A-Za-z0-9_]+|[^A-Za-z0-9_]+$")


def lunr_index(documents: Sequence[Document]) -> bytes:
    """Return the JSON of the index of `documents`; fields are called as in `FIELDS`, and a hit's `ref` is the id."""
    counts = [{field: Counter(_terms(text)) for field, text in _texts(document)} for document in documents]
    numbers: dict[str, int] = {}
    for fields in counts:
        for found in fields.values():
            for term in found:
                numbers.setdefault(term, len(numbers))
    postings: dict[str, dict[str, dict[str, object]]] = {term: {field: {} for field in FIELDS} for term in numbers}
    for document, fields in zip(documents, counts, strict=True):
        for field, found in fields.items():
            for term in found:
                postings[term][field][document.id] = {}
    made = {
        "version": VERSION,
        "fields": FIELDS,
        "fieldVectors": list(_vectors(documents, counts, numbers, postings)),
        "invertedIndex": [[term, {"_index": numbers[term], **postings[term]}] for term in sorted(postings, key=utf16)],
        "pipeline": ["stemmer"],
    }
    return msgspec.json.encode(made)


def _vectors(
    documents: Sequence[Document],
    counts: Sequence[dict[str, Counter[str]]],
    numbers: dict[str, int],
    postings: dict[str, dict[str, dict[str, object]]],
) -> Iterator[list[object]]:
    """Yield the weight of every term in every field of every document (BM25, to three places)."""
    size = len(documents)
    idf = {term: _idf(sum(map(len, fields.values())), size) for term, fields in postings.items()}
    mean = {field: sum(fields[field].total() for fields in counts) / size for field in FIELDS} if size else {}
    for document, fields in zip(documents, counts, strict=True):
        for field, found in fields.items():
            norm = _K1 * (1 - _B + _B * (found.total() / mean[field])) if mean[field] else _K1
            vector: list[float] = []
            for term in sorted(found, key=numbers.__getitem__):
                tf = found[term]
                score = idf[term] * ((_K1 + 1) * tf) / (norm + tf)
                vector += (numbers[term], math.floor(score * 1000 + 0.5) / 1000)
            yield [f"{field}/{document.id}", vector]


def _idf(having: int, size: int) -> float:
    return math.log(1 + abs((size - having + 0.5) / (having + 0.5)))


def _texts(document: Document) -> Iterator[tuple[str, str]]:
    return zip(FIELDS, document.fields, strict=True)


def _terms(text: str) -> Iterator[str]:
    """Yield the terms that lunr's pipeline makes of `text`: trimmed, without stop words, stemmed."""
    for token in filter(None, _SEPARATOR.split(text.lower())):
        # A token of signs alone becomes the empty term there, so it does here.
        trimmed = _EDGES.sub("", token)
        if trimmed not in STOP_WORDS:
            yield _stem(trimmed)
