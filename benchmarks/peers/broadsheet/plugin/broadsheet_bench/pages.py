"""A page per paper, day, month and keyword, and home; addresses as every peer of the benchmark has them."""

from collections.abc import Iterator
from heapq import nsmallest

from generator.archive import Archive, Entry
from generator.model import Link
from generator.pages import PageKind
from generator.pages.view import Edition, Page, newest


def pages(edition: Edition) -> Iterator[Page]:
    """Yield every page."""
    archive = edition.archive
    entries = [entry for day in reversed(list(archive.of("day"))) for entry in day.entries]
    links = [Link(title=entry.paper.title, url=f"papers/{entry.paper.id}/") for entry in entries]
    for entry, link, before, after in zip(entries, links, [None, *links], [*links[1:], None], strict=False):
        yield Page(
            url=link.url,
            kind="paper",
            template="bench-paper.html",
            title=link.title,
            heading=link.title,
            modified=newest([entry]),
            previous=before,
            next=after,
            paper=entry.paper,
        )
    for kind, most in (("day", None), ("month", 200)):
        for collection in archive.of(kind):
            found = sorted(collection.entries, key=_votes)[:most]
            yield _list(f"{kind}s/{collection.key}/", "cards", collection.key, tuple(found))
    place = {entry.paper.id: place for place, entry in enumerate(_latest_first(archive))}
    for topic in archive.of("topic"):
        found = nsmallest(100, topic.entries, key=lambda entry: place[entry.paper.id])
        yield _list(f"keywords/{topic.title.replace(' ', '-')}/", "keyword", topic.title, tuple(found))
    yield _list("", "cards", "Latest papers", latest(edition))


def latest(edition: Edition) -> tuple[Entry, ...]:
    """Return the 50 papers that came last, the last one first."""
    return tuple(_latest_first(edition.archive)[:50])


def _latest_first(archive: Archive) -> list[Entry]:
    return sorted(archive.entries, key=_time, reverse=True)


def _list(url: str, template: str, title: str, entries: tuple[Entry, ...]) -> Page:
    return Page(
        url=url,
        kind=template,
        template=f"bench-{template}.html",
        title=title,
        heading=title,
        modified=newest(entries),
        context={"entries": entries},
    )


def _votes(entry: Entry) -> int:
    return -entry.featured.upvotes if entry.featured else 0


def _time(entry: Entry) -> tuple[str, str]:
    return (entry.featured.day.isoformat(), entry.featured.by) if entry.featured else ("", "")


PAGES = PageKind(pages, about="the pages of the benchmark")
