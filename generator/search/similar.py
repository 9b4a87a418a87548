"""Similar papers, and the words that say why: the neighbours that the index lends terms by."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

import msgspec
import numpy as np
from scipy import sparse

from generator.memo import digest
from generator.search.neighbours import highest, vectors
from generator.search.prepared import Prepared, Span

_WORDS = 5
_ROWS = 4096
_packed = msgspec.msgpack.Encoder().encode


class Similar(NamedTuple):
    """A paper that is near to another one.

    `score` is the cosine of their words, from 0 (nothing in common) to 1; `words` are those they share, as they are
    written most often, the most telling first.
    """

    id: str
    score: float
    words: tuple[str, ...]


_unpacked = msgspec.msgpack.Decoder(tuple[Similar, ...]).decode


class _Nearest(Mapping[str, tuple[Similar, ...]]):
    """What is similar to each paper, by its id, packed: most papers are asked for once."""

    def __init__(self, packed: Mapping[str, bytes]) -> None:
        self._packed = packed

    def __getitem__(self, id_: str) -> tuple[Similar, ...]:
        return _unpacked(self._packed[id_])

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


def similar(prepared: Prepared) -> Mapping[str, tuple[Similar, ...]]:
    """Return the nearest papers of each, by id, the nearest first: five at most, none where no word is shared.

    Papers of the base have neighbours of the base only, so that a new day does not change the pages of old papers.
    """
    found: dict[str, bytes] = {}
    for span in prepared.spans:
        ids = [document.id for document in prepared.documents[span.first : span.last]]
        found.update(zip(ids, _remembered(span, prepared), strict=True))
    return _Nearest(found)


def _remembered(span: Span, prepared: Prepared) -> Iterable[bytes]:
    """Return what is similar to each document of `span`, packed; it is remembered for those of the base."""
    memo, key = prepared.memo, digest(b"similar", span.key)
    if not memo or not span.key:
        return _found(span, prepared)
    known = memo.remember(key, lambda: msgspec.msgpack.encode(list(_found(span, prepared))))
    return msgspec.msgpack.decode(known, type=list[bytes])


def _found(span: Span, prepared: Prepared) -> Iterator[bytes]:
    documents, written = prepared.documents, prepared.analysed.written
    pairs = zip(span.cosines.indices.tolist(), span.cosines.data.tolist(), _shared(span, prepared), strict=True)
    for count in np.diff(span.cosines.indptr).tolist():
        each = [
            Similar(documents[other].id, round(score, 4), tuple(dict.fromkeys(map(written.__getitem__, terms))))
            for other, score, terms in islice(pairs, count)
        ]
        yield _packed(sorted(each, key=lambda one: (-one.score, one.id)))


def _shared(span: Span, prepared: Prepared) -> Iterator[list[int]]:
    """Yield the terms that make most of each of the cosines of `span`."""
    rows, others = span.cosines.nonzero()
    compared = vectors(prepared.analysed.postings, span.last)
    for start in range(0, len(rows), _ROWS):
        part = slice(start, start + _ROWS)
        shared = compared[rows[part] + span.first].multiply(compared[others[part]])
        yield from _heaviest(sparse.csr_array(shared))


def _heaviest(shared: sparse.csr_array) -> Iterator[list[int]]:
    for row in range(shared.shape[0]):
        here = slice(shared.indptr[row], shared.indptr[row + 1])
        terms = shared.indices[here]
        yield terms[highest(shared.data[here], terms, _WORDS)].tolist()
