"""Pictures of pages for places where links are shared: PNG files of 1200 × 630 (https://ogp.me/), made of text.

Which pages have one of their own is a setting; all others show the archive's.
"""

from collections.abc import Iterator
from functools import partial

import msgspec

from generator import tex, urls
from generator.language import Language
from generator.memo import digest
from generator.model import Alternate, Draft, Paper
from generator.outputs import Output
from generator.outputs.previews.preview import Preview
from generator.pages.view import Edition, Page
from generator.render.engine import PICTURE
from generator.site import Site
from generator.text import one_line

FILE = "preview.png"
_NAMES = 3
# The kinds of pages that may have a picture of their own, by the setting.
_SHOWN = {"none": (), "archive": (), "days": ("day",), "papers": ("day", "paper")}


def files(site: Site) -> Iterator[Draft]:
    """Yield the picture of the archive, and those of the pages that have one."""
    masthead, edition = site.masthead, site.edition
    if edition.rules.previews == "none":
        return
    told = masthead.description or edition.language.things(len(edition.archive.entries), "paper")
    yield _draft(urls.HOME, Preview(above="", headline=masthead.title, below=told, name=""))
    for page in site.pages.of(*_SHOWN[edition.rules.previews]):
        if page.number == 1 and has_preview(edition, page):
            yield _draft(page.url, preview(edition.language, page, masthead.title))


def links(edition: Edition, page: Page) -> tuple[Alternate, ...]:
    """Return the picture that stands for a page where it is shared; its title says what it shows."""
    if edition.rules.previews == "none":
        return ()
    if not has_preview(edition, page):
        return (Alternate(title=edition.language.gettext("The name of this archive"), url=FILE, type=PICTURE),)
    shown = preview(edition.language, page, "")
    title = one_line(": ".join(filter(None, (shown.above, shown.headline, shown.below))))
    url = page.collection.url if page.collection is not None else page.url
    return (Alternate(title=title, url=urls.twin(url, FILE), type=PICTURE),)


def has_preview(edition: Edition, page: Page) -> bool:
    """Return whether `page` has a picture of its own."""
    chosen = edition.rules.previews
    return page.kind in _SHOWN[chosen] and not (page.paper is None and page.collection is None)


def preview(language: Language, page: Page, name: str) -> Preview:
    """Return what the picture of a paper or a day says; `name` is the archive's."""
    if page.paper is not None:
        return Preview(
            above=page.paper.organisation.name if page.paper.organisation else "",
            headline=tex.plain(page.paper.title),
            below=_people(language, page.paper),
            name=name,
        )
    assert page.collection is not None, "only papers and days have a picture"
    entries = page.collection.entries
    first = tex.plain(entries[0].paper.title)
    if len(entries) > 1:
        first = _and_more(language, first, len(entries) - 1)
    return Preview(above=language.things(len(entries), "paper"), headline=page.heading, below=first, name=name)


def _people(language: Language, paper: Paper) -> str:
    names = [author.name for author in paper.authors]
    if len(names) <= _NAMES:
        return ", ".join(names)
    return _and_more(language, ", ".join(names[: _NAMES - 1]), len(names) - _NAMES + 1)


def _and_more(language: Language, first: str, count: int) -> str:
    return language.ngettext("%(first)s, and %(count)s more", "%(first)s, and %(count)s more", count, first=first)


def _draft(url: str, shown: Preview) -> Draft:
    return Draft(urls.twin(url, FILE), digest(msgspec.msgpack.encode(shown)), partial(_made, shown))


def _made(shown: Preview) -> bytes:
    # Imported here because a build that has all of its pictures needs no library for pictures.
    from generator.outputs.previews import drawing  # noqa: PLC0415

    return drawing.png(shown)


OUTPUT = Output(files, about="pictures for shared links", links=links, in_shares=True)
