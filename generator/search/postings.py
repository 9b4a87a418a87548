"""Which terms stand in which documents, and how strongly: arrays for the whole archive, worked out at once."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from generator.search import analysis

Numbers: TypeAlias = NDArray[np.int64]
Small: TypeAlias = NDArray[np.int32]

FIELDS = ("title", "abstract", "authors", "topics", "organisation")
# How often an occurrence counts in each field; only the first two make a document long.
_WEIGHTS = np.array([3, 1, 1, 1, 1])
_TITLE, _ABSTRACT, _AUTHORS = 0, 1, 2
K1, B = 1.5, 0.75
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
    impact: Small
    mask: Small

    def within(self, first: int, last: int) -> "Postings":
        """Return the postings of the documents from `first` up to, not including, `last`."""
        kept = (self.document >= first) & (self.document < last)
        return self._replace(
            term=self.term[kept], document=self.document[kept] - first, impact=self.impact[kept], mask=self.mask[kept]
        )


class Analysed(NamedTuple):
    """Everything known of the words of an archive; `words` counts the documents with each folded word."""

    postings: Postings
    words: dict[str, int]
    checks: Small


def analyse(documents: Sequence[Document], sealed: int = 0) -> Analysed:
    """Return the postings of `documents`; the first `sealed` of them, if any, say how long a document usually is."""
    tokens = _Numbering()
    fields = [_read(tokens, (document.fields[field] for document in documents)) for field in range(len(FIELDS))]
    strings, kept, every = _terms(list(tokens))
    rows, lengths = _occurrences(fields, kept, every, len(documents))
    filters = [(document.filters, number) for number, document in enumerate(documents) if document.filters]
    numbers = {term: number for number, term in enumerate(strings)}
    for terms, _ in filters:
        for term in terms:
            numbers.setdefault(term, len(numbers))
    mean = float(lengths[: sealed or None].mean()) if len(documents) else 1.0
    found = _weighed(rows, lengths, mean or 1.0, len(documents))
    pairs = [(numbers[term], number) for terms, number in filters for term in dict.fromkeys(terms)]
    postings = _sorted(list(numbers), found, np.array(pairs, np.int32).reshape(-1, 2))
    checks = np.array([analysis.check(document.fields[_TITLE]) for document in documents], np.int32)
    return Analysed(postings, _document_frequencies(list(tokens), fields), checks)


class _Numbering(dict[str, int]):
    """Numbers tokens in order of appearance."""

    def __missing__(self, token: str) -> int:
        self[token] = number = len(self)
        return number


class _Field(NamedTuple):
    """The tokens of one field of all documents, one after another, and the document of each."""

    tokens: Small
    documents: Small


class _Expansion(NamedTuple):
    """The terms of each token: `terms` one after another, those of token t from `start[t]`, `counts[t]` of them."""

    terms: Small
    start: Numbers
    counts: Numbers

    def of(self, field: _Field) -> tuple[Small, Small]:
        """Return the terms of all tokens of `field`, and the document of each."""
        counts = self.counts[field.tokens]
        ends = np.cumsum(counts)
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
        return self.terms[np.repeat(self.start[field.tokens], counts) + within], np.repeat(field.documents, counts)


def _read(numbering: _Numbering, texts: Iterable[str]) -> _Field:
    numbers: list[NDArray[np.int32]] = []
    for text in texts:
        found = analysis.tokens(text) if text else []
        numbers.append(np.fromiter(map(numbering.__getitem__, found), np.int32, len(found)))
    counts = [len(part) for part in numbers]
    tokens = np.concatenate(numbers) if numbers else np.zeros(0, np.int32)
    return _Field(tokens, np.repeat(np.arange(len(counts), dtype=np.int32), counts))


def _terms(tokens: Sequence[str]) -> tuple[list[str], _Expansion, _Expansion]:
    """Return the distinct terms of `tokens`, and those of each token without and with stop words."""
    numbering = _Numbering()
    words = [analysis.analysed(token) for token in tokens]
    every = _expansion(numbering, [word.every for word in words])
    kept = _expansion(numbering, [word.terms for word in words])
    return list(numbering), kept, every


def _expansion(numbering: _Numbering, lists: Sequence[Sequence[str]]) -> _Expansion:
    count = np.fromiter(map(len, lists), np.int64, len(lists))
    flat = np.fromiter((numbering[term] for terms in lists for term in terms), np.int32, int(count.sum()))
    return _Expansion(flat, np.cumsum(count) - count, count)


def _occurrences(
    fields: Sequence[_Field], kept: _Expansion, every: _Expansion, size: int
) -> tuple[Numbers, NDArray[np.float64]]:
    """Return each occurrence of a term as one number (term, document, field), sorted; and how long documents are."""
    rows: list[Numbers] = []
    lengths = np.zeros(size)
    for number, field in enumerate(fields):
        terms, documents = (every if number >= _AUTHORS else kept).of(field)
        if number == _TITLE:
            empty = np.bincount(documents, minlength=size) == 0
            bare = empty[field.documents]
            more, where = every.of(_Field(field.tokens[bare], field.documents[bare]))
            terms, documents = np.concatenate((terms, more)), np.concatenate((documents, where))
        if number <= _ABSTRACT:
            lengths += _WEIGHTS[number] * np.bincount(documents, minlength=size)
        rows.append((terms.astype(np.int64) * size + documents) * len(FIELDS) + number)
    occurrences = np.concatenate(rows)
    occurrences.sort()
    return occurrences, lengths


class _Weighed(NamedTuple):
    term: Small
    document: Small
    impact: Small
    mask: Small


def _weighed(rows: Numbers, lengths: NDArray[np.float64], mean: float, size: int) -> _Weighed:
    """Return one posting for each term in a document; `impact` is BM25F's without the rarity of the term."""
    pairs, field = np.divmod(rows, len(FIELDS))
    starts = np.flatnonzero(np.diff(pairs, prepend=-1))
    if not len(starts):
        nothing = np.zeros(0, np.int32)
        return _Weighed(nothing, nothing, nothing, nothing)
    tf = np.add.reduceat(_WEIGHTS[field], starts).astype(np.float64)
    mask = np.bitwise_or.reduceat(1 << field, starts).astype(np.int32)
    term, document = np.divmod(pairs[starts], size)
    impact = np.floor(STRONGEST * tf / (tf + K1 * (1 - B + B * lengths[document] / mean)) + 0.5)
    return _Weighed(term.astype(np.int32), document.astype(np.int32), np.maximum(1, impact).astype(np.int32), mask)


