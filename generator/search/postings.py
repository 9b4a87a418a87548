"""Which terms stand in which documents, and how strongly: arrays for the whole archive, worked out at once."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import NamedTuple, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from generator.search import analysis

Numbers: TypeAlias = NDArray[np.int64]
Small: TypeAlias = NDArray[np.int32]
Bits: TypeAlias = NDArray[np.uint8]

FIELDS = ("title", "abstract", "authors", "topics", "organisation")
# How often an occurrence counts in each field; only the first two make a document long.
_WEIGHTS = np.array([3, 1, 1, 1, 1])
_TITLE, _ABSTRACT, _AUTHORS = 0, 1, 2
K1, B = 1.5, 0.75
_BLOCK = 4096
_AT_ONCE = 1 << 20
_DOCUMENT_BITS, _IMPACT_BITS, _MASK_BITS = 24, 6, 5
# Documents times fields of a block, as room in a number.
_ROW = _BLOCK * len(FIELDS)
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


def analyse(documents: Sequence[Document], sealed: int = 0) -> Analysed:
    """Return the postings of `documents`; the first `sealed` of them, if any, say how long a document usually is."""
    vocabulary = _Vocabulary()
    found = _joined(
        [_block(vocabulary, documents[start : start + _BLOCK], start) for start in range(0, len(documents), _BLOCK)]
    )
    lengths = found.lengths
    mean = float(lengths[: sealed or None].mean()) if len(lengths) else 0.0
    vocabulary.clear()
    impact = np.empty(len(found.tf), np.uint8)
    for start in range(0, len(impact), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        tf = found.tf[part].astype(np.float64)
        strength = STRONGEST * tf / (tf + K1 * (1 - B + B * lengths[found.document[part]] / (mean or 1.0)))
        impact[part] = np.maximum(1, np.floor(strength + 0.5))
    filters = [
        (vocabulary.numbers[term], number)
        for number, document in enumerate(documents)
        for term in dict.fromkeys(document.filters)
    ]
    postings, order = _sorted(vocabulary, found, impact, np.array(filters, np.int32).reshape(-1, 2))
    counts = vocabulary.counts()
    written = vocabulary.written(counts)
    checks = np.array([analysis.check(document.fields[_TITLE]) for document in documents], np.uint8)
    return Analysed(
        postings, dict(zip(vocabulary.tokens, counts.tolist(), strict=True)), checks, [written[n] for n in order]
    )


class _Numbering(dict[str, int]):
    """Numbers texts in order of appearance."""

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number


class _Terms:
    """The terms of every token, one after another."""

    def __init__(self) -> None:
        self.flat = array("i")
        self.ends = array("q")

    def add(self, terms: Iterable[int]) -> None:
        """Add those of the next token."""
        self.flat.extend(terms)
        self.ends.append(len(self.flat))

    def of(self, tokens: Small, documents: Small) -> tuple[Small, Small]:
        """Return the terms of all `tokens`, and the document of each."""
        ends = np.array(self.ends, np.int64)
        counts = np.diff(ends, prepend=0)[tokens]
        first = np.repeat(ends[tokens] - np.cumsum(counts), counts)
        return np.array(self.flat, np.int32)[first + np.arange(len(first))], np.repeat(documents, counts)


class _Vocabulary(dict[str, tuple[int, ...]]):
    """The numbers of the tokens in what stands between two blanks: most of it is met again and again.

    `having` counts the documents with each token. `numbers` are those of terms; each token has its `kept` terms, and
    `every` term with stop words.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tokens = _Numbering()
        self.numbers = _Numbering()
        self.having: list[Numbers] = []
        self.kept, self.every = _Terms(), _Terms()

    def __missing__(self, chunk: str) -> tuple[int, ...]:
        if len(self) > _MOST_CHUNKS:
            self.clear()
        self[chunk] = found = tuple(map(self.tokens.__getitem__, analysis.tokens(chunk)))
        return found

    def read(self, texts: Iterable[str]) -> tuple[Small, Small]:
        """Return the tokens of `texts`, and the number of the text of each; their terms are known from then on."""
        read = [array("i", chain.from_iterable(map(self.__getitem__, text.split()))) for text in texts]
        for token in islice(self.tokens, len(self.kept.ends), None):
            word = analysis.analysed(token)
            self.every.add(map(self.numbers.__getitem__, word.every))
            self.kept.add(map(self.numbers.__getitem__, word.terms))
        numbers = np.repeat(np.arange(len(read), dtype=np.int32), [len(tokens) for tokens in read])
        return np.concatenate([np.array(tokens, np.int32) for tokens in read]), numbers

    def counts(self) -> Numbers:
        """Return in how many documents each token stands."""
        totals = np.zeros(len(self.tokens), np.int64)
        for counts in self.having:
            totals[: len(counts)] += counts
        return totals

    def written(self, counts: Numbers) -> list[str]:
        """Return for each term the commonest token that has no other; the first met of several. A filter is itself."""
        sizes = np.diff(np.array(self.every.ends, np.int64), prepend=0)
        alone = np.flatnonzero(sizes == 1)
        terms = np.array(self.every.flat, np.int64)[np.array(self.every.ends, np.int64)[alone] - 1]
        written, tokens = list(self.numbers), list(self.tokens)
        # The last one stays: the commonest, and of those the one with the lowest number.
        order = np.lexsort((-alone, counts[alone]))
        for term, token in zip(terms[order].tolist(), alone[order].tolist(), strict=True):
            written[term] = tokens[token]
        return written


