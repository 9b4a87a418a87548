"""Which terms stand in which documents, and how strongly: arrays for the whole archive, worked out at once."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
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
Bits: TypeAlias = NDArray[np.uint8]

FIELDS = ("title", "abstract", "authors", "topics", "organisation")
# How often an occurrence counts in each field; only the first two make a document long.
_WEIGHTS = np.array([2, 1, 1, 1, 1])
_TITLE, _ABSTRACT, _AUTHORS = 0, 1, 2
K1, B = 1.5, 0.75
# One document in so many ends a block, and a block has no more than that many: their numbers fit in a byte.
_BLOCK, _MOST = 96, 256
_AT_ONCE = 1 << 20
_DOCUMENT_BITS, _IMPACT_BITS, _MASK_BITS = 24, 6, 5
# Beyond so many, what stands between two blanks is looked at anew: memory is dearer than time.
_MOST_CHUNKS = 250_000
# Bytes of the longest number there is.
_LONGEST = 5
STRONGEST = 63


class Document(Struct, frozen=True, kw_only=True):
    """What is found: `fields` in the order of `FIELDS` as plain text, names separated by newlines.

    `day` is the date the document is filed under, "" without one; `also` are further days. `filters` are terms with a
    colon; `card` is the HTML of a hit and `url` the address of its page.
    """

    id: str
    day: str
    fields: tuple[str, str, str, str, str]
    also: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    votes: int = 0
    url: str = ""
    card: str = ""


class Postings(NamedTuple):
    """Parallel arrays, sorted by term, then by document; `strings` has the term of each number, in UTF-16 order."""

    strings: Sequence[str]
    term: Small
    document: Small
    impact: Bits
    mask: Bits

    def within(self, first: int, last: int) -> "Postings":
        """Return the postings of the documents from `first` up to, not including, `last`."""
        kept = (self.document >= first) & (self.document < last)
        return self._replace(
            term=self.term[kept], document=self.document[kept] - first, impact=self.impact[kept], mask=self.mask[kept]
        )


class Analysed(NamedTuple):
    """Everything known of the words of an archive.

    `words` counts the documents with each folded word; `written` has, for each term, the commonest word of that term.
    """

    postings: Postings
    words: dict[str, int]
    checks: Bits
    written: Sequence[str]


def analyse(documents: Sequence[Document], sealed: int = 0, memo: Memo | None = None) -> Analysed:
    """Return the postings of `documents`; the first `sealed` of them, if any, say how long a document usually is.

    `memo` remembers what some neighbouring documents say, by the digest of their texts.
    """
    merged = _Merged()
    reading = _Reading(merged.terms)
    for block in _blocks(documents):
        merged.add(_said(merged, reading, [document.fields for document in block], memo))
    del reading
    lengths = merged.joined("lengths").astype(np.float64)
    mean = float(lengths[: sealed or None].mean()) if len(lengths) else 0.0
    document = merged.joined("document")
    impact = np.empty(len(document), np.uint8)
    frequency = merged.joined("tf")
    for start in range(0, len(impact), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        tf = frequency[part].astype(np.float64)
        strength = STRONGEST * tf / (tf + K1 * (1 - B + B * lengths[document[part]] / (mean or 1.0)))
        impact[part] = np.maximum(1, np.floor(strength + 0.5))
    filters = [
        (merged.terms[term], number)
        for number, document_ in enumerate(documents)
        for term in dict.fromkeys(document_.filters)
    ]
    written = merged.written()
    postings, order = _sorted(merged, impact, np.array(filters, np.int32).reshape(-1, 2))
    return Analysed(postings, merged.words(), merged.joined("checks"), [written[number] for number in order])


def _blocks(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    """Yield neighbouring documents together. What ends a block is the document's id, so a new one changes one block."""
    start = 0
    for end, document in enumerate(documents, 1):
        is_end = crc32(document.id.encode()) % _BLOCK == 0
        if is_end or end - start == _MOST or end == len(documents):
            yield documents[start:end]
            start = end


