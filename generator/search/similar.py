"""Similar papers, and the words that say why: the neighbours that the index lends terms by."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from scipy import sparse

from generator.search import analysis
from generator.search.neighbours import Near
from generator.search.prepared import Prepared

_WORDS = 5
_ROWS = 4096


class Similar(NamedTuple):
    """A paper that is near to another one.

    `score` is the cosine of their words, from 0 (nothing in common) to 1; `words` are those they share, as they are
    written most often, the most telling first.
    """

    id: str
    score: float
    words: tuple[str, ...]


def similar(prepared: Prepared) -> Mapping[str, tuple[Similar, ...]]:
    """Return the nearest papers of each, by id, the nearest first: five at most, none where no word is shared.

    Papers of the base have neighbours of the base only, so that a new day does not change the pages of old papers.
    """
    documents, written = prepared.documents, prepared.analysed.written
    compounds = _compounds(prepared.analysed.words)
    found: dict[str, list[Similar]] = {document.id: [] for document in documents}
    for span in prepared.spans:
        for number, other, score, terms in _pairs(span.near):
            words = tuple(dict.fromkeys(compounds.get(written[term], written[term]) for term in terms))
            found[documents[number].id].append(Similar(documents[other].id, round(score, 4), words))
    return {id_: tuple(sorted(each, key=lambda one: (-one.score, one.id))) for id_, each in found.items()}


def _compounds(words: Mapping[str, int]) -> dict[str, str]:
    """Return for the term of each compound how it is written most often: "selfcritiqu" is "self-critique"."""
    found: dict[str, str] = {}
    for word in sorted((word for word in words if "-" in word), key=lambda word: (words[word], word)):
        if together := analysis.analysed(word).together:
            found[together] = word
    return {term: word for term, word in found.items() if term not in words}


def _pairs(near: Near) -> Iterator[tuple[int, int, float, list[int]]]:
    """Yield each document with each of its neighbours, their cosine, and the terms that make most of it."""
    rows, others = near.cosines.nonzero()
    scores = near.cosines.data
    for start in range(0, len(rows), _ROWS):
        part = slice(start, start + _ROWS)
        shared = near.vectors[rows[part] + near.first].multiply(near.vectors[others[part]])
        for number, other, score, terms in zip(
            rows[part], others[part], scores[part], _heaviest(sparse.csr_array(shared)), strict=True
        ):
            yield int(number) + near.first, int(other), float(score), terms


def _heaviest(shared: sparse.csr_array) -> Iterable[list[int]]:
    for row in range(shared.shape[0]):
        here = slice(shared.indptr[row], shared.indptr[row + 1])
        terms = shared.indices[here]
        yield terms[np.lexsort((terms, -shared.data[here]))[:_WORDS]].tolist()
