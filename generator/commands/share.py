"""What a helper does: plan the site that the builder plans, from the same content, and make a share of its files.

A helper is another process, here or on another machine. All that comes to it is the place of a parcel and the paths of
files; all that it returns is what was written. It plans once, and then makes share after share.
"""

import gc
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, requires, version
from platform import node, python_version_tuple
from re import match
from threading import Lock
from typing import TYPE_CHECKING
from zlib import ZLIB_RUNTIME_VERSION

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, replace

import generator.outputs
import generator.pages
from generator.commands import parcel
from generator.commands.build import edition_of, site_of
from generator.errors import ContentError, OutputError
from generator.memo import Memory
from generator.model import Artifact, Draft, Paper
from generator.outputs import Output
from generator.pages import PageKind
from generator.publish.files import Kept
from generator.publish.shares import Wanted, make
from generator.publish.trees import Tree, tree_at
from generator.registry import discover, packages
from generator.shipped import code_of
from generator.site import Site
from generator.store import codec, disk
from generator.store.scan import Folder
from generator.store.shelf import Shelf

if TYPE_CHECKING:
    from generator.search.postings import Fields

_paper = msgspec.msgpack.Decoder(Paper).decode
# A helper of a cluster may be asked by several threads; what plans and makes is for one at a time.
_ALONE = Lock()


class Order(Struct, frozen=True, array_like=True):
    """Where the parcel of a build lies, its digest, and the tree that files are written into."""

    parcel: str
    digest: bytes
    tree: str


@cache
def code() -> Mapping[str, str]:
    """Return what makes two machines make the same bytes, by name: Broadsheet's code and plug-ins, and libraries.

    What a process says first it says for ever: it goes on with the code that it loaded, whatever is installed since.
    """
    needed = (match(r"[\w.-]+", line) for line in requires("broadsheet") or () if "extra ==" not in line)
    names = sorted(found[0].lower() for found in needed if found)
    own = blake2b(code_of(packages("outputs", "pages")), digest_size=8).hexdigest()
    major, minor, _ = python_version_tuple()
    return {"broadsheet": own, "python": f"{major}.{minor}", "zlib": ZLIB_RUNTIME_VERSION} | {
        name: _version(name) for name in names
    }


def begin() -> str:
    """Return who is there: by then, all that a helper needs is loaded."""
    code()
    return node()


def papers(pages: Sequence[tuple[str, bytes]]) -> list[bytes | None]:
    """Return the papers of pages, which come with their places, packed; None for one that the builder has to read."""
    return [_packed(data, where) for where, data in pages]


def texts(blocks: Sequence[Sequence["Fields"]]) -> Sequence[bytes]:
    """Return what search finds in blocks of texts, packed."""
    # Here, because it brings numpy along.
    from generator.search.postings import packed  # noqa: PLC0415

    return packed(blocks)


def ready(order: Order) -> str:
    """Plan the site of `order`, and return who did. Raises `OutputError` where that cannot be the builder's plan."""
    with _ALONE:
        _bench(order)
    return node()


def made(order: Order, output: str, wanted: Sequence[Wanted]) -> list[Kept | None]:
    """Make drafts of `output` and write those that differ; return what was written for each."""
    with _ALONE:
        bench = _bench(order)
        written = make(bench.drafts(output, [each.path for each in wanted]), wanted, bench.tree.put)
        bench.tree.flush()
        return written


def done() -> None:
    """Let go of the site that was planned last."""
    with _ALONE:
        _bench.cache_clear()


class _Bench:
    """A planned site, and how far its outputs have come."""

    def __init__(self, site: Site, outputs: Mapping[str, Output], tree: Tree) -> None:
        self.tree = tree
        self._site, self._outputs = site, outputs
        self._under_way: dict[str, Iterator[Artifact | Draft]] = {}

    def drafts(self, output: str, paths: Sequence[str]) -> Iterator[Draft]:
        """Yield the drafts of `output` at `paths`, which are in its order."""
        for path in paths:
            found = self._next(output, path) or self._next(output, path, again=True)
            if not found:
                raise OutputError(f"the helper {node()} has another plan of the site", where=path, hint="build again")
            yield found

    def _next(self, output: str, path: str, *, again: bool = False) -> Draft | None:
        if again or output not in self._under_way:
            self._under_way[output] = iter(self._outputs[output].files(self._site))
        drafts = (draft for draft in self._under_way[output] if isinstance(draft, Draft))
        return next((draft for draft in drafts if draft.path == path), None)


@lru_cache(maxsize=1)
def _bench(order: Order) -> _Bench:
    """Plan the site of `order`."""
    tree = tree_at(order.tree)
    # As in the builder: a million small values without a circle among them.
    gc.unfreeze()
    gc.disable()
    try:
        with tree.open(order.parcel, "rb") as file:
            head, found = parcel.read(file, order.digest, order.parcel)
            _refuse_others(head)
            content = replace(head.content, papers=disk.in_little_room(found, Shelf()))
        settings = head.settings
        outputs = discover(generator.outputs, "OUTPUT", Output, **asdict(settings.outputs))
        kinds = discover(generator.pages, "PAGES", PageKind, **asdict(settings.pages))
        memory = Memory(lambda name: head.memos.get(name, {}))
        edition = edition_of(settings, content, head.now, memory)
        # The builder has the keys, and asks for what differs.
        site = site_of(settings, edition, outputs, kinds, memory=memory, keyed=False)
    finally:
        gc.freeze()
        gc.enable()
    return _Bench(site, outputs, tree)


def _refuse_others(head: parcel.Head) -> None:
    """Raise `OutputError` where this process would make other bytes than the builder."""
    own = code()
    for name in dict.fromkeys((*head.code, *own)):
        mine, other = own.get(name, "?"), head.code.get(name, "?")
        if mine != other:
            raise OutputError(
                f"this helper has {name} {mine}, the builder {other}",
                where=node(),
                hint="install the same Broadsheet with the same libraries on all machines",
            )
    if Folder(head.settings.root / "theme").inputs() != head.theme:
        raise OutputError(
            "this helper does not see the themes of the archive as the builder does",
            where=f"{node()}:{head.settings.root / 'theme'}",
            hint="put the archive at the same path on every machine",
        )


def _packed(data: bytes, where: str) -> bytes | None:
    try:
        paper = codec.decode(data, where)
    except ContentError:
        return None
    packed = msgspec.msgpack.encode(paper)
    return None if paper.extra and _paper(packed) != paper else packed


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
