"""Put a site in place: everything is made ready beside the old one, then put there in one step.

A build that is killed, fails or fills the disk leaves the old site as it was. Beside the site lies one hidden folder
(`.site.broadsheet` for `site`): what a build is making ready, a record of what the last one made, and the tree of the
one before (`spare.py`).
"""

import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePosixPath

from msgspec import Struct

from generator.errors import OutputError
from generator.memo import digest
from generator.model import Artifact, Draft
from generator.publish import notes, spare
from generator.publish.files import Kept, make_folder, told
from generator.publish.shares import Helpers
from generator.publish.stage import Published, Stage
from generator.publish.trees import Disk

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
# What helpers are given lies in folders that begin so.
_HELP = "help"


class Record(Struct, frozen=True, kw_only=True):
    """What the last build left: files and folders (with their times of modification) by path.

    `inputs` stands for all that the site was made of, `stamp` for the code that made it; `note` is the builder's own.
    """

    files: dict[str, Kept] = {}
    folders: dict[str, int] = {}
    inputs: bytes = b""
    stamp: bytes = b""
    note: bytes = b""


class _Tree(Struct, frozen=True):
    """What lies below a folder, as paths with slashes: regular files, folders, and anything else."""

    files: set[str]
    folders: set[str]
    others: set[str]


class _Placed(Struct, frozen=True):
    """The site in its place: its files, its folders with their times of modification, and the tree that was there.

    `behind` says how that tree can become the next site; without it, the tree is to be removed.
    """

    files: dict[str, Kept]
    folders: dict[str, int]
    behind: spare.Spare | None = None
    tree: Path = Path()


class Ground(Struct, frozen=True, kw_only=True):
    """A folder for a site, looked at: what the last build left there, and whether all of it still is as it was left."""

    output: Path
    staging: Path
    record: Record
    is_as_left: bool

    def tree(self, build: str = "") -> str:
        """Return where the next tree is made ready; that of a `build` with helpers is its own: none is late."""
        return f"{self.staging}/new{build}"

    def parcel(self, build: str) -> str:
        """Return where that lies which helpers of a `build` are given."""
        return f"{self.staging}/{_HELP}{build}/parcel"


def look(output: Path) -> Ground:
    """Return what is known of the folder `output`; what an earlier build did not end is undone.

    Raises `OutputError` where the folder is not Broadsheet's to replace, or the disk refuses.
    """
    # A link stays; what it points to is replaced.
    output = Path(os.path.realpath(output))
    staging = staging_of(output)
    with told(output):
        check_ours(output)
        _recover(output, staging)
        record = record_of(output)
        return Ground(output=output, staging=staging, record=record, is_as_left=_is_as_left(output, record))


def staging_of(output: Path) -> Path:
    """Return the hidden folder beside the site in `output`."""
    return output.parent / f".{output.name}.broadsheet"


def left_behind(output: Path) -> Iterator[Path]:
    """Yield the trees beside the site in `output` that builds which died left there."""
    staging = staging_of(output)
    yield from (tree for name in ("new*", f"{_HELP}*", "next", "old") for tree in sorted(staging.glob(name)))


def record_of(output: Path) -> Record:
    """Return what the last build left in `output`; an empty record where none is known."""
    return notes.read(staging_of(output) / "record", Record) or Record()


def publish(
    artifacts: Iterable[Artifact | Draft],
    ground: Ground | Path,
    *,
    stamp: bytes = b"",
    inputs: Callable[[], bytes] = lambda: b"",
    note: Callable[[Published, Mapping[str, Kept]], bytes] = lambda *_: b"",
    helpers: Helpers | None = None,
) -> Published:
    """Make the folder hold exactly `artifacts`; a file that is already there byte for byte is not touched.

    A draft is not made where the last build, under the same `stamp`, made it under the same key. `inputs`, and what
    `note` makes of the result and of every file, are recorded with the site. `helpers` make drafts that name an output.

    Raises `OutputError` where the folder is not Broadsheet's to replace, where two artifacts claim one path or a path
    leaves the folder, and where the disk refuses. Whatever is raised, by `artifacts` too, the old site stays whole.
    """
    ground = look(ground) if isinstance(ground, Path) else ground
    output, staging = ground.output, ground.staging
    tree = Path(ground.tree(helpers.name if helpers else ""))
    with told(output):
        present = _left(ground.record) if ground.is_as_left else _tree(output)
        shutil.rmtree(tree, ignore_errors=True)
        if not ground.is_as_left:  # nor is the tree that shares its files
            shutil.rmtree(staging / spare.FOLDER, ignore_errors=True)
        tree.mkdir(parents=True)
    try:
        stage = Stage(
            Disk(str(tree)), partial(_kept, ground, present), is_known=ground.record.stamp == stamp, where=f"{output}"
        )
        stage.fill(with_marker(artifacts), helpers)
        removed = present.files - stage.files.keys()
        published = stage.published(removed=len(removed) + len(present.others))
        with told(output):
            placed = _put(stage, ground, present, removed)
            record = Record(
                files=placed.files,
                folders=placed.folders,
                inputs=inputs(),
                stamp=stamp,
                note=note(published, placed.files),
            )
            if record != ground.record:
                notes.write(record, staging / "record")
            if placed.behind:
                notes.write(placed.behind, staging / spare.NOTE)
                placed.tree.rename(staging / spare.FOLDER)
    finally:
        # What cannot be removed now is tried again, and told, by the next build.
        with suppress(OSError):
            _recover(output, staging)
    return published


