"""Documents to files: postings in shards, cards in slots, a vocabulary, filters. docs/search.md is the format."""

import re
from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import accumulate, groupby, pairwise, takewhile
from operator import attrgetter
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from generator.memo import Memo, digest
from generator.search import analysis, encoding
from generator.search.analysis import utf16
from generator.search.encoding import packed, tag, varint
from generator.search.expansion import Lent
from generator.search.manifest import INDEX, VERSION, Cards, Index, Segment, letter
from generator.search.postings import FIELDS, Document, Numbers, Postings, Short, Small, varints
from generator.search.prepared import SEAL, Prepared, Span, prepare

# Bytes of a shard before it is packed. The base has its share of 10,000 files, else it would be cut as small.
SHARDS = {"base": 8192, "recent": 4096}
INLINE = 1500
# Cards that share a tag and an epoch: all of a group change when one is added to it.
GROUP = 512
WORDS = 30_000
FACETS = 300
# From one part in so many of the papers on, a term is too common to be worth all of its postings.
COMMON = 5
# Files of cards are as short as the number of files allows: alone in its file, a card needs no slot. Where that is too
# many, shards need their share of 10,000 files as well.
_ALONE = 8000
_CARD_FILES = 5000
_LEAST_SLOT = 256
_SLOT_HEAD = 8
_SAMPLE = 256
_CARDS = 4
_LINE = 160
_DICTIONARY = 1200
# From so many papers on, a word that only one has is more often a slip than a word.
_MANY = 1000
_0, _0x40 = np.uint8(0), np.uint8(0x40)
_ABSTRACT = 1 << FIELDS.index("abstract")

_TEXT = re.compile(r">[^<>]+<")
_TARGET = re.compile(r"(?<=/)[^\"/]+/?(?=\")")
_WORD = re.compile(r" [\w-]{4,}(?= )")


class File(NamedTuple):
    """A file of the index; `key`, if it has one, stands for everything that `make` depends on."""

    name: str
    key: bytes
    make: Callable[[], bytes]


