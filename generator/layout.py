"""A map of papers: a place in the plane for each, near its like.

Anchors, a sample of the older papers, are laid out first: each is drawn to its nearest neighbours and pushed away
from the others, with the kernel of t-SNE and UMAP, `1 / (1 + d²)` (https://jmlr.org/papers/v9/vandermaaten08a.html,
https://arxiv.org/abs/1802.03426), from a start in the first two directions in which their vectors differ. Every other
paper is then placed among the anchors it is nearest to. So a paper more moves none of the others until the archive
has grown by a quarter, and a large archive costs little more than looking up neighbours.

Only operations whose result IEEE 754 fixes are used, and sums are made in order: the same vectors give the same bytes
on every processor.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from generator.memo import Memo, digest
from generator.search.neighbours import COMMON, by_document, compared, having, neighbours
from generator.search.postings import FIELDS, Postings, elders

Places: TypeAlias = NDArray[np.float64]
Numbers: TypeAlias = NDArray[Any]
SIDE = 1 << 16
MOST_ANCHORS = 8192
_TITLE = 1 << FIELDS.index("title")
_ONCE, _TWICE = np.uint8(1), np.uint8(2)
_DIRECTIONS, _TURNS = 6, 24
_ROUNDS = 400
_WIDTH = 80.0
_PUSHES = 8
_REPULSION = 3.0
_PULL = 3.0
_HOLD = 0.002
_FARTHEST = 2.0
_BLOCK = 1024
_GRAIN = 1024
_EVENNESS = 0.5


def layout(ids: Sequence[str], postings: Postings, memo: Memo | None = None) -> NDArray[np.uint16]:
    """Return the place of each document of `postings`, x and y from 0 to 65535; `ids` are theirs, the newest last.

    `memo` remembers where the anchors stand.
    """
    if not len(ids):
        return np.zeros((0, 2), np.uint16)
    lots = np.array([int.from_bytes(blake2b(each.encode(), digest_size=6).digest(), "little") for each in ids])
    old = elders(len(ids))
    vectors = _vectors(postings, len(ids), old)
    chosen = np.argsort(lots[:old], kind="stable")[:MOST_ANCHORS]
    rest = np.setdiff1d(np.arange(len(ids)), chosen)
    known = sparse.csr_array(vectors[chosen])
    placed = _remembered(known, lots[chosen], memo)
    places = np.zeros((len(ids), 2))
    places[chosen] = placed
    places[rest] = _among(sparse.csr_array(vectors[rest]), known, placed, lots[rest])
    return _scaled(places, placed)


def _vectors(postings: Postings, size: int, old: int) -> sparse.csr_array:
    """Return a row of length 1 (or 0) for each document: its words, by their rarity among the `old` documents.

    Nothing in it depends on what came later; it is made of steps that are coarse enough to be the same everywhere.
    """
    df = having(postings, old)
    # A term of one document tells nothing of others.
    rarity = np.where(df > 1, np.round(np.log1p((old - df + 0.5) / (df + 0.5)) * _GRAIN) / _GRAIN, 0.0)
    values = by_document(postings, size, lambda part: np.where(part.mask & _TITLE, _TWICE, _ONCE))
    vectors = compared(values, rarity, df <= COMMON).astype(np.float64)
    vectors.data = np.round(vectors.data * _GRAIN) / _GRAIN
    return vectors


def _remembered(vectors: sparse.csr_array, lots: NDArray[np.int64], memo: Memo | None) -> Places:
    """Return the places of the anchors, from `memo` if it knows them."""
    if memo is None:
        return _arranged(vectors, lots)
    arrays = (lots, vectors.indptr, vectors.indices, vectors.data)
    key = digest(*(array.tobytes() for array in arrays))
    data = memo.remember(key, lambda: _arranged(vectors, lots).tobytes())
    return np.frombuffer(data, np.float64).reshape(-1, 2)


def _arranged(vectors: sparse.csr_array, lots: NDArray[np.int64]) -> Places:
    """Return the places of the anchors."""
    size = vectors.shape[0]
    near = neighbours(vectors).tocoo()
    rows, columns, weights = near.row, near.col, near.data.astype(np.float64)
    best = np.maximum.reduceat(weights, np.flatnonzero(np.diff(rows, prepend=-1))) if len(rows) else weights
    weights = weights / best[np.cumsum(np.diff(rows, prepend=-1) != 0) - 1] if len(rows) else weights
    x, y = _start(vectors, lots)
    for turn in range(_ROUNDS):
        heat = 1 - turn / _ROUNDS
        dx, dy = x[columns] - x[rows], y[columns] - y[rows]
        force = _PULL * weights / (1 + dx * dx + dy * dy)
        fx, fy = force * dx, force * dy
        gx, gy = _joined(fx, rows, columns, size), _joined(fy, rows, columns, size)
        for push in range(_PUSHES):
            # Anchors are in the order of their lots, so that those some steps apart are a random pair.
            shift = 1 + (turn * _PUSHES + push) * 7919 % max(1, size - 1)
            dx, dy = x - np.roll(x, shift), y - np.roll(y, shift)
            square = dx * dx + dy * dy
            force = _REPULSION / ((0.01 + square) * (1 + square)) / _PUSHES
            fx, fy = force * dx, force * dy
            gx = gx + fx - np.roll(fx, -shift)
            gy = gy + fy - np.roll(fy, -shift)
        gx, gy = gx - _HOLD * x, gy - _HOLD * y
        reach = np.sqrt(gx * gx + gy * gy)
        step = heat * np.minimum(1, _FARTHEST / np.maximum(reach, 1e-12))
        x, y = x + step * gx, y + step * gy
    return np.column_stack((x, y))


def _joined(force: Places, rows: Numbers, columns: Numbers, size: int) -> Places:
    """Return the sum of the forces on each anchor: what draws one end of a line draws the other end back."""
    return np.asarray(np.bincount(rows, force, size) - np.bincount(columns, force, size), np.float64)


def _start(vectors: sparse.csr_array, lots: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the second and third direction in which `vectors` differ most (the first tells how common words are).

    That is orthogonal iteration: https://doi.org/10.1007/BF02219773.
    """
    turned = vectors.T.tocsr()
    basis = np.column_stack([(lots >> 8 * part) % 251 - 125.0 for part in range(_DIRECTIONS)])
    for _ in range(_TURNS):
        basis = vectors @ (turned @ basis)
        for column in range(_DIRECTIONS):
            for before in range(column):
                basis[:, column] -= _dot(basis[:, column], basis[:, before]) * basis[:, before]
            length = _dot(basis[:, column], basis[:, column]) ** 0.5
            basis[:, column] = basis[:, column] / length if length > 1e-9 else 0.0
    return _ranked(basis[:, 1]), _ranked(basis[:, 2])


