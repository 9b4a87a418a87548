"""What neighbours lend: papers about the same thing in other words are found by those words too.

Each document gets the terms that weigh most among its neighbours and that it does not have itself; where it is known
how well terms fit, that weighs too.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from generator.search.meaning import Fit
from generator.search.neighbours import NEIGHBOURS, Near, highest
from generator.search.postings import STRONGEST, Bits, Small

LENT = 20
# A lent term counts this much of what it counts where it stands.
STRENGTH = 0.85
_BLOCK = 512


class Lent(NamedTuple):
    """Parallel arrays, sorted by term, then by the document that borrows."""

    term: Small
    document: Small
    impact: Bits


def lend(near: Near, fit: Fit | None = None) -> Lent:
    """Return what the documents of `near` from its first on borrow; `fit` says how well it fits them."""
    lenders = near.cosines.copy()
    lenders.data[:] = 1.0 / NEIGHBOURS
    own = near.weights[near.first :]
    parts = []
    for start in range(0, own.shape[0], _BLOCK):
        offered = _lacking(lenders[start : start + _BLOCK] @ near.weights, own[start : start + _BLOCK])
        if fit:
            offered = _fitting(offered, near, fit, near.first + start)
        parts.append(_best(offered, near.first + start))
    term, document, weight = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    impact = np.maximum(1, np.floor(STRENGTH * weight / near.idf[term] + 0.5))
    order = np.lexsort((document, term))
    return Lent(
        term[order].astype(np.int32),
        document[order].astype(np.int32),
        np.minimum(STRONGEST, impact)[order].astype(np.uint8),
    )


def _lacking(offered: sparse.csr_array, own: sparse.csr_array) -> sparse.csr_array:
    """Return what of `offered` is not each row's own."""
    has = own.copy()
    has.data[:] = 1
    lacking = sparse.csr_array(offered - offered.multiply(has))
    lacking.eliminate_zeros()
    return lacking


def _fitting(offered: sparse.csr_array, near: Near, fit: Fit, start: int) -> sparse.csr_array:
    """Return `offered`, whose first row is document `start`, with the weights that terms have there by how they fit."""
    found = offered.copy()
    found.data = np.maximum(0, offered.data + fit.of_rows(offered, start) * near.idf[offered.indices] / STRENGTH)
    found.eliminate_zeros()
    return found


def _best(offered: sparse.csr_array, start: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return term, document and weight of the heaviest terms of each row, the first of which is document `start`."""
    terms, documents, weights = [], [], []
    for row in range(offered.shape[0]):
        here = slice(offered.indptr[row], offered.indptr[row + 1])
        numbers, values = offered.indices[here], offered.data[here]
        order = highest(values, numbers, LENT)
        terms.append(numbers[order].astype(np.int64))
        documents.append(np.full(len(order), start + row, np.int64))
        weights.append(values[order].astype(np.float64))
    return np.concatenate(terms), np.concatenate(documents), np.concatenate(weights)
