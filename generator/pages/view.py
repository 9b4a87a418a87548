"""The values that templates meet: what a page is, and the small things that lists and cards are made of."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from itertools import chain, groupby, islice
from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from generator import tex, text, urls
from generator.archive import GROUPINGS, PERIODS, Archive, Collection, Entry, OnDemand, unnumbered
from generator.citation.keys import citation_keys
from generator.extents import FULL, Extent
from generator.language import ENGLISH, Language
from generator.memo import digest
from generator.model import Aliases, Link, Note, Override, Paper, Redirect, Revision
from generator.status import Status
from generator.trending import Weights

# What compares papers brings numpy and scipy along, which take longer to load than many a build takes, so it comes when
# it is first asked for.
if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from generator.related import Related
    from generator.search.postings import Postings
    from generator.search.prepared import Prepared
    from generator.search.similar import Similar

_IN_ONE_PIECE = ("day", "week")
_NAMES = {grouping.kind: grouping.names for grouping in GROUPINGS}
_WHOLE = frozenset({*(period.kind for period in PERIODS), "query"})


Item = TypeVar("Item")
Previews = Literal["none", "archive", "days", "papers"]


class Rules(Struct, frozen=True, kw_only=True):
    """The numbers that shape the plan.

    `extent`: how much the site says. `page_size`: papers on one page of a list. `whole`: papers of a day or a week that
    still fit on one page for those who want that. `frozen_after`: days after which the counts of a list stay. `least`:
    papers a name of each kind needs for a page of its own; `feed_least`: papers it needs for feeds of its own.
    `ranking`: how much each part of a trending score counts.
    `previews`: which pages have a picture of their own, each step more of them.
    `offline`: pages that a browser keeps.
    """

    extent: Extent = FULL
    page_size: int = 50
    whole: int = 250
    frozen_after: int = 7
    least: Mapping[str, int] = field(default_factory=lambda: {"author": 1, "organisation": 1, "topic": 2})
    feed_least: int = 10
    ranking: Weights = Weights()
    previews: Previews = "days"
    offline: int = 0


def _nothing() -> "Prepared":
    from generator.search.prepared import prepare  # noqa: PLC0415

    return prepare(())


def _arranged(ids: Sequence[str], postings: "Postings") -> "NDArray[np.uint16]":
    from generator.layout import layout  # noqa: PLC0415

    return layout(ids, postings)


class Edition(Struct, frozen=True, kw_only=True, dict=True):
    """Everything one build is about, before there is any page.

    `today` is the build's date in the site's time zone. `duplicates` are the keys of papers that are there once more,
    with the key of the one that stays. `published` are all addresses that were ever on the site, as far as is known.
    `prepared` returns the papers as search sees them, `arranged` the places of papers on the map.
    """

    archive: Archive
    today: date
    language: Language = ENGLISH
    rules: Rules = Rules()
    aliases: Aliases = field(default_factory=Aliases)
    overrides: Mapping[str, Override] = field(default_factory=dict)
    duplicates: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    day_notes: Mapping[date, Note] = field(default_factory=dict)
    name_notes: Mapping[str, Mapping[str, Note]] = field(default_factory=dict)
    redirects: Mapping[str, Redirect] = field(default_factory=dict)
    published: frozenset[str] = frozenset()
    status: Status = Status()
    history: Mapping[str, tuple[Revision, ...]] = field(default_factory=dict)
    prepared: "Callable[[], Prepared]" = _nothing
    arranged: "Callable[[Sequence[str], Postings], NDArray[np.uint16]]" = _arranged

    @cached_property
    def similar(self) -> "Mapping[str, tuple[Similar, ...]]":
        """The papers that are nearest to each, by its id."""
        from generator.search.similar import similar  # noqa: PLC0415

        return similar(self.prepared())

    @cached_property
    def addresses(self) -> Mapping[str, Mapping[str, str]]:
        """The address of every name that has a page, by kind and key."""

        def of(kind: str) -> Mapping[str, str]:
            return {each.key: each.url for each in self.archive.of(kind) if has_page(self, each)}

        return OnDemand({kind: partial(of, kind) for kind in _NAMES})

    @cached_property
    def namesakes(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """The keys of all who share a name, by kind and by the key of each of them."""
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for naming in self.aliases.namings:
            if naming.parts:
                keys = tuple(text.key(name) for name in (naming.name, *(part.name for part in naming.parts)))
                found.setdefault(naming.kind, {}).update(dict.fromkeys(keys, keys))
        return found

    @cached_property
    def debuts(self) -> Mapping[str, Mapping[str, str]]:
        """The month of the first list that showed each name, by kind and key; names on no list have none."""
        return {
            kind: {
                each.key: urls.month_key(each.entries[-1].featured.day)
                for each in self.archive.of(kind)
                if each.entries[-1].featured
            }
            for kind in _NAMES
        }

    @cached_property
    def related(self) -> "Mapping[str, tuple[Related, ...]]":
        """The papers that are like each paper, by its id, the most alike first."""
        from generator.related import related_of  # noqa: PLC0415

        return related_of(self.archive, self.similar)

    @cached_property
    def places(self) -> "NDArray[np.uint16]":
        """The place of every paper on the map, in the order of the prepared documents."""
        prepared = self.prepared()
        return self.arranged([document.id for document in prepared.documents], prepared.analysed.postings)

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """Every paper's entry by its id; without a number, as a new paper changes those of all others."""
        return {entry.paper.id: unnumbered(entry) for entry in self.archive.entries}

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """Where every paper stands among all, newest first, by its id."""
        return {entry.paper.id: entry.number for entry in self.archive.entries}

    @cached_property
    def digests(self) -> Mapping[str, bytes]:
        """What stands for every paper, all of it, by its id: part of the key of what is made of it."""
        encode = msgspec.msgpack.Encoder(enc_hook=str).encode  # an abstract may be on a shelf
        return {entry.paper.id: digest(encode(entry.paper)) for entry in self.archive.entries}

    @cached_property
    def named_digests(self) -> Mapping[str, bytes]:
        """What stands for every paper and for the addresses of its authors and its organisation, by its id."""
        encode = msgspec.msgpack.Encoder().encode
        kinds = [(self.archive.filed[kind], self.addresses[kind]) for kind in ("author", "organisation")]

        def addresses(id_: str) -> list[list[str]]:
            return [[known.get(key, "") for key in filed[id_]] for filed, known in kinds]

        return {id_: digest(own, encode(addresses(id_))) for id_, own in self.digests.items()}

    @cached_property
    def counts(self) -> "dict[tuple[str, str, int], Count]":
        """The counts that pages show, by kind, key and number: thousands of pages show the same ones."""
        return {}

    @cached_property
    def citation_keys(self) -> Mapping[str, str]:
        """The BibTeX key of every paper, by its id."""
        return citation_keys(entry.paper for entry in self.archive.entries)


