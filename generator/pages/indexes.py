"""The indexes of people, organisations and topics: the most frequent names, and all names by first letter.

A small index is one page. A large one has a page a letter, in parts of bounded size, so that no page ever loads a
hundred thousand names.
"""

import unicodedata
from collections.abc import Iterator
from itertools import groupby

from msgspec import Struct

from generator import urls
from generator.archive import Collection
from generator.language import Language
from generator.model import Link
from generator.pages import PageKind
from generator.pages.names import INDEX_TITLES, index_title
from generator.pages.view import Count, Edition, Page, Pager, Sign, has_page, numbered, pager, parts
from generator.text import key

_ON_ONE_PAGE = 400
_MOST = 40


class Letter(Struct, frozen=True, kw_only=True):
    """The names under one letter, in order. `key` stands in the address, `title` is what is shown."""

    key: str
    title: str
    names: tuple[Count, ...]


class Rule(Struct, frozen=True, kw_only=True):
    """Who is in an index: names with at least `least` papers; `left_out` others have fewer."""

    least: int
    left_out: int


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the index of each kind of name, and its letters where it is large."""
    for kind in urls.INDEXES:
        collections = list(edition.archive.of(kind))
        shown = [collection for collection in collections if has_page(edition, collection)]
        rule = Rule(least=edition.rules.least.get(kind, 1), left_out=len(collections) - len(shown))
        letters = letters_of(edition.language, kind, shown)
        whole = len(shown) <= _ON_ONE_PAGE
        commonest = sorted(shown, key=lambda collection: -len(collection.entries))[:_MOST]
        yield _index(
            edition,
            kind,
            description=edition.language.ngettext(
                "%(count)s name in this archive, with the number of papers of each.",
                "%(count)s names in this archive, with the number of papers of each.",
                len(shown),
            ),
            context={
                "total": len(shown),
                "rule": rule,
                "common": tuple(map(_count, commonest)),
                "index": _letter_links(kind, letters, whole=whole),
                "letters": letters if whole else (),
                "pager": None,
            },
        )
        if not whole:
            for letter in letters:
                yield from _letter(edition, kind, letter, rule, letters)


def letters_of(language: Language, kind: str, collections: list[Collection]) -> tuple[Letter, ...]:
    """Return `collections` by first letter: people by family name, the Latin alphabet first, other scripts together."""

    def order(collection: Collection) -> tuple[str, str]:
        sorting = _sorting(kind, collection.title)
        return (_initial(sorting), sorting)

    return tuple(
        Letter(
            key=initial or "other",
            title=initial.upper() or language.gettext("Other"),
            names=tuple(map(_count, group)),
        )
        for initial, group in groupby(
            sorted(collections, key=lambda collection: _last(order(collection))), key=lambda item: order(item)[0]
        )
    )


def _last(order: tuple[str, str]) -> tuple[bool, str, str]:
    """Put names without a Latin initial at the end."""
    initial, sorting = order
    return (not initial, initial, sorting)


def _sorting(kind: str, title: str) -> str:
    """Return the key a title is sorted by: a person's family name, taken to be the last word, comes first."""
    given, _, family = title.rpartition(" ") if kind == "author" else ("", "", title)
    return f"{key(family)} {key(given)}" if given else key(family)


def _initial(sorting: str) -> str:
    return sorting[0] if "a" <= sorting[0] <= "z" or unicodedata.category(sorting[0]) == "Nd" else ""


def _count(collection: Collection) -> Count:
    return Count(title=collection.title, count=len(collection.entries), url=collection.url)


def _letter_links(kind: str, letters: tuple[Letter, ...], *, whole: bool) -> tuple[Count, ...]:
    """Return the alphabet: anchors on one page, or addresses of the letters' pages."""
    root = urls.INDEXES[kind]
    return tuple(
        Count(
            title=letter.title,
            count=len(letter.names),
            url=f"{root}#{letter.key}" if whole else urls.letter(kind, letter.key),
        )
        for letter in letters
    )


def _letter(edition: Edition, kind: str, letter: Letter, rule: Rule, letters: tuple[Letter, ...]) -> Iterator[Page]:
    found = parts(letter.names, _ON_ONE_PAGE)
    for number, names in enumerate(found, 1):
        yield _index(
            edition,
            kind,
            letter=letter,
            description=edition.language.ngettext(
                "%(count)s name under %(letter)s, with the number of papers of each.",
                "%(count)s names under %(letter)s, with the number of papers of each.",
                len(letter.names),
                letter=letter.title,
            ),
            context={
                "total": len(letter.names),
                "rule": rule,
                "common": (),
                "index": _letter_links(kind, letters, whole=False),
                "letters": (Letter(key=letter.key, title=letter.title, names=names),),
                "pager": _pager(kind, letter.key, number, len(found)) if len(found) > 1 else None,
            },
            number=number,
        )


def _index(
    edition: Edition,
    kind: str,
    *,
    description: str,
    context: dict[str, object],
    letter: Letter | None = None,
    number: int = 1,
) -> Page:
    index = index_title(edition.language, kind)
    title = index + (f": {letter.title}" if letter else "")
    return Page(
        url=urls.letter(kind, letter.key, number) if letter else urls.INDEXES[kind],
        kind="index",
        template="index.html",
        title=numbered(edition.language, title, number),
        heading=title,
        description=description,
        crumbs=(Link(title=index, url=urls.INDEXES[kind]),) if letter else (),
        number=number,
        context={"names": kind, **context},
    )


def _pager(kind: str, letter: str, number: int, total: int) -> Pager:
    return pager(number, total, lambda page: urls.letter(kind, letter, page))


PAGES = PageKind(
    pages,
    about="the indexes of people, organisations and topics",
    signs=tuple(
        Sign(title=INDEX_TITLES[kind], url=urls.INDEXES[kind], section=kind, place=place)
        for kind, place in (("topic", 30), ("organisation", 31), ("author", 32))
    ),
)
