"""Files of a tree that is being made ready: how one is written, and what is known of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from generator.errors import OutputError


class Kept(Struct, frozen=True, array_like=True, gc=False):
    """A file of the site as it was left: the key it was made under, the digest of its bytes, and what stat(2) said."""

    key: bytes
    digest: bytes
    size: int
    inode: int
    modified: int


def write(path: str, data: bytes, key: bytes, own: bytes) -> Kept:
    """Write a new file. Two paths that are one file here (a disk that ignores case) are an error, not a loss."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        written = os.write(file, data)
        while written < len(data):
            written += os.write(file, memoryview(data)[written:])
        status = os.fstat(file)
        return Kept(key, own, len(data), status.st_ino, status.st_mtime_ns)
    finally:
        os.close(file)


def make_folder(root: str, path: str, made: set[str]) -> None:
    """Make the folder that `path` lies in, unless it is among those that were `made` before."""
    folder = path.rpartition("/")[0]
    if folder in made:
        return
    made.add(folder)
    try:
        os.mkdir(f"{root}/{folder}")
    except FileNotFoundError:
        os.makedirs(f"{root}/{folder}", exist_ok=True)
    except FileExistsError:
        pass


UNCHANGED = "the old site is unchanged"


@contextmanager
def told(where: Path | str, hint: str = UNCHANGED) -> Iterator[None]:
    """Turn what the disk refuses into an `OutputError`."""
    try:
        yield
    except OSError as error:
        raise refused(error, where, hint) from error


def refused(error: OSError, where: Path | str, hint: str = UNCHANGED) -> OutputError:
    """Return what the disk refused as an `OutputError`."""
    message = f"cannot be written: {error.strerror or error}"
    if isinstance(error, FileExistsError):
        message = "this disk takes two paths for one file; they differ only by case"
    return OutputError(message, where=str(where), hint=hint)
