"""Decide which pages exist. One file a kind of page, each ending in a constant `PAGES`; a new kind is a new file."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from generator.errors import ContentError, raise_all
from generator.pages.view import Edition, Page


class PageKind(Struct, frozen=True):
    """A kind of page: a function that yields its pages for an edition, and what they are in a few words."""

    pages: Callable[[Edition], Iterator[Page]]
    about: str


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
