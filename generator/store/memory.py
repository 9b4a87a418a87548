"""Memories as files: one a function, in a folder that may be deleted at any time.

A file is the values, an index (key, place, length and checksum of each) and a tail (magic, stamp, number of values,
checksum of the index). What is not whole, or was written under another stamp, is as good as absent.
"""

import mmap
import os
from collections.abc import Collection, Iterator, Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path
from struct import Struct
from typing import BinaryIO
from zlib import crc32

from generator.memo import Memo, Memory
from generator.store.scratch import Scratch

_MAGIC = b"broadsheet memory 1\n"
_TAIL = Struct("<20s16sQI")
_LINE = Struct("<16sQII")
# A shorter value takes no more room than what would be kept in its place.
_SHORT = 200


def memory(folder: Path, stamp: bytes) -> Memory:
    """Return the memory kept in `folder` under `stamp`, 16 bytes that stand for all code that made it."""
    return Memory(lambda name: load(folder / f"{name}.memo", stamp), Waiting)


def save(kept: Memory, folder: Path, stamp: bytes) -> None:
    """Keep in `folder` what was used of each memory. Where that fails, the next build takes longer, no more.

    What is new is added to the file until half of it is of no use.
    """
    for name in list(kept.memos):
        let_go(kept, name, folder, stamp)


def let_go(kept: Memory, name: str, folder: Path, stamp: bytes) -> None:
    """Keep in `folder` what was used of the memory `name`, as `save` does, and free its room: nobody will ask again."""
    memo = kept.memos.pop(name)
    known, path = memo.known, folder / f"{name}.memo"
    if memo.is_worth_saving:
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            if not memo.is_sparse and isinstance(known, _Values) and known.is_dense(memo.used):
                _add(path, known, memo, stamp)
            else:
                _write(path, memo, stamp)


def load(path: Path, stamp: bytes) -> Mapping[bytes, bytes]:
    """Return the memory in the file at `path`; an empty one where there is none that can be used."""
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):  # no file, or an empty one
        return {}
    end = len(data) - _TAIL.size
    if end < 0:
        return {}
    magic, made_by, count, check = _TAIL.unpack_from(data, end)
    index = data[max(0, end - count * _LINE.size) : end]
    if magic != _MAGIC or made_by != stamp or len(index) != count * _LINE.size or crc32(index) != check:
        return {}
    return _Values(data, index)


class _Values(Mapping[bytes, bytes]):
    """The values of a file, read and checked when they are asked for."""

    def __init__(self, data: mmap.mmap, index: bytes) -> None:
        self._data = data
        self.places = {key: (place, length, check) for key, place, length, check in _LINE.iter_unpack(index)}

    def __getitem__(self, key: bytes) -> bytes:
        place, length, check = self.places[key]
        value = self._data[place : place + length]
        if len(value) != length or crc32(value) != check:
            raise KeyError(key)
        return value

    def is_dense(self, used: Collection[bytes]) -> bool:
        """Return whether at least half of the file is values that are `used`."""
        size: int = sum(self.places[key][1] for key in used)
        return 2 * size >= len(self._data)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


class Waiting(MutableMapping[bytes, bytes]):
    """New values in a file without a name until they are saved, so that a large memory needs no room of its own."""

    def __init__(self) -> None:
        self._values: dict[bytes, bytes | tuple[int, int]] = {}
        self._scratch = Scratch()

    def __getitem__(self, key: bytes) -> bytes:
        value = self._values[key]
        return value if isinstance(value, bytes) else self._scratch.get(*value)

    def __setitem__(self, key: bytes, value: bytes) -> None:
        place = self._scratch.put(value) if len(value) >= _SHORT else None
        self._values[key] = value if place is None else (place, len(value))

    def __delitem__(self, key: bytes) -> None:
        del self._values[key]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def _write(path: Path, memo: Memo, stamp: bytes) -> None:
    """Write a memory anew, value by value."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            _end(file, [_put(file, key, value) for key, value in memo.kept()], stamp)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _add(path: Path, known: _Values, memo: Memo, stamp: bytes) -> None:
    """Add what is new to the end of a memory. Cut short, this leaves a file without a tail: a memory that is lost."""
    with path.open("r+b") as file:
        file.seek(0, os.SEEK_END)
        lines = [_LINE.pack(key, *known.places[key]) for key in memo.used]
        lines += [_put(file, key, value) for key, value in memo.new()]
        _end(file, lines, stamp)


def _put(file: BinaryIO, key: bytes, value: bytes) -> bytes:
    """Write a value, and return its line of the index."""
    line = _LINE.pack(key, file.tell(), len(value), crc32(value))
    file.write(value)
    return line


def _end(file: BinaryIO, lines: list[bytes], stamp: bytes) -> None:
    """Write index and tail."""
    index = b"".join(lines)
    file.write(index)
    file.write(_TAIL.pack(_MAGIC, stamp, len(lines), crc32(index)))
