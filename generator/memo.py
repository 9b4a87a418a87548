"""Memory of pure functions: what they returned before, under the digest of everything they were given.

Nothing else is ever remembered, so nothing can go stale: another input is another key, other code another memory. To
lose a memory costs time, never a different result.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableMapping
from hashlib import blake2b

Load = Callable[[str], Mapping[bytes, bytes]]
Room = Callable[[], MutableMapping[bytes, bytes]]


def digest(*parts: bytes) -> bytes:
    """Return 16 bytes that stand for `parts`: other parts, or the same bytes cut elsewhere, give other ones."""
    if len(parts) == 1:
        return blake2b(b"%d:%b" % (len(parts[0]), parts[0]), digest_size=16).digest()
    return blake2b(b"".join([b"%d:%b" % (len(part), part) for part in parts]), digest_size=16).digest()


class Memo:
    """What one pure function returned before. Only what was asked for or told since it was made will be kept.

    `room` is where new values wait until the memory is saved.
    """

    __slots__ = ("_known", "_new", "_used")

    def __init__(self, known: Mapping[bytes, bytes] | None = None, room: Room = dict) -> None:
        self._known: Mapping[bytes, bytes] = known or {}
        self._new = room()
        self._used: set[bytes] = set()

    def recall(self, key: bytes) -> bytes | None:
        """Return what was kept under `key`, the digest of all inputs, or None."""
        value = self._known.get(key)
        if value is None:
            return self._new.get(key)
        self._used.add(key)
        return value

    def hold(self, keys: Iterable[bytes]) -> None:
        """Go on remembering what was kept under `keys`, as if it had been recalled."""
        self._used.update(key for key in keys if key in self._known)

    def keep(self, key: bytes, value: bytes) -> bytes:
        """Keep `value` under `key`, and return it."""
        self._new[key] = value
        return value

    def remember(self, key: bytes, make: Callable[[], bytes]) -> bytes:
        """Return what is kept under `key`; where nothing is, what `make` returns, which is kept from now on."""
        known = self.recall(key)
        return self.keep(key, make()) if known is None else known

    def kept(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield everything that was recalled or kept: what is worth remembering."""
        yield from ((key, self._known[key]) for key in self._used)
        yield from self.new()

    @property
    def is_worth_saving(self) -> bool:
        """Whether the memory is other than it was: there is something new, or much that nobody asked for."""
        return bool(self._new) or self.is_sparse

    @property
    def is_sparse(self) -> bool:
        """Whether more than half of what was known was not asked for."""
        return 2 * len(self._used) < len(self._known)

    def new(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield what was kept since the memory was made."""
        yield from self._new.items()

    @property
    def used(self) -> Collection[bytes]:
        """The keys of what was known before and recalled since."""
        return self._used

    @property
    def known(self) -> Mapping[bytes, bytes]:
        """What was known before."""
        return self._known


class Memory:
    """The memories of all functions, by name: loaded when they are first asked for, each with a `room` of its own."""

    __slots__ = ("_load", "_room", "memos")

    def __init__(self, load: Load = lambda _: {}, room: Room = dict) -> None:
        self._load, self._room = load, room
        self.memos: dict[str, Memo] = {}

    def of(self, name: str) -> Memo:
        """Return the memory of the function `name`."""
        if name not in self.memos:
            self.memos[name] = Memo(self._load(name), self._room)
        return self.memos[name]