def _sorted(strings: Sequence[str], found: _Weighed, filters: NDArray[np.int32]) -> Postings:
    """Return all postings with terms numbered in UTF-16 order."""
    order = sorted(range(len(strings)), key=lambda number: analysis.utf16(strings[number]))
    rank = np.empty(len(strings), np.int32)
    rank[order] = np.arange(len(strings), dtype=np.int32)
    term = rank[np.concatenate((found.term, filters[:, 0]))]
    document = np.concatenate((found.document, filters[:, 1]))
    by = np.lexsort((document, term))
    ones, zeros = np.ones(len(filters), np.int32), np.zeros(len(filters), np.int32)
    return Postings(
        strings=[strings[number] for number in order],
        term=term[by],
        document=document[by],
        impact=np.concatenate((found.impact, ones))[by],
        mask=np.concatenate((found.mask, zeros))[by],
    )


def _document_frequencies(tokens: Sequence[str], fields: Sequence[_Field]) -> dict[str, int]:
    """Return in how many documents each token stands."""
    size = 1 + max((int(field.documents[-1]) for field in fields if len(field.documents)), default=0)
    pairs = np.concatenate([field.tokens.astype(np.int64) * size + field.documents for field in fields])
    pairs.sort()
    counts = np.bincount(pairs[np.diff(pairs, prepend=-1) != 0] // size, minlength=len(tokens))
    return dict(zip(tokens, counts.tolist(), strict=True))


def varints(numbers: NDArray[np.integer]) -> tuple[bytes, Numbers]:
    """Return `numbers` as varints, one after another, and the place where each begins, and the last ends."""
    values = numbers.astype(np.uint64)
    lengths = np.ones(len(values), np.int64)
    for place in range(1, _LONGEST):
        lengths += values >= (1 << 7 * place)
    starts = np.concatenate(([0], np.cumsum(lengths)))
    made = np.zeros(int(starts[-1]), np.uint8)
    for place in range(_LONGEST):
        reaching = lengths > place
        more = np.where(lengths[reaching] > place + 1, 0x80, 0)
        made[starts[:-1][reaching] + place] = (
            values[reaching] >> np.uint64(7 * place) & np.uint64(0x7F)
        ) | more.astype(np.uint64)
    return made.tobytes(), starts