class Page(Struct, frozen=True, kw_only=True):
    """One page that will exist: a decision, not yet text.

    `title` is what the window shows before the site's name, `heading` the page's <h1>; both are plain text with
    mathematics as `$…$`. `modified` is the newest date in its data. `context` holds what its template needs besides
    (documented per template in docs/themes.md). `collection` and `paper` are what the page is the page *of*: outputs
    derive feeds and twins from them, on the first page of a list only (`number` is 1).
    """

    url: str
    kind: str
    template: str
    title: str
    heading: str
    description: str = ""
    indexed: bool = True
    modified: date | None = None
    crumbs: tuple[Link, ...] = ()
    previous: Link | None = None
    next: Link | None = None
    number: int = 1
    collection: Collection | None = None
    paper: Paper | None = None
    context: Mapping[str, object] = field(default_factory=dict)


class Sign(Struct, frozen=True, kw_only=True):
    """A way that every page shows, in the menu, before it (`period`) or at the page's end (`foot`).

    `section` is the part of the site it stands for, `place` the order. A sign whose page is not planned is not shown.
    """

    title: str
    url: str
    section: str = ""
    place: int = 50
    period: bool = False
    foot: bool = False


class Count(Struct, frozen=True, kw_only=True, gc=False):
    """A name with a number of papers. `url` is empty where the name has no page."""

    title: str
    count: int
    url: str = ""


