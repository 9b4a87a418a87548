"""Which papers are nearest to which: the cosine of tf-idf of their words (title, abstract, topics)."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from generator.search.postings import FIELDS, Bits, Postings, elders

NEIGHBOURS = 5
# A document is compared by its weightiest terms, without those that stand in too many documents to tell any two apart.
_TERMS = 48
COMMON = 400
_SHARED = 2
_BLOCK = 512
_ROWS = 8192
# Numbers of a row that are looked at together.
_PART = 8
_SMALL = 1 << 31
# Who wrote a paper says nothing about what its neighbours are about.
COMPARED = sum(1 << FIELDS.index(field) for field in ("title", "abstract", "topics"))


class Near(NamedTuple):
    """Some documents beside all that came before them, and each other.

    `first` is the number of the first of them. `impacts` holds documents by terms, from document 0 on, and `idf` what
    makes weights of impacts: the rarity of terms, 0 for those that no two documents share. `cosines` has a row for each
    document from `first` on: those with its nearest.
    """

    first: int
    impacts: sparse.csr_array
    idf: NDArray[np.float32]
    cosines: sparse.csr_array

    def weights(self, documents: slice | NDArray[np.integer]) -> sparse.csr_array:
        """Return the weights of terms in some documents: impact times rarity."""
        return _weighted(self.impacts[documents], self.idf)


def near(postings: Postings, size: int, first: int = 0) -> Near:
    """Return the documents from `first` on beside the first `size` documents of `postings`."""
    impacts, idf = _known(postings, size)
    return Near(first, impacts, idf, neighbours(_compared(impacts, idf), first))


def vectors(postings: Postings, size: int) -> sparse.csr_array:
    """Return the rows that the first `size` documents are compared by."""
    impacts, idf = _known(postings, size)
    return _compared(impacts, idf)


def neighbours(vectors: sparse.csr_array, first: int = 0) -> sparse.csr_array:
    """Return the cosine of each row from `first` on with its nearest other rows; ties go to the lower number."""
    columns = vectors.T.tocsr()
    size = vectors.shape[0]
    found: list[sparse.csr_array] = []
    for start in range(first, size, _BLOCK):
        block = sparse.csr_array(vectors[start : min(start + _BLOCK, size)] @ columns)
        # One more than is wanted: a document is nearest to itself, or nowhere.
        rows, others, cosines = highest_of_rows(block, NEIGHBOURS + 1)
        is_other = others != rows + start
        rows, others, cosines = rows[is_other], others[is_other], cosines[is_other]
        kept = _place(rows) < NEIGHBOURS
        found.append(sparse.csr_array((cosines[kept], (rows[kept], others[kept])), shape=block.shape))
    return sparse.csr_array(sparse.vstack(found)) if found else sparse.csr_array((0, size))


def highest_of_rows(
    matrix: sparse.csr_array, count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the `count` highest numbers above 0 of each row: rows, columns and values, the highest of a row first.

    Of equal ones, the lower column comes first.
    """
    values, sizes = matrix.data, np.diff(matrix.indptr)
    rows = np.repeat(np.arange(len(sizes)), sizes)
    kept = np.flatnonzero((values > 0) & (values >= np.repeat(_bounds(matrix, count), sizes)))
    order = kept[np.lexsort((matrix.indices[kept], -values[kept], rows[kept]))]
    chosen = order[_place(rows[order]) < count]
    return rows[chosen], matrix.indices[chosen].astype(np.int64), values[chosen].astype(np.float64)