class _Block(NamedTuple):
    """What some neighbouring documents say, a function of their fields.

    `having` counts the documents with each of `tokens`, `alone` is the term of a token that has no other (else -1).
    `document`, `tf` and `mask` are parallel, term by term, of which each has `counts`: how often it counts in which
    document, and in which fields it is. Of every document, `lengths` has the number of terms, and `checks` the check
    of the title.
    """

    terms: Numbers
    tokens: Numbers
    having: Numbers
    alone: Numbers
    counts: Numbers
    document: Bits
    tf: Bits
    mask: Bits
    lengths: NDArray[np.uint32]
    checks: Bits


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


_Fields: TypeAlias = tuple[str, str, str, str, str]


def _said(merged: "_Merged", reading: "_Reading", texts: Sequence[_Fields], memo: Memo | None) -> _Block:
    """Return what documents with these fields say, in the numbers of `merged`; it is remembered in `memo`."""
    key = digest(*(text.encode() for fields in texts for text in fields)) if memo else b""
    known = memo.recall(key) if memo else None
    if known is not None:
        return _recalled(msgspec.msgpack.decode(known, type=_Kept), merged)
    block = reading.block(texts)
    if memo:
        memo.keep(key, msgspec.msgpack.encode(_kept(block, reading)))
    return block._replace(tokens=merged.known(reading.tokens)[block.tokens])


def _kept(block: _Block, reading: "_Reading") -> _Kept:
    terms, tokens = reading.names()
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
        checks=block.checks.tobytes(),
    )


def _recalled(kept: _Kept, merged: "_Merged") -> _Block:
    terms = np.array([merged.terms[term] for term in kept.terms], np.int64)
    alone = np.frombuffer(kept.alone, "<i4")
    return _Block(
        terms=terms,
        tokens=np.array([merged.tokens[token] for token in kept.tokens], np.int64),
        having=np.frombuffer(kept.having, "<u2").astype(np.int64),
        alone=np.where(alone >= 0, np.append(terms, -1)[alone], -1),
        counts=np.frombuffer(kept.counts, "<u2").astype(np.int64),
        document=np.frombuffer(kept.document, np.uint8),
        tf=np.frombuffer(kept.tf, np.uint8),
        mask=np.frombuffer(kept.mask, np.uint8),
        lengths=np.frombuffer(kept.lengths, "<u4"),
        checks=np.frombuffer(kept.checks, np.uint8),
    )


class _Numbering(dict[str, int]):
    """Numbers texts in order of appearance."""

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number


class _Merged:
    """All blocks in numbers that they share."""

    def __init__(self) -> None:
        self.terms, self.tokens = _Numbering(), _Numbering()
        self._arrays: dict[str, list[NDArray[Any]]] = defaultdict(list)
        self._size = 0
        self._known = np.zeros(0, np.int64)

    def known(self, tokens: Mapping[str, int]) -> Numbers:
        """Return the numbers here of `tokens`, in their order; there may be more of them than the last time."""
        new = [self.tokens[token] for token in islice(tokens, len(self._known), None)]
        if new:
            self._known = np.append(self._known, new)
        return self._known

    def add(self, block: _Block) -> None:
        """Add the documents of the next block."""
        own = {
            "term": np.repeat(block.terms.astype(np.int32), block.counts),
            "document": block.document.astype(np.int32) + self._size,
        }
        for name in ("tf", "mask", "lengths", "checks", "tokens", "having", "alone"):
            own[name] = getattr(block, name)
        for name, values in own.items():
            self._arrays[name].append(values)
        self._size += len(block.lengths)

    def joined(self, name: str) -> NDArray[Any]:
        """Return an array of all blocks."""
        parts = self._arrays[name]
        if len(parts) != 1:
            parts[:] = [np.concatenate(parts) if parts else np.zeros(0, np.int64)]
        return parts[0]

    def words(self) -> dict[str, int]:
        """Return in how many documents each token stands."""
        return dict(zip(self.tokens, self._having().tolist(), strict=True))

    def _having(self) -> Numbers:
        found = np.bincount(self.joined("tokens"), self.joined("having"), len(self.tokens))
        return found.astype(np.int64)

    def written(self) -> list[str]:
        """Return for each term the commonest token that has no other; the first met of several. A filter is itself."""
        written, tokens = list(self.terms), list(self.tokens)
        terms = np.full(len(tokens), -1, np.int64)
        terms[self.joined("tokens")] = self.joined("alone")
        alone = np.flatnonzero(terms >= 0)
        # The last one stays: the commonest, and of those the one with the lowest number.
        order = alone[np.lexsort((-alone, self._having()[alone]))]
        for term, token in zip(terms[order].tolist(), order.tolist(), strict=True):
            written[term] = tokens[token]
        return written


