"""What is worked out about an archive once, for its index, its saved queries and its similar papers."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct

from generator.memo import Memo
from generator.search.expansion import Lent, lend
from generator.search.meaning import Fit, Learn, Space, fit, refined
from generator.search.neighbours import Near, near
from generator.search.postings import Analysed, Document, analyse

SEAL = 4096
# So many times that are few enough to be made anew with every paper: one list a term is less to ask for than two.
_UNSEALED = 8


class Span(NamedTuple):
    """The documents of a segment: from `first` up to, not including, `last`; their neighbours, none later; their loans.

    The weights of `near` are gone: they are large, and nobody needs them once `lent` is known.
    """

    name: str
    first: int
    last: int
    near: Near
    lent: Lent


class Prepared(Struct, frozen=True):
    """Documents in the order of their numbers, the first `sealed` of them in the base; their words and neighbours."""

    documents: Sequence[Document]
    sealed: int
    analysed: Analysed
    spans: Sequence[Span]


def prepare(
    documents: Iterable[Document],
    seal: int = SEAL,
    memo: Memo | None = None,
    *,
    learn: Learn | None = None,
) -> Prepared:
    """Return what there is to know about `documents`, in whatever order they come, sealed by `seal` at a time.

    `memo` remembers what documents say; `learn` finds the space in which terms are seen to fit documents.
    """
    ordered = sorted(documents, key=lambda document: (document.day, document.id))
    sealed = _sealed(len(ordered), seal)
    analysed = analyse(ordered, sealed, memo)
    ends = {"base": (0, sealed), "recent": (sealed, len(ordered))}
    spans: list[Span] = []
    fits: list[Fit] = []
    known: Space | None = None
    for name, (first, last) in ends.items():
        if first == last:
            continue
        beside = near(analysed.postings, last, first)
        if learn and not spans:
            # What is sealed makes the space of all: a new paper finds its place in it, and moves no other.
            known = learn(beside, ordered)
        fits += [fit(known, beside, ordered[:last])] if known else []
        lent = lend(beside, fits[-1] if fits else None)
        spans.append(Span(name, first, last, beside._replace(weights=beside.weights[:0]), lent))
    if fits:
        analysed = analysed._replace(postings=refined(analysed.postings, fits))
    return Prepared(ordered, sealed, analysed, spans)


def _sealed(size: int, seal: int) -> int:
    """Return how many of `size` documents are in the base, which new documents do not change."""
    return size // seal * seal if size >= _UNSEALED * seal else 0
