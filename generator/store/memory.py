"""Memories as files: one a function, in a folder that may be deleted at any time.

A file is the values, an index (key, place, length and checksum of each) and a tail (magic, stamp, number of values,
checksum of the index). What is not whole, or was written under another stamp, is as good as absent.
"""

import mmap
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from struct import Struct
from zlib import crc32

from generator.memo import Memory

_MAGIC = b"broadsheet memory 1\n"
_TAIL = Struct("<20s16sQI")
_LINE = Struct("<16sQII")


def memory(folder: Path, stamp: bytes) -> Memory:
    """Return the memory kept in `folder` under `stamp`, 16 bytes that stand for all code that made it."""
    return Memory(lambda name: load(folder / f"{name}.memo", stamp))


def save(kept: Memory, folder: Path, stamp: bytes) -> None:
    """Keep in `folder` what was used of each memory. Where that fails, the next build takes longer, no more."""
    for name, memo in kept.memos.items():
        if memo.is_worth_saving:
            with suppress(OSError):
                _write(folder / f"{name}.memo", memo.kept(), stamp)


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
        self._places = {key: (place, length, check) for key, place, length, check in _LINE.iter_unpack(index)}

    def __getitem__(self, key: bytes) -> bytes:
        place, length, check = self._places[key]
        value = self._data[place : place + length]
        if len(value) != length or crc32(value) != check:
            raise KeyError(key)
        return value

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _write(path: Path, kept: Iterable[tuple[bytes, bytes]], stamp: bytes) -> None:
    """Write a memory. Values go to the disk one by one, so that a large memory needs no room of its own."""
    lines, values = [], path.with_name(f".{path.name}.{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with values.open("wb") as file:
            for key, value in kept:
                lines.append(_LINE.pack(key, file.tell(), len(value), crc32(value)))
                file.write(value)
            index = b"".join(lines)
            file.write(index)
            file.write(_TAIL.pack(_MAGIC, stamp, len(lines), crc32(index)))
        values.replace(path)
    finally:
        values.unlink(missing_ok=True)
