"""Say what a page of each kind weighs and takes: `python -m benchmarks.pages ARCHIVE [--most N]`.

The archive in the folder is planned as `broadsheet build` does it, and the pages are made here, a sample of each kind
spread evenly over its pages. Milliseconds are of the processor, with cards of papers made when they are first needed;
bytes are those of the HTML alone, as a host sends them packed (gzip, level 6) and as they lie on the disk.
"""

import gzip
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time

from msgspec.structs import asdict

import generator.outputs
import generator.pages
from generator.commands.build import edition_of, read, site_of
from generator.config import FILE, load
from generator.outputs import Output
from generator.pages import PageKind
from generator.pages.view import Page
from generator.registry import discover
from generator.site import Site

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_HEAD = ("pages", "ms", "packed: median", "largest", "on disk: median", "largest", "share of all")


def main() -> None:
    """Print the table."""
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("archive", type=Path, help="folder of an archive")
    parser.add_argument("--most", type=int, default=200, help="pages of a kind to make (default: 200)")
    chosen = parser.parse_args()
    made = _planned(chosen.archive)
    kinds: dict[str, list[Page]] = defaultdict(list)
    for page in made.pages:
        kinds[page.kind].append(page)
    rows = {kind: _row(made, pages, chosen.most) for kind, pages in kinds.items()}
    total = sum(estimated for *_, estimated in rows.values())
    print("".join([f"{'kind':<14}", *(f"{title:>17}" for title in _HEAD)]))
    for kind, (*figures, estimated) in sorted(rows.items(), key=lambda row: -row[1][-1]):
        cells = [f"{figures[0]:,}", f"{figures[1]:.2f}", *(f"{size / 1000:,.1f} KB" for size in figures[2:])]
        print("".join([f"{kind:<14}", *(f"{cell:>17}" for cell in [*cells, f"{estimated / total:.1%}"])]))


def _planned(root: Path) -> Site:
    settings = load((root / FILE).read_text("utf-8"), root=root, kinds=("hf-daily", "arxiv"), warn=lambda *_: None)
    outputs = discover(generator.outputs, "OUTPUT", Output, **asdict(settings.outputs))
    kinds = discover(generator.pages, "PAGES", PageKind, **asdict(settings.pages))
    return site_of(settings, edition_of(settings, read(root / "content"), _NOW), outputs, kinds)


def _row(made: Site, pages: Sequence[Page], most: int) -> tuple[int, float, float, float, float, float, float]:
    """Return number, milliseconds, four sizes, and what all pages of the kind come to on the disk."""
    sample = pages[:: max(1, len(pages) // most)]
    began = process_time()
    texts = [made.html(page).encode() for page in sample]
    seconds = process_time() - began
    packed = [len(gzip.compress(text, 6)) for text in texts]
    plain = [len(text) for text in texts]
    whole = sum(plain) / len(sample) * len(pages)
    return len(pages), seconds / len(sample) * 1000, median(packed), max(packed), median(plain), max(plain), whole


if __name__ == "__main__":
    main()
