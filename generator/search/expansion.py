"""What neighbours lend: papers about the same thing in other words are found by those words too.

Each document gets the terms that weigh most among its neighbours and that it does not have itself.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from generator.search.neighbours import NEIGHBOURS, Near
from generator.search.postings import STRONGEST, Small

LENT = 20
# A lent term counts this much of what it counts where it stands.
STRENGTH = 0.85
_BLOCK = 512


class Lent(NamedTuple):
    """Parallel arrays, sorted by term, then by the document that borrows."""

    term: Small
    document: Small
    impact: Small


def lend(near: Near) -> Lent:
    """Return what the documents of `near` from its first on borrow."""
    lenders = near.cosines.copy()
    lenders.data[:] = 1.0 / NEIGHBOURS
    own = near.weights[near.first :]
    parts = [
        _best(lenders[start : start + _BLOCK] @ near.weights, own[start : start + _BLOCK], near.first + start)
        for start in range(0, own.shape[0], _BLOCK)
    ]
    term, document, weight = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    impact = np.maximum(1, np.floor(STRENGTH * weight / near.idf[term] + 0.5))
    order = np.lexsort((document, term))
    return Lent(
        term[order].astype(np.int32),
        document[order].astype(np.int32),
        np.minimum(STRONGEST, impact)[order].astype(np.int32),
    )


def _best(
    offered: sparse.csr_array, own: sparse.csr_array, start: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return term, document and weight of the heaviest terms that are offered to each row and not its own."""
    has = own.copy()
    has.data[:] = 1
    lacking = sparse.csr_array(offered - offered.multiply(has))
    lacking.eliminate_zeros()
    terms, documents, weights = [], [], []
    for row in range(lacking.shape[0]):
        here = slice(lacking.indptr[row], lacking.indptr[row + 1])
        numbers, values = lacking.indices[here], lacking.data[here]
        order = np.lexsort((numbers, -values))[:LENT]
        terms.append(numbers[order].astype(np.int64))
        documents.append(np.full(len(order), start + row, np.int64))
        weights.append(values[order].astype(np.float64))
    return np.concatenate(terms), np.concatenate(documents), np.concatenate(weights)