def _ranked(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the ranks of `values`, spread evenly: a few outliers do not press all others together."""
    ranks = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return _WIDTH * ((ranks + 0.5) / len(values) - 0.5)


def _dot(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Return the sum of products, added up in order."""
    return float(np.cumsum(first * second)[-1])


def _among(vectors: sparse.csr_array, known: sparse.csr_array, placed: Places, lots: NDArray[np.int64]) -> Places:
    """Return a place for each of `vectors` between the anchors that are nearest to it, the nearest most of all."""
    columns = known.T.tocsr()
    found = np.zeros((vectors.shape[0], 2))
    for start in range(0, vectors.shape[0], _BLOCK):
        block = sparse.csr_array(vectors[start : start + _BLOCK] @ columns)
        for row in range(block.shape[0]):
            here = slice(block.indptr[row], block.indptr[row + 1])
            numbers, cosines = block.indices[here], block.data[here]
            order = np.lexsort((numbers, -cosines))[:3]
            strength = cosines[order] ** 4
            if len(order):
                found[start + row] = (placed[numbers[order]] * strength[:, None]).sum(axis=0) / strength.sum()
    apart = np.column_stack([((lots >> 8 * part) % 256 - 127.5) / 128 for part in (0, 1)])
    return found + apart * 0.5


def _scaled(places: Places, placed: Places) -> NDArray[np.uint16]:
    """Return `places` in whole numbers, drawn apart where anchors are crowded.

    From edge to edge, each axis counts the anchors it passes as well as the distance.
    """
    unit = np.column_stack([_evened(places[:, axis], np.sort(placed[:, axis])) for axis in (0, 1)])
    return np.round(unit * (SIDE - 1)).astype(np.uint16)


def _evened(values: NDArray[np.float64], known: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return `values` from 0 to 1, partly by distance and partly by their rank among the sorted values `known`."""
    low, high = (known[int(share * (len(known) - 1))] for share in (0.002, 0.998))
    distance = np.clip((values - low) / max(high - low, 1e-9), 0, 1)
    rank = np.interp(values, known, np.linspace(0, 1, len(known)))
    return np.asarray((1 - _EVENNESS) * distance + _EVENNESS * rank)
