"""What is wrong in a finished site: every link leads somewhere, every list names what is there."""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias, cast
from urllib.parse import unquote, urljoin, urlsplit

import msgspec
from lxml import etree

from generator.commands.check import page
from generator.commands.check.finding import Finding

Track: TypeAlias = Callable[[Iterable[str], int], Iterable[str]]

_TAGS = ("html", "title", "meta", "img", "script", "label", "button", "input", "select", "textarea")
_HEADINGS = tuple(f"h{level}" for level in range(1, 7))
_ELEMENTS = etree.XPath(f"//*[@href or @src or @id or {' or '.join(f'self::{tag}' for tag in _TAGS + _HEADINGS)}]")
_HTML = etree.HTMLParser(encoding="utf-8")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")
_UP = re.compile(r"(?:\.\./)*")
_FEED_ROOTS = {
    "feed.xml": "rss",
    "atom.xml": "{http://www.w3.org/2005/Atom}feed",
}
_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@dataclass(kw_only=True)
class _Site:
    """A site under inspection: what it holds, what its pages promised, and what was wrong so far."""

    folder: Path
    base_url: str
    files: frozenset[str]
    found: list[Finding] = field(default_factory=list)
    anchors: dict[str, dict[str, tuple[str, int]]] = field(default_factory=lambda: defaultdict(dict))
    indexed: set[str] = field(default_factory=set)

    def note(self, path: str, line: int, rule: str, message: str, *, warning: bool = False) -> None:
        """Note a finding in the file `path` of the site."""
        file = str(self.folder / path)
        self.found.append(Finding(file=file, line=line, rule=rule, message=message, warning=warning))


def _untracked(pages: Iterable[str], _total: int) -> Iterable[str]:
    return pages


def findings(folder: Path, base_url: str, track: Track = _untracked) -> tuple[list[Finding], int]:
    """Return everything that is wrong with the site in `folder`, made for `base_url`, and the number of its pages.

    `track` is given the pages and their number, and yields them; it may show how many are done.
    """
    site = _Site(folder=folder, base_url=base_url, files=frozenset(_files(str(folder), "")))
    pages = sorted(path for path in site.files if path.endswith(".html"))
    for path in track(pages, len(pages)):
        _page(site, path)
    for path, wanted in site.anchors.items():
        _anchors(site, path, wanted)
    for path in sorted(site.files):
        _document(site, path)
    _sitemap(site)
    return site.found, len(pages)


def _files(folder: str, prefix: str) -> Iterator[str]:
    with os.scandir(folder) as items:
        for item in items:
            if item.is_dir():
                yield from _files(item.path, f"{prefix}{item.name}/")
            else:
                yield prefix + item.name


def _page(site: _Site, path: str) -> None:
    """Note what is wrong with one page, and which anchors of other pages it counts on."""
    elements, size = _elements(site, path)
    site.found += page.findings(str(site.folder / path), elements, size, _HTML.error_log if size else ())
    ids = Counter(element.get("id") for element in elements)
    del ids[None]
    for name, count in ids.items():
        if count > 1:
            site.note(path, 0, "duplicate-id", f"{count} elements have the id {name!r}")
    for element in elements:
        line = page.line_of(element)
        link = element.get("href") or element.get("src") or ""
        # Pages lead to each other by relative links; an absolute one comes from data, and may name any host.
        own = not (element.tag == "a" and _SCHEME.match(link))
        fragment = _link(site, path, line, link) if own else ""
        if fragment and fragment not in ids:
            site.note(path, line, "anchor", f"there is no #{fragment} on this page")
        if element.tag == "img" and element.get("alt") is None:
            site.note(path, line, "alt", f"the picture {link!r} has no alternative text")
    if page.is_indexed(elements):
        site.indexed.add(path)
        _canonical(site, path, [e.get("href", "") for e in elements if e.get("rel") == "canonical"])


def _link(site: _Site, path: str, line: int, link: str) -> str:
    """Note a link that leads to no file. Return the anchor that it wants of its own page, if any."""
    if link.startswith(site.base_url):
        target, fragment = _split(link[len(site.base_url) :])
    elif not link or _SCHEME.match(link):
        return ""
    else:
        target, fragment = _target(site, path, link)
    if target == path:
        return fragment
    if target not in site.files:
        site.note(path, line, "link", f"{link!r} leads to no file of the site")
    elif fragment and target.endswith(".html"):
        site.anchors[target].setdefault(fragment, (path, line))
    return ""


def _target(site: _Site, path: str, link: str) -> tuple[str, str]:
    """Return the file and the anchor that a relative link on the page `path` leads to."""
    return _through_root(link, path.count("/")) or _resolved(site.base_url, path, link)


