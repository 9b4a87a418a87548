"""How good the answers are: `python -m benchmarks.search.quality DATA [--lunr FOLDER]`.

DATA holds `ir_cranfield`, `ir_cisi`, `ir_nfcorpus` (judged collections) and `hf_daily_papers` (real papers). Prints
nDCG@10 (gain 2^grade - 1) of the index of this repository, of textbook BM25F on the same words, and, with the folder
where npm installed lunr, of lunr.js with queries cleaned of its operators.

Cranfield is measured twice, because two scales are in use: with the paper that each question came from as the best
answer (BM25F about .54), and without it (about .36).
"""

import json
import math
import re
import shutil
import subprocess
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.search.sets import JUDGED, Judged, judged, known_items, without_origins
from generator.search import analysis, index
from generator.search.postings import FIELDS, Document
from generator.search.reader import Reader
from generator.search.stock import lunr_index
from tests.search import node

Engine = Callable[[Sequence[Document], Sequence[str]], Sequence[Sequence[str]]]
_SCRIPT = Path(__file__).parent / "lunr.mjs"


def main() -> None:
    """Measure every collection with every engine."""
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--lunr", type=Path, help="folder with node_modules/lunr")
    chosen = parser.parse_args()
    engines: dict[str, Engine] = {"broadsheet": broadsheet, "its page": page, "BM25F": bm25f}
    if chosen.lunr:
        engines["lunr.js"] = lambda documents, queries: lunr(chosen.lunr, documents, queries)
        engines["lunr.json"] = lambda documents, queries: lunr(chosen.lunr, documents, queries, exported=True)
    collections: dict[str, Judged] = {name: judged(chosen.data / f"ir_{name}") for name in JUDGED}
    cranfield = chosen.data / "ir_cranfield"
    collections["  no origin"] = without_origins(collections["cranfield"], cranfield)
    collections["known item"] = known_items(chosen.data / "hf_daily_papers")
    print(f"{'nDCG@10':<12}" + "".join(f"{name:>12}" for name in engines))
    for name, collection in collections.items():
        results = [engine(collection.documents, list(collection.queries.values())) for engine in engines.values()]
        print(f"{name:<12}" + "".join(f"{_mean(collection, found, ndcg):>12.4f}" for found in results))
        if name == "known item":
            print(f"{'  success@1':<12}" + "".join(f"{_mean(collection, found, success):>12.4f}" for found in results))


def broadsheet(documents: Sequence[Document], queries: Sequence[str]) -> list[list[str]]:
    """Return the hits of the index of this repository."""
    reader = Reader(dict(index.files(documents)).__getitem__)
    return [[hit.card.id for hit in reader.search(query).hits] for query in queries]


def page(documents: Sequence[Document], queries: Sequence[str]) -> list[list[str]]:
    """Return the hits of the page's reader, run by Node.js from the same files."""
    ordered = sorted(documents, key=lambda document: (document.day, document.id))
    with TemporaryDirectory() as folder:
        found = node.hits(dict(index.files(documents)), [[query, "relevance", 0] for query in queries], Path(folder))
    return [[ordered[number].id for number in hits] for hits, *_ in found]


def bm25f(documents: Sequence[Document], queries: Sequence[str]) -> list[list[str]]:
    """Return the hits of BM25F: k1 1.2, b 0.75, title counted twice, every occurrence in the query."""
    texts = [Counter(_weighted(document)) for document in documents]
    mean = sum(text.total() for text in texts) / len(texts)
    having = Counter(term for text in texts for term in text)
    postings: dict[str, list[tuple[int, float]]] = {term: [] for term in having}
    for number, text in enumerate(texts):
        for term, tf in text.items():
            idf = math.log(1 + (len(texts) - having[term] + 0.5) / (having[term] + 0.5))
            postings[term].append((number, idf * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * text.total() / mean))))
    found = []
    for query in queries:
        scores: Counter[int] = Counter()
        for term in analysis.terms(query):
            for number, score in postings.get(term, ()):
                scores[number] += score  # type: ignore[assignment]
        found.append([documents[number].id for number, _ in scores.most_common(10)])
    return found


def _weighted(document: Document) -> list[str]:
    title, abstract = document.fields[:2]
    return 2 * analysis.terms(title) + analysis.terms(abstract)


def lunr(
    folder: Path, documents: Sequence[Document], queries: Sequence[str], *, exported: bool = False
) -> list[list[str]]:
    """Return the hits of lunr.js: of an index of its own, or of the one that Broadsheet exports for it."""
    node = shutil.which("node")
    assert node is not None, "lunr.js needs Node.js"
    given = {
        "fields": FIELDS,
        "documents": [{"id": each.id, **dict(zip(FIELDS, each.fields, strict=True))} for each in documents],
        "queries": [re.sub(r"[:^~*+-]", " ", query) for query in queries],
        "index": json.loads(lunr_index(documents)) if exported else None,
    }
    command = [node, str(_SCRIPT), str(folder)]
    done = subprocess.run(command, input=json.dumps(given).encode(), capture_output=True, check=True)  # noqa: S603
    hits: list[list[str]] = json.loads(done.stdout)
    return hits


def ndcg(found: Sequence[str], grades: Mapping[str, float]) -> float:
    """Return the discounted gain of ten hits, as a part of what is possible."""
    best = sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(_highest(grades)))
    return sum((2 ** grades.get(id_, 0) - 1) / math.log2(place + 2) for place, id_ in enumerate(found[:10])) / best


def success(found: Sequence[str], grades: Mapping[str, float]) -> float:
    """Return 1 if the first hit answers, else 0."""
    return float(bool(found) and found[0] in grades)


def _highest(grades: Mapping[str, float]) -> list[float]:
    return sorted(grades.values(), reverse=True)[:10]


def _mean(
    collection: Judged, found: Sequence[Sequence[str]], measure: Callable[[Sequence[str], Mapping[str, float]], float]
) -> float:
    pairs = zip(found, collection.queries, strict=True)
    return sum(measure(hits, collection.grades[query]) for hits, query in pairs) / len(collection.queries)


if __name__ == "__main__":
    main()
