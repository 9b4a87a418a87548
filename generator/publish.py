"""Put a site in place: the whole tree is made ready beside the old one, then the two are exchanged in one step.

A build that is killed, fails or fills the disk leaves the old site as it was. What it left half-made lies in one hidden
folder beside the site (`.site.broadsheet` for `site`), which the next build removes.
"""

import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from msgspec import Struct

from generator.errors import OutputError
from generator.model import Artifact

# Tells a site that Broadsheet made from a folder that somebody filled: only the former is ever replaced.
MARKER = Artifact(
    PurePosixPath(".broadsheet-site"),
    b"Broadsheet made this folder. Each build replaces everything in it.\n",
)
# What no site holds: who builds into such a folder has mistaken it for another one.
_PRECIOUS = ("archive.yml", ".git")
_AT_FDCWD = -100  # renameat2(2): paths are relative to the working directory
_RENAME_EXCHANGE = 2  # linux/fs.h
_RENAME_SWAP = 2  # renamex_np(2) of macOS


class Published(Struct, frozen=True, kw_only=True):
    """What publishing did: number of files written, left as they were, and removed; bytes of the whole site."""

    written: int
    unchanged: int
    removed: int
    size: int


class _Tree(Struct, frozen=True):
    """What lies below a folder, as paths with slashes: regular files, folders, and anything else."""

    files: set[str]
    folders: set[str]
    others: set[str]


def publish(artifacts: Iterable[Artifact], output: Path) -> Published:
    """Make the folder `output` hold exactly `artifacts`; a file that is already there byte for byte is not touched.

    Raises `OutputError` where the folder is not Broadsheet's to replace, where two artifacts claim one path or a path
    leaves the folder, and where the disk refuses. Whatever is raised, by `artifacts` too, the old site stays whole.
    """
    # A link stays; what it points to is replaced.
    output = Path(os.path.realpath(output))
    staging = output.parent / f".{output.name}.broadsheet"
    with _told(output):
        _refuse(output)
        _recover(output, staging)
        present = _tree(output)
        (staging / "new").mkdir(parents=True)
    try:
        published, differs = _stage(artifacts, output, staging / "new", present)
        if differs:
            with _told(output):
                _swap(staging, output)
    finally:
        # What cannot be removed now is tried again, and told, by the next build.
        with suppress(OSError):
            _recover(output, staging)
    return published


def _refuse(output: Path) -> None:
    """Raise `OutputError` if `output` is not a place where a site may come and go."""
    where, hint = str(output), "choose an empty folder, or one that does not exist yet, with --output"
    if output.exists() and not output.is_dir():
        raise OutputError("this is not a folder", where=where, hint=hint)
    if not output.exists():
        return
    if output.is_mount():
        hint = "choose a folder inside it"
        raise OutputError("this is a file system of its own, which cannot be exchanged", where=where, hint=hint)
    if Path.cwd().is_relative_to(output):
        raise OutputError("this is the folder you are in, which each build replaces", where=where, hint=hint)
    if not any(output.iterdir()):
        return
    if not (output / MARKER.path).is_file():
        raise OutputError("this folder is not empty, and Broadsheet did not make it", where=where, hint=hint)
    for name in _PRECIOUS:
        if (output / name).exists():
            raise OutputError(f"this folder holds {name}, which is not part of a site", where=where, hint=hint)


def _recover(output: Path, staging: Path) -> None:
    """Undo what a build began and did not end: bring the old site back if it is hidden, and remove the rest."""
    if not staging.exists():
        return
    if (staging / "old").exists() and not output.exists():
        (staging / "old").rename(output)
    shutil.rmtree(staging)


def _stage(artifacts: Iterable[Artifact], output: Path, new: Path, present: _Tree) -> tuple[Published, bool]:
    """Make `new` the whole site, unless `output` is that already: say whether they differ."""
    claimed: set[str] = set()
    changed: set[str] = set()
    folders = {""}
    made = {""}
    size = 0
    for artifact in _with_marker(artifacts):
        path = _claim(artifact.path, claimed, folders)
        size += len(artifact.data)
        with _told(output / path):
            if path in present.files and _holds(f"{output}/{path}", artifact.data):
                continue
            changed.add(path)
            _make_folder(new, path, made)
            _write(f"{new}/{path}", artifact.data)
    kept = sorted(claimed - changed)
    removed = len(present.files - claimed) + len(present.others)
    differs = bool(changed or removed or present.folders - folders)
    if differs:
        with _told(output):
            _link(kept, output, new, made)
    return Published(written=len(changed), unchanged=len(kept), removed=removed, size=size), differs


