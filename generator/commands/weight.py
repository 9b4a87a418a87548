"""What a site weighs: its largest folders and files, and how near it is to what hosts take.

The limits are those of GitHub Pages (https://docs.github.com/en/pages/getting-started-with-github-pages/github-pages-limits);
a deployment of more than a hundred thousand files takes longer than the ten minutes it may.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from heapq import nlargest

from msgspec import Struct

from generator.publish.files import Kept

MOST_BYTES = 1_000_000_000
MOST_OF_A_FILE = 100_000_000
MANY_OF_A_FILE = 50_000_000
MANY_FILES = 100_000
# Nine tenths of a limit are worth a word: an archive only grows.
_NEAR = 0.9
_NAMED = 5


class Part(Struct, frozen=True, kw_only=True):
    """A folder at the root of a site, with all that lies in it, or a file: number of files, bytes."""

    path: str
    files: int
    size: int


class Weight(Struct, frozen=True, kw_only=True):
    """What a site weighs: bytes and files of all of it, the largest folders and files first, and what to mind."""

    size: int
    files: int
    folders: tuple[Part, ...] = ()
    largest: tuple[Part, ...] = ()
    warnings: tuple[str, ...] = ()


def weight_of(kept: Mapping[str, Kept]) -> Weight:
    """Return what a site of the files `kept`, by path, weighs."""
    sizes: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for path, file in kept.items():
        top, slash, _ = path.partition("/")
        if slash:
            sizes[top] += file.size
            counts[top] += 1
    size = sum(file.size for file in kept.values())
    largest = nlargest(_NAMED, kept.items(), key=lambda item: (item[1].size, item[0]))
    return Weight(
        size=size,
        files=len(kept),
        folders=tuple(
            Part(path=f"{top}/", files=counts[top], size=sizes[top])
            for top in nlargest(_NAMED, sizes, key=lambda top: (sizes[top], top))
        ),
        largest=tuple(Part(path=path, files=1, size=file.size) for path, file in largest),
        warnings=tuple(_warnings(size, len(kept), largest)),
    )


def _warnings(size: int, files: int, largest: list[tuple[str, Kept]]) -> Iterator[str]:
    if size > _NEAR * MOST_BYTES:
        yield f"the site has {size / 1e9:.2f} GB, and hosts take {MOST_BYTES / 1e9:.0f} GB"
    if files > _NEAR * MANY_FILES:
        yield f"the site has {files:,} files; more than {MANY_FILES:,} take hosts too long"
    for path, file in largest:
        if file.size > MANY_OF_A_FILE:
            yield f"{path} has {file.size / 1e6:,.0f} MB, and hosts take {MOST_OF_A_FILE / 1e6:,.0f} MB"
