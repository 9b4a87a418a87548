"""Decide which pages exist. One file a kind of page, each ending in a constant `PAGES`; a new kind is a new file."""

from collections.abc import Callable, Iterable, Iterator, KeysView, Mapping, Sequence
from datetime import date
from functools import partial
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from generator import urls
from generator.errors import ContentError, raise_all
from generator.pages.view import Edition, Page, Sign

Bunch = Callable[[], Iterable[Page]]


class PageKind(Struct, frozen=True):
    """A kind of page: a function that yields its pages for an edition, and what they are in a few words.

    `signs` are the ways to them that every page shows, in the menu or at its foot. Where there are thousands of pages,
    they come in `bunches`: functions that return some of them, which are let go of and made again when needed.
    """

    pages: Callable[[Edition], Iterable[Page]]
    about: str
    signs: tuple[Sign, ...] = ()
    bunches: Callable[[Edition], Iterable[Bunch]] = lambda _: ()


class Leaf(Struct, frozen=True, gc=False):
    """What the plan keeps of a page: what lists of pages say, its key, and its place in a bunch."""

    url: str
    kind: str
    number: int
    indexed: bool
    modified: date | None
    key: bytes
    bunch: int
    place: int


class Plan:
    """Every page of a site, in order of addresses. A page is a value that is made when it is asked for."""

    def __init__(self, leaves: Iterable[Leaf], bunches: Sequence[Bunch]) -> None:
        self.leaves = tuple(sorted(leaves, key=attrgetter("url")))
        self._bunches = bunches
        # The parts of a long list come from one bunch, and are asked for one after another.
        self._last: tuple[int, Sequence[Page]] = (-1, ())

    def page(self, leaf: Leaf) -> Page:
        """Return the page that `leaf` stands for."""
        if self._last[0] != leaf.bunch:
            self._last = leaf.bunch, tuple(self._bunches[leaf.bunch]())
        return self._last[1][leaf.place]

    def of(self, *kinds: str) -> Iterator[Page]:
        """Yield the pages of some kinds."""
        return (self.page(leaf) for leaf in self.leaves if leaf.kind in kinds)

    def __iter__(self) -> Iterator[Page]:
        return (self.page(leaf) for leaf in self.leaves)

    def __len__(self) -> int:
        return len(self.leaves)


def few(edition: Edition, kinds: Mapping[str, PageKind]) -> tuple[Page, ...]:
    """Return the pages that do not come in bunches; the signs are among them."""
    return tuple(page for kind in kinds.values() for page in kind.pages(edition))


def plan(
    edition: Edition,
    kinds: Mapping[str, PageKind],
    *,
    pages: Iterable[Page] | None = None,
    key: Callable[[Page], bytes] = lambda _: b"",
    answers: Callable[[Edition, KeysView[str]], Iterable[Page]] = lambda *_: (),
) -> Plan:
    """Return every page of the site: the `few`, if they were not made before, and those in bunches.

    `key` gives the key of a page; `answers` gives pages for addresses that these do not claim.

    Raises `ContentError` (all of them together) where two pages want the same address.
    """
    bunches: list[Bunch] = [partial(iter, (page,)) for page in (few(edition, kinds) if pages is None else pages)]
    bunches += [bunch for kind in kinds.values() for bunch in kind.bunches(edition)]
    claims: dict[str, Leaf] = {}
    rivals: dict[str, list[Leaf]] = {}
    for number, bunch in enumerate(bunches):
        for leaf in _leaves(bunch, number, key):
            if claims.setdefault(leaf.url, leaf) is not leaf:
                rivals.setdefault(leaf.url, [claims[leaf.url]]).append(leaf)
    raise_all(
        [
            ContentError(
                "two pages want this address: " + " and ".join(_told(bunches, leaf) for leaf in claim),
                where=f"/{url}",
                hint="rename one of them, or merge them in content/aliases.yml",
            )
            for url, claim in rivals.items()
        ]
    )
    leaves = list(claims.values())
    for answer in answers(edition, claims.keys()):
        bunches.append(partial(iter, (answer,)))
        leaves += _leaves(bunches[-1], len(bunches) - 1, key)
    return Plan(leaves, bunches)


def _leaves(bunch: Bunch, number: int, key: Callable[[Page], bytes]) -> Iterator[Leaf]:
    for place, page in enumerate(bunch()):
        yield Leaf(page.url, page.kind, page.number, page.indexed, page.modified, key(page), number, place)


def _told(bunches: Sequence[Bunch], leaf: Leaf) -> str:
    page = tuple(bunches[leaf.bunch]())[leaf.place]
    return f"{page.kind} “{page.title}”"


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
