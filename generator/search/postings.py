"""Which terms stand in which documents, and how strongly: arrays for the whole archive, worked out at once."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias
from zlib import crc32

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from generator.memo import Memo, digest
from generator.search import analysis

Numbers: TypeAlias = NDArray[np.int64]
Small: TypeAlias = NDArray[np.int32]
Short: TypeAlias = NDArray[np.uint16]
Bits: TypeAlias = NDArray[np.uint8]

# The texts of a document, in the order of `FIELDS`.
Fields: TypeAlias = tuple[str, ...]

FIELDS = ("title", "abstract", "authors", "topics", "organisation")
# How often an occurrence counts in each field; only the first two make a document long.
_WEIGHTS = np.array([2, 1, 1, 1, 1])
_TITLE, _ABSTRACT, _AUTHORS = 0, 1, 2
K1, B = 1.5, 0.75
# One document in so many ends a block, and a block has no more than that many: their numbers fit in a byte.
_BLOCK, _MOST = 96, 256
_AT_ONCE = 1 << 20
# Beyond so many, pieces are looked at anew: memory is dearer than time.
_MOST_PIECES = 250_000
_SMALL = 1 << 31
# Bytes of the longest number there is.
_LONGEST = 5
STRONGEST = 63
# The elders are counted anew whenever an archive has grown so many times.
_LEAST, _GROWTH = 64, 1.25
_encode = msgspec.msgpack.Encoder().encode


class Document(Struct, frozen=True, kw_only=True):
    """What is found: five `fields` in the order of `FIELDS` as plain text, names separated by newlines.

    `day` is the date the document is filed under, "" without one; `also` are further days. `filters` are terms with a
    colon; `card` is the HTML of a hit and `url` the address of its page.
    """

    id: str
    day: str
    fields: Sequence[str]
    also: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    votes: int = 0
    url: str = ""
    card: str = ""


class Postings(NamedTuple):
    """Parallel arrays, sorted by term, then by document; `strings` has the term of each number, in UTF-16 order.

    The postings of a term begin where `starts` says, and end where those of the next one begin.
    """

    strings: Sequence[str]
    starts: Numbers
    document: Small
    impact: Bits
    mask: Bits

    @property
    def term(self) -> Small:
        """The number of the term of each posting."""
        return np.repeat(np.arange(len(self.strings), dtype=np.int32), np.diff(self.starts))

    def parts(self, first: int, last: int) -> Iterator[tuple[int, "Postings"]]:
        """Yield the postings of the documents from `first` up to, not including, `last`, some terms at a time.

        With each come the number of its first term, from which its terms are counted; documents are, from `first`.
        """
        cuts = np.searchsorted(self.starts, np.arange(0, len(self.document), _AT_ONCE), side="right") - 1
        for begin, end in pairwise(dict.fromkeys((0, *cuts.tolist(), len(self.strings)))):
            part = slice(self.starts[begin], self.starts[end])
            kept = (self.document[part] >= first) & (self.document[part] < last)
            before = np.concatenate(([0], np.cumsum(kept)))
            yield (
                begin,
                Postings(
                    self.strings[begin:end],
                    before[self.starts[begin : end + 1] - self.starts[begin]],
                    self.document[part][kept] - np.int32(first),
                    self.impact[part][kept],
                    self.mask[part][kept],
                ),
            )


class Analysed(NamedTuple):
    """Everything known of the words of an archive.

    `words` counts the documents with each folded word; `written` has, for each term, the commonest word of that term.
    Where sealed documents have the term, only they are counted for that.
    """

    postings: Postings
    words: dict[str, int]
    checks: Short
    written: Sequence[str]


def elders(size: int) -> int:
    """Return how many of `size` documents, the oldest, decide what is usual: the same number for a long while."""
    old = _LEAST
    while (grown := int(old * _GROWTH)) <= size:
        old = grown
    return min(old, size)


def said(document: Document) -> bytes:
    """Return the digest of what `document` is found by."""
    return digest(_encode((document.id, tuple(document.fields), document.filters)))


def analyse(
    documents: Sequence[Document], sealed: int = 0, memo: Memo | None = None, digests: Sequence[bytes] = ()
) -> Analysed:
    """Return the postings of `documents`; the elders of the first `sealed`, or of all, say how long one usually is.

    `memo` remembers what some neighbouring documents say, and what all sealed ones do, by the `digests` of what each is
    found by.
    """
    merged = _merged(documents, sealed, memo, digests)
    filters = [
        (merged.terms[term], number)
        for number, document in enumerate(documents)
        for term in dict.fromkeys(document.filters)
    ]
    words, written, checks = merged.words(), merged.written(), merged.checks()
    order = analysis.in_order(merged.terms.texts)
    postings = _sorted(merged, order, merged.mean(sealed), np.array(filters, np.int64).reshape(-1, 2))
    return Analysed(postings, words, checks, [written[number] for number in order])


def unknown(
    documents: Sequence[Document], sealed: int, memo: Memo, digests: Sequence[bytes]
) -> Iterator[tuple[bytes, Sequence[Fields]]]:
    """Yield what `analyse` would find out anew: a key of `memo`, and the fields of the documents it is for."""
    for first, last in ((0, sealed), (sealed, len(documents))):
        blocks = list(_blocks(documents, first, last))
        keys = [digest(*digests[part]) for part in blocks]
        if last == sealed and blocks and memo.recall(digest(b"sealed", *keys)) is not None:
            continue
        for part, key in zip(blocks, keys, strict=True):
            if memo.recall(key) is None:
                yield key, [tuple(document.fields) for document in documents[part]]


def packed(blocks: Iterable[Sequence[Fields]]) -> Sequence[bytes]:
    """Return what each of some blocks of documents says, as it is remembered."""
    reading = _Reading(_Numbering())
    return [msgspec.msgpack.encode(_kept(reading.block(texts), reading)) for texts in blocks]


def _merged(documents: Sequence[Document], sealed: int, memo: Memo | None, digests: Sequence[bytes]) -> "_Merged":
    """Return what `documents` say; what the first `sealed` of them do is remembered in `memo` as a whole as well."""
    merged = _Merged()
    reading = _Reading(merged.terms)
    for first, last in ((0, sealed), (sealed, len(documents))):
        blocks = list(_blocks(documents, first, last))
        keys = [digest(*digests[part]) if memo else b"" for part in blocks]
        key = digest(b"sealed", *keys) if memo and last == sealed and blocks else b""
        known = _opened(memo, key) if memo and key else None
        if memo and known:
            merged, reading = known, _Reading(known.terms)
            # Most are good for the next base, or if one paper changes.
            memo.hold(keys)
            continue
        for part, each in zip(blocks, keys, strict=True):
            merged.add(_said(merged, reading, documents[part], memo, each))
        if last == sealed:
            merged.seal()
        if memo and key:
            _close(merged, memo, key)
    return merged


def _blocks(documents: Sequence[Document], start: int, last: int) -> Iterator[slice]:
    """Yield neighbouring documents from `start` up to `last` together.

    What ends a block is the document's id, so a new one changes one block.
    """
    for end in range(start + 1, last + 1):
        is_end = crc32(documents[end - 1].id.encode()) % _BLOCK == 0
        if is_end or end - start == _MOST or end == last:
            yield slice(start, end)
            start = end


class _Block(NamedTuple):
    """What some neighbouring documents say, a function of their fields.

    `having` counts the documents with each of `tokens`, `alone` is the term of a token that has no other, or that of
    its parts together (else -1). `document`, `tf` and `mask` are parallel, term by term, of which each has `counts`:
    how often it counts in which document, and in which fields it is. Of every document, `lengths` has the number of
    terms, and `checks` the check of the title.
    """

    terms: Small
    tokens: Small
    having: Short
    alone: Small
    counts: Short
    document: NDArray[Any]
    tf: Bits
    mask: Bits
    lengths: NDArray[np.uint32]
    checks: Short


class _Kept(Struct, frozen=True, array_like=True):
    """A block as it is remembered: its terms and tokens as texts, `alone` as places among the terms."""

    terms: list[str]
    tokens: list[str]
    having: bytes
    alone: bytes
    counts: bytes
    document: bytes
    tf: bytes
    mask: bytes
    lengths: bytes
    checks: bytes


def _said(
    merged: "_Merged", reading: "_Reading", documents: Sequence[Document], memo: Memo | None, key: bytes
) -> _Block:
    """Return what `documents` say, in the numbers of `merged`; `memo` remembers it under `key`."""
    known = memo.recall(key) if memo else None
    if known is not None:
        return _recalled(msgspec.msgpack.decode(known, type=_Kept), merged)
    block = reading.block([tuple(document.fields) for document in documents])
    if memo:
        memo.keep(key, msgspec.msgpack.encode(_kept(block, reading)))
    return block._replace(tokens=merged.known(reading.tokens.texts)[block.tokens])


def _kept(block: _Block, reading: "_Reading") -> _Kept:
    terms, tokens = reading.terms.texts, reading.tokens.texts
    places = np.searchsorted(block.terms, np.maximum(block.alone, 0))
    return _Kept(
        terms=[terms[number] for number in block.terms.tolist()],
        tokens=[tokens[number] for number in block.tokens.tolist()],
        having=block.having.astype("<u2").tobytes(),
        alone=np.where(block.alone >= 0, places, -1).astype("<i4").tobytes(),
        counts=block.counts.astype("<u2").tobytes(),
        document=block.document.tobytes(),
        tf=block.tf.tobytes(),
        mask=block.mask.tobytes(),
        lengths=block.lengths.astype("<u4").tobytes(),
        checks=block.checks.astype("<u2").tobytes(),
    )


def _recalled(kept: _Kept, merged: "_Merged") -> _Block:
    terms = np.fromiter(map(merged.terms.__getitem__, kept.terms), np.int32, len(kept.terms))
    alone = np.frombuffer(kept.alone, "<i4")
    return _Block(
        terms=terms,
        tokens=np.fromiter(map(merged.tokens.__getitem__, kept.tokens), np.int32, len(kept.tokens)),
        having=np.frombuffer(kept.having, "<u2"),
        alone=np.where(alone >= 0, np.append(terms, np.int32(-1))[alone], np.int32(-1)),
        counts=np.frombuffer(kept.counts, "<u2"),
        document=np.frombuffer(kept.document, np.uint8),
        tf=np.frombuffer(kept.tf, np.uint8),
        mask=np.frombuffer(kept.mask, np.uint8),
        lengths=np.frombuffer(kept.lengths, "<u4"),
        checks=np.frombuffer(kept.checks, "<u2"),
    )


class _Sealed(Struct, frozen=True, array_like=True):
    """All sealed documents as they are remembered: `sizes` are the documents, terms and postings of each block.

    The arrays of `_ARRAYS`, those of all blocks one after another, are remembered each by itself.
    """

    terms: list[str]
    tokens: list[str]
    having: bytes
    alone: bytes
    sizes: list[tuple[int, int, int]]


# The arrays of a block: their kind, and which of its sizes is theirs.
_ARRAYS = {
    "lengths": ("<u4", 0),
    "checks": ("<u2", 0),
    "terms": ("<i4", 1),
    "counts": ("<u2", 1),
    "document": ("u1", 2),
    "tf": ("u1", 2),
    "mask": ("u1", 2),
}


def _close(merged: "_Merged", memo: Memo, key: bytes) -> None:
    """Remember all that is `merged` under `key`."""
    for name, (kind, _) in _ARRAYS.items():
        arrays = (np.asarray(getattr(block, name), kind).tobytes() for block in merged.blocks)
        memo.keep(digest(key, name.encode()), b"".join(arrays))
    sealed = _Sealed(
        terms=merged.terms.texts,
        tokens=merged.tokens.texts,
        having=merged.having.astype("<i4").tobytes(),
        alone=merged.alone.astype("<i4").tobytes(),
        sizes=[(len(block.lengths), len(block.terms), len(block.document)) for block in merged.blocks],
    )
    memo.keep(key, msgspec.msgpack.encode(sealed))


def _opened(memo: Memo, key: bytes) -> "_Merged | None":
    """Return what was remembered under `key`."""
    known = memo.recall(key)
    values = {name: memo.recall(digest(key, name.encode())) for name in _ARRAYS}
    if known is None or None in values.values():
        return None
    sealed = msgspec.msgpack.decode(known, type=_Sealed)
    merged = _Merged()
    for numbering, texts in ((merged.terms, sealed.terms), (merged.tokens, sealed.tokens)):
        numbering.update(zip(texts, range(len(texts)), strict=True))
        numbering.texts = texts
    merged.having = np.frombuffer(sealed.having, "<i4").astype(np.int64)
    merged.alone = np.frombuffer(sealed.alone, "<i4").astype(np.int32)
    nothing, none = np.zeros(0, np.int32), np.zeros(0, np.uint16)
    ends = np.cumsum(np.array(sealed.sizes).reshape(-1, 3), axis=0)[:-1]
    arrays = {
        name: np.split(np.frombuffer(values[name] or b"", kind), ends[:, size])
        for name, (kind, size) in _ARRAYS.items()
    }
    for parts in zip(*arrays.values(), strict=True):
        block = _Block(tokens=nothing, having=none, alone=nothing, **dict(zip(arrays, parts, strict=True)))
        merged.blocks.append(block)
    merged.seal()
    return merged


class _Numbering(dict[str, int]):
    """Numbers texts in order of appearance: `texts` are those with the numbers from 0 on."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self.texts)
        self.texts.append(text)
        return number