class Section(Struct, frozen=True, kw_only=True):
    """A part of a list under a heading of its own; an empty `title` means no heading."""

    title: str
    entries: tuple[Entry, ...]
    url: str = ""


class Pager(Struct, frozen=True, kw_only=True):
    """Where one is in a list of several pages. Addresses are empty where there is nothing to go to.

    `whole` is the page that shows the list in one piece; on that page, `number` is 0.
    """

    number: int
    total: int
    first: str
    previous: str
    next: str
    last: str
    whole: str = ""


class Card(Struct, frozen=True, kw_only=True):
    """What a card shows of an entry. Names carry the address of their page, or none."""

    entry: Entry
    paper: Paper
    url: str
    authors: tuple[Link, ...]
    organisation: Link | None
    topics: tuple[Link, ...]
    outside: tuple[Link, ...]
    also: tuple[date, ...]


def card_of(edition: Edition, entry: Entry) -> Card:
    """Return everything the card of `entry` shows."""
    paper = entry.paper
    organisations = names_of(edition, "organisation", paper)
    return Card(
        entry=entry,
        paper=paper,
        url=urls.paper(paper),
        authors=names_of(edition, "author", paper),
        organisation=organisations[0] if organisations else None,
        topics=names_of(edition, "topic", paper),
        outside=urls.outside(paper),
        also=tuple(seen.day for seen in paper.featured if entry.featured and seen.day != entry.featured.day),
    )


def names_of(edition: Edition, kind: str, paper: Paper) -> tuple[Link, ...]:
    """Return the names of `kind` that `paper` carries, as the paper spells them, each with the address of its page."""
    keys = edition.archive.filed[kind][paper.id]
    names = _NAMES[kind](paper)
    return tuple(Link(title=name, url=page_of(edition, kind, key)) for key, (_, name) in zip(keys, names, strict=True))


def collections_of(edition: Edition, kind: str, paper: Paper) -> Iterator[Collection]:
    """Yield the collections of `kind` with a page of their own that `paper` is in, in the paper's order of names."""
    for key in edition.archive.filed[kind][paper.id]:
        found = edition.archive.collections[kind][key]
        if has_page(edition, found):
            yield found


def page_of(edition: Edition, kind: str, key: str) -> str:
    """Return the address of the page of the name filed under `key`, or nothing where it has too few papers for one."""
    return edition.addresses[kind].get(key, "")


def place_of(edition: Edition, kind: str, key: str) -> str:
    """Return the address that answers for the name filed under `key`: its page, or the choice of those who share it."""
    shared = key in edition.aliases.parts.get(kind, {})
    return page_of(edition, kind, key) or (urls.collection(kind, key) if shared else "")


def namesakes(edition: Edition, kind: str, key: str) -> tuple[Count, ...]:
    """Return those who share a name with the one filed under `key`: the parts of the name, and the name itself."""
    named = edition.archive.collections.get(kind, {})
    return tuple(
        Count(title=named[each].title, count=len(named[each].entries), url=page_of(edition, kind, each))
        for each in edition.namesakes.get(kind, {}).get(key, ())
        if each in named and each != key
    )


def has_page(edition: Edition, collection: Collection) -> bool:
    """Return whether `collection` has enough papers for a page; one that had a page keeps it."""
    return len(collection.entries) >= edition.rules.least.get(collection.kind, 1) or collection.url in edition.published


