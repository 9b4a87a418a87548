"""Decide which pages exist. One file a kind of page, each ending in a constant `PAGES`; a new kind is a new file."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from generator import urls
from generator.errors import ContentError, raise_all
from generator.pages.view import Edition, Page, Sign


class PageKind(Struct, frozen=True):
    """A kind of page: a function that yields its pages for an edition, and what they are in a few words.

    `signs` are the ways to them that every page shows, in the menu or at its foot.
    """

    pages: Callable[[Edition], Iterator[Page]]
    about: str
    signs: tuple[Sign, ...] = ()


def plan(edition: Edition, kinds: Mapping[str, PageKind]) -> tuple[Page, ...]:
    """Return every page of the site, sorted by address.

    Raises `ContentError` (all of them together) where two pages want the same address.
    """
    claims: dict[str, list[Page]] = defaultdict(list)
    for kind in kinds.values():
        for page in kind.pages(edition):
            claims[page.url].append(page)
    raise_all(
        [
            ContentError(
                "two pages want this address: " + " and ".join(f"{page.kind} “{page.title}”" for page in pages),
                where=f"/{url}",
                hint="rename one of them, or merge them in content/aliases.yml",
            )
            for url, pages in claims.items()
            if len(pages) > 1
        ]
    )
    return tuple(claims[url][0] for url in sorted(claims))


def signs_of(edition: Edition, kinds: Mapping[str, PageKind], pages: Iterable[Page]) -> tuple[Sign, ...]:
    """Return the signs to those of `pages` that have one, in their order; pages an editor wrote come last."""
    planned = {page.url for page in pages}
    signs = [sign for kind in kinds.values() for sign in kind.signs if sign.url in planned]
    known = {sign.url for sign in signs}
    written = (note for note in edition.notes if note.menu is not None and urls.note(note.name) not in known)
    notes = sorted(written, key=lambda note: (note.menu, note.name))
    said = edition.language.gettext
    return (
        *(replace(sign, title=said(sign.title)) for sign in sorted(signs, key=lambda sign: (sign.place, sign.title))),
        *(Sign(title=note.title, url=urls.note(note.name), section=urls.note(note.name)) for note in notes),
    )
