"""The tree of the site before: kept beside the present one, and brought forward to become the next one.

A whole tree is made ready for each exchange. Most of it is second names of the files that stay, and to make those anew
for ten thousand pages takes longer than to build the one that differs. The tree that the last exchange left over has
them all but those that differed then: with these caught up and the new ones added, it is the next site. So two trees
take turns, and what an exchange costs is what differs. They share their files; each has its own folders.
"""

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from msgspec import Struct

FOLDER, NOTE = "spare", "spare.note"
# A tree that differs in more than one file of so many is not worth its room.
_WORTH = 4


class Spare(Struct, frozen=True, kw_only=True):
    """How the spare tree differs from the site: files of its `own`, files of the site that it `lacks`.

    A file that differs is in both. `folders` are its folders with their times of modification: a folder that nothing
    was added to or taken from has its old one.
    """

    own: tuple[str, ...]
    lacks: tuple[str, ...]
    folders: dict[str, int]


class Change(Struct, frozen=True, kw_only=True):
    """What makes the next site of the present one: every file and folder of it, files `written`, files `removed`."""

    files: Collection[str]
    folders: Collection[str]
    written: Collection[str]
    removed: Collection[str]

    @property
    def is_small(self) -> bool:
        """Whether most of the site stays."""
        return _WORTH * (len(self.written) + len(self.removed)) < len(self.files)


def after(change: Change, files: Collection[str], folders: dict[str, int]) -> Spare:
    """Return what is known of the tree that has `files` and `folders`, once it was exchanged for the next site."""
    gone = {path for path in change.written if path in files}
    return Spare(own=(*gone, *change.removed), lacks=tuple(change.written), folders=folders)


def is_as_left(tree: Path, spare: Spare) -> bool:
    """Return whether nothing was added to `tree` or taken from it; its files are the site's, who knows those."""
    root = f"{tree}/"
    try:
        return all(os.lstat(root + folder).st_mtime_ns == modified for folder, modified in spare.folders.items())
    except OSError:
        return False


def bring_forward(
    tree: Path, spare: Spare, change: Change, *, site: Path, fresh: Path, files: Collection[str]
) -> dict[str, int]:
    """Make of `tree` the next site, and return its folders with their times of modification.

    `files` are those of the present `site`; `fresh` holds those that were written. Raises `OSError` where `tree` is not
    as `spare` says, or the disk refuses.
    """
    lacks = set(spare.lacks)
    common = {path for path in (*change.written, *change.removed) if path in files and path not in lacks}
    touched = set(_parents((*spare.own, *common)))
    for path in (*spare.own, *common):
        os.unlink(f"{tree}/{path}")
    gone, new = spare.folders.keys() - set(change.folders), sorted(set(change.folders) - spare.folders.keys())
    for folder in sorted(gone, reverse=True):  # what lies in a folder comes after it
        os.rmdir(f"{tree}/{folder}")
    for folder in new:
        os.mkdir(f"{tree}/{folder}")
    stay = [path for path in spare.lacks if path not in change.written and path not in change.removed]
    for source, paths in ((site, stay), (fresh, change.written)):
        for path in paths:
            os.link(f"{source}/{path}", f"{tree}/{path}")
    touched.update(new, _parents((*gone, *new, *stay, *change.written)))
    kept = {folder: modified for folder, modified in spare.folders.items() if folder not in gone}
    return kept | {folder: os.lstat(f"{tree}/{folder}").st_mtime_ns for folder in touched - gone}


def _parents(paths: Iterable[str]) -> Iterator[str]:
    return (path.rpartition("/")[0] for path in paths)
