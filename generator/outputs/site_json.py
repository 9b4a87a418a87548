"""The site in a few numbers, for programs that watch it and for the next one, which must not be much smaller."""

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

import msgspec
from msgspec import Struct, field

from generator import __version__
from generator.model import Artifact
from generator.outputs import Output
from generator.site import Site

SCHEMA = 1
FILE = "site.json"


class SiteJson(Struct, frozen=True, kw_only=True):
    """A site in numbers: `newest` is the newest day with papers, or empty; `pages` counts pages by their kind."""

    schema: int = SCHEMA
    generator: str = ""
    papers: int = 0
    days: int = 0
    newest: str = ""
    pages: dict[str, int] = field(default_factory=dict)


def files(site: Site) -> Iterator[Artifact]:
    """Yield site.json."""
    archive = site.edition.archive
    kinds = Counter(leaf.kind for leaf in site.pages.leaves)
    told = SiteJson(
        generator=f"Broadsheet {__version__}",
        papers=len(archive.entries),
        days=len(archive.days),
        newest=max(archive.days, default=""),
        pages=dict(sorted(kinds.items())),
    )
    yield Artifact(PurePosixPath(FILE), msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n")


OUTPUT = Output(files, about="the site in numbers")