class _Merged:
    """All blocks in numbers that they share."""

    def __init__(self) -> None:
        self.terms, self.tokens = _Numbering(), _Numbering()
        self.blocks: list[_Block] = []
        self._known = np.zeros(0, np.int32)
        # In how many documents each token stands, of all and of the sealed ones; its term if it has no other, else -1.
        self.having, self._sealed, self.alone = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int32)

    def known(self, tokens: Sequence[str]) -> Small:
        """Return the numbers here of `tokens`, in their order; there may be more of them than the last time."""
        new = [self.tokens[token] for token in tokens[len(self._known) :]]
        if new:
            self._known = np.append(self._known, np.array(new, np.int32))
        return self._known

    def add(self, block: _Block) -> None:
        """Add the documents of the next block."""
        more = len(self.tokens) - len(self.having)
        if more > 0:
            self.having = np.append(self.having, np.zeros(more, np.int64))
            self.alone = np.append(self.alone, np.full(more, -1, np.int32))
        self.having[block.tokens] += block.having
        self.alone[block.tokens] = np.maximum(self.alone[block.tokens], block.alone)
        nothing, none = np.zeros(0, np.int32), np.zeros(0, np.uint16)
        self.blocks.append(block._replace(tokens=nothing, having=none, alone=nothing))

    def mean(self, sealed: int) -> float:
        """Return the mean length of the elders of the first `sealed` documents, of all if there are none."""
        lengths = np.concatenate([np.zeros(0, np.uint32), *(block.lengths for block in self.blocks)])
        lengths = lengths[: elders(sealed or len(lengths))]
        return float(lengths.mean(dtype=np.float64)) if len(lengths) else 0.0

    def checks(self) -> Short:
        """Return the checks of the titles of all documents."""
        return np.concatenate([np.zeros(0, np.uint16), *(block.checks for block in self.blocks)])

    def words(self) -> dict[str, int]:
        """Return in how many documents each token stands."""
        return dict(zip(self.tokens, self.having.tolist(), strict=True))

    def seal(self) -> None:
        """Remember which tokens the documents have that are there by now."""
        self._sealed = self.having.copy()

    def written(self) -> list[str]:
        """Return for each term the commonest token that has no other, or whose parts together it is.

        Those of sealed documents go before all others, and the first of several that are as common. A filter is itself.
        """
        written, tokens = list(self.terms.texts), self.tokens.texts
        alone = np.flatnonzero(self.alone >= 0)
        found = list(zip(alone.tolist(), self.alone[alone].tolist(), strict=True))
        common = self.having.copy()
        sealed = np.flatnonzero(self._sealed)
        common[sealed] = self._sealed[sealed] + _SMALL
        order = common.tolist()
        # The last one stays.
        found.sort(key=lambda pair: tokens[pair[0]], reverse=True)
        found.sort(key=lambda pair: order[pair[0]])
        for token, term in found:
            written[term] = tokens[token]
        return written