def has_feeds(edition: Edition, collection: Collection) -> bool:
    """Return whether `collection` has feeds of its own: saved queries do, and names with enough papers, not periods."""
    if collection.kind == "query":
        return True
    named = collection.kind in _NAMES
    return named and has_page(edition, collection) and len(collection.entries) >= edition.rules.feed_least


def has_exports(edition: Edition, collection: Collection) -> bool:
    """Return whether `collection` is files in other formats: periods and queries are, and names with feeds.

    In a large archive, fewer are.
    """
    if collection.kind not in edition.rules.extent.kinds:
        return False
    return collection.kind in _WHOLE or has_feeds(edition, collection)


def is_beside(edition: Edition, file: str, collection: Collection | None = None) -> bool:
    """Return whether `file` ("index.json") stands beside the page of `collection`, or else of each paper."""
    extent = edition.rules.extent
    if collection is None:
        return file in extent.beside_papers
    return file in extent.beside_lists and has_exports(edition, collection)


def counted(edition: Edition, kind: str, entries: Iterable[Entry], *, most: int, but: str = "") -> tuple[Count, ...]:
    """Return the `most` frequent names of `kind` among `entries`, the commonest first, without the key `but`."""
    counts = tally(edition, kind, entries)
    counts.pop(but, None)
    return tuple(count for _, count in named(edition, kind, counts, most=most))


def tally(edition: Edition, kind: str, entries: Iterable[Entry]) -> Counter[str]:
    """Return the number of papers among `entries` under each key of `kind`."""
    filed = edition.archive.filed[kind]
    return Counter(chain.from_iterable(dict.fromkeys(filed[entry.paper.id]) for entry in entries))


def named(edition: Edition, kind: str, counts: Counter[str], *, most: int) -> Iterator[tuple[str, Count]]:
    """Yield the `most` frequent keys of `counts` with their names, the commonest first."""
    collections = edition.archive.collections[kind]
    # Both sorts keep the order of equals: by number, then by key.
    for key in sorted(sorted(counts), key=counts.__getitem__, reverse=True)[:most]:
        place = (kind, key, counts[key])
        if place not in edition.counts:
            title = collections[key].title
            edition.counts[place] = Count(title=title, count=counts[key], url=page_of(edition, kind, key))
        yield key, edition.counts[place]


def most_voted(entries: Iterable[Entry], most: int) -> tuple[Entry, ...]:
    """Return the `most` entries with the most votes on their day; ties by day, then by id.

    None without a vote, and none that was withdrawn.
    """
    voted = [entry for entry in entries if entry.featured and entry.featured.upvotes and not entry.paper.withdrawn]

    def order(entry: Entry) -> tuple[int, str, str]:
        seen = entry.featured
        return (-(seen.upvotes if seen else 0), seen.day.isoformat() if seen else "", entry.paper.id)

    return tuple(sorted(voted, key=order)[:most])


def by_day(edition: Edition, entries: Iterable[Entry]) -> tuple[Section, ...]:
    """Return `entries`, which are in order of their days, in one section a day."""
    groups = groupby(entries, key=lambda entry: entry.featured.day if entry.featured else None)
    return tuple(
        Section(title=edition.language.writes.long_date(day), entries=tuple(group), url=urls.day(day))
        if day
        else Section(title=edition.language.gettext("Not on any day’s list"), entries=tuple(group))
        for day, group in groups
    )


def by_year(edition: Edition, entries: Iterable[Entry]) -> tuple[Section, ...]:
    """Return `entries`, which are in order of their dates, in one section a year."""

    def year(entry: Entry) -> str:
        when = entry.featured.day if entry.featured else entry.paper.published
        return urls.year_key(when) if when else edition.language.gettext("Without a date")

    return tuple(Section(title=name, entries=tuple(group)) for name, group in groupby(entries, key=year))


