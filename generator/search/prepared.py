"""What is worked out about an archive once, for its index, its saved queries and its similar papers."""

from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from typing import NamedTuple, overload

import msgspec
import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from scipy import sparse

from generator.memo import Memo, Room, digest
from generator.search.expansion import Lent, lend
from generator.search.meaning import Fit, Learn, Space, fit, refined
from generator.search.neighbours import near
from generator.search.postings import FIELDS, Analysed, Document, Fields, analyse, said, unknown

Fill = Callable[[Memo, Iterable[tuple[bytes, Sequence[Fields]]]], None]

# As many recent papers change less than 2 MB a day.
SEAL = 2048
# So many times that are few enough to be made anew with every paper: one list a term is less to ask for than two.
_UNSEALED = 8


class Span(NamedTuple):
    """The documents of a segment: from `first` up to, not including, `last`; the cosines with their nearest; loans.

    `key` stands for all that the documents of the base say; the recent segment, which every paper changes, has none.
    """

    name: str
    first: int
    last: int
    cosines: sparse.csr_array
    lent: Lent
    key: bytes


class Prepared(Struct, frozen=True):
    """Documents in the order of their numbers, the first `sealed` of them in the base; their words and neighbours.

    Where there is a `memo`, `digests` has what stands for all that each document is found by. `room` is where what is
    large waits.
    """

    documents: Sequence[Document]
    digests: Sequence[bytes]
    sealed: int
    analysed: Analysed
    spans: Sequence[Span]
    memo: Memo | None = None
    room: Room = dict


def prepare(
    documents: Iterable[Document],
    seal: int = SEAL,
    memo: Memo | None = None,
    *,
    learn: Learn | None = None,
    room: Room | None = None,
    fill: Fill | None = None,
) -> Prepared:
    """Return what there is to know about `documents`, in whatever order they come, sealed by `seal` at a time.

    `memo` remembers what documents say, and what comes of those in the base; `learn` finds the space in which terms
    are seen to fit documents, and then what comes of the base is worked out each time. `room` is where texts wait to be
    read again; without one they stay in their documents. `fill` is given what `memo` does not know, and may put some of
    it there.
    """
    texts = room() if room else None
    known = [(_waiting(document, texts), said(document) if memo else b"") for document in documents]
    known.sort(key=lambda pair: (pair[0].day, pair[0].id))
    ordered, digests = [document for document, _ in known], [digest_ for _, digest_ in known if memo]
    sealed = _sealed(len(ordered), seal)
    if fill and memo:
        fill(memo, unknown(ordered, sealed, memo, digests))
    analysed = analyse(ordered, sealed, memo, digests)
    base = digest(*digests[:sealed]) if sealed and memo and not learn else b""
    spans: list[Span] = []
    fits: list[Fit] = []
    space: Space | None = None
    for name, first, last, key in (("base", 0, sealed, base), ("recent", sealed, len(ordered), b"")):
        if first == last:
            continue
        found = _recalled(key, last, analysed, memo)
        if not found:
            beside = near(analysed.postings, last, first)
            if learn and not spans:
                # What is sealed makes the space of all: a new paper finds its place in it, and moves no other.
                space = learn(beside, ordered)
            fits += [fit(space, beside, ordered[:last])] if space else []
            found = beside.cosines, lend(beside, fits[-1] if fits else None)
            del beside  # the next one is as large
            _keep(key, *found, analysed, memo)
        spans.append(Span(name, first, last, *found, key))
    if fits:
        analysed = analysed._replace(postings=refined(analysed.postings, fits))
    return Prepared(ordered, digests, sealed, analysed, spans, memo, room or dict)


class _Texts(Sequence[str]):
    """The fields of a document, read each time they are asked for."""

    __slots__ = ("_key", "_room")

    def __init__(self, room: MutableMapping[bytes, bytes], fields: Sequence[str]) -> None:
        self._room, self._key = room, len(room).to_bytes(4, "little")
        room[self._key] = msgspec.msgpack.encode(fields)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        return _fields(self._room[self._key])[place]

    def __iter__(self) -> Iterator[str]:
        return iter(_fields(self._room[self._key]))

    def __len__(self) -> int:
        return len(FIELDS)


_fields = msgspec.msgpack.Decoder(tuple[str, ...]).decode


def _waiting(document: Document, room: MutableMapping[bytes, bytes] | None) -> Document:
    """Return `document` with its texts in `room`, if there is one."""
    return document if room is None else replace(document, fields=_Texts(room, document.fields))


def _sealed(size: int, seal: int) -> int:
    """Return how many of `size` documents are in the base, which new documents do not change."""
    return size // seal * seal if size >= _UNSEALED * seal else 0


class _Kept(Struct, frozen=True, array_like=True):
    """Cosines by rows, and what was lent by terms, as they are remembered: terms as texts."""

    ends: bytes
    nearest: bytes
    cosines: bytes
    terms: list[str]
    borrowers: bytes
    document: bytes
    impact: bytes


def _keep(key: bytes, cosines: sparse.csr_array, lent: Lent, analysed: Analysed, memo: Memo | None) -> None:
    """Remember what is worked out of the base, whose papers say what `key`, if there is one, stands for."""
    if not memo or not key:
        return
    terms, counts = np.unique(lent.term, return_counts=True)
    kept = _Kept(
        ends=cosines.indptr.astype("<i4").tobytes(),
        nearest=cosines.indices.astype("<i4").tobytes(),
        cosines=cosines.data.astype("<f4").tobytes(),
        terms=[analysed.postings.strings[term] for term in terms.tolist()],
        borrowers=counts.astype("<i4").tobytes(),
        document=lent.document.astype("<i4").tobytes(),
        impact=lent.impact.tobytes(),
    )
    memo.keep(digest(b"base", key), msgspec.msgpack.encode(kept))


def _recalled(key: bytes, size: int, analysed: Analysed, memo: Memo | None) -> tuple[sparse.csr_array, Lent] | None:
    """Return what was remembered under `key`, of `size` documents."""
    known = memo.recall(digest(b"base", key)) if memo and key else None
    if known is None:
        return None
    kept = msgspec.msgpack.decode(known, type=_Kept)
    numbers = {term: number for number, term in enumerate(analysed.postings.strings)}
    rows = (np.frombuffer(kept.cosines, "<f4"), np.frombuffer(kept.nearest, "<i4"), np.frombuffer(kept.ends, "<i4"))
    terms = np.array([numbers[term] for term in kept.terms], np.int32)
    lent = Lent(
        np.repeat(terms, np.frombuffer(kept.borrowers, "<i4")),
        np.frombuffer(kept.document, "<i4"),
        np.frombuffer(kept.impact, np.uint8),
    )
    return sparse.csr_array(rows, shape=(size, size)), lent
