"""Every paper and every list as Markdown, beside its page: what a reader of plain text, or a program, wants of it."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import TypeVar

from generator import urls
from generator.archive import Collection, Entry
from generator.language import Language, marked
from generator.model import Alternate, Draft, Link, Linked, Paper
from generator.outputs import Output, key_of
from generator.pages.view import Edition, Page, is_beside
from generator.render.engine import external
from generator.site import Site
from generator.text import one_line
from generator.verbatim import inert, label, markdown

FILE = "index.md"
LATEST = "latest.md"
_TYPE = "text/markdown"

Shown = TypeVar("Shown")


def files(site: Site) -> Iterator[Draft]:
    """Yield the Markdown of every paper and list, and of the newest day once more."""
    edition = site.edition
    for entry in edition.archive.entries if is_beside(edition, FILE) else ():
        key = key_of(site, edition.digests[entry.paper.id])
        yield Draft(urls.twin(urls.paper(entry.paper), FILE), key, partial(_made, _paper_page, site, entry.paper))
    for kind in edition.archive.collections:
        for collection in edition.archive.of(kind):
            if kind != "day" and is_beside(edition, FILE, collection):
                yield _of_list(site, collection, urls.twin(collection.url, FILE), _list_page)
    for place, day in enumerate(edition.archive.of("day")):
        if place == 0:
            yield _of_list(site, day, LATEST, _day_page)
        if is_beside(edition, FILE, day):
            yield _of_list(site, day, urls.twin(day.url, FILE), _day_page)


def links(edition: Edition, page: Page) -> tuple[Alternate, ...]:
    """Return the Markdown of the page's paper or list; home names the newest day's."""
    if page.kind == "home" and page.collection is not None:
        return (Alternate(title="Markdown", url=LATEST, type=_TYPE),)
    if page.paper is not None and is_beside(edition, FILE):
        return (Alternate(title="Markdown", url=urls.twin(page.url, FILE), type=_TYPE),)
    if page.collection is not None and is_beside(edition, FILE, page.collection):
        return (Alternate(title="Markdown", url=urls.twin(page.collection.url, FILE), type=_TYPE),)
    return ()


def _of_list(
    site: Site, collection: Collection, path: str, blocks: Callable[[Site, Collection], Iterator[str]]
) -> Draft:
    """Return the Markdown of a list, which depends on its papers in their order and on nothing else of the archive."""
    shown = [(site.edition.digests[each.paper.id], each.featured, each.number) for each in collection.entries]
    key = key_of(site, collection.kind, collection.key, collection.title, shown)
    return Draft(path, key, partial(_made, blocks, site, collection))


def _made(blocks: Callable[[Site, Shown], Iterator[str]], site: Site, shown: Shown) -> bytes:
    """Return a file of the `blocks` of what is shown."""
    return inert("\n\n".join(filter(None, blocks(site, shown))) + "\n").encode()


def _paper_page(site: Site, paper: Paper) -> Iterator[str]:
    """Yield the blocks of a paper's Markdown."""
    said = site.edition.language.gettext
    yield f"# {_text(paper.title)}"
    if paper.withdrawn:
        yield f"**{said('Withdrawn')}:** {_text(paper.withdrawn)}"
    yield ", ".join(_text(author.name) for author in paper.authors)
    yield "\n".join(f"- {said(name)}: {value}" for name, value in _facts(site, paper) if value)
    if paper.abstract:
        yield f"## {said('Abstract')}" + (f" ({_text(paper.abstract_by)})" if paper.abstract_by else "")
        yield paper.abstract.strip()