@lru_cache(maxsize=1 << 20)
def _through_root(link: str, depth: int) -> tuple[str, str] | None:
    """Return where a link leads that goes up to the root first, as most do, from a page `depth` folders down."""
    up = _UP.match(link)
    if up is None or up.end() != 3 * depth or link.startswith(("/", "#", "?", "./")):
        return None
    return _split(link[up.end() :])


def _resolved(base_url: str, path: str, link: str) -> tuple[str, str]:
    base = urlsplit(base_url).path
    whole = urlsplit(urljoin(f"{base}{path}", link))
    if not whole.path.startswith(base):
        return whole.path, whole.fragment
    return _split(whole.path[len(base) :] + (f"#{whole.fragment}" if whole.fragment else ""))


@lru_cache(maxsize=1 << 20)
def _split(address: str) -> tuple[str, str]:
    """Return the file and the anchor of an address from the site's root."""
    parts = urlsplit(f"/{address}")
    file = unquote(parts.path[1:])
    return f"{file}index.html" if file.endswith("/") or not file else file, unquote(parts.fragment)


def _canonical(site: _Site, path: str, found: list[str]) -> None:
    own = [url for url in found if url.startswith(site.base_url) and _split(url[len(site.base_url) :])[0] == path]
    if len(found) != 1 or own != found:
        said = ", ".join(found) or "none"
        site.note(path, 0, "canonical", f"the page must name its own address as canonical, and has {said}")


def _anchors(site: _Site, path: str, wanted: dict[str, tuple[str, int]]) -> None:
    """Note which of the anchors that other pages want are not on the page `path`."""
    ids = {element.get("id") for element in _elements(site, path)[0]}
    for name, (source, line) in wanted.items():
        if name not in ids:
            site.note(source, line, "anchor", f"there is no #{name} in {path}")


def _document(site: _Site, path: str) -> None:
    """Note a feed, list or twin that cannot be read, or leads nowhere."""
    name = path.rpartition("/")[2]
    try:
        if name.endswith(".json"):
            msgspec.json.decode((site.folder / path).read_bytes())
        elif name in _FEED_ROOTS:
            _feed(site, path, _FEED_ROOTS[name])
        elif name.endswith((".xml", ".opml")):
            root = _xml(site, path)
            for element in root.iter("outline"):
                _link(site, path, page.line_of(element), element.get("xmlUrl", ""))
    except (etree.XMLSyntaxError, msgspec.DecodeError) as error:
        site.note(path, 0, "feed" if "feed" in name or name == "atom.xml" else "syntax", str(error))


def _feed(site: _Site, path: str, expected: str) -> None:
    root = _xml(site, path)
    if root.tag != expected:
        site.note(path, 0, "feed", f"the file begins with <{root.tag}>, not with <{expected}>")
    atom = "{http://www.w3.org/2005/Atom}"
    ids = Counter(element.text for element in root.iter("guid", f"{atom}id"))
    for name, count in ids.items():
        if count > 1:
            site.note(path, 0, "feed", f"{count} papers have the id {name!r}")
    links = [element.text or "" for element in root.iter("link")]
    links += [element.get("href", "") for element in root.iter(f"{atom}link")]
    for link in links:
        if not _SCHEME.match(link):
            site.note(path, 0, "feed", f"the link {link!r} is not absolute")
        else:
            _link(site, path, 0, link)


def _sitemap(site: _Site) -> None:
    """Note where the sitemap and the pages differ."""
    if "sitemap.xml" not in site.files:
        site.note("sitemap.xml", 0, "sitemap", "there is no sitemap")
        return
    lists = ["sitemap.xml", *sorted(path for path in site.files if re.fullmatch(r"sitemap-\d+\.xml", path))]
    listed: set[str] = set()
    for path in lists:
        try:
            root = _xml(site, path)
        except etree.XMLSyntaxError:
            continue  # noted as a file that cannot be read
        for element in root.iter(f"{_SITEMAP}loc"):
            url = element.text or ""
            _link(site, path, page.line_of(element), url)
            if not url.startswith(site.base_url):
                site.note(path, page.line_of(element), "sitemap", f"{url!r} is not an address of this site")
            elif root.tag == f"{_SITEMAP}urlset":
                listed.add(_split(url[len(site.base_url) :])[0])
    for path in sorted(site.indexed - listed):
        site.note(path, 0, "sitemap", "the sitemap does not name this page", warning=True)
    for path in sorted(listed & site.files - site.indexed):
        site.note(path, 0, "sitemap", "the sitemap names this page, which is not to be found", warning=True)


def _elements(site: _Site, path: str) -> tuple[list[etree._Element], int]:
    """Return the elements of a page that have something to check, and its size in bytes."""
    data = (site.folder / path).read_bytes()
    if not data.strip():
        return [], 0
    return cast("list[etree._Element]", _ELEMENTS(etree.fromstring(data, _HTML))), len(data)  # noqa: SLF001 - the stubs' name


def _xml(site: _Site, path: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring((site.folder / path).read_bytes(), parser)
