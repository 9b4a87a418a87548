"""What an index and a query cost: `python -m benchmarks.search.cost 1000 10000 [--archive FOLDER]`.

For each number of synthetic papers, or for the site built in FOLDER: CPU seconds and memory of the index, files and
bytes, bytes and files a query asks for (median and 95th percentile of 200 queries of two or three words, the first one
and later ones, cards read with `Range`), and the bytes that one more day changes.
"""

import statistics
import subprocess
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from resource import RUSAGE_SELF, getrusage
from time import process_time

from benchmarks.synthetic import papers
from generator.archive import archive_of
from generator.outputs import search
from generator.search import index
from generator.search.manifest import INDEX
from generator.search.postings import Document
from generator.search.reader import Reader

_DAY = 18


def main() -> None:
    """Measure each size in a process of its own."""
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sizes", nargs="*", type=int, help="numbers of synthetic papers")
    parser.add_argument("--archive", type=Path, help="folder of a built site")
    parser.add_argument("--one", action="store_true", help="measure the first size here")
    chosen = parser.parse_args()
    if chosen.archive:
        folder = chosen.archive / "search"
        _queries(lambda name: (folder / name).read_bytes())
    elif chosen.one:
        _built(chosen.sizes[0])
    else:
        for size in chosen.sizes:
            subprocess.run([sys.executable, "-m", "benchmarks.search.cost", "--one", str(size)], check=True)  # noqa: S603


def _built(size: int) -> None:
    documents = sorted(
        _documents(size), key=lambda document: (document.day, document.id)
    )  # the last ones are a new day
    before = _memory()
    started = process_time()
    files = dict(index.files(documents))
    cpu = process_time() - started
    print(f"\n{size:,} papers: {cpu:.1f} s of CPU, {_memory():.0f} MiB ({before:.0f} before)")
    kinds: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for name, data in files.items():
        kind = name.partition("/")[0]
        kinds[kind] += 1
        sizes[kind] += len(data)
    print("  " + ", ".join(f"{kind} {kinds[kind]:,} files {sizes[kind] / 1e6:.2f} MB" for kind in kinds))
    print(f"  {len(files):,} files, {sum(sizes.values()) / 1e6:.1f} MB")
    _queries(files.__getitem__)
    yesterday = dict(index.files(documents[:-_DAY]))
    changed = [data for name, data in files.items() if yesterday.get(name) != data]
    print(f"  one more day: {len(changed)} files, {sum(map(len, changed)) / 1e6:.2f} MB")


def _documents(size: int) -> Iterator[Document]:
    """Yield synthetic papers, without cards."""
    yield from search.documents(archive_of(papers(size)))


def _queries(fetch: Callable[[str], bytes], count: int = 200) -> None:
    """Print what queries ask for; each starts with nothing, and a second one finds what the first one left."""
    firsts, seconds, requests = [], [], []
    known: list[str] = []
    for first, second in asked(Reader(fetch), count):
        sent: dict[str, int] = {}
        reader = Reader(lambda name, sent=sent: _counted(fetch, name, sent))  # type: ignore[misc]
        cards = _cards(reader, first)
        firsts.append(sum(size for name, size in sent.items() if not name.startswith("cards/")) + sum(cards))
        requests.append(len([name for name in sent if not name.startswith("cards/")]) + len(cards))
        known = list(sent)
        cards = _cards(reader, second)
        fresh = [size for name, size in sent.items() if name not in known and not name.startswith("cards/")]
        seconds.append(sum(fresh) + sum(cards))
    for name, values in (("first query", firsts), ("later query", seconds)):
        print(f"  {name}: median {statistics.median(values) / 1e3:.1f} KB, 95th {percentile(values) / 1e3:.1f} KB")
    print(
        f"  requests: median {statistics.median(requests):.0f}, 95th {percentile(requests)}; index {len(fetch(INDEX))}"
    )


def _counted(fetch: Callable[[str], bytes], name: str, asked: dict[str, int]) -> bytes:
    data = fetch(name)
    asked[name] = len(data)
    return data


def _cards(reader: Reader, query: str) -> list[int]:
    """Return the bytes of each card that the page asks for: a slot, or the file where it holds one card only."""
    cards = reader.index.cards
    hits = reader.search(query).hits
    return [min(cards.slot, len(reader.file(f"cards/{hit.number // cards.per}.bin"))) for hit in hits]


def asked(reader: Reader, count: int) -> list[tuple[str, str]]:
    """Return pairs of queries: two or three words out of the titles of papers, as people type them."""
    dice = Random(2)

    def query() -> str:
        words: Sequence[str] = []
        while len(words) < 2:
            title = reader.card(dice.randrange(reader.index.papers)).fields[0].split()
            words = [word for word in title if len(word) > 3]
        return " ".join(dice.sample(words, min(len(words), dice.choice((2, 2, 3)))))

    return [(query(), query()) for _ in range(count)]


def percentile(values: Sequence[float]) -> float:
    """Return the value that 95 of 100 do not exceed."""
    return sorted(values)[len(values) * 95 // 100]


def _memory() -> float:
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