def _facts(site: Site, paper: Paper) -> Iterator[tuple[str, str]]:
    """Yield what is known of a paper, line by line, under its name in English."""
    language = site.edition.language
    yield marked("Id"), _text(paper.id)
    yield marked("Organisation"), _text(paper.organisation.name) if paper.organisation else ""
    yield marked("Published"), _iso(paper.published)
    yield marked("Updated"), _iso(paper.updated)
    for seen in paper.featured:
        counts = [language.things(seen.upvotes, "vote")] if seen.upvotes else []
        counts += [language.things(seen.comments, "comment")] if seen.comments else []
        rank = language.gettext("number %(rank)s", rank=seen.rank)
        yield marked("Featured"), ", ".join([seen.day.isoformat(), rank, *counts])
    yield marked("Subjects"), ", ".join(map(_text, paper.subjects))
    yield marked("Topics"), ", ".join(map(_text, paper.topics))
    yield marked("Journal"), _text(paper.journal)
    yield marked("Venue"), _text(paper.venue)
    yield marked("Volume"), _text(paper.volume)
    yield marked("Issue"), _text(paper.issue)
    yield marked("Pages"), _text(paper.pages)
    yield marked("Publisher"), _text(paper.publisher)
    yield marked("Issued"), _text(paper.issued)
    yield marked("DOI"), _text(paper.doi)
    yield marked("Comment"), _text(paper.comment)
    yield marked("Licence"), _text(paper.licence)
    yield marked("Identifiers"), ", ".join(map(_text, paper.identifiers))
    linked = ((marked("Models"), paper.models), (marked("Data sets"), paper.datasets), (marked("Demos"), paper.demos))
    for name, found in linked:
        yield name, _linked(language, found) if found else ""
    by = f" ({_text(paper.summary_by)})" if paper.summary_by else ""
    yield marked("Summary"), _text(paper.summary) + by if paper.summary else ""
    yield marked("Page"), f"<{urls.absolute(site.masthead.base_url, urls.paper(paper))}>"
    for link in urls.outside(paper):
        yield _text(link.title), f"<{urls.quoted(link.url)}>" if external(link.url) else ""


def _linked(language: Language, linked: Linked) -> str:
    """Return how many artefacts there are, and the names of the first."""
    names = ", ".join(_text(each.name) for each in linked.first)
    total = language.writes.number(linked.total)
    return f"{total}: {names}" if names else total


def _day_page(site: Site, day: Collection) -> Iterator[str]:
    """Yield the blocks of a day's Markdown."""
    language = site.edition.language
    yield f"# {language.writes.long_date(date.fromisoformat(day.key))}"
    yield f"{language.things(len(day.entries), 'paper')}. <{urls.absolute(site.masthead.base_url, day.url)}>"
    for entry in day.entries:
        yield from _entry(site, entry)


def _list_page(site: Site, collection: Collection) -> Iterator[str]:
    """Yield the blocks of a list's Markdown: a line for each paper."""
    yield f"# {_text(collection.title)}"
    count = site.edition.language.things(len(collection.entries), "paper")
    yield f"{count}. <{urls.absolute(site.masthead.base_url, collection.url)}>"
    yield "\n".join(_line(site, entry) for entry in collection.entries)


def _line(site: Site, entry: Entry) -> str:
    paper = entry.paper
    authors = paper.authors[0].name if paper.authors else ""
    if len(paper.authors) > 1:
        authors = site.edition.language.gettext("%(name)s and others", name=authors)
    when = _iso(entry.featured.day if entry.featured and entry.featured.rank else paper.published)
    told = ", ".join(filter(None, (_text(authors), when)))
    linked = f"[{label(paper.title)}](<{urls.absolute(site.masthead.base_url, urls.paper(paper))}>)"
    return f"{entry.number}. {linked}" + (f", {told}" if told else "")


def _entry(site: Site, entry: Entry) -> Iterator[str]:
    """Yield the blocks of one paper on a day's list."""
    paper, said = entry.paper, site.edition.language.gettext
    yield f"## {entry.number}. {_text(paper.title)}"
    yield ", ".join(_text(author.name) for author in paper.authors)
    page = Link(title=marked("Page"), url=urls.absolute(site.masthead.base_url, urls.paper(paper)))
    shown = [page, *(link for link in urls.outside(paper) if external(link.url))]
    # In angle brackets, no bracket in an address can end it.
    yield " · ".join(f"[{said(link.title)}](<{urls.quoted(link.url)}>)" for link in shown)
    yield _text(paper.summary) or paper.abstract.strip()


def _text(text: str) -> str:
    """Return Markdown that shows exactly `text`, on one line."""
    return markdown(one_line(text))


def _iso(when: date | None) -> str:
    return when.isoformat() if when else ""


OUTPUT = Output(files, about="every paper and list as Markdown", links=links, in_shares=True)
