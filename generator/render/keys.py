"""What a page depends on: a key for each page, the digest of everything that its template can read.

A template reads the names that its source and those of the templates it builds on leave undefined: names of the page's
context, and globals. Jinja's own analysis of the source says which they are. For each global, its maker says what value
it stands for; the context is values only, so that it can be digested whole. Two things are kept out of its reach, and
then need not be digested: a collection shows how many papers it has, not which (those are in the page's sections), and
an entry's card is made by a function that is given the card and nothing else.
"""

import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from operator import attrgetter
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from generator.archive import Collection, Entry, unnumbered
from generator.language import Language
from generator.memo import Memo, digest
from generator.model import Alternate, Paper
from generator.pages.view import Card, Edition, Page, card_of

CARD = "partials/card.html"
_RECENT = 1000

_SCALARS = (str, int, float, bool, bytes, type(None), date)
# What is digested once, however many pages show it.
_SHARED = (Paper, Entry, Card, Collection)
_encode = msgspec.msgpack.Encoder().encode


class Reads(Struct, frozen=True):
    """What a template's source says: templates it names (None: one that only a running template knows), free names."""

    templates: tuple[str | None, ...]
    names: tuple[str, ...]


class Count:
    """The papers of a collection as a template sees them: how many."""

    __slots__ = ("_count",)

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count


def shown(value: object) -> object:
    """Return `value`, a value of a page's context, as its template may see it."""
    if type(value) is Collection:
        return replace(value, entries=Count(len(value.entries)))
    return value


class Keys:
    """Gives each page its key."""

    def __init__(
        self,
        edition: Edition,
        sources: Mapping[str, str],
        stands_for: Mapping[str, object],
        *,
        analyse: Callable[[str], Reads],
        alternates: Callable[[Page], tuple[Alternate, ...]],
        language: Language,
        memo: Memo,
    ) -> None:
        self._edition = edition
        self._sources = sources
        self._stands_for = stands_for
        self._analyse = analyse
        self._alternates = alternates
        self._language = language
        self._memo = memo
        self._cards: dict[tuple[str, date | None], bytes] = {}
        self._recent: dict[tuple[str, date | None], Card] = {}
        self._templates: dict[str, tuple[bytes, frozenset[str]]] = {}

    def key(self, page: Page) -> bytes:
        """Return the digest of everything that the HTML of `page` depends on."""
        if page.template not in self._templates:
            self._templates[page.template] = self._template(page.template)
        template, names = self._templates[page.template]
        values = [template, *_of_page(page), self._top(page.collection), self._top(page.paper)]
        values += [(name, self._top(value)) for name, value in page.context.items()]
        if not names.isdisjoint({"alternates", "picture"}):
            values.append(self._alternates(page))
        if not names.isdisjoint({"card", "citation"}):
            entries = list(_entries(page.context.values()))
            if "card" in names:
                values.append(list(map(self._card, entries)))
            if "citation" in names:
                cited = [page.paper] if page.paper else []
                cited += [entry.paper for entry in entries]
                values.append([self._edition.citation_keys[paper.id] for paper in cited])
        return digest(_encode(values))

    def card(self, entry: Entry) -> Card:
        """Return the card of `entry`; who asks for its digest will often ask for itself soon."""
        place = (entry.paper.id, entry.featured.day if entry.featured else None)
        if place not in self._recent:
            if len(self._recent) > _RECENT:
                self._recent.clear()
            self._recent[place] = card_of(self._edition, unnumbered(entry))
        return self._recent[place]

    def _card(self, entry: Entry) -> bytes:
        """Return the digest of everything that the card of `entry` shows."""
        place = (entry.paper.id, entry.featured.day if entry.featured else None)
        found = self._cards.get(place)
        if found is None:
            found = self._cards[place] = digest(_encode(self._struct(self.card(entry), Card)))
        return found

    def _template(self, name: str) -> tuple[bytes, frozenset[str]]:
        """Return the digest of what is the same for all pages of a template, and the names that it reads."""
        found: dict[str, str] = {}
        names: set[str] = set()
        waiting: list[str | None] = [name]
        while waiting:
            each = waiting.pop()
            if each is None:
                waiting += [other for other in self._sources if other not in found]
            elif each not in found and each in self._sources:
                found[each] = self._sources[each]
                reads = self._reads(found[each])
                names.update(reads.names)
                waiting += reads.templates
                if "card" in reads.names:
                    waiting.append(CARD)
        told = {name: self._stands_for[name] for name in sorted(names & self._stands_for.keys())}
        return digest(_encode([self._language.digest, sorted(found.items()), self._value(told)])), frozenset(names)

    def _reads(self, source: str) -> Reads:
        """Return what `source` reads."""
        known = self._memo.remember(digest(source.encode()), lambda: _encode(self._analyse(source)))
        return msgspec.msgpack.decode(known, type=Reads)

    def _top(self, value: object) -> object:
        """Return `value`, one of a page's own, as something that can be encoded: as much of it as is `shown`."""
        if type(value) is Collection:
            return value.kind, value.key, value.title, value.names, len(value.entries)
        return self._value(value)

    def _value(self, value: object) -> object:  # noqa: PLR0911  One a kind of value.
        """Return `value` as something that can be encoded, with digests in place of what many pages share."""
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is Entry:
            entry = typing.cast("Entry", value)
            return self._edition.digests[entry.paper.id], entry.featured, entry.number
        if isinstance(value, Paper):
            return self._edition.digests[value.id]
        if isinstance(value, (tuple, list)):
            return [self._value(item) for item in value]
        if isinstance(value, Mapping):
            return {name: self._value(item) for name, item in value.items()}
        if isinstance(value, Struct):
            return value if _is_plain(kind) else self._struct(value, type(value))
        if isinstance(value, _SCALARS):  # Markup, a datetime
            return str(value)
        raise TypeError(f"a page shows values, not a {kind.__name__}")

    def _struct(self, value: Struct, kind: type[Struct]) -> object:
        plain, others = _fields(kind)
        return [*[getattr(value, name) for name in plain], *[self._value(getattr(value, name)) for name in others]]