class _Lists:
    """A list of numbers for each number from 0 on, one after another."""

    def __init__(self) -> None:
        self._flat = array("i")
        self._ends = array("q", (0,))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, numbers: Iterable[int]) -> None:
        """Add the next list."""
        self._flat.extend(numbers)
        self._ends.append(len(self._flat))

    def of(self, lists: Small, documents: Small) -> tuple[Small, Small]:
        """Return what is in all `lists`, and beside each the one of `documents` that its list stands in."""
        flat, ends = self._arrays()
        first = ends[lists]
        counts = ends[lists + 1] - first
        places = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        return flat[places], np.repeat(documents, counts)

    def _arrays(self) -> tuple[Small, Numbers]:
        return np.frombuffer(self._flat or array("i", (0,)), np.int32), np.frombuffer(self._ends, np.int64)


class _Reading:
    """Reads texts, and knows the pieces they are made of again: a text is read as numbers of pieces.

    `terms` are numbered for all; each piece has its `tokens`, each token its `kept` terms, `every` term with stop
    words, and the one that is `alone`.
    """

    def __init__(self, terms: _Numbering) -> None:
        self.terms, self.tokens = terms, _Numbering()
        self._pieces, self._in_piece = _Numbering(), _Lists()
        self._kept, self._every, self._alone = _Lists(), _Lists(), array("i")

    def block(self, texts: Sequence[Sequence[str]]) -> _Block:
        """Return what documents with the fields `texts` say."""
        size = len(texts)
        if len(self._pieces) > _MOST_PIECES:
            self._pieces, self._in_piece = _Numbering(), _Lists()
        read = [self._read([fields[field] for fields in texts]) for field in range(len(FIELDS))]
        kind: type[Any] = np.int32 if max(len(self.terms), len(self.tokens)) * size * len(FIELDS) < _SMALL else np.int64
        rows: list[NDArray[Any]] = []
        lengths = np.zeros(size, np.int64)
        for field, (tokens, where) in enumerate(read):
            terms, found = (self._every if field >= _AUTHORS else self._kept).of(tokens, where)
            if field == _TITLE:
                bare = (np.bincount(found, minlength=size) == 0)[where]
                more, also = self._every.of(tokens[bare], where[bare])
                terms, found = np.concatenate((terms, more)), np.concatenate((found, also))
            if field <= _ABSTRACT:
                lengths += _WEIGHTS[field] * np.bincount(found, minlength=size)
            rows.append((terms.astype(kind, copy=False) * size + found) * len(FIELDS) + field)
        seen = np.concatenate([tokens.astype(kind, copy=False) * size + where for tokens, where in read])
        return self._counted(np.concatenate(rows), seen, lengths, self._checks(*read[_TITLE], size))

    def _read(self, texts: Sequence[str]) -> tuple[Small, Small]:
        """Return the tokens of `texts`, and the number of the text of each; their terms are known from then on."""
        read = array("i")
        ends = [0]
        for text in texts:
            read.extend(map(self._pieces.__getitem__, analysis.pieces(text)))
            ends.append(len(read))
        for piece in self._pieces.texts[len(self._in_piece) :]:
            self._in_piece.add(map(self.tokens.__getitem__, analysis.tokens_of(piece)))
        for token in self.tokens.texts[len(self._kept) :]:
            word = analysis.analysed(token)
            self._every.add(map(self.terms.__getitem__, word.every))
            self._kept.add(map(self.terms.__getitem__, word.terms))
            alone = word.every[0] if len(word.every) == 1 else word.together
            self._alone.append(self.terms[alone] if alone else -1)
        where = np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(ends))
        return self._in_piece.of(np.array(read, np.int32), where)

    def _checks(self, tokens: Small, where: Small, size: int) -> Short:
        """Return `analysis.check` of titles, from their tokens."""
        sums = [_sum(self.tokens.texts[token]) for token in tokens.tolist()]
        return np.bincount(where, sums, size).astype(np.int64).astype(np.uint16)

    def _counted(self, rows: NDArray[Any], seen: NDArray[Any], lengths: Numbers, checks: Short) -> _Block:
        """Return `rows` (term, document, field in one number) and `seen` (token, document) as a block."""
        size = len(lengths)
        rows.sort()
        seen.sort()
        pairs = rows // len(FIELDS)
        field = rows - pairs * len(FIELDS)
        starts = _starts(pairs)
        term = pairs[starts] // size
        document = pairs[starts] - term * size
        first = _starts(term)
        token = seen[_starts(seen)] // size
        last = _starts(token)
        terms, tokens = term[first].astype(np.int32), token[last].astype(np.int32)
        alone = np.frombuffer(self._alone or array("i", (0,)), np.int32)[tokens]
        # A stop word is a term of its token, but perhaps of no document here.
        alone[~np.isin(alone, terms)] = -1
        return _Block(
            terms=terms,
            tokens=tokens,
            having=np.diff(last, append=len(token)).astype(np.uint16),
            alone=alone,
            counts=np.diff(first, append=len(term)).astype(np.uint16),
            document=document.astype(np.uint8),
            tf=np.minimum(_within(np.add, _WEIGHTS[field], starts), 0xFF).astype(np.uint8),
            mask=_within(np.bitwise_or, 1 << field, starts).astype(np.uint8),
            lengths=lengths.astype(np.uint32),
            checks=checks,
        )


