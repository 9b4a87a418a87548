"""Abstracts on disk while a build runs, so that an archive in memory is as large as its index, not as its texts.

A paper on the shelf is a paper like any other: it reads its abstract each time it is asked for it.
"""

import os
from tempfile import TemporaryFile
from typing import Any

from generator.model import Paper

_stored: Any = Paper.abstract
# A shorter text takes less room than what is kept in its place.
_LEAST = 100


class Shelf:
    """A file without a name, which goes when the shelf does."""

    def __init__(self) -> None:
        self._file = TemporaryFile(buffering=0)
        self._end = 0

    def put(self, paper: Paper) -> Paper:
        """Return `paper` with its abstract on the shelf; as it is, where that is short, or the disk is full."""
        data = paper.abstract.encode()
        if len(data) < _LEAST:
            return paper
        try:
            written = os.pwrite(self._file.fileno(), data, self._end)
        except OSError:
            return paper
        if written < len(data):
            return paper
        place, self._end = self._end, self._end + written
        shelved = {name: getattr(paper, name) for name in paper.__struct_fields__}
        return _Shelved(**(shelved | {"abstract": _Text(self, place, written)}))

    def get(self, place: int, length: int) -> str:
        """Return the text of `length` bytes at `place`."""
        return os.pread(self._file.fileno(), length, place).decode()


class _Text:
    """Stands for a text on a shelf; `str` reads it, and so does who pickles it."""

    __slots__ = ("_length", "_place", "_shelf")

    def __init__(self, shelf: Shelf, place: int, length: int) -> None:
        self._shelf, self._place, self._length = shelf, place, length

    def __str__(self) -> str:
        return self._shelf.get(self._place, self._length)

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)


class _Shelved(Paper, frozen=True, kw_only=True, omit_defaults=True):
    """A paper whose abstract is on a shelf."""

    @property  # type: ignore[misc]
    def abstract(self) -> str:
        """The abstract, read now."""
        return str(_stored.__get__(self))
