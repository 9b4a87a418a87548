"""How good the answers are: `python -m benchmarks.search.quality DATA`.

DATA holds `ir_cranfield`, `ir_cisi`, `ir_nfcorpus` (judged collections) and `hf_daily_papers` (real papers). Prints
nDCG@10 (gain 2^grade - 1) of the index of this repository, of textbook BM25F on the same words, of Pagefind and
MiniSearch, and of lunr.js with queries cleaned of its operators: with an index of its own, and with the one exported.

Cranfield is measured twice, because two scales are in use: with the paper that each question came from as the best
answer (BM25F about .54), and without it (about .36).
"""

import math
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from benchmarks.search import peers
from benchmarks.search.sets import JUDGED, Judged, judged, known_items, without_origins
from generator.search import analysis, index
from generator.search.postings import Document
from generator.search.reader import Reader
from tests.search import node

Engine = Callable[[Sequence[Document], Sequence[str]], Sequence[Sequence[str]]]


def main() -> None:
    """Measure every collection with every engine."""
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    measure(parser.parse_args().data, {"broadsheet": broadsheet, "export": partial(peers.answers, "export")})


def measure(data: Path, further: Mapping[str, Engine] = MappingProxyType({})) -> None:
    """Print how well each engine answers each collection in `data`."""
    others = {name: partial(peers.answers, name) for name in peers.PEERS}
    engines: dict[str, Engine] = {"its page": page, "BM25F": bm25f, **others, **further}
    collections: dict[str, Judged] = {name: judged(data / f"ir_{name}") for name in JUDGED}
    collections["  no origin"] = without_origins(collections["cranfield"], data / "ir_cranfield")
    collections["known item"] = known_items(data / "hf_daily_papers")
    print("\n" + row("nDCG@10", *engines))
    for name, collection in collections.items():
        results = [engine(collection.documents, list(collection.queries.values())) for engine in engines.values()]
        print(row(name, *(f"{_mean(collection, found, ndcg):.4f}" for found in results)), flush=True)
        if name == "known item":
            print(row("  success@1", *(f"{_mean(collection, found, success):.4f}" for found in results)))


def row(*cells: str) -> str:
    """Return a line of a table."""
    first, *others = cells
    return f"{first:<28}" + "".join(f"{cell:>14}" for cell in others)


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