def _with_marker(artifacts: Iterable[Artifact]) -> Iterator[Artifact]:
    yield MARKER
    yield from artifacts


def _claim(path: PurePosixPath, claimed: set[str], folders: set[str]) -> str:
    """Note that an artifact wants `path` and the folders it lies in. Raises `OutputError` where it cannot have them."""
    text = str(path)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\0" in text or "\\" in text:
        raise OutputError("this is not a path inside the site", where=repr(text))
    if text in claimed:
        raise OutputError("two outputs want this file", where=text, hint="switch one of them off, or rename it")
    claimed.add(text)
    folder = text.rpartition("/")[0]
    if text in folders or (folder not in folders and not claimed.isdisjoint(_above(folder))):
        raise OutputError("one output wants a file here and another one a folder", where=text)
    while folder not in folders:
        folders.add(folder)
        folder = folder.rpartition("/")[0]
    return text


def _above(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]


def _tree(folder: Path) -> _Tree:
    """Return what lies below `folder`; links are not followed."""
    tree = _Tree(set(), set(), set())
    if folder.is_dir():
        _walk(str(folder), "", tree)
    return tree


def _walk(folder: str, prefix: str, tree: _Tree) -> None:
    with os.scandir(folder) as items:
        for item in items:
            path = prefix + item.name
            if item.is_dir(follow_symlinks=False):
                tree.folders.add(path)
                _walk(item.path, f"{path}/", tree)
            elif item.is_file(follow_symlinks=False):
                tree.files.add(path)
            else:
                tree.others.add(path)


def _holds(path: str, data: bytes) -> bool:
    """Return whether the file `path` holds exactly `data`."""
    file = os.open(path, os.O_RDONLY)
    try:
        if os.fstat(file).st_size != len(data):
            return False
        read = os.read(file, len(data) + 1)
        while read and data.startswith(read):  # one call reads at most 2 GB
            data = data[len(read) :]
            read = os.read(file, len(data) + 1) if data else b""
        return not data and not read
    finally:
        os.close(file)


def _write(path: str, data: bytes) -> None:
    """Write a new file. Two paths that are one file here (a disk that ignores case) are an error, not a loss."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
    finally:
        os.close(file)


def _make_folder(root: Path, path: str, made: set[str]) -> None:
    """Make the folder that `path` lies in, unless it is among those that were `made` before."""
    folder = path.rpartition("/")[0]
    if folder not in made:
        made.add(folder)
        (root / folder).mkdir(parents=True, exist_ok=True)


def _link(paths: Iterable[str], output: Path, new: Path, made: set[str]) -> None:
    """Give `new` the files of `output` that stay: the same files under a second name, where the disk can do that."""
    for path in paths:
        _make_folder(new, path, made)
        try:
            os.link(f"{output}/{path}", f"{new}/{path}")
        except FileExistsError:
            raise
        except OSError:
            shutil.copy2(f"{output}/{path}", f"{new}/{path}")


def _swap(staging: Path, output: Path) -> None:
    """Put the new tree where the old one is; the old one is then in `staging`."""
    new, old = staging / "new", staging / "old"
    if not output.exists() or not any(output.iterdir()):
        new.rename(output)
    elif not _exchange(new, output):
        # Stopped between these two, the site is whole but hidden; `_recover` brings it back.
        output.rename(old)
        new.rename(output)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; return False where this system or file system cannot do that."""
    call = _exchanger()
    return call is not None and call(os.fsencode(one), os.fsencode(other)) == 0


def _exchanger() -> Callable[[bytes, bytes], int] | None:
    """Return the system's call that exchanges two paths, if it has one: renameat2(2) or renamex_np(2)."""
    name = "renamex_np" if sys.platform == "darwin" else "renameat2"
    try:
        call = getattr(ctypes.CDLL(None, use_errno=True), name)
    except (AttributeError, OSError, TypeError):  # an old C library, or Windows
        return None
    if sys.platform == "darwin":
        return lambda one, other: int(call(one, other, ctypes.c_uint(_RENAME_SWAP)))
    return lambda one, other: int(call(_AT_FDCWD, one, _AT_FDCWD, other, ctypes.c_uint(_RENAME_EXCHANGE)))


@contextmanager
def _told(where: Path) -> Iterator[None]:
    """Turn what the disk refuses into an `OutputError`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"cannot be written: {reason}"
        if isinstance(error, FileExistsError):
            message = "this disk takes two paths for one file; they differ only by case"
        raise OutputError(message, where=str(where), hint="the old site is unchanged") from error
