"""RSS 2.0: https://www.rssboard.org/rss-specification, https://www.rssboard.org/rss-profile."""

from collections.abc import Callable
from datetime import date
from email.utils import format_datetime
from functools import partial

from lxml import etree

from generator import __version__, urls
from generator.archive import Archive
from generator.outputs.feeds.feed import (
    ATOM_NAMESPACE,
    RSS,
    SUBJECTS,
    TYPES,
    Feed,
    Item,
    add,
    document,
    icon,
    moment,
    once,
)
from generator.site import Site

_TTL_MINUTES = "60"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
_NAMESPACES = {"atom": ATOM_NAMESPACE, "dc": _DC[1:-1], "content": _CONTENT[1:-1]}


def writer(site: Site) -> Callable[[Feed], bytes]:
    """Return the function that writes RSS; each item is made once."""
    # Each moves from the feed that was written before into the one that is being written.
    made = once(partial(_item, site))
    skip = _empty_weekends(site.edition.archive)

    def write(feed: Feed) -> bytes:
        masthead = site.masthead
        home = urls.absolute(masthead.base_url, feed.folder)
        root = etree.Element("rss", {"version": "2.0"}, nsmap=_NAMESPACES)
        channel = add(root, "channel")
        add(channel, "title", feed.title)
        add(channel, "link", home)
        add(channel, "description", feed.description)
        add(channel, "language", masthead.papers_language or masthead.language)
        if day := feed.updated:
            add(channel, "lastBuildDate", format_datetime(moment(masthead, day)))
        add(channel, "docs", "https://www.rssboard.org/rss-specification")
        add(channel, "generator", f"Broadsheet {__version__}")
        add(channel, "ttl", _TTL_MINUTES)
        if picture := icon(site):
            image = add(channel, "image")
            add(image, "url", picture)
            add(image, "title", feed.title)
            add(image, "link", home)
        if skip:
            days = add(channel, "skipDays")
            for name in ("Saturday", "Sunday"):
                add(days, "day", name)
        address = urls.absolute(masthead.base_url, feed.folder + RSS)
        add(channel, f"{{{ATOM_NAMESPACE}}}link", href=address, rel="self", type=TYPES[RSS][1])
        for item in feed.items:
            channel.append(made(item))
        return document(site, root)

    return write


def _empty_weekends(archive: Archive) -> bool:
    weekdays = {date.fromisoformat(day).isoweekday() for day in archive.days}
    return bool(weekdays) and weekdays.isdisjoint({6, 7})


def _item(site: Site, item: Item) -> etree._Element:
    # Under a root with the namespaces, so that no item declares them again.
    element = add(etree.Element("rss", nsmap=_NAMESPACES), "item")
    add(element, "title", item.title)
    add(element, "link", item.url)
    add(element, "guid", item.id, isPermaLink="false")
    add(element, "pubDate", format_datetime(moment(site.masthead, item.day)))
    for author in item.people:
        add(element, f"{_DC}creator", author.title)
    for subject in item.subjects:
        add(element, "category", subject, domain=SUBJECTS)
    for topic in item.topics:
        add(element, "category", topic)
    add(element, "description", item.description)
    add(element, f"{_CONTENT}encoded", item.content)
    return element