def _entries(values: Iterable[object]) -> Iterator[Entry]:
    """Yield every entry in `values`, however deep."""
    for value in values:
        kind = type(value)
        if kind is Entry:
            yield typing.cast("Entry", value)
        elif kind is tuple or kind is list:
            yield from _entries(typing.cast("Iterable[object]", value))
        elif isinstance(value, Mapping):
            yield from _entries(value.values())
        elif isinstance(value, Struct) and kind is not Collection and not _is_plain(kind):
            yield from _entries(getattr(value, name) for name in _fields(type(value))[1])


_of_page = attrgetter(*[name for name in Page.__struct_fields__ if name not in ("collection", "paper", "context")])
_PLAIN = set(_SCALARS)
_known: dict[Any, bool] = {}
_split: dict[type[Struct], tuple[tuple[str, ...], tuple[str, ...]]] = {}


def _is_plain(kind: Any) -> bool:
    """Return whether a value of the type `kind` holds nothing that is digested by itself."""
    if kind not in _known:
        _known[kind] = _holds_nothing_shared(kind)
    return _known[kind]


def _holds_nothing_shared(kind: Any) -> bool:
    origin, inner = get_origin(kind), get_args(kind)
    if origin is not None:
        if origin is typing.Literal:
            return True
        return origin in _CONTAINERS and all(_is_plain(part) for part in inner if part is not Ellipsis)
    if kind in _SHARED or not isinstance(kind, type):
        return False
    if issubclass(kind, Struct):
        return not _fields(kind)[1]
    return issubclass(kind, _SCALARS)


_CONTAINERS = {tuple, list, dict, Mapping, UnionType, typing.Union, typing.Annotated}


def _fields(kind: type[Struct]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the fields of `kind` that can be encoded as they are, and those of the others."""
    if kind not in _split:
        hints = get_type_hints(kind)
        plain = tuple(name for name in kind.__struct_fields__ if _is_plain(hints[name]))
        _split[kind] = plain, tuple(name for name in kind.__struct_fields__ if name not in plain)
    return _split[kind]