def spread(
    edition: Edition, page: Page, sections: Callable[[Edition, tuple[Entry, ...]], tuple[Section, ...]]
) -> Iterator[Page]:
    """Yield `page`, the page of a collection, once for each part of its list.

    Each part has its own address, number and title, and in its context `sections` (what `sections` makes of the part's
    entries), `shown` (what they show of papers) and `pager`. A day or a week of several parts is also a page in one
    piece, which is good to print.
    """
    collection = page.collection
    assert collection is not None, "only the page of a collection has a list"
    shown = edition.rules.extent.shows(collection.kind)
    most = 0 if shown == "none" else edition.rules.extent.most if collection.kind in _NAMES else None
    entries = collection.entries[:most] if most is not None else collection.entries
    found = parts(entries, edition.rules.page_size)
    total = len(found)
    in_one_piece = total > 1 and collection.kind in _IN_ONE_PIECE and len(entries) <= edition.rules.whole
    in_one_piece = in_one_piece and not edition.rules.extent.brief
    everything = urls.whole(collection.kind, collection.key) if in_one_piece else ""

    def address(number: int) -> str:
        return urls.collection(collection.kind, collection.key, number)

    for number, part in enumerate(found, 1):
        yield replace(
            page,
            url=address(number),
            number=number,
            title=numbered(edition.language, page.title, number),
            description=page.description if number == 1 else _described(edition.language, page, number, part),
            context={
                **page.context,
                "shown": shown,
                "sections": sections(edition, part),
                "pager": replace(pager(number, total, address), whole=everything),
            },
        )
    if everything:
        yield replace(
            page,
            url=everything,
            number=0,
            title=edition.language.gettext("%(title)s, on one page", title=page.title),
            indexed=False,
            context={
                **page.context,
                "shown": shown,
                "sections": sections(edition, tuple(entries)),
                "pager": pager(0, total, address),
            },
        )


def _described(language: Language, page: Page, number: int, part: Iterable[Entry]) -> str:
    """Return what the description of page `number` of a list says: the first titles on it."""
    return text.excerpt(f"{numbered(language, page.heading, number)}: {first_titles(part)}", limit=200)


def first_titles(entries: Iterable[Entry]) -> str:
    """Return the titles of the first papers, for a description."""
    return "; ".join(tex.plain(entry.paper.title) for entry in islice(entries, 3))


def numbered(language: Language, title: str, number: int) -> str:
    """Return the title of page `number` of a list; the first is that of the list."""
    if number == 1:
        return title
    return language.gettext("%(title)s, page %(number)s", title=title, number=language.writes.number(number))


def whole(edition: Edition, entries: tuple[Entry, ...]) -> tuple[Section, ...]:  # noqa: ARG001 - as `by_day`
    """Return `entries` in one section without a heading."""
    return (Section(title="", entries=entries),)


def parts(items: Sequence[Item], size: int) -> tuple[tuple[Item, ...], ...]:
    """Return `items` in parts of `size`, each for one page, the last one shorter; of no items there is one, empty."""
    return tuple(tuple(items[start : start + size]) for start in range(0, len(items), size)) or ((),)


def pager(number: int, total: int, address: Callable[[int], str], *, whole: str = "") -> Pager:
    """Return the pager of page `number` of `total`; `address` gives the address of a page, `whole` is that of all."""

    def other(page: int) -> str:
        return address(page) if 1 <= page <= total and page != number else ""

    return Pager(
        number=number,
        total=total,
        first=other(1),
        previous=other(number - 1),
        next=other(number + 1),
        last=other(total),
        whole=whole,
    )


def newest(entries: Iterable[Entry]) -> date | None:
    """Return the newest date among `entries`, of lists and of the papers themselves."""
    dates = [when for entry in entries for when in (entry.featured and entry.featured.day, entry.paper.updated) if when]
    return max(dates, default=None)


def neighbours(items: Sequence[Item], place: int) -> tuple[Item | None, Item | None]:
    """Return what stands before and after `place` in `items`."""
    return (items[place - 1] if place > 0 else None), (items[place + 1] if place + 1 < len(items) else None)
