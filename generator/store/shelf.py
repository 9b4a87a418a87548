"""Abstracts on disk while a build runs, so that an archive in memory is as large as its index, not as its texts.

A paper on the shelf is a paper like any other: it reads its abstract each time it is asked for it.
"""

from typing import Any

from generator.model import Paper
from generator.store.scratch import Scratch

_stored: Any = Paper.abstract
# A shorter text takes less room than what is kept in its place.
_LEAST = 100


class _Text:
    """Stands for a text on a shelf; `str` reads it, and so does who pickles it."""

    __slots__ = ("_length", "_place", "_scratch")

    def __init__(self, scratch: Scratch, place: int, length: int) -> None:
        self._scratch, self._place, self._length = scratch, place, length

    def __str__(self) -> str:
        return self._scratch.get(self._place, self._length).decode()

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)


class Shelf:
    """Where abstracts wait."""

    def __init__(self) -> None:
        self._scratch = Scratch()

    def put(self, paper: Paper) -> Paper:
        """Return `paper` with its abstract on the shelf; as it is, where that is short, or the disk is full."""
        data = paper.abstract.encode()
        place = self._scratch.put(data) if len(data) >= _LEAST else None
        if place is None:
            return paper
        said = {name: getattr(paper, name) for name in paper.__struct_fields__}
        return _Shelved(**(said | {"abstract": _Text(self._scratch, place, len(data))}))


class _Shelved(Paper, frozen=True, kw_only=True, omit_defaults=True):
    """A paper whose abstract is on a shelf."""

    @property  # type: ignore[misc]
    def abstract(self) -> str:
        """The abstract, read now."""
        return str(_stored.__get__(self))