def check_ours(output: Path) -> None:
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
    """Undo what a build began: bring the old site back if it is hidden, remove the rest."""
    if not staging.exists():
        return
    if (staging / "old").exists() and not output.exists():
        (staging / "old").rename(output)
    for tree in left_behind(output):
        shutil.rmtree(tree)
    if not output.exists():
        shutil.rmtree(staging)


def _is_as_left(output: Path, record: Record) -> bool:
    """Return whether everything below `output` is as `record` says; one stat(2) for each file and folder.

    A folder that nothing was added to or taken from has its old time of modification.
    """
    root = f"{output}/"
    try:
        return bool(record.files) and (
            all(os.lstat(root + folder).st_mtime_ns == modified for folder, modified in record.folders.items())
            and all(_is_kept(os.lstat(root + path), kept) for path, kept in record.files.items())
        )
    except OSError:
        return False


def _is_kept(status: os.stat_result, kept: Kept) -> bool:
    return (status.st_mtime_ns, status.st_ino, status.st_size) == (kept.modified, kept.inode, kept.size)


def _left(record: Record) -> _Tree:
    return _Tree(set(record.files), set(record.folders) - {""}, set())


def _kept(ground: Ground, present: _Tree, path: str) -> Kept | None:
    """Return what is known of the file `path` of the present site: by the record, or by reading it."""
    kept = ground.record.files.get(path)
    if ground.is_as_left or path not in present.files:
        return kept if ground.is_as_left else None
    status = os.lstat(ground.output / path)
    if kept and _is_kept(status, kept):
        return kept
    own = digest((ground.output / path).read_bytes())
    key = kept.key if kept and kept.digest == own else b""
    return Kept(key, own, status.st_size, status.st_ino, status.st_mtime_ns)


def _put(stage: Stage, ground: Ground, present: _Tree, removed: set[str]) -> _Placed:
    """Put the new site in place, if it differs from the present one."""
    output, record, files = ground.output, ground.record, stage.files
    change = spare.Change(files=files, folders=stage.folders, written=stage.changed, removed=removed)
    if not (stage.changed or removed or present.others or present.folders - stage.folders):
        return _Placed(files, record.folders if ground.is_as_left else _times(output, stage.folders))
    copied: list[str] = []
    tree, folders = ground.staging / "next", _from_spare(change, ground, Path(stage.tree.place))
    if folders is None:
        tree = Path(stage.tree.place)
        copied = _link(files.keys() - stage.changed, output, tree)
    is_spare = ground.is_as_left and change.is_small and not copied
    left = _swap(tree, output, ground.staging / "old")
    return _Placed(
        files | {path: _as_now(output, path, files[path]) for path in copied},
        folders or _times(output, stage.folders),
        spare.after(change, record.files, record.folders) if is_spare else None,
        left,
    )


def _from_spare(change: spare.Change, ground: Ground, fresh: Path) -> dict[str, int] | None:
    """Make the next tree of the spare one, and return its folders; None where there is none that is worth it."""
    place, tree = ground.staging / spare.FOLDER, ground.staging / "next"
    known = notes.read(ground.staging / spare.NOTE, spare.Spare)
    try:
        if known and change.is_small and spare.is_as_left(place, known):
            place.rename(tree)  # under this name, it is removed by whoever finds it
            files = ground.record.files
            return spare.bring_forward(tree, known, change, site=ground.output, fresh=fresh, files=files)
    except OSError:
        shutil.rmtree(tree)
    shutil.rmtree(place, ignore_errors=True)
    return None


def _times(output: Path, folders: Iterable[str]) -> dict[str, int]:
    return {folder: os.lstat(output / folder).st_mtime_ns for folder in folders}


def _as_now(output: Path, path: str, kept: Kept) -> Kept:
    status = os.lstat(output / path)
    return Kept(kept.key, kept.digest, kept.size, status.st_ino, status.st_mtime_ns)


def with_marker(artifacts: Iterable[Artifact | Draft]) -> Iterator[Artifact | Draft]:
    """Yield what tells whose site it is, then `artifacts`."""
    yield MARKER
    yield from artifacts


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


def _link(paths: Iterable[str], output: Path, new: Path) -> list[str]:
    """Give `new` the files of `output` that stay: the same files under a second name, where the disk can do that.

    Return the paths of those that had to be copied.
    """
    made: set[str] = set()
    copied = []
    for path in sorted(paths):
        make_folder(f"{new}", path, made)
        try:
            os.link(f"{output}/{path}", f"{new}/{path}")
        except FileExistsError:
            raise
        except OSError:
            shutil.copy2(f"{output}/{path}", f"{new}/{path}")
            copied.append(path)
    return copied


def _swap(new: Path, output: Path, old: Path) -> Path:
    """Put the tree `new` where the old one is, and return where that is now: `old`, where one step is too few."""
    if not output.exists() or not any(output.iterdir()):
        new.rename(output)
    elif not _exchange(new, output):
        # Stopped between these two, the site is whole but hidden; `_recover` brings it back.
        output.rename(old)
        new.rename(output)
        return old
    return new


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
