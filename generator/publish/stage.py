"""The next site while it is made: what is known of every file, and which of them had to be written."""

from collections.abc import Callable, Collection, Iterable, Iterator

from msgspec import Struct

from generator.errors import OutputError
from generator.memo import digest
from generator.model import Artifact, Draft
from generator.publish.files import UNCHANGED, Kept, refused, told
from generator.publish.shares import Helpers, Shares, Task
from generator.publish.trees import Tree

_NOWHERE = frozenset({"", ".", ".."})
_NOT_YET = Kept(b"", b"", 0, 0, 0)


class Published(Struct, frozen=True, kw_only=True):
    """What publishing did: number of files written, left as they were, and removed; bytes of the whole site."""

    written: int
    unchanged: int
    removed: int
    size: int


class Stage:
    """Every file and folder of the next site, and those files that were `changed`, which are in `tree`.

    `known` returns what is known of a file of the present site; if it `is_known` who made that, a draft with the same
    key need not be made again. `where` is the place of the site, `hint` what to say where that refuses.
    """

    def __init__(
        self, tree: Tree, known: Callable[[str], Kept | None], *, is_known: bool, where: str, hint: str = UNCHANGED
    ) -> None:
        self.tree, self.files, self.folders = tree, dict[str, Kept](), {""}
        self.changed: set[str] = set()
        self._known, self._is_known, self._where, self._hint = known, is_known, where, hint

    def fill(self, artifacts: Iterable[Artifact | Draft], helpers: Helpers | None) -> None:
        """Make what has to be made, and write what differs."""
        shares = Shares(helpers, self._make, self._remake, self._note) if helpers else None
        for artifact in artifacts:
            kept = self._claim(str(artifact.path))
            if isinstance(artifact, Artifact):
                self._write(str(artifact.path), artifact.data, b"", kept)
            elif not (kept and artifact.key and self._is_known and kept.key == artifact.key):
                task = Task(artifact, kept)
                if shares and artifact.output:
                    with told(self._where, self._hint):
                        shares.add(task)
                else:
                    self._make(task)
        with told(self._where, self._hint):
            if shares:
                shares.end()
            self.tree.flush()
            if shares and self.tree.count() not in (None, len(self.changed)):
                raise refused(FileExistsError(), self._where)  # here it is seen by what is missing

    def published(self, *, removed: int) -> Published:
        """Return what it came to, if so many files of the present site go."""
        return Published(
            written=len(self.changed),
            unchanged=len(self.files) - len(self.changed),
            removed=removed,
            size=sum(kept.size for kept in self.files.values()),
        )

    def _claim(self, path: str) -> Kept | None:
        """Note that `path` is a file of the next site, and return what is known of it in the present one."""
        _claimed(path, self.files, self.folders)
        with told(f"{self._where}/{path}", self._hint):
            kept = self._known(path)
        self.files[path] = kept or _NOT_YET
        return kept

    def _make(self, task: Task) -> None:
        self._write(task.draft.path, task.draft.data, task.draft.key, task.kept)

    def _remake(self, task: Task) -> None:
        self.tree.forget(task.draft.path)
        self._make(task)

    def _note(self, task: Task, written: Kept | None) -> None:
        self._wrote(task.draft.path, task.draft.key, task.kept, written)

    def _write(self, path: str, data: bytes, key: bytes, kept: Kept | None) -> None:
        """Write a file, unless the present site has it."""
        own = digest(data)
        written = None
        if not (kept and kept.digest == own):
            try:
                written = self.tree.put(path, data, own)
            except OSError as error:
                raise refused(error, f"{self._where}/{path}", self._hint) from error
        self._wrote(path, key, kept, written)

    def _wrote(self, path: str, key: bytes, kept: Kept | None, written: Kept | None) -> None:
        """Note what was made at `path`: what was `written`, or that it is as it was."""
        if written:
            self.changed.add(path)
        known = written or kept
        assert known is not None, "a file is as it was, or it is written"
        self.files[path] = Kept(key, known.digest, known.size, known.inode, known.modified)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _claimed(path: str, claimed: Collection[str], folders: set[str]) -> str:
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
