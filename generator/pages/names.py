"""Authors, organisations and topics: one page each, built alike because a Collection is a Collection."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from msgspec import Struct

from generator import text, urls
from generator.archive import Collection
from generator.language import Language, marked
from generator.model import Link, Note
from generator.pages import Bunch, PageKind
from generator.pages.lookalikes import lookalikes
from generator.pages.trends import Timeline, timeline
from generator.pages.view import (
    Count,
    Edition,
    Page,
    by_year,
    counted,
    first_titles,
    has_feeds,
    has_page,
    most_voted,
    namesakes,
    newest,
    spread,
)

# As the menu says them; `index_title` gives them in the language of the pages.
INDEX_TITLES = {"author": marked("People"), "organisation": marked("Organisations"), "topic": marked("Topics")}
_MOST = 10
# Of several hundred co-authors the first hundred say enough.
_COMPANY = 100
# Papers that make a chart worth drawing.
_CHARTED = 5


class Lookalike(Struct, frozen=True, kw_only=True):
    """A person with nearly the same name; `hint` tells them apart."""

    title: str
    url: str
    count: int
    hint: str = ""


def bunches(edition: Edition) -> Iterator[Bunch]:
    """Yield the pages of every name that has enough papers for one, a name at a time."""
    for kind in INDEX_TITLES:
        shown = [collection for collection in edition.archive.of(kind) if has_page(edition, collection)]
        alike = lookalikes(shown) if kind == "author" else {}
        for collection in shown:
            yield partial(_name, edition, collection, alike.get(collection.key, ()))


def index_title(language: Language, kind: str) -> str:
    """Return the title of the index of a kind of name."""
    return language.gettext(INDEX_TITLES[kind])


def _name(edition: Edition, collection: Collection, alike: tuple[Collection, ...]) -> Iterator[Page]:
    entries = collection.entries
    dates = sorted(when for entry in entries for when in (entry.featured and entry.featured.day,) if when)
    page = Page(
        url=collection.url,
        kind=collection.kind,
        template=f"{collection.kind}.html",
        title=collection.title,
        heading=collection.title,
        description=text.excerpt(
            f"{_description(edition.language, collection, dates)} {first_titles(entries)}", limit=200
        ),
        modified=newest(entries),
        crumbs=(Link(title=index_title(edition.language, collection.kind), url=urls.INDEXES[collection.kind]),),
        collection=collection,
        context={
            "about": about(edition, collection),
            "names": tuple(name for name in collection.names if name != collection.title),
            "first": dates[0] if dates else None,
            "last": dates[-1] if dates else None,
            "top": most_voted(entries, 5) if len(entries) > _MOST else (),
            "authors": _others(edition, collection, "author"),
            "alike": tuple(_lookalike(edition, each) for each in alike),
            "orcid": _orcid(collection) if collection.kind == "author" else "",
            "timeline": _timeline(edition, collection),
            "organisations": _others(edition, collection, "organisation"),
            "topics": _others(edition, collection, "topic"),
            "namesakes": namesakes(edition, collection.kind, collection.key),
            "feeds": has_feeds(edition, collection),
            "feed_least": edition.rules.feed_least,
            "listed": min(len(entries), edition.rules.extent.most or len(entries)),
        },
    )
    yield from spread(edition, page, by_year)


def _others(edition: Edition, collection: Collection, kind: str) -> tuple[Count, ...]:
    """Return the names of `kind` met most often in `collection`; of a single paper, its card says it all."""
    if len(collection.entries) == 1:
        return ()
    but = collection.key if collection.kind == kind else ""
    company = collection.kind == kind == "author" and not edition.rules.extent.brief
    most = _COMPANY if company else _MOST
    return counted(edition, kind, collection.entries, most=most, but=but)


def _timeline(edition: Edition, collection: Collection) -> Timeline | None:
    if collection.kind == "author" or len(collection.entries) < _CHARTED:
        return None
    return timeline(edition, collection)


def _lookalike(edition: Edition, person: Collection) -> Lookalike:
    """Return a person with what tells them apart: where they work, or else on what."""
    for kind in ("organisation", "topic"):
        for count in counted(edition, kind, person.entries, most=1):
            return Lookalike(title=person.title, url=person.url, count=len(person.entries), hint=count.title)
    return Lookalike(title=person.title, url=person.url, count=len(person.entries))


def _orcid(person: Collection) -> str:
    """Return the ORCID iD that every paper of `person` gives them, or nothing."""
    spellings = set(person.names)
    found = {author.orcid for entry in person.entries for author in entry.paper.authors if author.name in spellings}
    return found.pop() if len(found) == 1 else ""


def about(edition: Edition, collection: Collection) -> Note | None:
    """Return the editor's words about a name, also where they were written under another spelling of it."""
    notes = edition.name_notes.get(collection.kind, {})
    return next((notes[key] for key in map(text.key, (collection.title, *collection.names)) if key in notes), None)


def _description(language: Language, collection: Collection, dates: list[date]) -> str:
    values = {"papers": language.things(len(collection.entries), "paper"), "name": collection.title}
    years = sorted({when.year for when in dates})
    if len(years) == 1:
        values["papers"] = language.gettext("%(papers)s from %(year)s", papers=values["papers"], year=years[0])
    elif years:
        values["papers"] = language.gettext(
            "%(papers)s from %(first)s to %(last)s", papers=values["papers"], first=years[0], last=years[-1]
        )
    match collection.kind:
        case "author":
            return language.gettext("%(name)s: %(papers)s, with co-authors, organisations and topics.", **values)
        case "organisation":
            return language.gettext("%(name)s: %(papers)s, with its authors and topics.", **values)
    return language.gettext("%(name)s: %(papers)s, with related topics, organisations and authors.", **values)


PAGES = PageKind(
    lambda _: (), about="a page for every author, organisation and topic with enough papers", bunches=bunches
)
