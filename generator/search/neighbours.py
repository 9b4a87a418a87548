"""Which papers are nearest to which: the cosine of tf-idf of their words (title, abstract, topics)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from generator.search.postings import FIELDS, Postings

NEIGHBOURS = 5
# A document is compared by its weightiest terms, without those that stand in too many documents to tell any two apart.
_TERMS = 48
COMMON = 400
_BLOCK = 512
_ROWS = 8192
# Who wrote a paper says nothing about what its neighbours are about.
COMPARED = sum(1 << FIELDS.index(field) for field in ("title", "abstract", "topics"))


class Near(NamedTuple):
    """Some documents beside all that came before them, and each other.

    `first` is the number of the first of them. `weights` holds documents by terms, from document 0 on: impact times
    rarity. `vectors` are the rows that were compared, of length 1. `cosines` has a row for each document from `first`
    on: those with its nearest.
    """

    first: int
    weights: sparse.csr_array
    vectors: sparse.csr_array
    cosines: sparse.csr_array
    idf: NDArray[np.float32]


def near(postings: Postings, size: int, first: int = 0) -> Near:
    """Return the documents from `first` on beside the first `size` documents of `postings`."""
    df = np.bincount(postings.term[postings.document < size], minlength=len(postings.strings))
    idf = np.log1p((size - df + 0.5) / (df + 0.5)).astype(np.float32)
    weights = _weights(postings, df, idf, size)
    vectors = _compared(weights, size)
    return Near(first, weights, vectors, neighbours(vectors, first), idf)


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


def _weights(postings: Postings, df: NDArray[np.int64], idf: NDArray[np.float32], size: int) -> sparse.csr_array:
    """Return documents by terms: impact times rarity. A term of one document cannot be shared; filters are no words."""
    kept = (postings.document < size) & (df > 1)[postings.term] & (postings.mask & COMPARED > 0)
    term, document = postings.term[kept], postings.document[kept]
    weight = postings.impact[kept] * idf[term]
    ends = np.cumsum(np.bincount(term, minlength=len(df)))
    # Postings come sorted by term: these are the columns.
    columns = sparse.csc_array((weight, document, np.concatenate(([0], ends))), shape=(size, len(df)))
    return sparse.csr_array(columns.tocsr())


def _compared(weights: sparse.csr_array, size: int) -> sparse.csr_array:
    """Return the heaviest, not too common, terms of each document as a vector of length 1."""
    df = np.bincount(weights.indices, minlength=weights.shape[1])
    blocks = [heaviest(weights[start : start + _ROWS], df <= COMMON) for start in range(0, size, _ROWS)]
    return sparse.csr_array(sparse.vstack(blocks))


def heaviest(weights: sparse.csr_array, rare: NDArray[np.bool_]) -> sparse.csr_array:
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