def files(
    documents: Iterable[Document] | Prepared,
    names: Mapping[str, Sequence[tuple[str, int]]] | None = None,
    *,
    card: Callable[[Document], str] = attrgetter("card"),
    seal: int = SEAL,
) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of every file of the index of `documents`, as `drafts` does.

    Documents come in whatever order, and are sealed by `seal` at a time, if they are not prepared yet.
    """
    prepared = documents if isinstance(documents, Prepared) else prepare(documents, seal)
    for file in drafts(prepared, names, card=card):
        yield file.name, file.make()


def drafts(
    prepared: Prepared,
    names: Mapping[str, Sequence[tuple[str, int]]] | None = None,
    *,
    card: Callable[[Document], str] = attrgetter("card"),
    stands_for: Callable[[Document], bytes] | None = None,
) -> Iterator[File]:
    """Yield every file of the index of what is `prepared`; those with a key are made when they are asked for.

    `names` are the topics and organisations that a reader can choose from, with their numbers of papers. `card` gives
    the HTML of a hit, and `stands_for` the digest of all that this depends on. What the index says of the base and of
    cards is remembered beside what is prepared.
    """
    ordered = prepared.documents
    parts = [_described(span, prepared) for span in prepared.spans]
    cards, described = _cards(prepared, card, stands_for)
    words = _words(prepared.analysed.words, len(ordered))
    small = {
        "days.bin": _days(ordered),
        "votes.bin": packed(np.array([min(document.votes, 0xFFFF) for document in ordered], "<u2").tobytes()),
        "facets.bin": packed(_json({kind: found[:FACETS] for kind, found in sorted((names or {}).items())})),
    }
    months = [(month, len(list(group))) for month, group in groupby(ordered, key=lambda document: document.day[:7])]
    index = Index(
        version=VERSION,
        papers=len(ordered),
        segments=tuple(segment for segment, _ in parts),
        cards=described,
        months=tuple(months),
        words={name[6:-4]: tag([data]) for name, data in words.items()},
        days=tag([small["days.bin"]]),
        votes=tag([small["votes.bin"]]),
        facets=tag([small["facets.bin"]]),
    )
    for _, made in parts:
        yield from made
    yield from cards
    for name, data in (words | small | {INDEX: packed(msgspec.json.encode(index))}).items():
        yield File(name, b"", partial(bytes, data))


def _remembered(memo: Memo | None, key: bytes, make: Callable[[], bytes]) -> bytes:
    """Return what `make` returns, or returned when it was last asked under `key`, if there is one."""
    return memo.remember(key, make) if memo and key else make()


def _described(span: Span, prepared: Prepared) -> tuple[Segment, list[File]]:
    """Return a segment and its files; what the base is like is remembered, so that its files need not be made."""
    made = cache(partial(_segment, span, prepared))
    key = span.key and digest(b"segment", span.key)
    known = _remembered(prepared.memo, key, lambda: msgspec.msgpack.encode((made()[0], list(made()[1]))))
    segment, names = msgspec.msgpack.decode(known, type=tuple[Segment, list[str]])
    return segment, [
        File(name, key and digest(key, name.encode()), lambda name=name: made()[1][name])  # type: ignore[misc]
        for name in names
    ]


def _segment(span: Span, prepared: Prepared) -> tuple[Segment, dict[str, bytes]]:
    """Return a segment and its files by name."""
    name, first, last = span[:3]
    epoch = encoding.epoch([document.id for document in prepared.documents[first:last]])
    head = epoch.to_bytes(4, "little")
    made: dict[str, bytes] = {}
    ends: list[tuple[str, str]] = []
    overflows: list[bytes] = []
    for number, shard in enumerate(_shards(_entries(span, prepared, overflows), SHARDS[name])):
        terms = "\n".join(entry.term for entry in shard).encode()
        table = b"".join(entry.counts for entry in shard)
        data = b"".join(entry.data for entry in shard)
        made[f"{name}/{number}.bin"] = packed(head + varint(len(terms)) + terms + table + data)
        ends.append((shard[0].term, shard[-1].term))
    made |= {f"{name}/x{number}.bin": packed(head + data) for number, data in enumerate(overflows)}
    separators = ["", *(_separator(before[1], after[0]) for before, after in pairwise(ends))]
    segment = Segment(
        name=name,
        epoch=epoch,
        start=first,
        count=last - first,
        tag=tag([data for _, data in sorted(made.items())]),
        first="\n".join(separators),
    )
    return segment, made


class _Entry(NamedTuple):
    """One term of a shard."""

    term: str
    counts: bytes
    data: bytes


def _entries(span: Span, prepared: Prepared, overflows: list[bytes]) -> Iterator[_Entry]:
    """Yield every term of a segment in order; what does not fit beside its term goes to `overflows`."""
    postings, checks = prepared.analysed.postings, prepared.analysed.checks[span.first : span.last]
    borrowed = _Borrowed(span.lent, span.first, len(postings.strings))
    for first, part in postings.parts(span.first, span.last):
        df = np.diff(part.starts)
        inline = _inline(part, df, span.last - span.first)
        here, rest = (_Lists(part, checks, kept) for kept in (inline, ~inline))
        counts = borrowed.counts[first : first + len(part.strings)]
        for term in np.flatnonzero((df > 0) | (counts > 0)).tolist():
            count, data = here.of(term)
            further, overflow = rest.of(term)
            if further:
                overflows.append(varint(further) + overflow)
            extra, borrowers = borrowed.of(first + term)
            numbers = (int(df[term]), count, extra, len(overflows) if further else 0, len(data) + len(borrowers))
            yield _Entry(part.strings[term], b"".join(map(varint, numbers)), data + borrowers)


def _inline(postings: Postings, df: Numbers, papers: int) -> NDArray[np.bool_]:
    """Return which postings stand beside their term: the strongest of a common one, all of the others."""
    inline = np.ones(len(postings.document), np.bool_)
    ends = np.cumsum(df)
    for term in np.flatnonzero((df > INLINE) & (df > papers // COMMON)):
        first, last = ends[term] - df[term], ends[term]
        order = np.lexsort((-postings.document[first:last], -postings.impact[first:last].astype(np.int32)))
        inline[first + order[INLINE:]] = False
    return inline


class _Lists:
    """Some of the postings as bytes, to be had term by term."""

    def __init__(self, postings: Postings, checks: Short, kept: NDArray[np.bool_]) -> None:
        term, document = postings.term[kept], postings.document[kept]
        impact, mask = postings.impact[kept], postings.mask[kept]
        starts = np.searchsorted(term, np.arange(len(postings.strings) + 1))
        self.deltas, places = varints(_deltas(term, document))
        told = np.zeros(len(term), np.uint16)
        titled = (mask & 1).astype(np.bool_)
        terms, which = np.unique(term[titled], return_inverse=True)
        spreads = np.array([analysis.spread(postings.strings[each]) for each in terms.tolist()], np.uint32)
        told[titled] = checks[document[titled]] * spreads[which] >> 5 & 0x7FF
        is_plain = mask == _ABSTRACT
        self.first = (impact | np.where(is_plain, _0, _0x40)).tobytes()
        # One byte more where there is more to say than a bit, two where the term is in the title.
        further = np.stack((mask | (told << 5).astype(np.uint8), (told >> 3).astype(np.uint8)), axis=1)
        self.further = further[np.stack((~is_plain, titled), axis=1)].tobytes()
        ends = np.cumsum(np.concatenate((np.zeros(1, np.uint8), ~is_plain + titled.astype(np.uint8))), dtype=np.int64)
        # Where the bytes of each term begin, and those of the last one end.
        self.starts: list[int] = starts.tolist()
        self.places: list[int] = places[starts].tolist()
        self.seconds: list[int] = ends[starts].tolist()

    def of(self, term: int) -> tuple[int, bytes]:
        """Return the number of postings of `term`, and their bytes."""
        first, last = self.starts[term], self.starts[term + 1]
        if first == last:
            return 0, b""
        deltas = self.deltas[self.places[term] : self.places[term + 1]]
        further = self.further[self.seconds[term] : self.seconds[term + 1]]
        return last - first, deltas + self.first[first:last] + further


class _Borrowed:
    """What was lent as bytes, to be had term by term."""

    def __init__(self, lent: Lent, first: int, terms: int) -> None:
        starts = np.searchsorted(lent.term, np.arange(terms + 1))
        self.counts = np.diff(starts)
        self.deltas, places = varints(_deltas(lent.term, lent.document - first))
        self.impacts = lent.impact.tobytes()
        self.starts: list[int] = starts.tolist()
        self.places: list[int] = places[starts].tolist()

    def of(self, term: int) -> tuple[int, bytes]:
        """Return the number of documents that borrow `term`, and their bytes."""
        first, last = self.starts[term], self.starts[term + 1]
        return last - first, self.deltas[self.places[term] : self.places[term + 1]] + self.impacts[first:last]


def _deltas(term: Small, document: Small) -> Small:
    """Return each document less the one before it of the same term."""
    deltas = np.diff(document, prepend=0)
    begins = np.diff(term, prepend=-1) != 0
    deltas[begins] = document[begins]
    return deltas


def _shards(entries: Iterable[_Entry], most: int) -> Iterator[list[_Entry]]:
    """Yield neighbouring terms together until they fill a file of `most` bytes."""
    shard: list[_Entry] = []
    size = 0
    for entry in entries:
        length = len(entry.term) + 1 + len(entry.counts) + len(entry.data)
        if shard and size + length > most:
            yield shard
            shard, size = [], 0
        shard.append(entry)
        size += length
    if shard:
        yield shard


def _separator(before: str, after: str) -> str:
    """Return the shortest beginning of `after` that is greater than `before`."""
    for length in range(1, len(after)):
        if utf16(after[:length]) > utf16(before):
            return after[:length]
    return after


class _Groups:
    """The compressed cards of documents, `size` together: such a group has an epoch, and a tag for all its files.

    `keys` stand for everything that the cards of a group depend on. They wait in a room, those last asked for here.
    """

    def __init__(
        self,
        prepared: Prepared,
        html: Callable[[Document], str],
        stands_for: Callable[[Document], bytes] | None,
        size: int,
    ) -> None:
        self._documents, self._digests, self._html = prepared.documents, prepared.digests, html
        self.start = _dictionary(prepared.documents[:_SAMPLE], html)
        self.parts = [slice(first, first + size) for first in range(0, len(prepared.documents), size)]
        self.epochs = [encoding.epoch([each.id for each in prepared.documents[part]]) for part in self.parts]
        is_known = stands_for and prepared.digests
        self.keys = [self._key(part, stands_for) if stands_for and is_known else b"" for part in self.parts]
        self._room = prepared.room()
        self._last: tuple[int, Sequence[bytes]] = -1, ()

    def of(self, number: int) -> Sequence[bytes]:
        """Return the cards of a group."""
        if self._last[0] != number:
            place = number.to_bytes(4, "little")
            if place not in self._room:
                self._room[place] = msgspec.msgpack.encode(list(self._made(number)))
            self._last = number, msgspec.msgpack.decode(self._room[place], type=list[bytes])
        return self._last[1]

    def _made(self, number: int) -> Iterator[bytes]:
        part, epoch = self.parts[number], self.epochs[number]
        for place, document in enumerate(self._documents[part], part.start):
            yield encoding.deflated(_card(document, self._html(document), epoch, place), self.start)

    def _key(self, part: slice, stands_for: Callable[[Document], bytes]) -> bytes:
        shown_by = (_json((each.url, each.day, each.votes)) + stands_for(each) for each in self._documents[part])
        return digest(self.start, str(part.start).encode(), *self._digests[part], *shown_by)


def _cards(
    prepared: Prepared, html: Callable[[Document], str], stands_for: Callable[[Document], bytes] | None
) -> tuple[list[File], Cards]:
    """Return the files of cards, and what the index says of them; those of the base say how long cards are."""
    size, memo = len(prepared.documents), prepared.memo
    per = 1 if size <= _ALONE else 1 << ((size - 1) // _CARD_FILES).bit_length()
    group = max(1, GROUP // per)
    groups = _Groups(prepared, html, stands_for, per * group)
    lengths = np.frombuffer(
        b"".join(
            _remembered(memo, key and digest(b"lengths", key), partial(_lengths, groups, number))
            for number, key in enumerate(groups.keys)
        ),
        "<u4",
    )
    slot = _slot(lengths[: prepared.sealed or None].tolist())
    made, tags = [], []
    for number, stands in enumerate(groups.keys):
        key = stands and digest(b"slotted", stands, bytes((per.bit_length(),)), str(slot).encode())
        starts = range(0, len(prepared.documents[groups.parts[number]]), per)
        files = [
            File(
                f"cards/{number * group + place}.bin",
                key,
                partial(_file, groups, number, slice(start, start + per), slot),
            )
            for place, start in enumerate(starts)
        ]
        tags.append(_remembered(memo, key, partial(_tag, files)).decode())
        made += files
    described = Cards(
        per=per,
        slot=slot,
        group=group,
        tags=tuple(tags),
        epochs=tuple(groups.epochs),
        prefix=b64encode(encoding.prefix(groups.start)).decode(),
        dictionary=len(groups.start),
    )
    return made, described


def _lengths(groups: _Groups, number: int) -> bytes:
    return np.array([len(card) for card in groups.of(number)], "<u4").tobytes()


def _file(groups: _Groups, number: int, part: slice, slot: int) -> bytes:
    return _slotted(groups.of(number)[part], slot)


def _tag(files: Sequence[File]) -> bytes:
    return tag([file.make() for file in files]).encode()


def _card(document: Document, html: str, epoch: int, number: int) -> bytes:
    kept = (epoch, number, document.id, document.url, tuple(document.fields), html, document.day, document.votes)
    return _json(kept)


def _slot(lengths: Sequence[int]) -> int:
    """Return the bytes of a slot: what 98 of 100 cards need, in steps, so that a card more hardly ever changes it.

    What is longer costs a reader a second way to the host: ten hits are spared that four times in five.
    """
    needed = sorted(lengths)[len(lengths) * 98 // 100] + _SLOT_HEAD if lengths else 0
    return max(_LEAST_SLOT, -(-needed // 64) * 64)


def _slotted(cards: Sequence[bytes], slot: int) -> bytes:
    """Return a file of `cards`: a slot for each, the last one no longer than it must be, and what was too long."""
    room = slot - _SLOT_HEAD
    behind = slot * (len(cards) - 1) + _SLOT_HEAD + min(room, len(cards[-1]))
    slots, rest = [], b""
    for card in cards:
        begins = behind + len(rest) if len(card) > room else 0
        head = len(card).to_bytes(4, "little") + begins.to_bytes(4, "little")
        slots.append((head + card[:room]).ljust(slot, b"\0"))
        rest += card[room:]
    return b"".join(slots)[:behind] + rest


def _dictionary(documents: Sequence[Document], html: Callable[[Document], str]) -> bytes:
    """Return what every card is compared with: common words of the oldest papers, and the markup of one of their cards.

    Only what hardly ever changes is in it, because a new dictionary makes every card anew; and it is short, because it
    comes before the first answer.
    """
    counts = Counter(word for document in documents for word in set(_WORD.findall(document.fields[1])))
    useful = sorted(counts, key=lambda word: (-counts[word] * len(word), word))
    kept = takewhile(lambda pair: pair[1] <= _DICTIONARY, zip(useful, accumulate(map(len, useful)), strict=True))
    cards = [_TARGET.sub("", html(document)).splitlines() for document in documents[:_CARDS]]
    markup = [line if len(line) < _LINE else _TEXT.sub("><", line)[:_LINE] for line in max(cards, key=len, default=[])]
    return _json("".join(word for word, _ in kept) + "\n".join(markup))[1:-1]


def _words(counts: Mapping[str, int], papers: int) -> dict[str, bytes]:
    """Return the files of the vocabulary by name."""
    least = 2 if papers >= _MANY else 1
    plain = ((word, count) for word, count in counts.items() if count >= least and analysis.is_plain(word))
    commonest = sorted(plain, key=lambda pair: (-pair[1], utf16(pair[0])))[:WORDS]
    letters: dict[str, list[str]] = defaultdict(list)
    for word, count in sorted(commonest, key=lambda pair: utf16(pair[0])):
        letters[letter(word)].append(f"{word} {count}")
    return {f"words/{name}.bin": packed("\n".join(lines).encode()) for name, lines in sorted(letters.items())}


def _days(documents: Sequence[Document]) -> bytes:
    days = [(day, len(list(group))) for day, group in groupby(documents, key=lambda document: document.day)]
    also = sorted((day, number) for number, document in enumerate(documents) for day in document.also)
    return packed(_json({"days": days, "also": also}))


def _json(value: object) -> bytes:
    return msgspec.json.encode(value)
