"""Search beside Pagefind, lunr and MiniSearch: `python -m benchmarks.search DATA [SIZE …] [--archive FOLDER]`.

For each number SIZE of made-up papers, and for the real ones of the archive in FOLDER: CPU and memory of building the
index, files, bytes; what a query costs in Chromium (benchmarks.search.browser says how that is measured): bytes and
requests, the longest task of the page's thread and memory of scripts by a near host, seconds by one as far as on slow
4G. Then the quality of answers on the judged collections in DATA (benchmarks.search.quality); without SIZE and FOLDER
that alone. npm installs the others in `npm/` here.

Broadsheet's page is the whole page of its theme. The others have the smallest page that shows ten papers with title and
abstract. An engine that loads its whole index costs nearly the same whatever one asks: three pairs of queries are
enough.
"""

import statistics
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from benchmarks.search import peers, quality
from benchmarks.search.browser import QUERIES, SHORT, Host, Measured, measured, site_files
from benchmarks.search.cost import asked, percentile
from benchmarks.search.quality import row
from benchmarks.synthetic import papers as made_up
from generator.archive import archive_of
from generator.commands.build import read as content_of
from generator.model import Paper
from generator.outputs import search
from generator.search.reader import Reader
from generator.urls import SEARCH

ENGINES = ("broadsheet", *peers.PEERS)
WHOLE = ("lunr", "minisearch")
Pairs: TypeAlias = Sequence[tuple[str, str]]
_ENOUGH = 3


def main() -> None:
    """Measure each archive with each engine, and then the answers."""
    parser = ArgumentParser(description="What search costs and how well it answers, beside other engines.")
    parser.add_argument("data", type=Path, help="folder of judged collections")
    parser.add_argument("sizes", nargs="*", type=int, help="numbers of made-up papers")
    parser.add_argument("--archive", type=Path, help="folder of an archive with real papers")
    parser.add_argument("--queries", type=int, default=QUERIES, help="pairs of queries by a near host")
    parser.add_argument("--far", type=int, default=SHORT, help="pairs of queries by a far host")
    parser.add_argument("--engines", nargs="*", default=ENGINES, choices=ENGINES)
    chosen = parser.parse_args()
    archives = {f"{size:,} made-up papers": tuple(made_up(size)) for size in chosen.sizes}
    if chosen.archive:
        archives["real papers"] = content_of(chosen.archive / "content").papers
    for name, papers in archives.items():
        files = site_files(papers)
        pairs = asked(Reader(lambda name, files=files: files[SEARCH + name]), max(chosen.queries, chosen.far))  # type: ignore[misc]
        near, far = pairs[: chosen.queries], pairs[: chosen.far]
        costs = {engine: _costs(engine, papers, files, near, far) for engine in chosen.engines}
        print("\n" + row(f"{name} ({len(papers):,})", *costs))
        for line in next(iter(costs.values())):
            print(row(line, *(cost[line] for cost in costs.values())), flush=True)
    quality.measure(chosen.data)


def _costs(
    engine: str, papers: Sequence[Paper], files: Mapping[str, bytes], near: Pairs, far: Pairs
) -> Mapping[str, str]:
    """Return what `engine` costs, as text by name; `files` are Broadsheet's, `near` and `far` are pairs of queries."""
    documents = list(search.documents(archive_of(papers)))
    if engine in WHOLE:
        near, far = near[:_ENOUGH], far[:_ENOUGH]
    with TemporaryDirectory() as made:
        built = peers.build(engine, documents, Path(made))
        is_ours = engine == "broadsheet"
        read = files.__getitem__ if is_ours else peers.site(engine, documents, Path(made))
        path = SEARCH if is_ours else f"{engine}/"
        near_first, near_later = _measured(read, path, near, is_far=False)
        far_first, far_later = _measured(read, path, far, is_far=True)
    return {
        "build, s of CPU": f"{built.cpu:.1f}",
        "build, MiB": f"{built.memory:,.0f}",
        "files": f"{built.files:,}",
        "index, MB packed": f"{built.size / 1e6:.1f}",
        f"first query, KB ({len(near)})": _both([each.size / 1e3 for each in near_first]),
        "  requests": _both([each.requests for each in near_first]),
        f"  s on slow 4G ({len(far)})": _both([each.seconds for each in far_first]),
        "later query, KB": _both([each.size / 1e3 for each in near_later]),
        "  s on slow 4G": _both([each.seconds for each in far_later]),
        "longest task, ms": _both([each.longest for each in near_first + near_later]),
        "memory of scripts, MB": _both([each.heap / 1e6 for each in near_later]),
    }


def _measured(
    read: Callable[[str], bytes], path: str, pairs: Pairs, *, is_far: bool
) -> tuple[list[Measured], list[Measured]]:
    host = Host(read, is_far=is_far)
    found = measured(host, path, pairs)
    host.server.shutdown()
    return found


def _both(values: Sequence[float]) -> str:
    """Return the median and the 95th percentile."""
    return f"{statistics.median(values):,.3g} ({percentile(values):,.3g})"


if __name__ == "__main__":
    main()
