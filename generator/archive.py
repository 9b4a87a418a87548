"""The archive: every paper filed under its days, people, organisations and topics. Pure sorting and grouping."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial
from itertools import groupby
from typing import Literal, TypeVar, overload

from msgspec import Struct, field

from generator import text, urls
from generator.model import Aliases, Featured, Paper, Part

Value = TypeVar("Value")
FilingDate = Literal["featured", "published"]


class Entry(Struct, frozen=True, gc=False):
    """One paper on one list: its number there (from 1), and the appearance on a day's list that the card tells of."""

    paper: Paper
    featured: Featured | None
    number: int


def unnumbered(entry: Entry) -> Entry:
    """Return `entry` as it is on every list, without its number there."""
    return Entry(entry.paper, entry.featured, 0)


class Entries(Sequence[Entry]):
    """The entries of a collection: those of an archive at some `places` of it, numbered anew when they are asked for.

    A paper is in twenty collections; so it takes four bytes in each.
    """

    __slots__ = ("_all", "_places")

    def __init__(self, all_: Sequence[Entry], places: Sequence[int]) -> None:
        self._all, self._places = all_, places

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Entry, ...]: ...

    def __getitem__(self, index: int | slice) -> Entry | tuple[Entry, ...]:
        if isinstance(index, slice):
            return tuple(self[place] for place in range(*index.indices(len(self._places))))
        found = self._all[self._places[index]]
        return Entry(found.paper, found.featured, range(len(self._places))[index] + 1)

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Entry]:
        for number, place in enumerate(self._places, 1):
            found = self._all[place]
            yield Entry(found.paper, found.featured, number)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


class Collection(Struct, frozen=True, kw_only=True):
    """Papers that belong together: a day, week, month, year, author, organisation or topic.

    `key` stands in its address and is unique within `kind`. `names` are all spellings met, the title among them.
    `entries` stand in their lasting order: a day by rank, a longer period by day and rank, all others newest first.
    """

    kind: str
    key: str
    title: str
    entries: Sequence[Entry]
    names: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The address of the collection's first page."""
        return urls.collection(self.kind, self.key)


class Archive(Struct, frozen=True, kw_only=True):
    """All entries, newest first, and the collections by kind and key (periods newest first, the others by title).

    `entries` holds each paper once, with its first appearance. `unlisted` are the papers that no day shows. `filed`
    holds, by kind of name and id of paper, the keys the paper is filed under, in the order of its own names.
    """

    entries: tuple[Entry, ...] = ()
    unlisted: tuple[Entry, ...] = ()
    collections: Mapping[str, Mapping[str, Collection]] = field(default_factory=dict)
    filed: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def days(self) -> Mapping[str, Collection]:
        """The days with papers, newest first, by ISO date."""
        return self.collections.get("day", {})

    def of(self, kind: str) -> Iterator[Collection]:
        """Yield the collections of `kind` in their order."""
        yield from self.collections.get(kind, {}).values()


class Grouping(Struct, frozen=True, kw_only=True):
    """A way to file papers by name: `names` yields the key and the spelling of each group a paper belongs to."""

    kind: str
    names: Callable[[Paper], Iterable[tuple[str, str]]]


class Period(Struct, frozen=True, kw_only=True):
    """A way to file papers by date: the key of the period a day is in."""

    kind: str
    key: Callable[[date], str]


PERIODS = (
    Period(kind="day", key=date.isoformat),
    Period(kind="week", key=urls.week_key),
    Period(kind="month", key=urls.month_key),
    Period(kind="year", key=urls.year_key),
)

GROUPINGS = (
    Grouping(kind="author", names=lambda paper: ((text.key(a.name), a.name) for a in paper.authors)),
    Grouping(
        kind="organisation",
        names=lambda paper: ((text.key(o.slug or o.name), o.name) for o in (paper.organisation,) if o is not None),
    ),
    Grouping(kind="topic", names=lambda paper: ((text.key(name), name) for name in paper.topics)),
)


def archive_of(
    papers: Iterable[Paper],
    *,
    aliases: Aliases | None = None,
    filed_by: FilingDate = "featured",
) -> Archive:
    """File `papers`; the order in which they come never shows.

    `aliases` say which names are one, and which are several. `filed_by` says what a paper without a place on any day's
    list is filed under: nothing ("featured"), or its date of publication.
    """
    aliases = aliases or Aliases()
    appearances = [(paper, _appearances(paper, filed_by)) for paper in papers]
    entries = _newest_first((paper, seen[0] if seen else None) for paper, seen in appearances)
    shown = sorted(
        ((paper, featured) for paper, seen in appearances for featured in seen),
        key=lambda pair: (pair[1].day, pair[1].rank, -pair[1].upvotes, pair[0].id),
    )
    listed = _numbered(shown)
    filed = OnDemand({grouping.kind: partial(_filed, grouping, entries, aliases) for grouping in GROUPINGS})
    collections = OnDemand(
        {
            **{period.kind: partial(_periods, period, listed) for period in PERIODS},
            **{grouping.kind: partial(_named, grouping, entries, filed, aliases) for grouping in GROUPINGS},
        }
    )
    unlisted = _numbered((entry.paper, None) for entry in entries if entry.featured is None)
    return Archive(entries=entries, unlisted=unlisted, collections=collections, filed=filed)


