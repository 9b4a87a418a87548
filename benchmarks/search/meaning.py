"""Whether a layer of meaning would find more: `python -m benchmarks.search.meaning DATA [--model FOLDER]`.

Latent semantic analysis of each collection, or with a model of sentence-transformers in FOLDER its vectors, brought to
terms by ridge regression; papers and terms in 16 bytes each, a query as the sum of its terms, and the first thirty hits
ordered anew by a blend of their score and their cosine with the query. Prints nDCG@10 for several parts of the cosine;
DATA is as for `benchmarks.search.quality`.

Codes: after a random rotation each coordinate is nearly normal, so that four levels serve all (J. Max, "Quantizing for
minimum distortion", 1960: thresholds 0 and .98, levels .45 and 1.51 standard deviations).
"""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from time import process_time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds

from benchmarks.search.quality import ndcg
from benchmarks.search.sets import Judged, judged, known_items, shortened, without_origins
from generator.search import analysis, index
from generator.search.neighbours import near
from generator.search.postings import Document
from generator.search.prepared import prepare
from generator.search.reader import Reader

Vectors = NDArray[np.float64]
Embed = Callable[[Sequence[str]], Vectors]
PARTS = (0.0, 0.15, 0.3, 0.5)
DEPTH = 30
DIMENSIONS = 64
RIDGE = 3.0


class Meaning(NamedTuple):
    """A vector of length 1 for each document; the number of each term, and its vector as a query has it."""

    documents: Vectors
    numbers: dict[str, int]
    terms: Vectors


def main() -> None:
    """Measure every collection."""
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", help="folder of a sentence model, for which sentence-transformers must be installed")
    chosen = parser.parse_args()
    data = chosen.data
    embed = import_module("sentence_transformers").SentenceTransformer(chosen.model).encode if chosen.model else None
    print(f"{'nDCG@10':<24}" + "".join(f"{part:>8}" for part in PARTS))
    known = known_items(data / "hf_daily_papers")
    for documents, collections in (
        _set("Cranfield, no origin", without_origins(judged(data / "ir_cranfield"), data / "ir_cranfield")),
        _set("CISI", judged(data / "ir_cisi")),
        _set("NFCorpus", judged(data / "ir_nfcorpus")),
        (known.documents, {"known": known, "  5 words": shortened(known, 5), "  3 words": shortened(known, 3)}),
    ):
        measure(documents, collections, embed)


def _set(name: str, collection: Judged) -> tuple[Sequence[Document], dict[str, Judged]]:
    return collection.documents, {name: collection}


def measure(documents: Sequence[Document], collections: dict[str, Judged], embed: Embed | None) -> None:
    """Print how well the questions of `collections` about `documents` are answered."""
    prepared = prepare(documents)
    numbers = {document.id: number for number, document in enumerate(prepared.documents)}
    reader = Reader(dict(index.files(prepared)).__getitem__)
    began = process_time()
    beside = near(prepared.analysed.postings, len(numbers))
    rows = _normalised(beside.weights)
    if embed:
        found = fitted(rows, embed([". ".join(document.fields[:2]) for document in prepared.documents]))
    else:
        found = latent(rows)
    meaning = meaning_of(*found, beside.idf, prepared.analysed.postings.strings)
    seconds = process_time() - began
    for name, collection in collections.items():
        gains = [
            [ndcg(ids, collection.grades[query]) for ids in blended(reader, numbers, meaning, text)]
            for query, text in collection.queries.items()
        ]
        print(f"{name:<24}" + "".join(f"{mean:>8.4f}" for mean in np.mean(gains, axis=0)))
    print(f"  {len(numbers):,} papers: neighbours and meaning in {seconds:.1f} CPU s", flush=True)


def latent(rows: sparse.csr_array) -> tuple[Vectors, Vectors]:
    """Return documents and terms as latent semantic analysis of `rows`, documents by terms, has them."""
    start = np.random.default_rng(1).standard_normal(min(rows.shape))
    left, singular, right = svds(rows, k=DIMENSIONS, v0=start)
    return left * singular, right.T


def fitted(rows: sparse.csr_array, vectors: Vectors) -> tuple[Vectors, Vectors]:
    """Return documents as the main directions of `vectors` have them, and what the terms of `rows` make of these."""
    centred = np.asarray(vectors, np.float64) - np.mean(vectors, axis=0)
    _, _, right = np.linalg.svd(centred, full_matrices=False)
    documents = centred @ right[:DIMENSIONS].T
    documents /= np.linalg.norm(documents, axis=1, keepdims=True)
    products = (rows @ rows.T).toarray()
    return documents, rows.T @ np.linalg.solve(products + RIDGE * np.eye(len(products)), documents)


def _normalised(weights: sparse.csr_array) -> sparse.csr_array:
    norms = np.sqrt(weights.multiply(weights).sum(axis=1))
    return sparse.csr_array(weights.multiply(1 / np.maximum(norms, 1e-9)[:, None]), dtype=np.float64)


def meaning_of(documents: Vectors, terms: Vectors, idf: NDArray[np.float32], strings: Sequence[str]) -> Meaning:
    """Return the vectors of documents and terms as their codes keep them."""
    turned, _ = np.linalg.qr(np.random.default_rng(2).standard_normal((DIMENSIONS, DIMENSIONS)))
    lengths = np.linalg.norm(terms, axis=1, keepdims=True)
    return Meaning(
        coded(documents @ turned),
        {term: number for number, term in enumerate(strings)},
        coded(terms @ turned) * lengths * idf[:, None],
    )


def coded(vectors: Vectors) -> Vectors:
    """Return `vectors` as two bits a coordinate keep them, each of length 1."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    spread = vectors * np.sqrt(vectors.shape[1]) / np.maximum(lengths, 1e-9)
    levels = np.array([-1.51, -0.453, 0.453, 1.51])[np.digitize(spread, [-0.98, 0, 0.98])]
    return np.asarray(levels / np.linalg.norm(levels, axis=1, keepdims=True))


def blended(reader: Reader, numbers: dict[str, int], meaning: Meaning, text: str) -> Iterator[list[str]]:
    """Yield the ids of ten hits for each part of the blend; those that match every word stay before the others."""
    answer = reader.search(text, limit=DEPTH)
    ids = [hit.card.id for hit in answer.hits]
    scores = np.array([hit.score for hit in answer.hits], np.float64)
    scores /= scores.max(initial=1)
    query = np.zeros(DIMENSIONS)
    for word in analysis.words(text):
        for term in word.terms:
            if term in meaning.numbers:
                query += meaning.terms[meaning.numbers[term]] * (1 if term == word.together else 2)
    cosines = meaning.documents[[numbers[id_] for id_ in ids]] @ query / max(float(np.linalg.norm(query)), 1e-9)
    is_rest = np.arange(len(ids)) >= (answer.matching or len(ids))
    for part in PARTS:
        order = np.lexsort((-((1 - part) * scores + part * cosines), is_rest))
        yield [ids[place] for place in order[:10]]


if __name__ == "__main__":
    main()
