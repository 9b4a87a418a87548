"""What a feed holds, whatever it is about, and what its formats have in common.

Ids never depend on the site's address, so that an archive that moves shows no paper twice. A paper on arXiv has the id
that arXiv itself gives it (`oai:arXiv.org:2512.07783`); any other, and each feed, a UUID made from its name (RFC 9562,
version 5). A `tag:` URI (RFC 4151) would need a domain or mailbox of the archive's owner, which we do not know.
Dates are those of the data, never of the build: a paper came when it was featured.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import TypeVar
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from lxml import etree, html
from markupsafe import Markup
from msgspec import Struct, field

from generator import tex, text, urls
from generator.archive import Entry
from generator.language import Language, marked
from generator.model import Link, Masthead, Paper
from generator.pages.view import names_of
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
# Feeds repeat the same papers; more than so many are made again rather than kept in memory.
REMEMBERED = 1 << 11
_FULL_DAYS = 3
_RELATIVE = re.compile(r'(?:href|src)="(?!https?:|mailto:)')

Made = TypeVar("Made")


class Item(Struct, frozen=True, kw_only=True):
    """Something in a feed: a paper, or a piece of news about the archive. Ready for every format.

    `title` and `description` are plain text, `content` is HTML. `day` is when it came, `updated` when it last changed.
    `people` carry the absolute addresses of their pages, or none; `by` stands for them where nobody is named. `links`
    lead to other hosts. `more` is what JSON Feed has no words for.
    """

    id: str
    title: str
    url: str
    day: date
    updated: date
    content: str
    description: str
    people: tuple[Link, ...] = ()
    by: str = ""
    subjects: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    summary: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


class Feed(Struct, frozen=True, kw_only=True):
    """What a feed holds, whatever its format. `folder` is the address of the page it is the feed of."""

    title: str
    description: str
    folder: str
    items: tuple[Item, ...] = ()

    @property
    def updated(self) -> date | None:
        """The day of the last change of anything in it."""
        return max((item.updated for item in self.items), default=None)


def once(make: Callable[[Item], Made]) -> Callable[[Item], Made]:
    """Return `make`, which then is not asked again about the items it was asked about last."""
    made: dict[str, Made] = {}

    def of(item: Item) -> Made:
        if item.id not in made:
            if len(made) >= REMEMBERED:
                del made[next(iter(made))]
            made[item.id] = make(item)
        return made[item.id]

    return of


def newest(entries: Iterable[Entry], count: int) -> tuple[Entry, ...]:
    """Return the newest `count` entries by day and rank, more if three days have more; none that was withdrawn."""
    dated = [entry for entry in entries if not entry.paper.withdrawn and _day(entry) > date.min]

    def order(entry: Entry) -> tuple[int, int, str]:
        return -_day(entry).toordinal(), entry.featured.rank if entry.featured else 0, entry.paper.id

    dated.sort(key=order)
    days = sorted({_day(entry) for entry in dated}, reverse=True)[:_FULL_DAYS]
    whole = sum(_day(entry) in days for entry in dated)
    return tuple(dated[: max(count, whole)])


def item_of(site: Site, entry: Entry) -> Item:
    """Return what feeds say of `entry`."""
    base_url, paper, day = site.masthead.base_url, entry.paper, _day(entry)
    url = urls.absolute(base_url, urls.paper(paper))
    known = {"id": paper.id, "doi": paper.doi, "code": external(paper.code), "project": external(paper.project)}
    return Item(
        id=paper_id(paper),
        title=tex.plain(paper.title),
        url=url,
        day=day,
        updated=max(day, paper.updated or day),
        people=tuple(
            Link(title=person.title, url=urls.absolute(base_url, person.url) if person.url else "")
            for person in names_of(site.edition, "author", paper)
        ),
        by=paper.organisation.name if paper.organisation else "",
        subjects=paper.subjects,
        topics=tuple(map(tex.plain, paper.topics)),
        links=_outside(paper),
        content=_content(site.edition.language, paper, url),
        description=markdown.plain(paper.abstract) or tex.plain(paper.summary),
        summary=tex.plain(paper.summary),
        more={key: value for key, value in known.items() if value},
    )


def news_of(site: Site, *, kind: str, day: date, title: str, page: str, words: str) -> Item:
    """Return what feeds say of something that happened to the archive on `day`; `page` is the address that tells more.

    Its id is made of all this: what is said otherwise is said anew.
    """
    return Item(
        id=f"urn:uuid:{uuid5(_NAMESPACE, f'{kind} {day} {title} /{page} {words}')}",
        title=title,
        url=urls.absolute(site.masthead.base_url, page),
        day=day,
        updated=day,
        content=str(Markup("<p>{}</p>").format(words)),
        description=words,
        topics=(kind,),
    )


def _day(entry: Entry) -> date:
    """Return the day on which a paper came; one without any date came before all others."""
    return entry.featured.day if entry.featured else entry.paper.published or date.min


def paper_id(paper: Paper) -> str:
    """Return the id of a paper in every feed, for ever."""
    return f"oai:arXiv.org:{paper.arxiv}" if paper.arxiv else f"urn:uuid:{uuid5(_NAMESPACE, f'paper {paper.id}')}"


def digest_id(url: str) -> str:
    """Return the id of the digest of the day or the week at `url`, for ever."""
    return f"urn:uuid:{uuid5(_NAMESPACE, f'digest /{url}')}"


def feed_id(masthead: Masthead, feed: Feed) -> str:
    """Return the id of `feed`, for as long as the archive keeps its title."""
    return f"urn:uuid:{uuid5(_NAMESPACE, f'feed {masthead.title} /{feed.folder}')}"


def moment(masthead: Masthead, day: date) -> datetime:
    """Return the beginning of `day` where the archive is."""
    return datetime.combine(day, time(), ZoneInfo(masthead.timezone))


def icon(site: Site) -> str:
    """Return the address of a picture that stands for the archive, or nothing where the theme has none."""
    pictures = (str(asset.path) for asset in site.assets if asset.path.suffix == ".png")
    icon = min((path for path in pictures if "icon" in path), default="")
    return urls.absolute(site.masthead.base_url, icon) if icon else ""


def _outside(paper: Paper) -> tuple[Link, ...]:
    """Return the paper's addresses at other hosts that a reader may follow."""
    return tuple(link for link in urls.outside(paper) if external(link.url))


def _content(language: Language, paper: Paper, page: str) -> str:
    """Return the abstract and the paper's links as HTML that stands on its own."""
    shown = [Link(title=marked("Read on"), url=page), *_outside(paper)]
    said = language.gettext
    row = Markup(" · ").join(
        Markup('<a href="{}">{}</a>').format(urls.quoted(link.url), said(link.title)) for link in shown
    )
    return str(_absolute(markdown.html(paper.abstract), page) + Markup("\n<p>{}</p>").format(row))


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


def advice(site: Site) -> str:
    """Return a word for who opens a feed in a browser."""
    page = urls.absolute(site.masthead.base_url, urls.FEEDS)
    return site.edition.language.gettext(
        "This is a feed: give its address to a feed reader. About feeds: %(address)s", address=page
    )


def document(site: Site, root: etree._Element) -> bytes:
    """Return a feed as bytes, with a word for who opens it in a browser."""
    root.addprevious(etree.Comment(f" {advice(site).replace('--', '-%2D')} "))
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", pretty_print=True)