@lru_cache(maxsize=1 << 16)
def _sum(token: str) -> int:
    """Return what `token` adds to the check of a title."""
    return sum(map(analysis.hashed, analysis.analysed(token).parts))


def _within(function: np.ufunc, values: NDArray[Any], starts: Numbers) -> NDArray[Any]:
    """Return what `function` makes of the values from each start up to the next."""
    found: NDArray[Any] = function.reduceat(values, starts) if len(starts) else starts
    return found


def _starts(numbers: NDArray[Any]) -> Numbers:
    """Return where in `numbers`, which are sorted, each begins."""
    return np.flatnonzero(np.diff(numbers, prepend=-1))


def _sorted(merged: _Merged, order: Sequence[int], mean: float, filters: Numbers) -> Postings:
    """Return what is `merged`, which is used up, by terms in their `order`, and `filters`: their terms and documents.

    Documents come in the order of blocks, so each posting goes to the next place of its term.
    """
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    counts = np.bincount(rank[filters[:, 0]], minlength=len(order))
    for block in merged.blocks:
        counts[rank[block.terms]] += block.counts
    ends = np.cumsum(counts)
    free = ends - counts
    size = int(counts.sum())
    document, impact, mask = np.empty(size, np.int32), np.empty(size, np.uint8), np.zeros(size, np.uint8)
    filters = filters[np.lexsort((filters[:, 1], rank[filters[:, 0]]))]
    named, first = rank[filters[:, 0]], np.searchsorted(rank[filters[:, 0]], rank[filters[:, 0]])
    places = free[named] + np.arange(len(named)) - first
    document[places], impact[places] = filters[:, 1], 1
    start = 0
    merged.blocks.reverse()
    while merged.blocks:
        block = merged.blocks.pop()
        terms = rank[block.terms]
        last = np.cumsum(block.counts, dtype=np.int64)
        places = np.repeat(free[terms] - last + block.counts, block.counts) + np.arange(len(block.document))
        free[terms] += block.counts
        document[places] = block.document + np.int32(start)
        impact[places] = _impact(block.tf, block.lengths[block.document], mean)
        mask[places] = block.mask
        start += len(block.lengths)
    starts = np.concatenate(([0], ends)).astype(np.int64)
    return Postings([merged.terms.texts[number] for number in order], starts, document, impact, mask)


