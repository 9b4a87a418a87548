"""Places that files of a site are written to, by whoever makes them: a folder of a disk, or shared storage."""

import os
from contextlib import AbstractContextManager
from typing import BinaryIO, Protocol, cast

from generator.errors import OutputError
from generator.publish.files import Kept, make_folder, write


class Tree(Protocol):
    """Where files are written."""

    def put(self, path: str, data: bytes, own: bytes) -> Kept:
        """Write `data`, whose digest is `own`, to `path`, over what an earlier attempt left there."""

    def read(self, place: str) -> AbstractContextManager[BinaryIO]:
        """Open a file beside the tree. Raises `OutputError` where it is not to be seen from here."""


def tree_at(place: str) -> Tree:
    """Return the tree at `place`, a path or the address of a storage."""
    return _Disk(place)


class _Disk:
    """A folder."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._made = {""}

    def put(self, path: str, data: bytes, own: bytes) -> Kept:
        """Write a file."""
        make_folder(self._root, path, self._made)
        place = f"{self._root}/{path}"
        try:
            return write(place, data, b"", own)
        except FileExistsError:
            os.unlink(place)
            return write(place, data, b"", own)

    def read(self, place: str) -> AbstractContextManager[BinaryIO]:
        """Open a file."""
        try:
            return cast("BinaryIO", open(place, "rb"))  # noqa: PTH123  As beside it.
        except FileNotFoundError as error:
            hint = "build into a folder that all helpers see, or into shared storage: --to"
            raise OutputError("this helper does not see the folder of the site", where=place, hint=hint) from error
