"""How well a term fits a paper, whether it stands there or not: papers and terms as vectors in one space.

The space is that of latent semantic analysis (Deerwester et al., "Indexing by latent semantic analysis", 1990), or the
main directions of what a sentence model says of the papers, with the terms fitted to them by ridge regression. It goes
into the impacts of the index: a term counts more where it fits and less where it does not, and of what neighbours
offer, a paper borrows what fits it. So readers need no vectors, no further file and no other program.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from generator.search.neighbours import COMPARED, Near
from generator.search.postings import STRONGEST, Document, Postings

Vectors: TypeAlias = NDArray[np.float32]
# What a model says of some documents: a vector of any length for each.
Embed: TypeAlias = Callable[[Sequence[Document]], Vectors]

# Of the terms' own space, and of a model's.
LATENT, EMBEDDED = 32, 64
# Fewer papers than this span no space worth the name; more than the other say the same, and take longer.
LEAST, MOST = 256, 4096
# By how much a term that fits as terms usually do changes its impact.
PART = 6.0
RIDGE = 3.0
_SPARE, _ITERATIONS = 16, 3
_AT_ONCE = 1 << 12


class Space(NamedTuple):
    """Where terms are, one row each, so that the product with a paper's vector is an impact.

    `directions` lead to it from what is known of a paper, less `origin`: from its weights of terms, or from the vector
    that `embed` has for it. `middle` is where papers are in the mean.
    """

    embed: Embed | None
    origin: Vectors
    directions: Vectors
    middle: Vectors
    terms: Vectors

    def papers(self, rows: sparse.csr_array, documents: Sequence[Document]) -> Vectors:
        """Return where `documents` are, whose weights of terms are `rows`: how they differ from the middle."""
        return self.unit(rows, documents) - self.middle

    def unit(self, rows: sparse.csr_array, documents: Sequence[Document]) -> Vectors:
        """Return the vectors of `documents`, each of length 1."""
        known = normalised(rows) if self.embed is None else self.embed(documents) - self.origin
        return _unit(np.asarray(known @ self.directions, np.float32))


class Fit(NamedTuple):
    """The papers of a span, the first of which is number `first`, and all terms, in one space."""

    first: int
    papers: Vectors
    terms: Vectors

    def of(self, terms: NDArray[np.integer], documents: NDArray[np.integer]) -> Vectors:
        """Return how much more, or less, of an impact each of `terms` should have in the document beside it."""
        found = np.empty(len(terms), np.float32)
        for start in range(0, len(terms), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            found[part] = np.einsum("ij,ij->i", self.terms[terms[part]], self.papers[documents[part] - self.first])
        return found

    def of_rows(self, rows: sparse.csr_array, first: int) -> Vectors:
        """Return the same for each value of `rows`, documents by terms, the first of which is document `first`."""
        papers = self.papers[first - self.first :]
        found = np.empty(len(rows.data), np.float32)
        for row, (start, end) in enumerate(pairwise(rows.indptr.tolist())):
            found[start:end] = self.terms[rows.indices[start:end]] @ papers[row]
        return found


Learn: TypeAlias = Callable[[Near, Sequence[Document]], Space | None]


def space(near: Near, documents: Sequence[Document], embed: Embed | None = None) -> Space | None:
    """Return the space of the first `documents`, which `near` knows; None where they are too few.

    It is that of `embed`, or without one of latent semantic analysis.
    """
    size = near.impacts.shape[0]
    if size < LEAST:
        return None
    chosen = np.unique(np.linspace(0, size - 1, min(size, MOST)).astype(np.int64))
    rows, papers = near.weights(chosen), [documents[number] for number in chosen.tolist()]
    if embed is None:
        origin, directions = np.zeros(0, np.float32), _latent(normalised(rows))
        found = Space(None, origin, directions, origin, directions)
    else:
        known = embed(papers)
        origin = known.mean(axis=0)
        directions = np.linalg.svd(known - origin, full_matrices=False)[2][:EMBEDDED].T
        found = Space(embed, origin, directions, origin, directions)
    vectors = found.unit(rows, papers)
    middle = vectors.mean(axis=0)
    terms = directions if embed is None else _fitted(normalised(rows), vectors)
    usual = np.sqrt(np.mean(Fit(0, vectors - middle, terms).of_rows(rows, 0) ** 2))
    return found._replace(middle=middle, terms=terms * np.float32(PART / max(float(usual), 1e-9)))


def fit(space: Space, near: Near, documents: Sequence[Document]) -> Fit:
    """Return how the `documents` of `near`, all up to the last one, lie in `space` from its first on."""
    return Fit(near.first, space.papers(near.weights(slice(near.first, None)), documents[near.first :]), space.terms)


def refined(postings: Postings, fits: Sequence[Fit]) -> Postings:
    """Return `postings` with terms of title, abstract and topics counting as they fit."""
    impact = postings.impact.copy()
    for each in fits:
        last = each.first + len(each.papers)
        within = (postings.document >= each.first) & (postings.document < last) & (postings.mask & COMPARED > 0)
        kept = np.flatnonzero(within)
        wanted = postings.impact[kept] + each.of(postings.term[kept], postings.document[kept])
        impact[kept] = np.clip(np.floor(wanted + 0.5), 1, STRONGEST)
    return postings._replace(impact=impact)


def normalised(rows: sparse.csr_array) -> sparse.csr_array:
    """Return `rows`, each of length 1."""
    lengths = np.sqrt(np.bincount(_rows(rows), rows.data.astype(np.float64) ** 2, rows.shape[0]))
    return sparse.csr_array(sparse.diags_array(1 / np.maximum(lengths, 1e-9)) @ rows)


def _rows(rows: sparse.csr_array) -> NDArray[np.int64]:
    """Return the number of the row of each value."""
    return np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return np.asarray(vectors / lengths, np.float32)


def _latent(rows: sparse.csr_array) -> Vectors:
    """Return the main directions of `rows`, documents by terms: where latent semantic analysis has the terms.

    They are found by subspace iteration from a random start, which is always the same one (Halko, Martinsson and Tropp,
    "Finding structure with randomness", 2011, algorithm 4.4).
    """
    rows = rows.astype(np.float32)
    columns = rows.T.tocsr()
    basis = rows @ np.random.default_rng(1).standard_normal((rows.shape[1], LATENT + _SPARE), np.float32)
    for _ in range(_ITERATIONS):
        basis = rows @ (columns @ np.linalg.qr(basis)[0])
    return np.asarray(np.linalg.svd(columns @ np.linalg.qr(basis)[0], full_matrices=False)[0][:, :LATENT])


def _fitted(rows: sparse.csr_array, vectors: Vectors) -> Vectors:
    """Return the vectors of terms whose sums over `rows`, documents by terms, come nearest to `vectors`.

    Ridge regression in its dual form, as there are fewer documents than terms (Saunders et al., 1998, equation 5).
    """
    products = (rows @ rows.T).toarray()
    products[np.diag_indices_from(products)] += RIDGE
    return np.asarray(rows.T @ np.linalg.solve(products, vectors.astype(np.float64)), np.float32)
