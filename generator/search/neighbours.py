"""Which papers are nearest to which: the cosine of tf-idf of their words (title, abstract, topics)."""

from typing import Any, NamedTuple

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
_SMALL = 1 << 31
# Who wrote a paper says nothing about what its neighbours are about.
COMPARED = sum(1 << FIELDS.index(field) for field in ("title", "abstract", "topics"))


class Near(NamedTuple):
    """Some documents beside all that came before them, and each other.

    `first` is the number of the first of them. `weights` holds documents by terms, from document 0 on: impact times
    rarity. `cosines` has a row for each document from `first` on: those with its nearest.
    """

    first: int
    weights: sparse.csr_array
    cosines: sparse.csr_array
    idf: NDArray[np.float32]


def near(postings: Postings, size: int, first: int = 0) -> Near:
    """Return the documents from `first` on beside the first `size` documents of `postings`."""
    df, idf = _rarity(postings, size)
    weights = _weights(postings, df, idf, size)
    return Near(first, weights, neighbours(_compared(weights, size), first), idf)


def vectors(postings: Postings, size: int) -> sparse.csr_array:
    """Return the rows that the first `size` documents are compared by."""
    df, idf = _rarity(postings, size)
    return _compared(_weights(postings, df, idf, size), size)


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
        order = highest(cosines, numbers, NEIGHBOURS)
        order = order[cosines[order] > 0]
        rows.append(np.full(len(order), row))
        columns.append(numbers[order])
        values.append(cosines[order])
    place = (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_array((np.concatenate(values), place), shape=block.shape)


def highest(values: NDArray[Any], numbers: NDArray[Any], count: int) -> NDArray[np.int64]:
    """Return the places of the `count` highest of `values` in their order; of equal ones, the lower number first."""
    kept = np.arange(len(values))
    if len(values) > count:
        kept = np.flatnonzero(values >= np.partition(values, -count)[-count])
    return kept[np.lexsort((numbers[kept], -values[kept]))][:count]


def _rarity(postings: Postings, size: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return in how many of the first `size` documents each term is, and what that makes it worth."""
    df = np.zeros(len(postings.strings), np.int64)
    for begin, part in postings.parts(0, size):
        df[begin : begin + len(part.strings)] = np.bincount(part.term, minlength=len(part.strings))
    return df, np.log1p((size - df + 0.5) / (df + 0.5)).astype(np.float32)


def _weights(postings: Postings, df: NDArray[np.int64], idf: NDArray[np.float32], size: int) -> sparse.csr_array:
    """Return documents by terms: impact times rarity. A term of one document cannot be shared; filters are no words."""
    places, weights, counts = [], [], [np.zeros(1, np.int64)]
    for begin, part in postings.parts(0, size):
        end = begin + len(part.strings)
        kept = (df[begin:end] > 1)[part.term] & (part.mask & COMPARED > 0)
        places.append(part.document[kept])
        weights.append(part.impact[kept] * idf[begin:end][part.term[kept]])
        counts.append(np.bincount(part.term[kept], minlength=len(part.strings)))
    ends = np.cumsum(np.concatenate(counts))
    # Postings come sorted by term: these are the columns.
    columns = (_joined(weights), _joined(places), ends.astype(np.int32) if ends[-1] < _SMALL else ends)
    return sparse.csr_array(sparse.csc_array(columns, shape=(size, len(df))).tocsr())


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """Return `parts`, which are used up, as one array."""
    made = np.concatenate(parts) if parts else np.zeros(0, np.int32)
    parts.clear()
    return made


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
