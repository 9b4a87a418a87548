"""Put a site in place: everything is made ready beside the old one, then put there in one step.

A build that is killed, fails or fills the disk leaves the old site as it was. Beside the site lies one hidden folder
(`.site.broadsheet` for `site`): what a build is making ready, a record of what the last one made, and the tree of the
one before (`spare.py`).
"""

import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from msgspec import Struct

from generator.errors import OutputError
from generator.memo import digest
from generator.model import Artifact, Draft
from generator.publish import notes, spare
from generator.publish.files import Kept, make_folder, write
from generator.publish.shares import Helpers, Shares, Task

# Tells a site that Broadsheet made from a folder that somebody filled: only the former is ever replaced.
MARKER = Artifact(
    PurePosixPath(".broadsheet-site"),
    b"Broadsheet made this folder. Each build replaces everything in it.\n",
)
# What no site holds: who builds into such a folder has mistaken it for another one.
_PRECIOUS = ("archive.yml", ".git")
_NOWHERE = frozenset({"", ".", ".."})
_AT_FDCWD = -100  # renameat2(2): paths are relative to the working directory
_RENAME_EXCHANGE = 2  # linux/fs.h
_RENAME_SWAP = 2  # renamex_np(2) of macOS
# What helpers are given lies in folders that begin so.
HELP = "help"
_NOT_YET = Kept(b"", b"", 0, 0, 0)


class Published(Struct, frozen=True, kw_only=True):
    """What publishing did: number of files written, left as they were, and removed; bytes of the whole site."""

    written: int
    unchanged: int
    removed: int
    size: int


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


class _Plan(Struct, frozen=True, kw_only=True):
    """What came of the artifacts: every file of the new site, and which of them were written into `tree`."""

    tree: Path
    files: dict[str, Kept]
    folders: set[str]
    changed: set[str]


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


def look(output: Path) -> Ground:
    """Return what is known of the folder `output`; what an earlier build did not end is undone.

    Raises `OutputError` where the folder is not Broadsheet's to replace, or the disk refuses.
    """
    # A link stays; what it points to is replaced.
    output = Path(os.path.realpath(output))
    staging = staging_of(output)
    with _told(output):
        check_ours(output)
        _recover(output, staging)
        record = record_of(output)
        return Ground(output=output, staging=staging, record=record, is_as_left=_is_as_left(output, record))


def staging_of(output: Path) -> Path:
    """Return the hidden folder beside the site in `output`."""
    return output.parent / f".{output.name}.broadsheet"


def tree_of(ground: Ground, build: str = "") -> Path:
    """Return where the next tree is made ready; that of a `build` with helpers is its own, so that no late one errs."""
    return ground.staging / f"new{build}"


def left_behind(output: Path) -> Iterator[Path]:
    """Yield the trees beside the site in `output` that builds which died left there."""
    staging = staging_of(output)
    yield from (tree for name in ("new*", f"{HELP}*", "next", "old") for tree in sorted(staging.glob(name)))


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
    tree = tree_of(ground, helpers.name if helpers else "")
    with _told(output):
        present = _left(ground.record) if ground.is_as_left else _tree(output)
        shutil.rmtree(tree, ignore_errors=True)
        if not ground.is_as_left:  # nor is the tree that shares its files
            shutil.rmtree(staging / spare.FOLDER, ignore_errors=True)
        tree.mkdir(parents=True)
    try:
        stage = _Stage(ground, present, tree, stamp)
        _fill(stage, artifacts, helpers)
        plan = stage.plan
        removed = present.files - plan.files.keys()
        published = Published(
            written=len(plan.changed),
            unchanged=len(plan.files) - len(plan.changed),
            removed=len(removed) + len(present.others),
            size=sum(kept.size for kept in plan.files.values()),
        )
        with _told(output):
            placed = _put(plan, ground, present, removed)
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


