"""Every paper and every list as JSON, beside its page; docs/formats.md describes the keys.

The structs below are the format. What is unknown is absent. Keys are only ever added while `SCHEMA` stays the same.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache, partial

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from generator import tex, urls
from generator.archive import Collection, Entry
from generator.model import Alternate, Counts, Draft, Link, Linked, Paper, Version
from generator.outputs import Output, key_of
from generator.pages.view import Edition, Page, is_beside, names_of
from generator.render import markdown
from generator.render.engine import external
from generator.site import Site

SCHEMA = 1
FILE = "index.json"
LATEST = "latest.json"
DAYS = "day/index.json"
_TYPE = "application/json"
_NONE = b"[]"
# A day repeats its papers; more than so many are encoded again rather than kept in memory.
_REMEMBERED = 1 << 13


class NameJson(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person or an organisation; `url` is its page in this archive."""

    name: str
    url: str = ""
    affiliation: str = ""
    orcid: str = ""


class FeaturedJson(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One appearance on a day's list."""

    day: date
    rank: int
    upvotes: int = 0
    comments: int = 0
    by: str = ""
    now: Counts | None = None


class PaperJson(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A paper. Titles and abstracts have mathematics as TeX between dollars; plain text follows where it is another."""

    id: str
    url: str
    title: str
    citation_key: str
    title_text: str = ""
    authors: tuple[NameJson, ...] = ()
    organisation: NameJson | None = None
    published: date | None = None
    updated: date | None = None
    versions: tuple[Version, ...] = ()
    featured: tuple[FeaturedJson, ...] = ()
    subjects: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    doi: str = ""
    identifiers: tuple[str, ...] = ()
    type: str = ""
    issued: str = ""
    journal: str = ""
    venue: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    comment: str = ""
    licence: str = ""
    links: tuple[Link, ...] = ()
    stars: int | None = None
    models: Linked | None = None
    datasets: Linked | None = None
    demos: Linked | None = None
    author_count: int | None = None
    comments: int | None = None
    summary: str = ""
    summary_by: str = ""
    abstract: str = ""
    abstract_text: str = ""
    abstract_by: str = ""
    withdrawn: str = ""


_AS_THEY_ARE = (
    *("identifiers", "type", "issued", "journal", "venue", "volume", "issue", "pages", "publisher"),
    *("models", "datasets", "demos", "author_count", "comments"),
)


class SimilarJson(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A similar paper: its score, what words, topics and authors give of it, and what the two share."""

    id: str
    url: str
    score: float
    parts: dict[str, float]
    words: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


class DayJson(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A day's list in its order. `previous` and `next` are the JSON of the nearest days with papers."""

    schema: int
    day: date
    url: str
    count: int
    previous: str = ""
    next: str = ""
    papers: tuple[msgspec.Raw, ...] = ()


class LineJson(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A paper on a list that is not a day's: enough to show it; `json` has the rest."""

    id: str
    url: str
    title: str
    json: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None
    day: date | None = None
    upvotes: int = 0


class ListJson(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A list in its order. `kind` is week, month, year, query, topic, organisation or author."""

    schema: int
    kind: str
    title: str
    url: str
    count: int
    papers: tuple[LineJson, ...]


class CountJson(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A day with papers: how many, its page, and its JSON."""

    day: date
    count: int
    url: str
    json: str = ""


def files(site: Site) -> Iterator[Draft]:
    """Yield the JSON of every paper and list, of the newest day once more, and the list of days."""
    edition, archive = site.edition, site.edition.archive
    papers = {entry.paper.id: entry.paper for entry in archive.entries}

    @lru_cache(maxsize=_REMEMBERED)
    def encoded(id_: str) -> bytes:
        return msgspec.json.encode(_paper(site, papers[id_], edition.citation_keys[id_]))

    def of_paper(id_: str) -> tuple[bytes, str]:
        return edition.named_digests[id_], edition.citation_keys[id_]

    for id_, paper in papers.items() if is_beside(edition, FILE) else ():
        similar = msgspec.json.encode(_similar(site, id_))
        make = partial(_alone, encoded, id_, similar)
        yield Draft(urls.twin(urls.paper(paper), FILE), key_of(site, of_paper(id_), similar), make)
    for kind in archive.collections:
        for collection in archive.of(kind):
            if kind != "day" and is_beside(edition, FILE, collection):
                shown = [(edition.digests[each.paper.id], each.featured) for each in collection.entries]
                key = key_of(site, kind, collection.title, collection.url, shown, is_beside(edition, FILE))
                make = partial(_made, partial(_list, site, collection))
                yield Draft(urls.twin(collection.url, FILE), key, make)
    yield from _days(site, encoded, of_paper)


def _days(site: Site, encoded: Callable[[str], bytes], of_paper: Callable[[str], tuple[bytes, str]]) -> Iterator[Draft]:
    days = tuple(site.edition.archive.of("day"))
    for place, day in enumerate(days):
        head = _day_head(site, days, place)
        make = partial(_together, encoded, head, day)
        key = key_of(site, head, [of_paper(entry.paper.id) for entry in day.entries])
        if place == 0:
            yield Draft(LATEST, key, make)
        if not is_beside(site.edition, FILE, day):
            break
        yield Draft(urls.twin(day.url, FILE), key, make)
    counts = [_count(site, day) for day in days]
    yield Draft(DAYS, key_of(site, counts), partial(_made, lambda: {"schema": SCHEMA, "days": counts}))


def links(edition: Edition, page: Page) -> tuple[Alternate, ...]:
    """Return the JSON of the page's paper or list; home names the newest day's."""
    if page.kind == "home" and page.collection is not None:
        return (Alternate(title="JSON", url=LATEST, type=_TYPE),)
    if page.kind == "archive":
        return (Alternate(title=edition.language.gettext("Days as JSON"), url=DAYS, type=_TYPE),)
    if page.paper is not None and is_beside(edition, FILE):
        return (Alternate(title="JSON", url=urls.twin(page.url, FILE), type=_TYPE),)
    if page.collection is not None and is_beside(edition, FILE, page.collection):
        return (Alternate(title="JSON", url=urls.twin(page.collection.url, FILE), type=_TYPE),)
    return ()


def _alone(encoded: Callable[[str], bytes], id_: str, similar: bytes) -> bytes:
    """Return the file of one paper; a day says the number of the schema, which goes first, once for all papers."""
    data = b'{"schema":%d,' % SCHEMA + encoded(id_)[1:]
    if similar != _NONE:
        # Not in the JSON of the day, which would be twice as long with it.
        data = data[:-1] + b',"similar":' + similar + b"}"
    return _file(data)


def _together(encoded: Callable[[str], bytes], head: DayJson, day: Collection) -> bytes:
    """Return the file of a day."""
    papers = tuple(msgspec.Raw(encoded(entry.paper.id)) for entry in day.entries)
    return _file(msgspec.json.encode(replace(head, papers=papers)))


def _made(value: Callable[[], object]) -> bytes:
    return _file(msgspec.json.encode(value()))


def _file(data: bytes) -> bytes:
    return data + b"\n"


def _plain(source: str, plain: str) -> str:
    """Return the plain text of `source` where it is another one."""
    return plain if plain != source.strip() else ""


def _paper(site: Site, paper: Paper, key: str) -> PaperJson:
    edition = site.edition
    names = names_of(edition, "author", paper)
    organisations = names_of(edition, "organisation", paper)
    return PaperJson(
        id=paper.id,
        url=_absolute(site, urls.paper(paper)),
        title=paper.title,
        title_text=_plain(paper.title, tex.plain(paper.title)),
        citation_key=key,
        authors=tuple(
            NameJson(
                name=author.name, url=_absolute(site, link.url), affiliation=author.affiliation, orcid=author.orcid
            )
            for author, link in zip(paper.authors, names, strict=True)
        ),
        organisation=next((NameJson(name=o.title, url=_absolute(site, o.url)) for o in organisations), None),
        published=paper.published,
        updated=paper.updated,
        versions=paper.versions,
        featured=tuple(
            FeaturedJson(day=f.day, rank=f.rank, upvotes=f.upvotes, comments=f.comments, by=f.by, now=f.now)
            for f in paper.featured
        ),
        subjects=paper.subjects,
        topics=paper.topics,
        doi=paper.doi,
        **{name: getattr(paper, name) for name in _AS_THEY_ARE},
        comment=paper.comment,
        licence=paper.licence,
        links=tuple(link for link in urls.outside(paper) if external(link.url)),
        stars=paper.stars,
        summary=paper.summary,
        summary_by=paper.summary_by,
        abstract=paper.abstract,
        abstract_text=_plain(paper.abstract, markdown.plain(paper.abstract)),
        abstract_by=paper.abstract_by,
        withdrawn=paper.withdrawn,
    )


def _similar(site: Site, id_: str) -> list[SimilarJson]:
    edition = site.edition
    named = edition.archive.collections
    return [
        SimilarJson(
            id=each.id,
            url=_absolute(site, urls.paper(edition.entries[each.id].paper)),
            score=each.score,
            parts={name: points for name, points in each.parts if points},
            words=each.words,
            topics=tuple(named["topic"][key].title for key in each.topics),
            authors=tuple(named["author"][key].title for key in each.authors),
        )
        for each in edition.related.get(id_, ())
    ]


def _day_head(site: Site, days: tuple[Collection, ...], place: int) -> DayJson:
    """Return the JSON of the day at `place` in `days`, the newest of which is first, without its papers."""
    day = days[place]
    has_others = is_beside(site.edition, FILE, day)
    before = days[place + 1].url if has_others and place + 1 < len(days) else ""
    after = days[place - 1].url if has_others and place else ""
    return DayJson(
        schema=SCHEMA,
        day=date.fromisoformat(day.key),
        url=_absolute(site, day.url),
        count=len(day.entries),
        previous=_absolute(site, urls.twin(before, FILE)) if before else "",
        next=_absolute(site, urls.twin(after, FILE)) if after else "",
    )


def _list(site: Site, collection: Collection) -> ListJson:
    return ListJson(
        schema=SCHEMA,
        kind=collection.kind,
        title=collection.title,
        url=_absolute(site, collection.url),
        count=len(collection.entries),
        papers=tuple(_line(site, entry) for entry in collection.entries),
    )


def _line(site: Site, entry: Entry) -> LineJson:
    paper, seen = entry.paper, entry.featured
    return LineJson(
        id=paper.id,
        url=_absolute(site, urls.paper(paper)),
        json=_absolute(site, urls.twin(urls.paper(paper), FILE)) if is_beside(site.edition, FILE) else "",
        title=tex.plain(paper.title),
        authors=tuple(author.name for author in paper.authors),
        published=paper.published,
        day=seen.day if seen and seen.rank else None,
        upvotes=seen.upvotes if seen else 0,
    )


def _count(site: Site, day: Collection) -> CountJson:
    return CountJson(
        day=date.fromisoformat(day.key),
        count=len(day.entries),
        url=_absolute(site, day.url),
        json=_absolute(site, urls.twin(day.url, FILE)) if is_beside(site.edition, FILE, day) else "",
    )


def _absolute(site: Site, url: str) -> str:
    """Return `url` with scheme and host; a name without a page has none."""
    return urls.absolute(site.masthead.base_url, url) if url else ""


OUTPUT = Output(files, about="every paper and list as JSON", links=links, in_shares=True)
