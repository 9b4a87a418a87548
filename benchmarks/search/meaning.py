"""What meaning brings to search: `python -m benchmarks.search.meaning DATA [--model FOLDER] [--page]`.

Prints nDCG@10 of the judged collections and of known items (see `benchmarks.search.quality`, where DATA is described)
for an index without meaning, with that of latent semantic analysis and, with `--model`, with that of a sentence model;
beside each the CPU seconds of preparing the index and the bytes of its shards. With `--page` the page's reader answers.
"""

from argparse import ArgumentParser
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import numpy as np

from benchmarks.search.quality import ndcg
from benchmarks.search.sets import Judged, judged, known_items, shortened, without_origins
from generator.commands.embeddings import embedding, load
from generator.memo import Memo
from generator.search import index
from generator.search.meaning import Learn, space
from generator.search.postings import Document
from generator.search.prepared import prepare
from generator.search.reader import Reader
from tests.search import node

_SHARDS = ("base/", "recent/")


def main() -> None:
    """Measure every collection."""
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", help="folder of a sentence model, for which sentence-transformers must be installed")
    parser.add_argument("--page", action="store_true", help="ask the page's reader, in Node.js")
    chosen = parser.parse_args()
    data = chosen.data
    kinds: dict[str, Learn | None] = {"off": None, "lsa": space}
    if chosen.model:
        memo = Memo()
        kinds["model"] = partial(space, embed=embedding(partial(load, Path(), chosen.model), b"", memo))
    known = known_items(data / "hf_daily_papers")
    print(f"{'nDCG@10':<24}" + "".join(f"{kind:>8}" for kind in kinds))
    for documents, collections in (
        _set("Cranfield, no origin", without_origins(judged(data / "ir_cranfield"), data / "ir_cranfield")),
        _set("CISI", judged(data / "ir_cisi")),
        _set("NFCorpus", judged(data / "ir_nfcorpus")),
        (known.documents, {"known": known, "  5 words": shortened(known, 5), "  3 words": shortened(known, 3)}),
    ):
        measure(documents, collections, kinds, is_page=chosen.page)


def _set(name: str, collection: Judged) -> tuple[Sequence[Document], dict[str, Judged]]:
    return collection.documents, {name: collection}


def measure(
    documents: Sequence[Document], collections: dict[str, Judged], kinds: dict[str, Learn | None], *, is_page: bool
) -> None:
    """Print how well the questions of `collections` about `documents` are answered with each of `kinds`."""
    made, costs = [], []
    for learn in kinds.values():
        began = process_time()
        prepared = prepare(documents, learn=learn)
        seconds = process_time() - began
        files = dict(index.files(prepared))
        size = sum(len(data) for name, data in files.items() if name.startswith(_SHARDS))
        made.append((files, [document.id for document in prepared.documents]))
        costs.append(f"{seconds:.1f} s {size / 1e6:.3f} MB")
    for name, collection in collections.items():
        queries = list(collection.queries.values())
        means = []
        for files, ids in made:
            found = _by_page(files, ids, queries) if is_page else _by_command(files, queries)
            gains = [
                ndcg(hits, collection.grades[query]) for hits, query in zip(found, collection.queries, strict=True)
            ]
            means.append(float(np.mean(gains)))
        print(f"{name:<24}" + "".join(f"{mean:>8.4f}" for mean in means), flush=True)
    print(f"  {len(documents):,} papers: " + ", ".join(costs), flush=True)


def _by_command(files: dict[str, bytes], queries: Sequence[str]) -> list[list[str]]:
    reader = Reader(files.__getitem__)
    return [[hit.card.id for hit in reader.search(query).hits] for query in queries]


def _by_page(files: dict[str, bytes], ids: Sequence[str], queries: Sequence[str]) -> list[list[str]]:
    with TemporaryDirectory() as folder:
        found = node.hits(files, [[query, "relevance", 0] for query in queries], Path(folder))
    return [[ids[number] for number in hits] for hits, *_ in found]


if __name__ == "__main__":
    main()