class _Stage:
    """The new tree while it is filled with what differs from the present one."""

    def __init__(self, ground: Ground, present: _Tree, tree: Path, stamp: bytes) -> None:
        self.plan = _Plan(tree=tree, files={}, folders={""}, changed=set())
        self._ground, self._present, self._tree = ground, present, f"{tree}"
        self._is_known = ground.record.stamp == stamp
        self._made = {""}

    def claim(self, path: str) -> Kept | None:
        """Note that `path` is a file of the new site, and return what is known of it in the present one."""
        _claim(path, self.plan.files, self.plan.folders)
        try:
            kept = _kept(path, self._ground, self._present)
        except OSError as error:
            raise _refused(error, self._ground.output / path) from error
        self.plan.files[path] = kept or _NOT_YET
        return kept

    def stays(self, draft: Draft, kept: Kept | None) -> bool:
        """Return whether `draft` need not be made."""
        return bool(kept and draft.key and self._is_known and kept.key == draft.key)

    def write(self, path: str, data: bytes, key: bytes, kept: Kept | None) -> None:
        """Write a file, unless the present site has it."""
        own = digest(data)
        if kept and kept.digest == own:
            self.note(path, key, kept, None)
            return
        try:
            make_folder(self._tree, path, self._made)
            self.note(path, key, kept, write(f"{self._tree}/{path}", data, key, own))
        except OSError as error:
            raise _refused(error, self._ground.output / path) from error

    def forget(self, path: str) -> None:
        """Remove what a helper may have left at `path`."""
        with suppress(FileNotFoundError):
            os.unlink(f"{self.plan.tree}/{path}")

    def check(self) -> None:
        """Raise `OutputError` where the tree is not what helpers said, as on a disk that takes two paths for one."""
        if len(_tree(self.plan.tree).files) != len(self.plan.changed):
            raise _refused(FileExistsError(), self._ground.output)

    def note(self, path: str, key: bytes, kept: Kept | None, written: Kept | None) -> None:
        """Note what was made at `path`: what was `written`, or that it is as it was."""
        if written:
            self.plan.changed.add(path)
        known = written or kept
        assert known is not None, "a file is as it was, or it is written"
        self.plan.files[path] = Kept(key, known.digest, known.size, known.inode, known.modified)


def _fill(stage: _Stage, artifacts: Iterable[Artifact | Draft], helpers: Helpers | None) -> None:
    """Make what has to be made, and write what differs."""

    def make(task: Task) -> None:
        stage.write(task.draft.path, task.draft.data, task.draft.key, task.kept)

    def note(task: Task, written: Kept | None) -> None:
        stage.note(task.draft.path, task.draft.key, task.kept, written)

    def remake(task: Task) -> None:
        stage.forget(task.draft.path)
        make(task)

    shares = Shares(helpers, make, remake, note) if helpers else None
    for artifact in _with_marker(artifacts):
        kept = stage.claim(str(artifact.path))
        if isinstance(artifact, Artifact):
            stage.write(str(artifact.path), artifact.data, b"", kept)
        elif not stage.stays(artifact, kept):
            task = Task(artifact, kept)
            if shares and artifact.output:
                with _told(stage.plan.tree):
                    shares.add(task)
            else:
                make(task)
    if shares:
        with _told(stage.plan.tree):
            shares.end()
            stage.check()


def _kept(path: str, ground: Ground, present: _Tree) -> Kept | None:
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


def _put(plan: _Plan, ground: Ground, present: _Tree, removed: set[str]) -> _Placed:
    """Put the new site in place, if it differs from the present one."""
    output, record, files = ground.output, ground.record, plan.files
    change = spare.Change(files=files, folders=plan.folders, written=plan.changed, removed=removed)
    if not (plan.changed or removed or present.others or present.folders - plan.folders):
        return _Placed(files, record.folders if ground.is_as_left else _times(output, plan.folders))
    copied: list[str] = []
    tree, folders = ground.staging / "next", _from_spare(change, ground, plan.tree)
    if folders is None:
        tree = plan.tree
        copied = _link(files.keys() - plan.changed, output, tree)
    is_spare = ground.is_as_left and change.is_small and not copied
    left = _swap(tree, output, ground.staging / "old")
    return _Placed(
        files | {path: _as_now(output, path, files[path]) for path in copied},
        folders or _times(output, plan.folders),
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


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _with_marker(artifacts: Iterable[Artifact | Draft]) -> Iterator[Artifact | Draft]:
    yield MARKER
    yield from artifacts


def _claim(path: str, claimed: Collection[str], folders: set[str]) -> str:
    """Note the folders that an artifact at `path` lies in. Raises `OutputError` where it cannot have them."""
    folder = _folder(path)
    if not _is_inside(path):
        raise OutputError("this is not a path inside the site", where=repr(path))
    if path in claimed:
        raise OutputError("two outputs want this file", where=path, hint="switch one of them off, or rename it")
    if path in folders or (folder not in folders and any(above in claimed for above in _above(folder))):
        raise OutputError("one output wants a file here and another one a folder", where=path)
    while folder not in folders:
        folders.add(folder)
        folder = _folder(folder)
    return path


def _is_inside(path: str) -> bool:
    """Return whether `path` leads to a file below the site, on any system."""
    return _NOWHERE.isdisjoint(path.split("/")) and "\0" not in path and "\\" not in path


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


@contextmanager
def _told(where: Path) -> Iterator[None]:
    """Turn what the disk refuses into an `OutputError`."""
    try:
        yield
    except OSError as error:
        raise _refused(error, where) from error


def _refused(error: OSError, where: Path) -> OutputError:
    """Return what the disk refused as an `OutputError`."""
    message = f"cannot be written: {error.strerror or error}"
    if isinstance(error, FileExistsError):
        message = "this disk takes two paths for one file; they differ only by case"
    return OutputError(message, where=str(where), hint="the old site is unchanged")
