"""What neighbours lend: papers about the same thing in other words are found by those words too.

Each document's nearest neighbours are those with the highest cosine of tf-idf; it gets the terms that weigh most among
them and that it does not have itself.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from generator.search.postings import STRONGEST, Postings, Small

NEIGHBOURS, LENT = 5, 20
# A lent term counts this much of what it counts where it stands.
STRENGTH = 0.85
# A document is compared by its weightiest terms, without those that stand in too many documents to tell any two apart.
_TERMS = 48
_COMMON = 400
_BLOCK = 512
_ROWS = 8192


class Lent(NamedTuple):
    """Parallel arrays, sorted by term, then by the document that borrows."""

    term: Small
    document: Small
    impact: Small


def lend(postings: Postings, size: int, first: int = 0) -> Lent:
    """Return what the documents from `first` on borrow from the first `size` documents of `postings`."""
    df = np.bincount(postings.term[postings.document < size], minlength=len(postings.strings))
    weights = _weights(postings, df, size)
    nearest = neighbours(_compared(weights, size), first)
    lenders = sparse.csr_array(nearest)
    lenders.data[:] = 1.0 / NEIGHBOURS
    parts = [
        _best(lenders[start : start + _BLOCK] @ weights, weights[first + start : first + start + _BLOCK], first + start)
        for start in range(0, size - first, _BLOCK)
    ]
    term, document, weight = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    impact = np.maximum(1, np.floor(STRENGTH * weight / _idf(df, size)[term] + 0.5))
    order = np.lexsort((document, term))
    return Lent(
        term[order].astype(np.int32),
        document[order].astype(np.int32),
        np.minimum(STRONGEST, impact)[order].astype(np.int32),
    )


def neighbours(vectors: sparse.csr_array, first: int = 0) -> sparse.csr_array:
    """Return the cosine of each row from `first` on with its nearest other rows; ties go to the lower number."""
    columns = vectors.T.tocsr()
    size = vectors.shape[0]
    found: list[sparse.csr_array] = []
    for start in range(first, size, _BLOCK):
        block = vectors[start : min(start + _BLOCK, size)] @ columns
        found.append(_nearest(sparse.csr_array(block), start))
    return sparse.csr_array(sparse.vstack(found)) if found else sparse.csr_array((0, size))


def _nearest(block: sparse.csr_array, start: int) -> sparse.csr_array:
    """Return `block`, whose first row is document `start`, with the highest numbers of each row only."""
    rows, columns, values = [], [], []
    for row in range(block.shape[0]):
        here = slice(block.indptr[row], block.indptr[row + 1])
        numbers, cosines = block.indices[here], block.data[here].copy()
        cosines[numbers == start + row] = 0
        if len(numbers) > NEIGHBOURS:
            least = np.partition(cosines, -NEIGHBOURS)[-NEIGHBOURS]
            kept = np.flatnonzero(cosines >= least)
            numbers, cosines = numbers[kept], cosines[kept]
        order = np.lexsort((numbers, -cosines))[:NEIGHBOURS]
        order = order[cosines[order] > 0]
        rows.append(np.full(len(order), row))
        columns.append(numbers[order])
        values.append(cosines[order])
    place = (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_array((np.concatenate(values), place), shape=block.shape)


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


def _idf(df: NDArray[np.int64], size: int) -> NDArray[np.float32]:
    return np.log1p((size - df + 0.5) / (df + 0.5)).astype(np.float32)


def _weights(postings: Postings, df: NDArray[np.int64], size: int) -> sparse.csr_array:
    """Return documents by terms: impact times rarity. Terms of one document cannot be shared; filters are no words."""
    kept = (postings.document < size) & (df[postings.term] > 1) & (postings.mask > 0)
    term, document = postings.term[kept], postings.document[kept]
    weight = postings.impact[kept] * _idf(df, size)[term]
    ends = np.cumsum(np.bincount(term, minlength=len(df)))
    # Postings come sorted by term: these are the columns.
    columns = sparse.csc_array((weight, document, np.concatenate(([0], ends))), shape=(size, len(df)))
    return sparse.csr_array(columns.tocsr())


def _compared(weights: sparse.csr_array, size: int) -> sparse.csr_array:
    """Return the heaviest, not too common, terms of each document as a vector of length 1."""
    df = np.bincount(weights.indices, minlength=weights.shape[1])
    blocks = [_heaviest(weights[start : start + _ROWS], df <= _COMMON) for start in range(0, size, _ROWS)]
    return sparse.csr_array(sparse.vstack(blocks))


def _heaviest(weights: sparse.csr_array, rare: NDArray[np.bool_]) -> sparse.csr_array:
    """Return some rows with their heaviest `rare` terms only, each row of length 1."""
    kept = rare[weights.indices]
    rows = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))[kept]
    columns, data = weights.indices[kept], weights.data[kept].astype(np.float64)
    # One number to sort by: the row, and within it the heaviest first.
    order = np.argsort(rows - data / (float(data.max(initial=1)) * 1.01), kind="stable")
    place = np.arange(len(rows)) - np.searchsorted(rows, rows)
    chosen = order[place < _TERMS]
    norm = np.sqrt(np.bincount(rows[chosen], data[chosen] ** 2, weights.shape[0]))
    values = (data[chosen] / norm[rows[chosen]]).astype(np.float32)
    return sparse.csr_array((values, (rows[chosen], columns[chosen])), shape=weights.shape)
