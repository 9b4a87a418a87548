"""Answers from the files of the index: the same hits, in the same order, as the page's script gives.

`Reader` is given a function that returns the bytes of a file by its name, and asks for as few as it can.
"""

import base64
import json
import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import accumulate
from typing import Literal, NamedTuple

import msgspec
from msgspec import Struct

from generator.search import analysis, encoding
from generator.search.analysis import Word, utf16
from generator.search.encoding import Bytes
from generator.search.manifest import INDEX, VERSION, Cards, Index, Segment, letter
from generator.search.query import Clause, Query, parse

Fetch = Callable[[str], bytes]
Sort = Literal["relevance", "newest", "votes"]

ENOUGH = 10
FEW_WORDS = 4
COMMON = 5
TITLES = 8
MOST_VERIFIED = 400
MOST_SIMILAR = 16
MOST_BEGINNING = 64
MOST_SHARDS = 4
_LETTERS_FOR_CORRECTION = 4
_LETTERS_FOR_TWO = 8

_MASKS = {"": 0, "title": 1, "abstract": 2, "author": 4, "topic": 8, "org": 16}
_TITLE, _ABSTRACT = 1, 2


class StaleError(Exception):
    """A file is of another build than the index."""


class Card(Struct, frozen=True, array_like=True):
    """What a hit shows; the fields are in the order of `FIELDS`."""

    epoch: int
    number: int
    id: str
    url: str
    fields: tuple[str, str, str, str, str]
    html: str
    day: str
    votes: int


class Hit(NamedTuple):
    """A document that was found, and its card."""

    number: int
    score: int
    card: Card


class Answer(NamedTuple):
    """What a query finds.

    `total` papers are listed in all, `matching` match every word. `is_estimate` says that not all of these were
    looked at (of a very common word, the best are), `jump` that the query is the first hit's id. `corrected` has what
    was searched for instead of a word.
    """

    hits: tuple[Hit, ...]
    total: int
    matching: int
    is_estimate: bool
    jump: bool
    corrected: Mapping[str, str]


class _Posting(NamedTuple):
    impact: int
    mask: int
    told: int


class _Term(NamedTuple):
    """A term in all segments: how many documents have it, the postings read, and what was lent."""

    df: int
    postings: Mapping[int, _Posting]
    lent: Mapping[int, int]
    is_whole: bool


class _Found(NamedTuple):
    """What one clause finds: the score of documents, and those that match it (None: all of them might, `df` do)."""

    scores: Mapping[int, int]
    matches: AbstractSet[int] | None
    df: int = 0


class _Entry(NamedTuple):
    """A line of a shard's table."""

    df: int
    inline: int
    lent: int
    overflow: int
    at: int


class _Shard:
    """One shard, opened."""

    def __init__(self, data: bytes, epoch: int) -> None:
        self.source = Bytes(_current(data, epoch), 4)
        self.terms = self.source.take(self.source.varint()).decode().split("\n")
        table = self.source.varints(5 * len(self.terms))
        ends = accumulate(table[4::5], initial=self.source.at)
        self.entries = {
            term: _Entry(table[5 * number], table[5 * number + 1], table[5 * number + 2], table[5 * number + 3], at)
            for number, (term, at) in enumerate(zip(self.terms, ends, strict=False))
        }