def _bounds(matrix: sparse.csr_array, count: int) -> NDArray[Any]:
    """Return for each row a number that the `count` highest of it reach, and few others do.

    The highest numbers of short parts of a row are numbers of the row, so at least `count` reach the lowest of `count`.
    """
    parts = -(-np.diff(matrix.indptr) // _PART)
    ends = np.cumsum(parts)
    places = np.arange(ends[-1]) - np.repeat(ends - parts, parts)
    starts = np.repeat(matrix.indptr[:-1], parts) + _PART * places
    width = max(int(parts.max(initial=0)), count)
    best = np.full((len(parts), width), -np.inf, matrix.data.dtype)
    if len(starts):
        best[np.repeat(np.arange(len(parts)), parts), places] = np.maximum.reduceat(matrix.data, starts)
    return np.asarray(np.partition(best, width - count, axis=1)[:, width - count])


def _place(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return which of its row each is, counted from 0; `rows` ascend."""
    return np.arange(len(rows)) - np.searchsorted(rows, rows)


def highest(values: NDArray[Any], numbers: NDArray[Any], count: int) -> NDArray[np.int64]:
    """Return the places of the `count` highest of `values` in their order; of equal ones, the lower number first."""
    kept = np.arange(len(values))
    if len(values) > count:
        kept = np.flatnonzero(values >= np.partition(values, -count)[-count])
    return kept[np.lexsort((numbers[kept], -values[kept]))][:count]


def _known(postings: Postings, size: int) -> tuple[sparse.csr_array, NDArray[np.float32]]:
    """Return the impacts of terms in the first `size` documents, those of names and filters left out; their rarity.

    That is their rarity among the elders, so that a new document changes none but of terms that are new to these.
    """
    old = elders(size)
    usual = having(postings, old)
    df = np.where(usual < _SHARED, np.minimum(having(postings, size), old), usual)
    idf = np.log1p((old - df + 0.5) / (df + 0.5)).astype(np.float32)
    # A term of one document cannot be shared.
    idf[df < _SHARED] = 0
    return by_document(postings, size, lambda part: part.impact), idf


def having(postings: Postings, size: int) -> NDArray[np.int64]:
    """Return how many of the first `size` documents have each term."""
    parts = [np.diff(part.starts) for _, part in postings.parts(0, size)]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def by_document(postings: Postings, size: int, values: Callable[[Postings], Bits]) -> sparse.csr_array:
    """Return the first `size` documents by terms, those of names and filters left out; `values` are those of postings.

    Small numbers, as there is one for every posting.
    """
    places, found, counts = [], [], [np.zeros(1, np.int64)]
    for _, part in postings.parts(0, size):
        kept = part.mask & COMPARED > 0
        places.append(part.document[kept])
        found.append(values(part)[kept])
        counts.append(np.diff(np.concatenate(([0], np.cumsum(kept)))[part.starts]))
    ends = np.cumsum(np.concatenate(counts))
    # Postings come sorted by term: these are the columns.
    columns = (_joined(found), _joined(places), ends.astype(np.int32) if ends[-1] < _SMALL else ends)
    return sparse.csr_array(sparse.csc_array(columns, shape=(size, len(postings.strings))).tocsr())


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """Return `parts`, which are used up, as one array."""
    made = np.concatenate(parts) if parts else np.zeros(0, np.int32)
    parts.clear()
    return made


def _weighted(values: sparse.csr_array, rarity: NDArray[Any]) -> sparse.csr_array:
    """Return the weights of what has any."""
    weights = sparse.csr_array((values.data * rarity[values.indices], values.indices, values.indptr), values.shape)
    weights.eliminate_zeros()
    return weights


def _compared(impacts: sparse.csr_array, idf: NDArray[np.float32]) -> sparse.csr_array:
    """Return the heaviest, not too common, terms of each document as a vector of length 1."""
    old = impacts.indices[: impacts.indptr[elders(impacts.shape[0])]]
    return compared(impacts, idf, np.bincount(old, minlength=impacts.shape[1]) <= COMMON)


def compared(values: sparse.csr_array, rarity: NDArray[Any], rare: NDArray[np.bool_]) -> sparse.csr_array:
    """Return documents by their heaviest `rare` terms, each row of length 1; a term weighs its value times `rarity`."""
    blocks = [
        _heaviest(_weighted(values[start : start + _ROWS], rarity), rare) for start in range(0, values.shape[0], _ROWS)
    ]
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