class _Terms:
    """The terms of every token, one after another."""

    def __init__(self) -> None:
        self._flat = array("q")
        self._ends = array("q", (0,))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, terms: Iterable[int]) -> None:
        """Add those of the next token."""
        self._flat.extend(terms)
        self._ends.append(len(self._flat))

    def of(self, tokens: Numbers, documents: Numbers) -> tuple[Numbers, Numbers]:
        """Return the terms of all `tokens`, and the document of each."""
        flat, ends = self._arrays()
        first = ends[tokens]
        counts = ends[tokens + 1] - first
        places = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        return flat[places], np.repeat(documents, counts)

    def only(self, tokens: Numbers) -> Numbers:
        """Return the term of each of `tokens` that has no other, else -1."""
        flat, ends = self._arrays()
        first = ends[tokens]
        is_one = ends[tokens + 1] - first == 1
        found = np.full(len(tokens), -1, np.int64)
        found[is_one] = flat[first[is_one]]
        return found

    def _arrays(self) -> tuple[Numbers, Numbers]:
        return np.frombuffer(self._flat or array("q", (0,)), np.int64), np.frombuffer(self._ends, np.int64)


class _Reading(dict[str, tuple[int, ...]]):
    """The numbers of the tokens in what stands between two blanks: most of it is met again and again.

    `numbers` are those of terms; each token has its `kept` terms, and `every` term with stop words.
    """

    def __init__(self, numbers: _Numbering) -> None:
        super().__init__()
        self.tokens = _Numbering()
        self.numbers = numbers
        self.kept, self.every = _Terms(), _Terms()
        self._names: tuple[list[str], list[str]] = ([], [])

    def __missing__(self, chunk: str) -> tuple[int, ...]:
        if len(self) > _MOST_CHUNKS:
            self.clear()
        self[chunk] = found = tuple(map(self.tokens.__getitem__, analysis.tokens(chunk)))
        return found

    def read(self, texts: Iterable[str]) -> tuple[Numbers, Numbers]:
        """Return the tokens of `texts`, and the number of the text of each; their terms are known from then on."""
        read = array("q")
        ends = [0]
        for text in texts:
            read.extend(chain.from_iterable(map(self.__getitem__, text.split())))
            ends.append(len(read))
        for token in islice(self.tokens, len(self.kept), None):
            word = analysis.analysed(token)
            self.every.add(map(self.numbers.__getitem__, word.every))
            self.kept.add(map(self.numbers.__getitem__, word.terms))
        return np.array(read, np.int64), np.repeat(np.arange(len(ends) - 1), np.diff(ends))

    def block(self, texts: Sequence[_Fields]) -> _Block:
        """Return what documents with the fields `texts` say."""
        size = len(texts)
        rows: list[Numbers] = []
        seen: list[Numbers] = []
        lengths = np.zeros(size, np.int64)
        for field in range(len(FIELDS)):
            tokens, where = self.read(fields[field] for fields in texts)
            seen.append(tokens * size + where)
            terms, found = (self.every if field >= _AUTHORS else self.kept).of(tokens, where)
            if field == _TITLE:
                bare = (np.bincount(found, minlength=size) == 0)[where]
                more, also = self.every.of(tokens[bare], where[bare])
                terms, found = np.concatenate((terms, more)), np.concatenate((found, also))
            if field <= _ABSTRACT:
                lengths += _WEIGHTS[field] * np.bincount(found, minlength=size)
            rows.append((terms * size + found) * len(FIELDS) + field)
        checks = np.array([analysis.check(fields[_TITLE]) for fields in texts], np.uint8)
        return self._counted(np.concatenate(rows), np.concatenate(seen), lengths, checks)

    def _counted(self, rows: Numbers, seen: Numbers, lengths: Numbers, checks: Bits) -> _Block:
        """Return `rows` (term, document, field in one number) and `seen` (token, document) as a block."""
        size = len(lengths)
        rows.sort()
        seen.sort()
        pairs, field = np.divmod(rows, len(FIELDS))
        starts = _starts(pairs)
        term, document = np.divmod(pairs[starts], size)
        first = _starts(term)
        token = seen[_starts(seen)] // size
        last = _starts(token)
        tokens, alone = token[last], self.every.only(token[last])
        # A stop word is a term of its token, but perhaps of no document here.
        alone[~np.isin(alone, term[first])] = -1
        return _Block(
            terms=term[first],
            tokens=tokens,
            having=np.diff(last, append=len(token)),
            alone=alone,
            counts=np.diff(first, append=len(term)),
            document=document.astype(np.uint8),
            tf=np.minimum(_within(np.add, _WEIGHTS[field], starts), 0xFF).astype(np.uint8),
            mask=_within(np.bitwise_or, 1 << field, starts).astype(np.uint8),
            lengths=lengths.astype(np.uint32),
            checks=checks,
        )

    def names(self) -> tuple[Sequence[str], Sequence[str]]:
        """Return the texts of all terms and of all tokens by their numbers."""
        for texts, numbers in zip(self._names, (self.numbers, self.tokens), strict=True):
            texts.extend(islice(numbers, len(texts), None))
        return self._names