class Reader:
    """Answers queries from the files that `fetch` returns by their names."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._shards: dict[str, _Shard] = {}
        self._files: dict[str, bytes] = {}

    @cached_property
    def index(self) -> Index:
        """The file that names all others."""
        index = msgspec.json.decode(encoding.opened(self._fetch(INDEX)), type=Index)
        if index.version != VERSION:
            raise StaleError(f"the index is of version {index.version}, not {VERSION}")
        return index

    def search(self, text: str, *, offset: int = 0, limit: int = 10, sort: Sort = "relevance") -> Answer:
        """Return the hits of `text` from `offset` on, `limit` at most."""
        return _Search(self, parse(text), is_whole=sort != "relevance").answer(offset, limit, sort)

    def all(self, text: str) -> Iterator[Hit]:
        """Yield every paper that matches `text`, the best first: what a saved query lists."""
        yield from _Search(self, parse(text), is_whole=True).matching()

    # --- files -------------------------------------------------------------------------------------------------------

    def file(self, name: str) -> bytes:
        """Return the bytes of a file; each is fetched once."""
        if name not in self._files:
            self._files[name] = self._fetch(name)
        return self._files[name]

    def shard(self, segment: Segment, number: int) -> _Shard:
        """Return a shard."""
        name = f"{segment.name}/{number}.bin"
        if name not in self._shards:
            self._shards[name] = _Shard(self._fetch(name), segment.epoch)
        return self._shards[name]

    def term(self, term: str, *, whole: bool) -> _Term:
        """Return a term. `whole` asks for all of its postings, however common it is."""
        entries = [(segment, *self._entry(segment, term)) for segment in self.index.segments]
        df = sum(entry.df for _, _, entry in entries if entry)
        everything = whole or COMMON * df <= self.index.papers
        postings: dict[int, _Posting] = {}
        lent: dict[int, int] = {}
        for segment, shard, entry in entries:
            if entry is None:
                continue
            source = Bytes(shard.source.data, entry.at)
            postings |= _postings(source, entry.inline, segment.start)
            borrowers = source.deltas(entry.lent)
            lent |= zip((segment.start + number for number in borrowers), source.take(entry.lent), strict=True)
            if entry.overflow and everything:
                more = Bytes(_current(self.file(f"{segment.name}/x{entry.overflow - 1}.bin"), segment.epoch), 4)
                postings |= _postings(more, more.varint(), segment.start)
        return _Term(df, postings, lent, len(postings) == df)

    def _entry(self, segment: Segment, term: str) -> tuple[_Shard, _Entry | None]:
        number = max(0, bisect_right(self._firsts(segment), utf16(term)) - 1)
        shard = self.shard(segment, number)
        return shard, shard.entries.get(term)

    def _firsts(self, segment: Segment) -> Sequence[bytes]:
        return self._separators[segment.name]

    @cached_property
    def _separators(self) -> Mapping[str, Sequence[bytes]]:
        return {segment.name: [utf16(first) for first in segment.first.split("\n")] for segment in self.index.segments}

    def beginning(self, text: str) -> Iterator[str]:
        """Yield the terms that begin with `text` in the first few shards where such can be."""
        for segment in self.index.segments:
            firsts = self._firsts(segment)
            start = max(0, bisect_right(firsts, utf16(text)) - 1)
            for number in range(start, min(start + MOST_SHARDS, len(firsts))):
                if number > start and not firsts[number].startswith(utf16(text)):
                    break
                yield from (term for term in self.shard(segment, number).terms if term.startswith(text))

    def words(self, name: str) -> Sequence[tuple[str, int]]:
        """Return the words of a vocabulary file, and in how many papers they are."""
        if name not in self.index.words:
            return []
        lines = encoding.opened(self.file(f"words/{name}.bin")).decode().split("\n")
        return [(word, int(count)) for word, _, count in (line.partition(" ") for line in lines)]

    def card(self, number: int) -> Card:
        """Return the card of a document."""
        cards = self.index.cards
        data = _slot(self.file(f"cards/{number // cards.per}.bin"), cards, number % cards.per)
        card = msgspec.json.decode(encoding.inflated(data, base64.b64decode(cards.prefix), cards.dictionary), type=Card)
        if card.epoch != cards.epochs[number // (cards.per * cards.group)] or card.number != number:
            raise StaleError("a card is of another build than the index")
        return card

    def votes(self, number: int) -> int:
        """Return the votes of a document."""
        data = encoding.opened(self.file("votes.bin"))
        return int.from_bytes(data[2 * number : 2 * number + 2], "little")

    def period(self, clause: Clause) -> AbstractSet[int]:
        """Return the documents filed in a period; a period of days knows of further days a document was listed on."""
        also: list[tuple[str, int]] = []
        groups: Iterable[tuple[str, int]] = self.index.months
        if clause.field == "day" or max(len(clause.first), len(clause.last)) > len("2025-12"):
            days = json.loads(encoding.opened(self.file("days.bin")))
            groups, also = days["days"], days["also"]
        found: set[int] = set()
        start = 0
        for when, count in groups:
            if _is_within(when, clause):
                found.update(range(start, start + count))
            start += count
        return found | {number for when, number in also if _is_within(when, clause)}

    def idf(self, df: int) -> int:
        """Return how much a term counts that `df` documents have: a whole number, the same in every language."""
        return math.floor(1024 * math.log(1 + (self.index.papers - df + 0.5) / (df + 0.5)) + 0.5)


class _Search:
    """One query on its way; `is_whole` says that the best papers of a very common word are not enough for it."""

    def __init__(self, reader: Reader, query: Query, *, is_whole: bool) -> None:
        self.reader = reader
        self.query = query
        self.is_whole = is_whole or any(clause.occur != "should" for clause in query.clauses)
        self.is_long = sum(clause.occur == "should" for clause in query.clauses) > FEW_WORDS
        self.corrected: dict[str, str] = {}
        self.terms: dict[tuple[str, bool], _Term] = {}
        self.by_id: Sequence[int] = ()
        self.order: Sequence[int] = ()
        self.scores: Mapping[int, int] = {}
        self.matches: AbstractSet[int] = frozenset()
        # How many of them there most likely are, where not all were looked at.
        self.likely: int | None = None
        if reader.index.papers:
            self._find()

    def answer(self, offset: int, limit: int, sort: Sort) -> Answer:
        """Return the hits from `offset` on."""
        order = self.sorted(sort)
        phrases = self.phrases()
        if not phrases:
            hits = [self.hit(number) for number in order[offset : offset + limit]]
            is_estimate = self.likely is not None
            return self._told(hits, len(order), self.likely or len(self.matches), is_estimate=is_estimate)
        hits, looked = [], 0
        for number in order:
            if len(hits) >= offset + limit or looked >= MOST_VERIFIED:
                break
            looked += 1
            hit = self.hit(number)
            if all(_stands(hit.card, clause) == (clause.occur != "not") for clause in phrases):
                hits.append(hit)
        total = -(-len(order) * len(hits) // looked) if looked else 0
        return self._told(hits[offset:], total, total, is_estimate=looked < len(order))

    def _told(self, hits: Sequence[Hit], total: int, matching: int, *, is_estimate: bool = False) -> Answer:
        return Answer(tuple(hits), total, matching, is_estimate, bool(self.by_id), self.corrected)

    def matching(self) -> Iterator[Hit]:
        """Yield every paper that matches all that is asked for."""
        phrases = self.phrases()
        for number in self.order:
            if number in self.matches:
                hit = self.hit(number)
                if all(_stands(hit.card, clause) == (clause.occur != "not") for clause in phrases):
                    yield hit

    def hit(self, number: int) -> Hit:
        """Return the hit of a document."""
        return Hit(number, self.scores.get(number, 0), self.reader.card(number))

    def sorted(self, sort: Sort) -> Sequence[int]:
        """Return the documents in the order asked for; orders other than by relevance list no half matches."""
        if sort == "relevance":
            return self.order
        shown = self.matches or set(self.order)
        if sort == "newest":
            return sorted(shown, reverse=True)
        return sorted(shown, key=lambda number: (-self.reader.votes(number), -number))

    def phrases(self) -> Sequence[Clause]:
        """Return the clauses that only the text of a card can answer."""
        return [clause for clause in self.query.clauses if self.on_card(clause)]

    def on_card(self, clause: Clause) -> bool:
        """Return whether `clause` is a phrase, or the name of a topic or organisation that there is none of."""
        if clause.kind != "term":
            return clause.kind == "phrase"
        several = sum(len(word.units) for word in clause.words) > 1
        return several and not self.term(clause.text, whole=True).df

    # --- finding -----------------------------------------------------------------------------------------------------

    def _find(self) -> None:
        """Work out which documents there are, in order of relevance."""
        self.by_id = sorted(self.term(f"id:{self.query.id}", whole=True).postings) if self.query.id else []
        found = [(clause, self.found(clause)) for clause in self.query.clauses]
        self.scores = _summed(result.scores for clause, result in found if clause.occur != "not")
        kept = self._kept(found)
        wanted = [result for clause, result in found if clause.occur == "should"]
        if wanted:
            self._rank(kept, wanted)
        else:
            self.matches = kept if self.query.clauses else set()
            self.order = sorted(self.matches, key=self._relevance)
        first = dict.fromkeys((*self.by_id, *self._titled()))
        self.order = [*first, *(number for number in self.order if number not in first)]
        self.matches = self.matches | set(first)

    def _rank(self, kept: AbstractSet[int], wanted: Sequence[_Found]) -> None:
        """Order the documents of `kept` that the words find."""
        found = self.scores.keys() & kept
        matches: AbstractSet[int] = found
        for result in wanted:
            if result.matches is not None:
                matches = matches & result.matches
        common = [result.df for result in wanted if result.matches is None]
        if common:
            papers = self.reader.index.papers
            self.likely = papers if len(common) == len(wanted) else len(matches)
            for df in common:
                self.likely = self.likely * df // papers
        self.matches = matches
        if self.is_long:
            self.order = sorted(found, key=self._relevance)
            return
        rest = () if len(matches) >= ENOUGH else sorted(found - matches, key=self._relevance)
        self.order = [*sorted(matches, key=self._relevance), *rest]

    def _kept(self, found: Sequence[tuple[Clause, _Found]]) -> AbstractSet[int]:
        """Return the documents that match what must match, and nothing that must not."""
        kept: AbstractSet[int] = frozenset(range(self.reader.index.papers))
        for clause, result in found:
            if clause.occur == "must" and result.matches is not None:
                kept = kept & result.matches
            elif clause.occur == "not" and result.matches is not None and not self.on_card(clause):
                kept = kept - result.matches
        return kept

    def _relevance(self, number: int) -> tuple[int, int]:
        return -self.scores.get(number, 0), -number

    def _titled(self) -> Iterator[int]:
        """Yield the documents whose title is the query."""
        words = [clause.words for clause in self.query.clauses if clause.kind in {"word", "phrase"}]
        if not self.query.title or len(words) != len(self.query.clauses):
            return
        every = [word for each in words for word in each]
        kept = [term for word in every for term in word.terms] or [term for word in every for term in word.every]
        found = [(name, self.term(name, whole=False)) for name in dict.fromkeys(kept)]
        found.sort(key=lambda pair: pair[1].df)
        if not found or not found[0][1].df:
            return
        check = analysis.check(self.query.title)
        numbers: AbstractSet[int] = found[0][1].postings.keys()
        for name, term in found:
            numbers = numbers - _of_others(term, analysis.told(check, analysis.spread(name)), numbers)
        for number in sorted(numbers, key=self._relevance)[:TITLES]:
            if analysis.normalised(self.reader.card(number).fields[0]) == self.query.title:
                yield number

    def found(self, clause: Clause) -> _Found:
        """Return what one clause finds."""
        if clause.kind == "period":
            return _Found({}, self.reader.period(clause))
        if clause.kind == "term":
            named = self.term(clause.text, whole=True)
            if named.df or not clause.words:
                return _Found({}, set(named.postings))
        if clause.kind in {"prefix", "fuzzy"}:
            return self.similar(clause)
        words = [self.word(word, clause) for word in clause.words]
        if len(words) == 1:
            return words[0]
        matches: AbstractSet[int] | None = None
        for result in words:
            if result.matches is not None:
                matches = result.matches if matches is None else matches & result.matches
        return _Found(_summed(result.scores for result in words), matches)

    def word(self, word: Word, clause: Clause) -> _Found:
        """Return what one word finds."""
        is_plain = clause.occur == "should"
        word = self.as_known(word) if clause.occur != "not" else word
        names = word.terms or (() if clause.kind == "phrase" else word.every)
        terms = {name: self.term(name, whole=self.is_whole) for name in names}
        mask = _MASKS[clause.field]
        scores: dict[int, int] = {}
        for name, term in terms.items():
            weight = clause.boost * self.reader.idf(term.df) * (1 if name == word.together else 2)
            for number, posting in term.postings.items():
                if not mask or posting.mask & mask:
                    scores[number] = scores.get(number, 0) + weight * posting.impact
            if is_plain:
                for number, impact in term.lent.items():
                    scores[number] = scores.get(number, 0) + weight * impact
        if not all(term.is_whole for term in terms.values()):
            return _Found(scores, None, terms[names[0]].df)
        if not names:
            return _Found(scores, None)
        having = {
            name: {number for number, posting in term.postings.items() if not mask or posting.mask & mask}
            for name, term in terms.items()
        }
        together = having.pop(word.together, set()) if word.together else set()
        parts = set.intersection(*having.values()) if having else set()
        return _Found(scores, parts | together)

    def similar(self, clause: Clause) -> _Found:
        """Return what the words find that begin as asked, or are alike; of several in one document the best counts."""
        names = self.beginning(clause.text) if clause.kind == "prefix" else self.alike(clause.text, clause.distance)
        mask = _MASKS[clause.field]
        scores: dict[int, int] = {}
        for name in names:
            term = self.term(name, whole=True)
            weight = 2 * clause.boost * self.reader.idf(term.df)
            for number, posting in term.postings.items():
                if not mask or posting.mask & mask:
                    scores[number] = max(scores.get(number, 0), weight * posting.impact)
        return _Found(scores, set(scores))

    def beginning(self, text: str) -> Sequence[str]:
        """Return the terms of words that begin with `text`, the commonest words first."""
        words = [(word, count) for word, count in self.reader.words(letter(text)) if word.startswith(text)]
        words.sort(key=lambda pair: (-pair[1], utf16(pair[0])))
        named = [term for word, _ in words for term in analysis.analysed(word).every]
        return list(dict.fromkeys((*named, *self.reader.beginning(text))))[:MOST_BEGINNING]

    def alike(self, text: str, most: int) -> Sequence[str]:
        """Return the terms of `text` and of words at most `most` letters apart."""
        found = _alike(text, self.reader.words(letter(text)), most)[:MOST_SIMILAR]
        return list(dict.fromkeys(term for word in (text, *found) for term in analysis.analysed(word).every))

    def as_known(self, word: Word) -> Word:
        """Return `word`, or the best correction of one that no paper has."""
        typed = "".join(word.parts)
        if self.is_long or len(word.parts) != 1 or len(typed) < _LETTERS_FOR_CORRECTION or any(map(str.isdigit, typed)):
            return word
        if any(self.term(name, whole=False).df for name in word.every):
            return word
        found = _alike(typed, self.reader.words(letter(typed)), 1 if len(typed) < _LETTERS_FOR_TWO else 2)
        if not found:
            return word
        self.corrected[typed] = found[0]
        return analysis.analysed(found[0])

    def term(self, name: str, *, whole: bool) -> _Term:
        """Return a term; each is read once."""
        key = (name, whole)
        if key not in self.terms:
            self.terms[key] = self.reader.term(name, whole=whole)
        return self.terms[key]


def distance(first: str, second: str, most: int) -> int:
    """Return how many letters are wrong, missing, too many or swapped with their neighbour; `most` + 1 for more."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter_ in enumerate(first, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(second, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter_ != other))
            if i > 1 and j > 1 and letter_ == second[j - 2] and first[i - 2] == other:
                best = min(best, older[j - 2] + 1)
            row.append(best)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _alike(text: str, words: Sequence[tuple[str, int]], most: int) -> list[str]:
    """Return the words at most `most` letters from `text`: the nearest first, then the commonest."""
    near = [(distance(text, word, most), -count, utf16(word), word) for word, count in words]
    return [word for apart, _, _, word in sorted(near) if apart <= most]


