"""What neighbours lend: papers about the same thing in other words are found by those words too.

Each document gets the terms that weigh most among its neighbours and that it does not have itself; where it is known
how well terms fit, that weighs too.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from generator.search.meaning import Fit
from generator.search.neighbours import NEIGHBOURS, Near, highest_of_rows
from generator.search.postings import STRONGEST, Bits, Small

LENT = 20
# A lent term counts this much of what it counts where it stands.
STRENGTH = 0.85
# Nobody borrows what is his own: this much of it outweighs all that is offered.
_NEVER = -1e6
_BLOCK = 512


class Lent(NamedTuple):
    """Parallel arrays, sorted by term, then by the document that borrows."""

    term: Small
    document: Small
    impact: Bits


def lend(near: Near, fit: Fit | None = None) -> Lent:
    """Return what the documents of `near` from its first on borrow; `fit` says how well it fits them."""
    parts = [_borrowed(near, fit, start) for start in range(0, near.cosines.shape[0], _BLOCK)]
    term, document, weight = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    impact = np.maximum(1, np.floor(STRENGTH * weight / near.idf[term] + 0.5))
    order = np.lexsort((document, term))
    return Lent(
        term[order].astype(np.int32),
        document[order].astype(np.int32),
        np.minimum(STRONGEST, impact)[order].astype(np.uint8),
    )


def _borrowed(
    near: Near, fit: Fit | None, start: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return term, document and weight of what some documents borrow, from row `start` of the cosines on."""
    cosines = near.cosines[start : start + _BLOCK]
    first, size = near.first + start, cosines.shape[0]
    own = np.arange(first, first + size)
    concerned, places = np.unique(np.concatenate((cosines.indices, own)), return_inverse=True)
    shape = size, len(concerned)
    lent = np.full(cosines.nnz, 1.0 / NEIGHBOURS, np.float32), places[: cosines.nnz], cosines.indptr
    kept = np.full(size, _NEVER, np.float32), places[cosines.nnz :], np.arange(size + 1)
    offered = (sparse.csr_array(lent, shape) + sparse.csr_array(kept, shape)) @ near.weights(concerned)
    if fit:
        offered = _fitting(offered, near, fit, first)
    rows, terms, weight = highest_of_rows(offered, LENT)
    return terms, first + rows, weight


def _fitting(offered: sparse.csr_array, near: Near, fit: Fit, start: int) -> sparse.csr_array:
    """Return `offered`, whose first row is document `start`, with the weights that terms have there by how they fit."""
    found = offered.copy()
    found.data = np.maximum(0, offered.data + fit.of_rows(offered, start) * near.idf[offered.indices] / STRENGTH)
    found.eliminate_zeros()
    return found
