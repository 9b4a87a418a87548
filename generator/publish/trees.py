"""Places that files of a site are written to, by whoever makes them: a folder of a disk, or shared storage."""

import os
from contextlib import AbstractContextManager, suppress
from typing import BinaryIO, Literal, Protocol

from generator.errors import OutputError
from generator.publish.files import Kept, make_folder, write


class Tree(Protocol):
    """Where files are written; `place` is a path, or the address of a storage."""

    place: str

    def put(self, path: str, data: bytes, own: bytes) -> Kept:
        """Write `data`, whose digest is `own`, to `path`; perhaps not before `flush`."""

    def flush(self) -> None:
        """Have everything written that was put."""

    def forget(self, path: str) -> None:
        """Remove what an earlier attempt may have left at `path`."""

    def count(self) -> int | None:
        """Return how many files there are, None where that is not known."""

    def open(self, place: str, mode: Literal["rb", "wb"]) -> AbstractContextManager[BinaryIO]:
        """Open a file beside the tree. Raises `OutputError` where it is not to be seen from here."""


def tree_at(place: str) -> Tree:
    """Return the tree at `place` as helpers see it: what lies there is of an earlier attempt.

    Raises `UsageError` where this storage cannot be used.
    """
    if "://" not in place:
        return Disk(place, again=True)
    from generator.publish.storage import Storage  # noqa: PLC0415  It needs an extra.

    return Storage(place)


class Disk:
    """A folder. Two paths that are one file there are an error, unless files may be written `again`."""

    def __init__(self, place: str, *, again: bool = False) -> None:
        self.place = place
        self._again = again
        self._made = {""}

    def put(self, path: str, data: bytes, own: bytes) -> Kept:
        """Write a file, now."""
        make_folder(self.place, path, self._made)
        try:
            return write(f"{self.place}/{path}", data, b"", own)
        except FileExistsError:
            if not self._again:
                raise
            self.forget(path)
            return write(f"{self.place}/{path}", data, b"", own)

    def flush(self) -> None:
        """Do nothing: all is written."""

    def forget(self, path: str) -> None:
        """Remove a file."""
        with suppress(FileNotFoundError):
            os.unlink(f"{self.place}/{path}")

    def count(self) -> int:
        """Return how many files there are."""
        return sum(len(files) for _, _, files in os.walk(self.place))

    def open(self, place: str, mode: Literal["rb", "wb"]) -> AbstractContextManager[BinaryIO]:
        """Open a file."""
        try:
            if mode == "wb":
                os.makedirs(os.path.dirname(place), exist_ok=True)  # noqa: PTH120  As beside it.
            return open(place, mode)  # noqa: PTH123  As beside it.
        except FileNotFoundError as error:
            hint = "build into a folder that all helpers see, or into shared storage: --to"
            raise OutputError("this helper does not see the folder of the site", where=place, hint=hint) from error