def _stands(card: Card, clause: Clause) -> bool:
    """Return whether the words of a phrase stand one after another in a field of the card."""
    wanted = [unit for word in clause.words for unit in word.units]
    mask = _MASKS[clause.field] or 31
    texts = (text for bit, text in enumerate(card.fields) if mask >> bit & 1)
    return any(
        analysis.follows([unit for word in analysis.words(line) for unit in word.units], wanted)
        for text in texts
        for line in text.split("\n")
    )


def _of_others(term: _Term, told: int, numbers: AbstractSet[int]) -> AbstractSet[int]:
    """Return those of `numbers` whose title `term` speaks against, as it tells of another check than `told`."""

    def is_other(number: int) -> bool:
        posting = term.postings.get(number)
        return term.is_whole if posting is None else posting.told != told

    return {number for number in numbers if is_other(number)}


def _summed(scores: Iterable[Mapping[int, int]]) -> dict[int, int]:
    total: dict[int, int] = {}
    for part in scores:
        for number, score in part.items():
            total[number] = total.get(number, 0) + score
    return total


def _is_within(when: str, clause: Clause) -> bool:
    return bool(when) and when >= clause.first and (not clause.last or when[: len(clause.last)] <= clause.last)


def _current(data: bytes, epoch: int) -> bytes:
    opened = encoding.opened(data)
    if int.from_bytes(opened[:4], "little") != epoch:
        raise StaleError("a file is of another build than the index")
    return opened


def _postings(source: Bytes, count: int, start: int) -> dict[int, _Posting]:
    """Return the next `count` postings of `source`; documents are counted from `start`."""
    numbers = source.deltas(count)
    first = source.take(count)
    return {start + number: _posting(byte, source) for number, byte in zip(numbers, first, strict=True)}


def _posting(first: int, source: Bytes) -> _Posting:
    """Return the posting whose byte A is `first`; what else it has is next in `source`."""
    second = source.take(1)[0] if first & 0x40 else _ABSTRACT
    third = source.take(1)[0] if second & _TITLE else 0
    return _Posting(first & 0x3F, second & 0x1F, third << 3 | second >> 5)


def _slot(data: bytes, cards: Cards, place: int) -> bytes:
    """Return the compressed card in a slot, with what of it lies behind the slots."""
    slot = data[place * cards.slot : (place + 1) * cards.slot]
    length, rest = int.from_bytes(slot[:4], "little"), int.from_bytes(slot[4:8], "little")
    room = cards.slot - 8
    if length <= room:
        return slot[8 : 8 + length]
    return slot[8:] + data[rest : rest + length - room]
