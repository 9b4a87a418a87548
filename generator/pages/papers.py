"""The page of each paper, between its neighbours on the day's list."""

from collections.abc import Iterator

from msgspec import Struct

from generator import urls
from generator.archive import Entry
from generator.model import Link, Paper
from generator.pages import PageKind
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


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the page of every paper."""
    places = _places(edition)
    for entry in edition.archive.entries:
        paper = entry.paper
        place, previous, following = places.get(paper.id, (None, None, None))
        day = entry.featured.day if entry.featured else None
        yield Page(
            url=urls.paper(paper),
            kind="paper",
            template="paper.html",
            title=paper.title,
            heading=paper.title,
            modified=newest((entry,)),
            crumbs=(*crumbs(edition, day), Link(title=edition.language.writes.short_date(day), url=urls.day(day)))
            if day
            else (),
            previous=previous,
            next=following,
            paper=paper,
            context={
                "card": card_of(edition, entry),
                "place": place,
                "more": more(edition, paper),
                "corrected": edition.overrides.get(paper.key),
                "topics_by": _source_of(paper, "topics"),
                "similar": similar(edition, paper),
                "history": edition.history.get(paper.key, ()),
            },
        )


def _source_of(paper: Paper, field: str) -> str:
    """Return the name of the source that gave `field`, or nothing where nobody said."""
    return next((source for source, gave in paper.sources.items() if field in gave), "")


def _places(edition: Edition) -> dict[str, tuple[Place, Link | None, Link | None]]:
    """Return each listed paper's place on the first day that shows it, and its neighbours there."""
    places: dict[str, tuple[Place, Link | None, Link | None]] = {}
    for day in reversed(list(edition.archive.of("day"))):
        links = [Link(title=entry.paper.title, url=urls.paper(entry.paper)) for entry in day.entries]
        for index, entry in enumerate(day.entries):
            if entry.featured and entry.paper.id not in places:
                leaf = urls.collection("day", day.key, index // edition.rules.page_size + 1)
                home = Link(title=edition.language.writes.long_date(entry.featured.day), url=leaf)
                place = Place(number=index + 1, of=len(links), day=home)
                places[entry.paper.id] = (place, *neighbours(links, index))
    return places


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
    """Return up to three other papers each of the first author, the organisation and a topic, where there are any."""
    sections = []
    for kind in ("author", "organisation", "topic"):
        for collection in collections_of(edition, kind, paper):
            others = [entry for entry in collection.entries[: _MORE + 1] if entry.paper.id != paper.id][:_MORE]
            if others:
                sections.append(Section(title=collection.title, entries=tuple(others), url=collection.url))
                break
    return tuple(sections)


PAGES = PageKind(pages, about="a page for every paper")
