"""Atom: RFC 4287."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import cast

from lxml import etree

from generator import __version__, text, urls
from generator.outputs.feeds.feed import (
    ATOM,
    ATOM_NAMESPACE,
    SUBJECTS,
    TYPES,
    Feed,
    Item,
    add,
    document,
    feed_id,
    icon,
    moment,
    once,
)
from generator.site import Site

_ATOM = f"{{{ATOM_NAMESPACE}}}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# The stubs do not know that lxml takes None for the namespace without a prefix.
_NAMESPACES = cast("dict[str, str]", {None: ATOM_NAMESPACE})


def writer(site: Site) -> Callable[[Feed], bytes]:
    """Return the function that writes Atom; each entry is made once."""
    # Each moves from the feed that was written before into the one that is being written.
    made = once(partial(_entry, site))

    def write(feed: Feed) -> bytes:
        masthead = site.masthead
        root = etree.Element(f"{_ATOM}feed", {_LANG: masthead.papers_language or masthead.language}, nsmap=_NAMESPACES)
        _put(root, "id", feed_id(masthead, feed))
        _put(root, "title", feed.title)
        _put(root, "subtitle", feed.description)
        # An empty feed has never been updated; the format wants a date all the same.
        _put(root, "updated", moment(masthead, feed.updated or date(1970, 1, 1)).isoformat())
        _put(_put(root, "author"), "name", masthead.curator or masthead.title)
        _put(root, "link", rel="alternate", type="text/html", href=urls.absolute(masthead.base_url, feed.folder))
        address = urls.absolute(masthead.base_url, feed.folder + ATOM)
        _put(root, "link", rel="self", type=TYPES[ATOM][1], href=address)
        _put(root, "generator", "Broadsheet", version=__version__)
        if picture := icon(site):
            _put(root, "icon", picture)
        for item in feed.items:
            root.append(made(item))
        return document(site, root)

    return write


def _entry(site: Site, item: Item) -> etree._Element:
    base_url = site.masthead.base_url
    entry = etree.Element(f"{_ATOM}entry", nsmap=_NAMESPACES)
    _put(entry, "id", item.id)
    _put(entry, "title", item.title)
    _put(entry, "updated", moment(site.masthead, item.updated).isoformat())
    _put(entry, "published", moment(site.masthead, item.day).isoformat())
    for author in item.people:
        person = _put(entry, "author")
        _put(person, "name", author.title)
        if author.url:
            _put(person, "uri", author.url)
    for subject in item.subjects:
        _put(entry, "category", term=subject, scheme=SUBJECTS)
    for topic in item.topics:
        scheme = urls.absolute(base_url, urls.INDEXES["topic"])
        _put(entry, "category", term=text.clean(topic), scheme=scheme)
    _put(entry, "link", rel="alternate", type="text/html", href=item.url)
    for link in item.links:
        kind = {"type": "application/pdf"} if link.title == "PDF" else {}
        _put(entry, "link", rel="related", title=link.title, href=urls.quoted(link.url), **kind)
    if item.description:
        _put(entry, "summary", item.description)
    _put(entry, "content", item.content, type="html")
    return entry


def _put(parent: etree._Element, tag: str, value: str = "", **attributes: str) -> etree._Element:
    return add(parent, f"{_ATOM}{tag}", value, **attributes)
