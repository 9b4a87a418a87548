"""Feeds in the three formats that readers take: the newest papers, digests, news of the archive, and a feed a name."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import lru_cache, partial
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from generator import tex, urls
from generator.archive import Collection, Entry
from generator.model import Alternate, Draft
from generator.outputs import Output, key_of
from generator.outputs.feeds import atom, digests, jsonfeed, rss
from generator.outputs.feeds.feed import ATOM, JSON, REMEMBERED, RSS, TYPES, Feed, Item, icon, item_of, newest, news_of
from generator.pages.changes import Change, changes_of
from generator.pages.feeds import DIGESTS, over
from generator.pages.redirects import former_addresses
from generator.pages.status import Trouble, trouble_of
from generator.pages.view import Edition, Page, has_feeds
from generator.site import Site
from generator.trending import Ranking

_MOST_BYTES = 1_000_000
_MOST_OF_A_NAME = 20  # thousands of feeds repeat the same papers: three quarters of a site would be feeds
# About as long as the other feeds: two months of weekdays, a year of weeks.
_MOST_LISTS = {"day": 40, "week": 52}


class Plan(Struct, frozen=True, kw_only=True):
    """A feed to be: its head, a feed without items; what stands for the items, and the function that makes them."""

    head: Feed
    shown: object
    items: Callable[[], tuple[Item, ...]]


def files(site: Site) -> Iterator[Draft]:
    """Yield the main feed and those of names, in all three formats."""
    plans, picture = tuple(_plans(site)), icon(site)
    former = former_addresses(site.edition)
    for name, writer in ((RSS, rss.writer), (ATOM, atom.writer), (JSON, jsonfeed.writer)):
        write = writer(site)  # here, so that the items of one format are gone before the next are made
        for plan in plans:
            home = plan.head.folder
            key = key_of(site, name, picture, plan.head, plan.shown)
            # Programs that read feeds do not follow pages that lead elsewhere.
            for folder in (home, *former.get(home, ())):
                yield Draft(folder + name, key, partial(_made, plan, write))


def links(edition: Edition, page: Page) -> tuple[Alternate, ...]:
    """Return the feeds that a page names: its own first, then those of the whole archive."""
    said = edition.language.gettext
    own: tuple[Alternate, ...] = ()
    if page.url == urls.TRENDING:
        own = _alternates(said("Trending"), page.url)
    elif page.kind == "changes":
        own = _alternates(said("Changes"), urls.CHANGES)
    elif page.kind == "status":
        own = _alternates(said("Status"), urls.STATUS)
    elif page.kind in DIGESTS:
        own = _alternates(said(DIGESTS[page.kind]), urls.latest(page.kind))
    elif page.collection is not None and has_feeds(edition, page.collection):
        own = _alternates(page.collection.title, page.collection.url)
    return (*own, *_alternates(said("All papers"), urls.HOME))


def _plans(site: Site) -> Iterator[Plan]:
    """Yield the main feed, then digests, trending papers, changes and status, then the feeds of names."""
    masthead, edition, said = site.masthead, site.edition, site.edition.language.gettext
    archive = masthead.title
    item = lru_cache(REMEMBERED)(lambda id_: item_of(site, edition.entries[id_]))

    def papers(head: Feed, entries: Iterable[Entry], count: int) -> Plan:
        ids = [entry.paper.id for entry in newest(entries, count)]
        # Which of its days an item tells is said by the archive's entry, whatever the list.
        shown = [(edition.named_digests[id_], edition.entries[id_].featured) for id_ in ids]
        return Plan(head=head, shown=shown, items=lambda: tuple(map(item, ids)))

    def news(head: Feed, items: Iterable[Item]) -> Plan:
        made = tuple(islice(items, site.feed_items))
        return Plan(head=head, shown=made, items=lambda: made)

    def digest(kind: str) -> Plan:
        name, lists = said(DIGESTS[kind]), tuple(islice(over(edition, kind), _MOST_LISTS[kind]))
        description = said("Each list of %(archive)s as one entry, once it is complete", archive=archive)
        head = Feed(title=f"{name} – {archive}", description=description, folder=urls.latest(kind))
        shown = [(each.url, [edition.named_digests[entry.paper.id] for entry in each.entries]) for each in lists]
        return Plan(head=head, shown=shown, items=lambda: tuple(digests.item_of(site, each) for each in lists))

    description = masthead.description or said("The newest papers of %(archive)s", archive=archive)
    yield papers(
        Feed(title=archive, description=description, folder=urls.HOME), edition.archive.entries, site.feed_items
    )
    yield from (digest(kind) for kind in DIGESTS if edition.archive.collections[kind])
    description = said("The papers of the last seven days that readers of %(archive)s talk about", archive=archive)
    yield papers(
        Feed(title=f"{said('Trending')} – {archive}", description=description, folder=urls.TRENDING),
        _trending(site),
        site.feed_items,
    )
    description = said(
        "What the editors of %(archive)s corrected, withdrew, merged, split or moved, and why", archive=archive
    )
    yield news(
        Feed(title=f"{said('Changes')} – {archive}", description=description, folder=urls.CHANGES),
        (_news(site, change) for change in changes_of(edition)),
    )
    description = said("When a source of %(archive)s was late or failed, and when that was over", archive=archive)
    yield news(
        Feed(title=f"{said('Status')} – {archive}", description=description, folder=urls.STATUS), _incidents(site)
    )
    for collection in _with_feeds(edition):
        name = tex.plain(collection.title)
        description = said("%(name)s: the newest papers in %(archive)s", name=name, archive=archive)
        head = Feed(title=f"{name} – {archive}", description=description, folder=collection.url)
        yield papers(head, collection.entries, min(site.feed_items, _MOST_OF_A_NAME))


def _trending(site: Site) -> Iterator[Entry]:
    """Yield the papers of the trending page."""
    for page in site.pages.of("trending"):
        ranking = page.context.get("ranking") if page.url == urls.TRENDING else None
        if isinstance(ranking, Ranking):
            yield from (row.entry for row in ranking.ranked)


def _news(site: Site, change: Change) -> Item:
    detail = f" ({change.detail})" if change.detail else ""
    words = f"{change.kind}: {change.title}{detail}. {change.reason}"
    title = f"{change.kind}: {change.title}"
    page = change.url or urls.CHANGES
    return news_of(site, kind=change.kind, day=change.day, title=title, page=page, words=words)


def _incidents(site: Site) -> Iterator[Item]:
    """Yield the end and the beginning of each incident, the newest first."""
    news: list[tuple[datetime, str, Trouble]] = []
    language = site.edition.language
    for incident in site.edition.status.incidents:
        trouble = trouble_of(language, incident)
        news.append((trouble.since, f"{trouble.title}: {trouble.message}", trouble))
        if trouble.until:
            news.append((trouble.until, f"{trouble.title}: {language.gettext('over')}", trouble))
    for when, words, trouble in sorted(news, key=lambda each: (each[0], each[1]), reverse=True):
        page = f"{urls.STATUS}#{trouble.name}"
        yield news_of(
            site,
            kind=language.gettext("Status"),
            day=when.date(),
            title=words,
            page=page,
            words=f"{words} ({when:%H:%M} UTC)",
        )


def _with_feeds(edition: Edition) -> Iterator[Collection]:
    """Yield the saved queries, topics, organisations and authors that have feeds."""
    for kind in ("query", "topic", "organisation", "author"):
        for collection in edition.archive.of(kind):
            if has_feeds(edition, collection):
                yield collection


def _alternates(title: str, folder: str) -> tuple[Alternate, ...]:
    return tuple(
        Alternate(title=f"{title} ({name})", url=folder + file, type=kind) for file, (name, kind) in TYPES.items()
    )


def _made(plan: Plan, write: Callable[[Feed], bytes]) -> bytes:
    """Return a feed as a file that readers will take: the oldest papers are left out where it would be too large."""
    feed = replace(plan.head, items=plan.items())
    data = write(feed)
    while len(data) > _MOST_BYTES and len(feed.items) > 1:
        fitting = int(len(feed.items) * _MOST_BYTES / len(data))
        feed = replace(feed, items=feed.items[: max(1, min(fitting, len(feed.items) - 1))])
        data = write(feed)
    return data


OUTPUT = Output(files, about="RSS, Atom and JSON feeds", links=links, in_shares=True)