class _Occurrences(NamedTuple):
    """Parallel arrays, a line for each term in a document: how often it stands there, and where; and all lengths."""

    term: Small
    document: Small
    tf: NDArray[np.uint16]
    mask: Bits
    lengths: NDArray[np.float64]


_NONE = np.zeros(0, np.int32)
_NOTHING = _Occurrences(_NONE, _NONE, _NONE.astype(np.uint16), _NONE.astype(np.uint8), np.zeros(0))


def _joined(blocks: Sequence[_Occurrences]) -> _Occurrences:
    every = [*blocks, _NOTHING]
    return _Occurrences(
        term=np.concatenate([block.term for block in every]),
        document=np.concatenate([block.document for block in every]),
        tf=np.concatenate([block.tf for block in every]),
        mask=np.concatenate([block.mask for block in every]),
        lengths=np.concatenate([block.lengths for block in every]),
    )


def _block(vocabulary: _Vocabulary, documents: Sequence[Document], first: int) -> _Occurrences:
    """Return the occurrences in some neighbouring documents: arrays for all at once would need too much memory."""
    size = len(documents)
    rows: list[Numbers] = []
    seen: list[Numbers] = []
    lengths = np.zeros(size)
    for field in range(len(FIELDS)):
        tokens, where = vocabulary.read(document.fields[field] for document in documents)
        seen.append(tokens.astype(np.int64) * size + where)
        terms, found = (vocabulary.every if field >= _AUTHORS else vocabulary.kept).of(tokens, where)
        if field == _TITLE:
            bare = (np.bincount(found, minlength=size) == 0)[where]
            more, also = vocabulary.every.of(tokens[bare], where[bare])
            terms, found = np.concatenate((terms, more)), np.concatenate((found, also))
        if field <= _ABSTRACT:
            lengths += _WEIGHTS[field] * np.bincount(found, minlength=size)
        rows.append(terms.astype(np.int64) * _ROW + found * len(FIELDS) + field)
    vocabulary.having.append(np.bincount(_distinct(np.concatenate(seen)) // size))
    return _counted(np.concatenate(rows), lengths, first)


def _distinct(numbers: Numbers) -> Numbers:
    numbers.sort()
    is_first: NDArray[np.bool_] = np.diff(numbers, prepend=-1) != 0
    return numbers[is_first]


def _counted(rows: Numbers, lengths: NDArray[np.float64], first: int) -> _Occurrences:
    """Return `rows` (term, document, field in one number) as one line for each term in a document."""
    rows.sort()
    pairs, field = np.divmod(rows, len(FIELDS))
    starts = np.flatnonzero(np.diff(pairs, prepend=-1))
    if not len(starts):
        return _NOTHING._replace(lengths=lengths)
    term, document = np.divmod(pairs[starts], _ROW // len(FIELDS))
    return _Occurrences(
        term=term.astype(np.int32),
        document=(document + first).astype(np.int32),
        tf=np.minimum(np.add.reduceat(_WEIGHTS[field], starts), 0xFFFF).astype(np.uint16),
        mask=np.bitwise_or.reduceat(1 << field, starts).astype(np.uint8),
        lengths=lengths,
    )


def _sorted(
    vocabulary: _Vocabulary, found: _Occurrences, impact: Bits, filters: NDArray[np.int32]
) -> tuple[Postings, list[int]]:
    """Return all postings with terms numbered in UTF-16 order, and the numbers that the terms had before."""
    strings = list(vocabulary.numbers)
    order = sorted(range(len(strings)), key=lambda number: analysis.utf16(strings[number]))
    rank = np.empty(len(strings), np.int64)
    rank[order] = np.arange(len(strings))
    # Each posting as one number, because numbers are sorted in place.
    packed = np.concatenate((rank[found.term], rank[filters[:, 0]]))
    packed <<= _DOCUMENT_BITS
    packed |= np.concatenate((found.document, filters[:, 1]))
    packed <<= _IMPACT_BITS
    packed |= np.concatenate((impact, np.ones(len(filters), np.uint8)))
    packed <<= _MASK_BITS
    packed |= np.concatenate((found.mask, np.zeros(len(filters), np.uint8)))
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
