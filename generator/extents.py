"""How much a site says, so that larger archives fit on a host too: 1 GB and, better, 100,000 files.

A small archive can afford everything. A larger one says less about each paper: names need more papers for a page of
their own, lists show titles in place of abstracts, and fewer things are files in other formats too. No paper, day,
week, month or year is ever left without its page.
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

Name = Literal["full", "lean", "bare", "core"]
Shown = Literal["abstracts", "cards", "titles", "none"]

# Names of the files beside a page.
_ALL = ("papers.bib", "papers.ris", "papers.csl.json", "index.json", "index.md")
_NAMES = ("author", "organisation", "topic")


class Extent(Struct, frozen=True, kw_only=True):
    """One of four measures.

    `least`: papers that a name of each kind needs for a page, `feed_least`: for feeds. `beside_papers`, `beside_lists`:
    the files made of each paper and of each list, the lists being those of `kinds` (names among them only if they have
    feeds). `shown`: what lists of a kind show of their papers, where that is not `abstracts`. `most`: papers that the
    list of a name shows, if not all. Where the extent is `brief`, papers' pages say nothing twice, and only the archive
    has a picture.
    """

    name: Name
    least: Mapping[str, int]
    feed_least: int
    beside_papers: tuple[str, ...]
    beside_lists: tuple[str, ...]
    kinds: tuple[str, ...]
    shown: Mapping[str, Shown] = {}
    most: int | None = None
    brief: bool = False

    def shows(self, kind: str) -> Shown:
        """Return what lists of `kind` show of their papers."""
        return self.shown.get(kind, "abstracts")


FULL = Extent(
    name="full",
    least={"author": 2, "organisation": 1, "topic": 2},
    feed_least=10,
    beside_papers=_ALL,
    beside_lists=_ALL,
    kinds=("day", "week", "month", "year", "query", *_NAMES),
    shown={"author": "cards"},
)
LEAN = Extent(
    name="lean",
    least={"author": 3, "organisation": 2, "topic": 4},
    feed_least=25,
    beside_papers=("papers.bib", "papers.ris", "papers.csl.json", "index.md"),
    beside_lists=_ALL,
    kinds=("day", "month", "query"),
    shown={"author": "titles", "organisation": "cards", "topic": "cards", "week": "cards", "month": "titles"},
)
BARE = Extent(
    name="bare",
    least={"author": 10, "organisation": 5, "topic": 15},
    feed_least=100,
    beside_papers=("papers.bib",),
    beside_lists=("papers.bib", "index.json"),
    kinds=("month", "query"),
    shown={
        "author": "titles",
        "organisation": "titles",
        "topic": "titles",
        "week": "titles",
        "month": "titles",
        "day": "cards",
    },
)
CORE = Extent(
    name="core",
    least={"author": 50, "organisation": 25, "topic": 100},
    feed_least=1000,
    beside_papers=(),
    beside_lists=("papers.bib",),
    kinds=("month", "query"),
    shown={**dict.fromkeys(("day", *_NAMES), "titles"), "week": "none", "month": "none"},
    most=500,
    brief=True,
)
EXTENTS: Mapping[str, Extent] = {extent.name: extent for extent in (FULL, LEAN, BARE, CORE)}
# Up to so many papers, a site of that extent is meant to have at most 1 GB; docs/performance.md says what was measured.
_MOST = ((5_000, FULL), (15_000, LEAN), (25_000, BARE))


def extent_of(papers: int) -> Extent:
    """Return the extent that an archive of so many `papers` can afford."""
    return next((extent for most, extent in _MOST if papers <= most), CORE)
