"""What would keep a site from being put on its host: parts that are missing, too large, or not what was there before.

The limits are those of GitHub Pages (https://docs.github.com/en/pages/getting-started-with-github-pages/github-pages-limits)
and of the files that its deployment takes (https://github.com/actions/upload-pages-artifact#file-permissions).
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from generator import urls
from generator.commands.check.finding import Finding
from generator.commands.weight import MANY_OF_A_FILE, MOST_BYTES, MOST_OF_A_FILE
from generator.errors import UsageError
from generator.outputs.site_json import FILE, SiteJson
from generator.text import plural

# Answers of these kinds are no pages of their own: a site must not come to consist of them.
_ONLY_ANSWERS = frozenset({"redirect", "gone", "not-found"})
ODD = re.compile(r"[\x00-\x1f\x7f\\\":<>|*?]|[ .](?:/|$)")
_NAME_BYTES = 255


def findings(
    folder: Path, published: Iterable[str] = (), previous: SiteJson | None = None, *, most_lost: float = 5.0
) -> list[Finding]:
    """Return why the site in `folder` should not be put on its host.

    `published` are all addresses that must answer. `previous` is what the site said of itself before; of its pages,
    papers and days at most `most_lost` percent may be gone.
    """
    found = [*_files(folder), *_parts(folder), *_vanished(folder, published)]
    if previous:
        found += _lost(folder, previous, most_lost)
    return found


def read_previous(file: Path) -> SiteJson:
    """Return what a site said of itself in the site.json at `file`. Raises `UsageError` where it cannot be used."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=SiteJson)
    except (OSError, msgspec.MsgspecError) as error:
        hint = f"give the {FILE} of the site that is on the host now"
        raise UsageError(f"cannot be used: {error}", where=str(file), hint=hint) from error


def _files(folder: Path) -> Iterator[Finding]:
    """Yield what is wrong with single files, and with the size of all."""
    total = 0
    for path, item in _walk(str(folder), ""):
        file = str(folder / path)
        if item.is_symlink():
            yield Finding(file=file, rule="path", message="is a link; hosts take files and folders only")
            continue
        if ODD.search(path) or len(item.name.encode(errors="replace")) > _NAME_BYTES:
            yield Finding(file=ascii(file)[1:-1], rule="path", message="hosts refuse such a name")
        size = 0 if item.is_dir() else item.stat().st_size
        total += size
        if size > MANY_OF_A_FILE:
            message = f"has {size / 1e6:,.0f} MB; a host may refuse files of more than {MOST_OF_A_FILE / 1e6:,.0f} MB"
            yield Finding(file=file, rule="size", message=message, warning=size <= MOST_OF_A_FILE)
    if total > MOST_BYTES:
        message = f"the site has {total / 1e9:.2f} GB, and its host takes {MOST_BYTES / 1e9:.0f} GB"
        yield Finding(file=str(folder), rule="size", message=message)


def _walk(folder: str, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as items:
        for item in items:
            yield prefix + item.name, item
            if item.is_dir(follow_symlinks=False):
                yield from _walk(item.path, f"{prefix}{item.name}/")


def _parts(folder: Path) -> Iterator[Finding]:
    """Yield which of the parts that no site can do without are missing."""
    for part, name in (("index.html", "the home page"), (urls.NOT_FOUND, "the page for unknown addresses")):
        if not (folder / part).is_file():
            yield Finding(file=str(folder / part), rule="part", message=f"{name} is missing")
    newest = _now(folder).newest
    if newest and not (folder / "day" / newest / "index.html").is_file():
        yield Finding(file=str(folder / "day" / newest), rule="part", message="the newest day is missing")


def _vanished(folder: Path, published: Iterable[str]) -> Iterator[Finding]:
    for url in sorted(published):
        if not (folder / urls.file(url)).is_file():
            message = "was published once and does not answer; see content/published.txt, and build again"
            yield Finding(file=str(folder / urls.file(url)), rule="vanished", message=message)


def _lost(folder: Path, previous: SiteJson, most_lost: float) -> Iterator[Finding]:
    now = _now(folder)
    counts = [("papers", previous.papers, now.papers), ("days", previous.days, now.days)]
    counts.append(("pages", _pages(previous), _pages(now)))
    for name, before, after in counts:
        if after < before * (1 - most_lost / 100):
            message = (
                f"{plural(before - after, name[:-1], name)} of {before:,} would be lost, more than {most_lost:g} %"
            )
            yield Finding(file=str(folder), rule="lost", message=message)
    if now.newest < previous.newest:
        message = f"the newest day would go back from {previous.newest} to {now.newest or 'none'}"
        yield Finding(file=str(folder), rule="lost", message=message)


def _pages(site: SiteJson) -> int:
    return sum(count for kind, count in site.pages.items() if kind not in _ONLY_ANSWERS)


def _now(folder: Path) -> SiteJson:
    """Return what the site in `folder` says of itself: nothing where it says nothing."""
    file = folder / FILE
    return read_previous(file) if file.is_file() else SiteJson()
