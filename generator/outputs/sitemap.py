"""The list of pages for search engines: https://www.sitemaps.org/protocol.html."""

from collections.abc import Iterable, Iterator
from functools import partial

import msgspec
from lxml import etree

from generator import urls
from generator.memo import digest
from generator.model import Draft
from generator.outputs import Output
from generator.pages import Leaf
from generator.site import Site

FILE = "sitemap.xml"
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_MOST = 50_000  # the protocol's limit; its other one, 50 MB, would take addresses of a thousand characters


def files(site: Site) -> Iterator[Draft]:
    """Yield sitemap.xml with every page that may be found: itself the list, or the list of its parts."""
    pages = [leaf for leaf in site.pages.leaves if leaf.indexed]
    if len(pages) <= _MOST:
        yield _draft(site, FILE, "urlset", "url", list(map(_line, pages)))
        return
    parts = []
    for number, start in enumerate(range(0, len(pages), _MOST), 1):
        part = pages[start : start + _MOST]
        name = f"sitemap-{number}.xml"
        yield _draft(site, name, "urlset", "url", list(map(_line, part)))
        parts.append((name, max((_date(page) for page in part), default="")))
    yield _draft(site, FILE, "sitemapindex", "sitemap", parts)


def _draft(site: Site, name: str, root: str, item: str, lines: list[tuple[str, str]]) -> Draft:
    key = digest(site.masthead.base_url.encode(), root.encode(), msgspec.msgpack.encode(lines))
    return Draft(name, key, partial(_list, site, root, item, lines))


def _line(page: Leaf) -> tuple[str, str]:
    return page.url, _date(page)


def _date(page: Leaf) -> str:
    return page.modified.isoformat() if page.modified else ""


def _list(site: Site, root: str, item: str, lines: Iterable[tuple[str, str]]) -> bytes:
    """Return a sitemap file of `lines`: addresses, each with the date of its last change or nothing."""
    tree = etree.Element(root, xmlns=_NAMESPACE)
    for url, modified in lines:
        element = etree.SubElement(tree, item)
        etree.SubElement(element, "loc").text = urls.absolute(site.masthead.base_url, url)
        if modified:
            etree.SubElement(element, "lastmod").text = modified
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", pretty_print=True)


OUTPUT = Output(files, about="the list of pages for search engines")
