"""Similar papers, and the words that say why: the neighbours that the index lends terms by."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

import msgspec
import numpy as np
from scipy import sparse

from generator.memo import digest
from generator.search import analysis
from generator.search.neighbours import highest, vectors
from generator.search.prepared import Prepared, Span

_WORDS = 5
_ROWS = 4096


class Similar(NamedTuple):
    """A paper that is near to another one.

    `score` is the cosine of their words, from 0 (nothing in common) to 1; `words` are those they share, as they are
    written most often, the most telling first.
    """

    id: str
    score: float
    words: tuple[str, ...]


def similar(prepared: Prepared) -> Mapping[str, tuple[Similar, ...]]:
    """Return the nearest papers of each, by id, the nearest first: five at most, none where no word is shared.

    Papers of the base have neighbours of the base only, so that a new day does not change the pages of old papers.
    """
    documents, written = prepared.documents, prepared.analysed.written
    compounds = _compounds(prepared.analysed.words)
    found: dict[str, list[Similar]] = {document.id: [] for document in documents}
    for span in prepared.spans:
        rows, others = span.cosines.nonzero()
        pairs = zip(rows.tolist(), others.tolist(), span.cosines.data.tolist(), _shared(span, prepared), strict=True)
        for row, other, score, terms in pairs:
            words = tuple(dict.fromkeys(compounds.get(written[term], written[term]) for term in terms))
            found[documents[span.first + row].id].append(Similar(documents[other].id, round(score, 4), words))
    return {id_: tuple(sorted(each, key=lambda one: (-one.score, one.id))) for id_, each in found.items()}


def _compounds(words: Mapping[str, int]) -> dict[str, str]:
    """Return for the term of each compound how it is written most often: "selfcritiqu" is "self-critique"."""
    found: dict[str, str] = {}
    for word in sorted((word for word in words if "-" in word), key=lambda word: (words[word], word)):
        if together := analysis.analysed(word).together:
            found[together] = word
    return {term: word for term, word in found.items() if term not in words}


def _shared(span: Span, prepared: Prepared) -> Iterator[list[int]]:
    """Yield the terms that make most of each of the cosines of `span`; those of the base are remembered."""
    memo, strings = prepared.memo, prepared.analysed.postings.strings
    if not memo or not span.key:
        yield from _worked_out(span, prepared)
        return
    key = digest(b"shared", span.key)
    data = memo.recall(key) or memo.keep(key, _kept(_worked_out(span, prepared), strings))
    terms, places, counts = msgspec.msgpack.decode(data, type=tuple[list[str], bytes, bytes])
    numbers = {term: number for number, term in enumerate(strings)}
    known = np.array([numbers[term] for term in terms], np.int32)[np.frombuffer(places, "<i4")].tolist()
    ends = [0, *accumulate(counts)]
    yield from (known[first:last] for first, last in pairwise(ends))


def _kept(shared: Iterable[list[int]], strings: Sequence[str]) -> bytes:
    """Return `shared` as it is remembered: the terms as texts, the place among them of each, how many each pair has."""
    lists = list(shared)
    terms, places = np.unique(np.array(list(chain.from_iterable(lists)), np.int32), return_inverse=True)
    kept = ([strings[term] for term in terms.tolist()], places.astype("<i4").tobytes(), bytes(map(len, lists)))
    return msgspec.msgpack.encode(kept)


def _worked_out(span: Span, prepared: Prepared) -> Iterator[list[int]]:
    rows, others = span.cosines.nonzero()
    compared = vectors(prepared.analysed.postings, span.last)
    for start in range(0, len(rows), _ROWS):
        part = slice(start, start + _ROWS)
        shared = compared[rows[part] + span.first].multiply(compared[others[part]])
        yield from _heaviest(sparse.csr_array(shared))


def _heaviest(shared: sparse.csr_array) -> Iterator[list[int]]:
    for row in range(shared.shape[0]):
        here = slice(shared.indptr[row], shared.indptr[row + 1])
        terms = shared.indices[here]
        yield terms[highest(shared.data[here], terms, _WORDS)].tolist()
