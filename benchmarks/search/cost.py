"""What an index and a query cost: `python -m benchmarks.search.cost 1000 10000 [--corpus FILE] [--archive FOLDER]`.

For each number of synthetic papers (the first ones of FILE, where it is given: a JSON record a line with id, title,
abstract, authors, date, org, keywords, upvotes, github), or for the site built in FOLDER: CPU seconds and memory of
the index, files and bytes, bytes and files a query asks for (median and 95th percentile of 200 queries of two or three
words, the first one and later ones, cards read with `Range`), and what one more day of 30 papers costs: bytes of files
that change, and CPU seconds, the day before remembered.
"""

import json
import statistics
import subprocess
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.synthetic import papers
from generator.archive import archive_of
from generator.memo import Memo, digest
from generator.outputs import search
from generator.search import analysis, index
from generator.search.manifest import INDEX
from generator.search.postings import Document
from generator.search.prepared import prepare
from generator.search.reader import Reader

_DAY = 30


def main() -> None:
    """Measure each size in a process of its own."""
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sizes", nargs="*", type=int, help="numbers of synthetic papers")
    parser.add_argument("--archive", type=Path, help="folder of a built site")
    parser.add_argument("--corpus", type=Path, help="file of papers as JSON, a line each")
    parser.add_argument("--one", action="store_true", help="measure the first size here")
    chosen = parser.parse_args()
    if chosen.archive:
        folder = chosen.archive / "search"
        _queries(lambda name: (folder / name).read_bytes())
    elif chosen.one:
        _built(chosen.sizes[0], chosen.corpus)
    else:
        given = ["--corpus", str(chosen.corpus)] if chosen.corpus else []
        for size in chosen.sizes:
            command = [sys.executable, "-m", "benchmarks.search.cost", "--one", str(size), *given]
            subprocess.run(command, check=True)  # noqa: S603


def _built(size: int, corpus: Path | None) -> None:
    found = islice(_recorded(corpus), size) if corpus else search.documents(archive_of(papers(size)))
    documents = sorted(found, key=lambda document: (document.day, document.id))  # the last ones are a new day
    before = _memory()
    started = process_time()
    prepared = prepare(documents)
    working_out = process_time() - started
    with TemporaryDirectory() as folder:
        known = _written(index.drafts(prepared), Path(folder))
        cpu = process_time() - started
        print(f"\n{size:,} papers: {cpu:.1f} s of CPU, {_memory():.0f} MiB ({before:.0f} before)")
        print(f"  {working_out:.1f} s for words and neighbours, {cpu - working_out:.1f} s for files")
        kinds: Counter[str] = Counter()
        sizes: Counter[str] = Counter()
        for name, (_, _, length) in known.items():
            kind = name.partition("/")[0]
            kinds[kind] += 1
            sizes[kind] += length
        print("  " + ", ".join(f"{kind} {kinds[kind]:,} files {sizes[kind] / 1e6:.2f} MB" for kind in kinds))
        print(f"  {len(known):,} files, {sizes.total() / 1e6:.1f} MB")
        _queries(lambda name: (Path(folder) / name).read_bytes())
        del prepared
        _one_more_day(documents, Path(folder))


def _one_more_day(documents: Sequence[Document], folder: Path) -> None:
    """Print what the last `_DAY` of `documents` change, and what that takes where all before them is remembered."""
    memo = Memo()
    yesterday = _written(_drafts(documents[:-_DAY], memo), folder)
    memo = Memo(dict(memo.kept()))
    started = process_time()
    today = _written(_drafts(documents, memo), folder, yesterday)
    cpu = process_time() - started
    changed: Counter[str] = Counter()
    for name, (_, content, length) in today.items():
        if name not in yesterday or yesterday[name][1] != content:
            changed[name.partition("/")[0]] += length
    kinds = ", ".join(f"{kind} {length / 1e6:.2f}" for kind, length in changed.items())
    print(f"  one more day: {cpu:.1f} s of CPU, {changed.total() / 1e6:.2f} MB ({kinds})")


def _drafts(documents: Sequence[Document], memo: Memo) -> Iterator[index.File]:
    return index.drafts(prepare(documents, memo=memo), stands_for=lambda document: document.card.encode())


def _written(
    files: Iterable[index.File], folder: Path, known: Mapping[str, tuple[bytes, bytes, int]] | None = None
) -> dict[str, tuple[bytes, bytes, int]]:
    """Write `files`, but not those that are `known` under their key; return key, digest and length of all."""
    written = {}
    for name, key, make in files:
        if known and key and name in known and known[name][0] == key:
            written[name] = known[name]
            continue
        data = make()
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written[name] = key, digest(data), len(data)
    return written


def _recorded(corpus: Path) -> Iterator[Document]:
    """Yield the papers of a file, one a line."""
    with corpus.open(encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            topics, house = record["keywords"], record["org"] or ""
            filters = [f"id:{record['id']}", *(f"topic:{analysis.key(topic)}" for topic in topics)]
            filters += [f"org:{analysis.key(house)}"] * bool(house) + ["has:code"] * bool(record["github"])
            yield Document(
                id=record["id"],
                day=record["date"][:10],
                fields=(record["title"], record["abstract"], "\n".join(record["authors"]), "\n".join(topics), house),
                filters=tuple(dict.fromkeys(filters)),
                votes=record["upvotes"],
                url=f"paper/{record['id']}/",
            )


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
