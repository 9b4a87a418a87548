"""Remove what can be made again: the site and the cache, or what nobody needs in them. Nothing else is ever touched."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from msgspec import Struct

from generator import publish
from generator.config import Settings
from generator.errors import OutputError
from generator.lock import BUILD, CONTENT, SERVE, held
from generator.progress import Progress
from generator.text import plural

# Who writes into the site or the cache holds one of these, which stay: a lock that is removed locks nobody out.
_LOCKS = (BUILD, CONTENT, SERVE)


class Options(Struct, frozen=True, kw_only=True):
    """What to remove: the cache, the output, or only what no build made in it. `dry_run` removes nothing."""

    cache: bool = False
    output: bool = False
    orphans: bool = False
    dry_run: bool = False


class _Waste(Struct, frozen=True):
    """A file, a link or a folder that will go, with the number of files in it and their bytes."""

    path: Path
    files: int
    size: int


def run(settings: Settings, options: Options, *, ask: Callable[[str], bool], progress: Progress) -> None:
    """Say what is there to remove and how much; then remove it, where `ask` says so of the question it is given.

    Without a choice in `options`, both output and cache go.
    Raises `OutputError` where a folder is not Broadsheet's, is a link, or somebody is at work there.
    """
    cache = settings.cache
    with ExitStack() as stack:
        if cache.is_dir() and not cache.is_symlink():
            for lock in _LOCKS:
                stack.enter_context(held(cache / lock, "clean"))
        seen: set[tuple[int, int]] = set()
        found = [_waste(path, seen) for path in _chosen(settings.root / "site", cache, options)]
        for waste in found:
            progress.result(f"{waste.path}: {_amount(waste.files, waste.size)}")
        total = _amount(sum(waste.files for waste in found), sum(waste.size for waste in found))
        if not found:
            progress.result("there is nothing to remove")
        elif options.dry_run:
            progress.result(f"would remove {total}")
        elif not ask(f"Remove {total}?"):
            progress.result("nothing was removed")
        else:
            for waste in found:
                _remove(waste.path)
            progress.result(f"removed {total}")


def _chosen(output: Path, cache: Path, options: Options) -> Iterator[Path]:
    every = not (options.cache or options.output or options.orphans)
    if every or options.output:
        yield from _site(output)
    elif options.orphans:
        yield from _orphans(output)
    if every or options.cache:
        yield from _cached(cache)


def _site(output: Path) -> Iterator[Path]:
    """Yield the site and the record beside it. Raises `OutputError` where the folder is not Broadsheet's."""
    publish.check_ours(_no_link(output))
    yield from (path for path in (output, publish.staging_of(output)) if os.path.lexists(path))


def _orphans(output: Path) -> Iterator[Path]:
    """Yield what is in the site and no build made, and what builds that died left beside it."""
    publish.check_ours(_no_link(output))
    if output.exists():
        yield from publish.left_behind(output)
    made = publish.record_of(output).files
    if not made:
        return
    for folder, folders, files in os.walk(output):
        here = Path(folder)
        links = [name for name in folders if (here / name).is_symlink()]
        for name in sorted([*files, *links]):
            if (here / name).relative_to(output).as_posix() not in made:
                yield here / name


def _cached(cache: Path) -> Iterator[Path]:
    """Yield everything in the cache but its locks."""
    if _no_link(cache).is_dir():
        yield from sorted(path for path in cache.iterdir() if path.name not in _LOCKS)


def _no_link(folder: Path) -> Path:
    """Return `folder`. Raises `OutputError` for a link: what it leads to may be anything."""
    if folder.is_symlink():
        raise OutputError("this is a link; only folders are cleaned", where=str(folder), hint="remove it yourself")
    return folder


def _waste(path: Path, seen: set[tuple[int, int]]) -> _Waste:
    """Return what there is at `path`. Links count as themselves, files with several names once: `seen` knows them."""
    files = [path]
    if path.is_dir() and not path.is_symlink():
        files = [Path(folder) / name for folder, _, names in os.walk(path) for name in names]
    stats = [file.lstat() for file in files]
    size = sum(stat.st_size for stat in stats if (stat.st_dev, stat.st_ino) not in seen)
    seen |= {(stat.st_dev, stat.st_ino) for stat in stats}
    return _Waste(path, len(files), size)


def _amount(files: int, size: int) -> str:
    return f"{plural(files, 'file')}, {size / 1e6:,.1f} MB"


def _remove(path: Path) -> None:
    if path.is_symlink() or not path.is_dir():
        path.unlink()
    else:
        shutil.rmtree(path)
