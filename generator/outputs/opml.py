"""All feeds in one file that feed readers import: OPML 2.0 (http://opml.org/spec2.opml)."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree

from generator import tex, text, urls
from generator.model import Alternate, Artifact
from generator.outputs import Output
from generator.pages.feeds import groups_of, main_feeds
from generator.pages.view import Edition, Page
from generator.site import Site

FILE = "feeds.opml"
_FEED = "feed.xml"  # every reader takes RSS


def files(site: Site) -> Iterator[Artifact]:
    """Yield feeds.opml: the feeds of the whole archive, then those of saved queries and names; and each kind alone."""
    masthead, said = site.masthead, site.edition.language.gettext
    root, body = _document(site)
    main = _group(body, said("Main"))
    planned = {leaf.url for leaf in site.pages.leaves}
    for row in main_feeds(site.edition):
        if row.url in planned:
            _outline(main, site, masthead.title if row.url == urls.HOME else row.title, row.url)
    for feeds in groups_of(site.edition):
        alone, itself = _document(site)
        for group in (_group(body, feeds.title), _group(itself, feeds.title)):
            for row in feeds.rows:
                _outline(group, site, tex.plain(row.title), row.url)
        yield Artifact(PurePosixPath(f"{urls.FEEDS}{feeds.folder}.opml"), _bytes(alone))
    yield Artifact(PurePosixPath(FILE), _bytes(root))


def links(edition: Edition, page: Page) -> tuple[Alternate, ...]:
    """Return the list of all feeds for the page about feeds."""
    return (
        (Alternate(title=edition.language.gettext("All feeds (OPML)"), url=FILE, type="text/x-opml"),)
        if page.kind == "feeds"
        else ()
    )


def _document(site: Site) -> tuple[etree._Element, etree._Element]:
    """Return an OPML document without feeds, and the element that takes them."""
    root = etree.Element("opml", {"version": "2.0"})
    head = etree.SubElement(root, "head")
    title = site.edition.language.gettext("Feeds of %(archive)s", archive=site.masthead.title)
    etree.SubElement(head, "title").text = text.clean(title)
    etree.SubElement(head, "docs").text = "http://opml.org/spec2.opml"
    return root, etree.SubElement(root, "body")


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _group(body: etree._Element, title: str) -> etree._Element:
    return etree.SubElement(body, "outline", text=title, title=title)


def _outline(group: etree._Element, site: Site, title: str, folder: str) -> None:
    shown = text.one_line(title)
    etree.SubElement(
        group,
        "outline",
        type="rss",
        text=shown,
        title=shown,
        xmlUrl=urls.absolute(site.masthead.base_url, folder + _FEED),
        htmlUrl=urls.absolute(site.masthead.base_url, folder),
    )


OUTPUT = Output(files, about="all feeds in one file for feed readers", links=links)
