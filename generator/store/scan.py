"""The files of a folder and the digests of their bytes; each is read at most once.

A file is not even read where stat(2) says that it is the very file whose digest is known: same inode, size, and times
of modification and of change to the nanosecond, both older than the note of it. So does git's index know
(https://git-scm.com/docs/racy-git). A fresh checkout has other inodes: there the bytes decide.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from generator.errors import ContentError
from generator.memo import digest

# File systems keep time by the kernel's ticks, at most 10 ms long.
_TICK = 20_000_000


class Seen(Struct, frozen=True, array_like=True, gc=False):
    """What stat(2) said of a file (bytes, inode, nanoseconds), and the digest of its bytes."""

    size: int
    inode: int
    modified: int
    changed: int
    digest: bytes


_Notes = dict[str, Seen]


class Folder:
    """The files below a folder that are not hidden, by path with slashes, in order."""

    def __init__(self, root: Path, notes: Mapping[str, Seen] | None = None) -> None:
        self.root = root
        self.files: dict[str, Seen] = {}
        known = notes or {}
        for path, status in sorted(_walk(str(root), "")):
            seen = known.get(path)
            stat = (status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns)
            if seen is None or stat != (seen.size, seen.inode, seen.modified, seen.changed):
                seen = Seen(*stat, b"")
            self.files[path] = seen

    @property
    def is_known(self) -> bool:
        """Whether the digest of every file is known without reading one."""
        return all(seen.digest for seen in self.files.values())

    def below(self, folder: str, ending: str) -> list[str]:
        """Return the paths of the files below `folder` whose names have `ending`."""
        return [path for path in self.files if path.startswith(f"{folder}/") and path.endswith(ending)]

    def digest(self, path: str) -> bytes:
        """Return the digest of the file at `path`."""
        return self.files[path].digest or digest(self.read(path))

    def read(self, path: str) -> bytes:
        """Return what is in the file at `path`, and note its digest. Raises `ContentError` where it cannot be read."""
        where = f"{self.root}/{path}"
        try:
            with open(where, "rb", buffering=0) as file:  # noqa: PTH123  A Path a file costs more than reading it.
                data = file.readall()
        except OSError as error:
            raise ContentError(f"cannot be read: {error.strerror}", where=where) from error
        seen = self.files[path]
        self.files[path] = Seen(seen.size, seen.inode, seen.modified, seen.changed, digest(data))
        return data

    def inputs(self) -> bytes:
        """Return the digest of all names and bytes of the folder."""
        return digest(*(part for path in self.files for part in (path.encode(), self.digest(path))))


def remembered(file: Path, root: Path) -> Folder:
    """Return the folder `root` as it is, with what the notes in `file` still say of it."""
    notes: _Notes = {}
    with suppress(OSError, msgspec.MsgspecError):
        data = file.read_bytes()
        if digest(data[16:]) == data[:16]:
            notes = msgspec.msgpack.decode(data[16:], type=_Notes)
    return Folder(root, notes)


def note(folder: Folder, file: Path) -> None:
    """Write into `file` what was learned of `folder`. Where that fails, the next build takes longer, no more."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.touch()
        now = draft.stat().st_mtime_ns - _TICK
        notes = {
            path: seen for path, seen in folder.files.items() if seen.digest and max(seen.modified, seen.changed) < now
        }
        data = msgspec.msgpack.encode(notes)
        data = digest(data) + data
        if not file.is_file() or file.read_bytes() != data:
            draft.write_bytes(data)
            draft.replace(file)
        draft.unlink(missing_ok=True)


def _walk(folder: str, prefix: str) -> Iterator[tuple[str, os.stat_result]]:
    """Yield path and status of every file below `folder`; of a link, those of what it leads to."""
    try:
        items = os.scandir(folder)
    except FileNotFoundError:
        return
    with items:
        for item in items:
            if item.is_dir():
                yield from _walk(item.path, f"{prefix}{item.name}/")
            elif not item.name.startswith(".") and item.is_file():
                yield prefix + item.name, item.stat()