def _impact(frequency: Bits, length: NDArray[np.uint32], mean: float) -> Bits:
    """Return how strongly terms count in documents of some `length`: BM25F without rarity, from 1 to `STRONGEST`."""
    tf = frequency.astype(np.float64)
    strength = STRONGEST * tf / (tf + K1 * (1 - B + B * length / (mean or 1.0)))
    return np.maximum(1, np.floor(strength + 0.5)).astype(np.uint8)


def varints(numbers: Small) -> tuple[bytes, Numbers]:
    """Return `numbers` as varints, one after another, and the place where each begins, and the last ends."""
    parts = [_varints(numbers[start : start + _AT_ONCE]) for start in range(0, len(numbers), _AT_ONCE)]
    lengths = [np.zeros(1, np.uint8), *(lengths for _, lengths in parts)]
    return b"".join(made for made, _ in parts), np.cumsum(np.concatenate(lengths), dtype=np.int64)


def _varints(numbers: Small) -> tuple[bytes, Bits]:
    """Return some numbers as varints, and the bytes of each."""
    values = numbers.astype(np.uint32)
    lengths = np.ones(len(values), np.uint8)
    for place in range(1, _LONGEST):
        lengths += values >= (1 << 7 * place)
    starts = np.cumsum(lengths, dtype=np.int64) - lengths
    made = np.zeros(int(lengths.sum(dtype=np.int64)), np.uint8)
    for place in range(_LONGEST):
        reaching = lengths > place
        more = np.where(lengths[reaching] > place + 1, np.uint8(0x80), np.uint8(0))
        made[starts[reaching] + place] = (values[reaching] >> np.uint32(7 * place) & np.uint32(0x7F)) | more
    return made.tobytes(), lengths