def _within(function: np.ufunc, values: Numbers, starts: Numbers) -> Numbers:
    """Return what `function` makes of the values from each start up to the next."""
    found: Numbers = function.reduceat(values, starts) if len(starts) else starts
    return found


def _starts(numbers: Numbers) -> Numbers:
    """Return where in `numbers`, which are sorted, each begins."""
    return np.flatnonzero(np.diff(numbers, prepend=-1))


def _sorted(merged: _Merged, impact: Bits, filters: NDArray[np.int32]) -> tuple[Postings, list[int]]:
    """Return all postings with terms numbered in UTF-16 order, and the numbers that the terms had before."""
    strings = list(merged.terms)
    order = sorted(range(len(strings)), key=lambda number: analysis.utf16(strings[number]))
    rank = np.empty(len(strings), np.int64)
    rank[order] = np.arange(len(strings))
    # Each posting as one number, because numbers are sorted in place.
    packed = rank[np.concatenate((merged.joined("term"), filters[:, 0]))]
    packed <<= _DOCUMENT_BITS
    packed |= np.concatenate((merged.joined("document"), filters[:, 1]))
    packed <<= _IMPACT_BITS
    packed |= np.concatenate((impact, np.ones(len(filters), np.uint8)))
    packed <<= _MASK_BITS
    packed |= np.concatenate((merged.joined("mask"), np.zeros(len(filters), np.uint8)))
    packed.sort()
    mask = (packed & (1 << _MASK_BITS) - 1).astype(np.uint8)
    packed >>= _MASK_BITS
    impact = (packed & (1 << _IMPACT_BITS) - 1).astype(np.uint8)
    packed >>= _IMPACT_BITS
    document = (packed & (1 << _DOCUMENT_BITS) - 1).astype(np.int32)
    packed >>= _DOCUMENT_BITS
    return Postings([strings[number] for number in order], packed.astype(np.int32), document, impact, mask), order


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
