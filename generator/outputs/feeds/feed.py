"""What a feed holds, and what its formats have in common.

Ids never depend on the site's address, so that an archive that moves shows no paper twice. A paper on arXiv has the id
that arXiv itself gives it (`oai:arXiv.org:2512.07783`); any other, and each feed, a UUID made from its name (RFC 9562,
version 5). A `tag:` URI (RFC 4151) would need a domain or mailbox of the archive's owner, which we do not know.
Dates are those of the data, never of the build: a paper came when it was featured.
"""

import re
from datetime import date, datetime, time
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from lxml import etree, html
from markupsafe import Markup
from msgspec import Struct

from generator import tex, text, urls
from generator.archive import Entry
from generator.model import Link, Masthead, Paper
from generator.render import markdown
from generator.render.engine import external
from generator.site import Site

RSS, ATOM, JSON = "feed.xml", "atom.xml", "feed.json"
TYPES = {
    RSS: ("RSS", "application/rss+xml"),
    ATOM: ("Atom", "application/atom+xml"),
    JSON: ("JSON Feed", "application/feed+json"),
}
ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
# The scheme that arXiv's own Atom feeds give for its subjects.
SUBJECTS = "http://arxiv.org/schemas/atom"
_NAMESPACE = UUID("4c1d0f0e-3f0b-5e6b-9d58-6f1f4a9b7f52")  # chosen once; all ids that are not arXiv's depend on it
_FULL_DAYS = 3
_RELATIVE = re.compile(r'(?:href|src)="(?!https?:|mailto:)')


class Item(Struct, frozen=True):
    """A paper in a feed, with its date there."""

    paper: Paper
    day: date

    @property
    def updated(self) -> date:
        """The day of the last change that the data know of."""
        return max(self.day, self.paper.updated or self.day)


class Feed(Struct, frozen=True, kw_only=True):
    """What a feed holds, whatever its format. `folder` is the address of the page it is the feed of."""

    title: str
    description: str
    folder: str
    items: tuple[Item, ...]


def newest_items(entries: tuple[Entry, ...], count: int) -> tuple[Item, ...]:
    """Return the newest `count` papers by day and rank, more if three days have more; withdrawn ones are left out."""
    dated = [
        (-day.toordinal(), entry.featured.rank if entry.featured else 0, entry.paper.id, Item(entry.paper, day))
        for entry in entries
        if not entry.paper.withdrawn
        for day in (entry.featured.day if entry.featured else entry.paper.published,)
        if day
    ]
    dated.sort(key=lambda row: row[:3])
    days = sorted({row[0] for row in dated})[:_FULL_DAYS]
    whole = sum(row[0] in days for row in dated)
    return tuple(row[3] for row in dated[: max(count, whole)])


def paper_id(paper: Paper) -> str:
    """Return the id of a paper in every feed, for ever."""
    return f"oai:arXiv.org:{paper.arxiv}" if paper.arxiv else f"urn:uuid:{uuid5(_NAMESPACE, f'paper {paper.id}')}"


def feed_id(masthead: Masthead, feed: Feed) -> str:
    """Return the id of `feed`, for as long as the archive keeps its title."""
    return f"urn:uuid:{uuid5(_NAMESPACE, f'feed {masthead.title} /{feed.folder}')}"


def moment(masthead: Masthead, day: date) -> datetime:
    """Return the beginning of `day` where the archive is."""
    return datetime.combine(day, time(), ZoneInfo(masthead.timezone))


def newest(feed: Feed) -> date | None:
    """Return the day of the last change of any paper in `feed`."""
    return max((item.updated for item in feed.items), default=None)


def icon(site: Site) -> str:
    """Return the address of a picture that stands for the archive, or nothing where the theme has none."""
    pictures = (str(asset.path) for asset in site.assets if asset.path.suffix == ".png")
    icon = min((path for path in pictures if "icon" in path), default="")
    return urls.absolute(site.masthead.base_url, icon) if icon else ""


def page_address(site: Site, paper: Paper) -> str:
    """Return the absolute address of a paper."""
    return urls.absolute(site.masthead.base_url, urls.paper(paper))


def outside(paper: Paper) -> tuple[Link, ...]:
    """Return the paper's addresses at other hosts that a reader may follow."""
    return tuple(link for link in urls.outside(paper) if external(link.url))


def description(paper: Paper) -> str:
    """Return the abstract as plain text, or the summary where there is none."""
    return markdown.plain(paper.abstract) or tex.plain(paper.summary)


def content(site: Site, paper: Paper) -> str:
    """Return the abstract and the paper's links as HTML that stands on its own."""
    page = page_address(site, paper)
    shown = [Link(title="Read on", url=page), *outside(paper)]
    row = Markup(" · ").join(Markup('<a href="{}">{}</a>').format(urls.quoted(link.url), link.title) for link in shown)
    abstract = _absolute(markdown.html(paper.abstract), page)
    return abstract + Markup("\n<p>{}</p>").format(row)


def _absolute(fragment: Markup, page: str) -> Markup:
    """Return `fragment` with every link absolute."""
    if not _RELATIVE.search(fragment):
        return fragment
    root = html.fragment_fromstring(str(fragment), create_parent="div")
    root.make_links_absolute(page)
    inner = etree.tostring(root, encoding="unicode", method="html")
    return Markup(inner.removeprefix("<div>").removesuffix("</div>"))  # noqa: S704 - it came from cleaned HTML


def add(parent: etree._Element, tag: str, value: str = "", **attributes: str) -> etree._Element:
    """Add an element with the text `value` to `parent`, and return it."""
    child = etree.SubElement(parent, tag, attributes)
    if value:
        child.text = text.clean(value)
    return child


def document(site: Site, root: etree._Element) -> bytes:
    """Return a feed as bytes, with a word for who opens it in a browser."""
    page = urls.absolute(site.masthead.base_url, urls.FEEDS).replace("--", "-%2D")
    root.addprevious(etree.Comment(f" This is a feed: give its address to a feed reader. About feeds: {page} "))
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", pretty_print=True)
