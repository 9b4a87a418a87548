"""The page of each paper, between its neighbours on the day's list."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from generator import urls
from generator.archive import Collection, Entry, unnumbered
from generator.model import Link, Paper
from generator.pages import Bunch, PageKind
from generator.pages.days import crumbs
from generator.pages.view import Edition, Page, Section, card_of, collections_of, neighbours, newest, page_of

_MORE = 3


class Place(Struct, frozen=True, kw_only=True):
    """Where a paper stands on its day's list: "7 of 26". `day` leads to the page of the list that shows it."""

    number: int
    of: int
    day: Link


class Part(Struct, frozen=True, kw_only=True):
    """What words, topics or authors add to a score."""

    name: str
    points: float


class Like(Struct, frozen=True, kw_only=True):
    """A similar paper: its score with the parts that add up to it, and the words, topics and authors in common."""

    entry: Entry
    score: float
    parts: tuple[Part, ...]
    words: tuple[str, ...]
    topics: tuple[Link, ...]
    authors: tuple[Link, ...]


def bunches(edition: Edition) -> Iterator[Bunch]:
    """Yield the page of every paper: those of a day's list in their order, then those that no list shows."""
    shown: set[str] = set()
    for day in reversed(list(edition.archive.of("day"))):
        for index, entry in enumerate(day.entries):
            if entry.paper.id not in shown:
                shown.add(entry.paper.id)
                yield partial(_listed, edition, edition.entries[entry.paper.id], day, index)
    for entry in edition.archive.unlisted:
        yield partial(_paper, edition, edition.entries[entry.paper.id])


def _listed(edition: Edition, entry: Entry, day: Collection, index: int) -> Iterator[Page]:
    """Yield the page of a paper that is first shown at `index` of `day`, between its neighbours there."""
    when = date.fromisoformat(day.key)
    leaf = urls.collection("day", day.key, index // edition.rules.page_size + 1)
    place = Place(
        number=index + 1,
        of=len(day.entries),
        day=Link(title=edition.language.writes.long_date(when), url=leaf),
    )
    home = Link(title=edition.language.writes.short_date(when), url=urls.day(when))
    previous, following = (
        Link(title=other.paper.title, url=urls.paper(other.paper)) if other else None
        for other in neighbours(day.entries, index)
    )
    for page in _paper(edition, entry, place):
        # Where pages are brief, the place on its list is all the way that a paper shows.
        if edition.rules.extent.brief:
            yield page
        else:
            yield replace(page, crumbs=(*crumbs(edition, when), home), previous=previous, next=following)


def _paper(edition: Edition, entry: Entry, place: Place | None = None) -> Iterator[Page]:
    paper = entry.paper
    yield Page(
        url=urls.paper(paper),
        kind="paper",
        template="paper.html",
        title=paper.title,
        heading=paper.title,
        modified=newest((entry,)),
        paper=paper,
        context={
            "card": card_of(edition, entry),
            "place": place,
            "more": () if edition.rules.extent.brief else more(edition, paper),
            "corrected": edition.overrides.get(paper.key),
            "topics_by": _source_of(paper, "topics"),
            "similar": similar(edition, paper),
            "history": edition.history.get(paper.key, ()),
        },
    )


def _source_of(paper: Paper, field: str) -> str:
    """Return the name of the source that gave `field`, or nothing where nobody said."""
    return next((source for source, gave in paper.sources.items() if field in gave), "")


def similar(edition: Edition, paper: Paper) -> tuple[Like, ...]:
    """Return the papers that are like `paper`, each with the reasons."""
    return tuple(
        Like(
            entry=edition.entries[each.id],
            score=each.score,
            parts=tuple(Part(name=name, points=points) for name, points in each.parts if points),
            words=each.words,
            topics=_named(edition, "topic", each.topics),
            authors=_named(edition, "author", each.authors),
        )
        for each in edition.related.get(paper.id, ())
    )


def _named(edition: Edition, kind: str, keys: tuple[str, ...]) -> tuple[Link, ...]:
    names = edition.archive.collections[kind]
    return tuple(Link(title=names[key].title, url=page_of(edition, kind, key)) for key in keys)


def more(edition: Edition, paper: Paper) -> tuple[Section, ...]:
    """Return up to three other papers each of the first author, the organisation and a topic, where there are any.

    They are those that came next to the paper, so that a new one changes few pages.
    """
    sections = []
    for kind in ("author", "organisation", "topic"):
        for collection in collections_of(edition, kind, paper):
            others = tuple(_beside(collection.entries, edition.ranks, paper))
            if others:
                sections.append(Section(title=collection.title, entries=others, url=collection.url))
                break
    return tuple(sections)


def _beside(entries: Sequence[Entry], ranks: Mapping[str, int], paper: Paper) -> Iterator[Entry]:
    """Yield the entries beside that of `paper`: two newer ones and an older one, where there are."""
    at = bisect_left(entries, ranks[paper.id], key=lambda entry: ranks[entry.paper.id])
    first = max(0, min(at - _MORE + 1, len(entries) - _MORE - 1))
    yield from (unnumbered(entry) for entry in entries[first : first + _MORE + 1] if entry.paper.id != paper.id)


PAGES = PageKind(lambda _: (), about="a page for every paper", bunches=bunches)