class OnDemand(Mapping[str, Value]):
    """A mapping whose values are worked out when they are first asked for: a site may do without most of them."""

    def __init__(self, makers: Mapping[str, Callable[[], Value]]) -> None:
        self._makers = makers
        self._made: dict[str, Value] = {}

    def __getitem__(self, kind: str) -> Value:
        if kind not in self._made:
            self._made[kind] = self._makers[kind]()
        return self._made[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def _filed(grouping: Grouping, entries: Iterable[Entry], aliases: Aliases) -> dict[str, tuple[str, ...]]:
    names = aliases.canonical.get(grouping.kind, {})
    parts = aliases.parts.get(grouping.kind, {})
    return {entry.paper.id: tuple(_keys(grouping, entry.paper, names, parts)) for entry in entries}


def _named(
    grouping: Grouping,
    entries: Sequence[Entry],
    filed: Mapping[str, Mapping[str, tuple[str, ...]]],
    aliases: Aliases,
) -> dict[str, Collection]:
    return _groups(grouping, entries, filed[grouping.kind], aliases.canonical.get(grouping.kind, {}))


def _appearances(paper: Paper, filed_by: FilingDate) -> tuple[Featured, ...]:
    if paper.featured or filed_by == "featured" or paper.published is None:
        return paper.featured
    return (Featured(day=paper.published, rank=0),)


def _newest_first(pairs: Iterable[tuple[Paper, Featured | None]]) -> tuple[Entry, ...]:
    def order(pair: tuple[Paper, Featured | None]) -> tuple[int, int, str]:
        paper, featured = pair
        when = featured.day if featured else paper.published or date.min
        # The id is last so that two builds agree on ties.
        return (-when.toordinal(), -(featured.upvotes if featured else 0), paper.id)

    return _numbered(sorted(pairs, key=order))


def _numbered(pairs: Iterable[tuple[Paper, Featured]] | Iterable[tuple[Paper, Featured | None]]) -> tuple[Entry, ...]:
    return tuple(Entry(paper, featured, number) for number, (paper, featured) in enumerate(pairs, 1))


def _periods(period: Period, listed: Sequence[Entry]) -> dict[str, Collection]:
    """Return the periods that have entries among those `listed`, which are in order of their days."""
    key = cache(period.key)
    days = (entry.featured.day for entry in listed if entry.featured)
    filed: dict[str, range] = {}
    first = 0
    for name, group in groupby(map(key, days)):
        last = first + sum(1 for _ in group)
        filed[name] = range(first, last)
        first = last
    return {
        name: Collection(kind=period.kind, key=name, title=name, entries=Entries(listed, filed[name]))
        for name in sorted(filed, reverse=True)
    }


def _keys(
    grouping: Grouping, paper: Paper, canonical: Mapping[str, str], parts: Mapping[str, tuple[Part, ...]]
) -> Iterator[str]:
    for spelling, _ in grouping.names(paper):
        title = canonical.get(spelling)
        key = text.key(title) if title else spelling
        yield _part(paper, spelling, key, parts[key]) if key in parts else key


def _part(paper: Paper, spelling: str, key: str, parts: tuple[Part, ...]) -> str:
    """Return the key of the part of the name `key` that `paper` belongs to; its own where nobody has said.

    `spelling` is the key of the name as the paper has it: of its bearer's affiliation there. What is said of a paper
    goes before what is said of an organisation.
    """
    organisations = {text.key(a.affiliation) for a in paper.authors if text.key(a.name) == spelling and a.affiliation}
    if paper.organisation:
        organisations |= {text.key(paper.organisation.slug), text.key(paper.organisation.name)}
    mine = [part for part in parts if paper.id in part.papers]
    mine += [part for part in parts if part.organisations & organisations]
    return text.key(mine[0].name) if mine else key


def _groups(
    grouping: Grouping, entries: Sequence[Entry], filed: Mapping[str, tuple[str, ...]], canonical: Mapping[str, str]
) -> dict[str, Collection]:
    members: dict[str, array[int]] = defaultdict(partial(array, "I"))
    spelling: dict[str, str] = {}
    spellings: dict[str, Counter[str]] = {}  # of names that have several
    for place, entry in enumerate(entries):
        keys = filed[entry.paper.id]
        for key, (_, name) in zip(keys, grouping.names(entry.paper), strict=True):
            if spelling.setdefault(key, name) != name:
                spellings[key] = Counter()
        for key in dict.fromkeys(keys):  # the same name twice in one list is one paper
            members[key].append(place)
    for entry in entries if spellings else ():
        for key, (_, name) in zip(filed[entry.paper.id], grouping.names(entry.paper), strict=True):
            if key in spellings:
                spellings[key][name] += 1
    chosen = {text.key(title): title for title in canonical.values()}
    groups = [
        Collection(
            kind=grouping.kind,
            key=key,
            title=chosen.get(key) or _commonest(spellings.get(key), spelling[key]),
            entries=Entries(entries, places),
            names=tuple(sorted(spellings.get(key, (spelling[key],)))),
        )
        for key, places in members.items()
    ]
    return {group.key: group for group in sorted(groups, key=lambda group: (group.title.casefold(), group.key))}


def _commonest(spellings: Counter[str] | None, only: str) -> str:
    """Return the commonest of several spellings of a name, or the `only` one."""
    return min(spellings.items(), key=lambda pair: (-pair[1], pair[0]))[0] if spellings else only
