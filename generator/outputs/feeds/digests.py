"""Digests: a whole day's or a whole week's list as one item of a feed, once it is over."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from markupsafe import Markup

from generator import tex, urls
from generator.archive import Collection, Entry
from generator.outputs.feeds.feed import Item, digest_id
from generator.pages.days import week_name
from generator.pages.feeds import last_day
from generator.site import Site
from generator.text import excerpt


def item_of(site: Site, collection: Collection) -> Item:
    """Return the digest of a day or a week: its papers by day, in the order of their lists."""
    language, base_url = site.edition.language, site.masthead.base_url
    entries = [entry for entry in collection.entries if not entry.paper.withdrawn]
    count = language.things(len(entries), "paper")
    end = last_day(collection)
    name = language.writes.long_date(end) if collection.kind == "day" else week_name(language, end)
    titles = [tex.plain(entry.paper.title) for entry in entries]
    return Item(
        id=digest_id(collection.url),
        title=language.gettext("%(day)s: %(papers)s", day=name, papers=count),
        url=urls.absolute(base_url, collection.url),
        day=end,
        updated=end,
        content=str(Markup("\n").join(_lists(site, entries))),
        description=excerpt("; ".join(titles), limit=500),
        by=site.masthead.curator,
    )


def _lists(site: Site, entries: Iterable[Entry]) -> Iterator[Markup]:
    """Yield the lists of titles, each under its day."""
    base_url, writes = site.masthead.base_url, site.edition.language.writes
    for day, listed in groupby(entries, key=lambda entry: entry.featured and entry.featured.day):
        items = Markup().join(
            Markup('<li><a href="{}">{}</a></li>').format(
                urls.absolute(base_url, urls.paper(entry.paper)), tex.plain(entry.paper.title)
            )
            for entry in listed
        )
        heading = Markup("<h2>{}</h2>").format(writes.long_date(day)) if day else Markup()
        yield heading + Markup("<ol>{}</ol>").format(items)
