"""Which papers readers talk about: a score from votes, comments, stars and age, with its parts to be shown.

Every part is points, and the points add up: `weight · log2(1 + count)` for each count, because the tenth vote says more
than the hundredth, and `weight · 2 ** (-age / half-life)` for age in days. Counts are those of the day's list.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from math import log2

from msgspec import Struct

from generator.archive import Archive, Entry
from generator.model import Featured


class Weights(Struct, frozen=True, kw_only=True):
    """How much each part counts; `half_life` is in days."""

    votes: float = 1.0
    comments: float = 0.5
    stars: float = 0.25
    recency: float = 2.0
    half_life: float = 7.0


class Part(Struct, frozen=True):
    """One part of a score: what was counted, and the points it gave (in hundredths, so that they add up exactly)."""

    name: str
    count: int
    hundredths: int

    @property
    def points(self) -> float:
        """The points as a number."""
        return self.hundredths / 100


class Ranked(Struct, frozen=True, kw_only=True):
    """A paper with its place (from 1). `parts`: votes, comments, stars, and recency, whose count is the age in days."""

    place: int
    entry: Entry
    parts: tuple[Part, ...]

    @property
    def score(self) -> float:
        """The sum of the parts as they are shown."""
        return sum(part.hundredths for part in self.parts) / 100


class Ranking(Struct, frozen=True, kw_only=True):
    """The papers of the lists from `first` to `last`, the highest score first.

    `papers` is how many stood on those lists; `has_counts` tells whether any of them had a vote, a comment or a star:
    without, the ranking is by date only.
    """

    first: date
    last: date
    papers: int
    has_counts: bool
    ranked: tuple[Ranked, ...]


def ranking(archive: Archive, last: date, *, days: int, weights: Weights, most: int) -> Ranking:
    """Return the `most` trending papers of the `days` lists up to `last`.

    A paper on several of these lists counts with the last one; withdrawn ones are left out. Equal scores: more votes
    first, then the newer list, then the place on it, then the id.
    """
    first = last - timedelta(days=days - 1)
    scored = [(entry, parts(entry, last, weights)) for entry in _entries(archive, first, last)]
    scored.sort(key=_order)
    return Ranking(
        first=first,
        last=last,
        papers=len(scored),
        has_counts=any(part.count for _, each in scored for part in each[:-1]),
        ranked=tuple(
            Ranked(place=place, entry=entry, parts=each) for place, (entry, each) in enumerate(scored[:most], 1)
        ),
    )


def parts(entry: Entry, on: date, weights: Weights) -> tuple[Part, ...]:
    """Return the parts of the score of `entry` as seen on the day `on`."""
    seen = _seen(entry)
    counts = (
        ("votes", seen.upvotes, weights.votes),
        ("comments", seen.comments, weights.comments),
        ("stars", entry.paper.stars or 0, weights.stars),
    )
    age = (on - seen.day).days
    return (
        *(Part(name, count, round(100 * weight * log2(1 + max(0, count)))) for name, count, weight in counts),
        Part("recency", age, round(100 * weights.recency * 2 ** (-age / weights.half_life))),
    )


def _entries(archive: Archive, first: date, last: date) -> Iterator[Entry]:
    """Yield each paper on the lists from `first` to `last` once, as the last of these shows it."""
    met: set[str] = set()
    for back in range((last - first).days + 1):
        day = archive.days.get((last - timedelta(days=back)).isoformat())
        for entry in day.entries if day else ():
            if entry.paper.id not in met and not entry.paper.withdrawn:
                met.add(entry.paper.id)
                yield entry


def _order(scored: tuple[Entry, tuple[Part, ...]]) -> tuple[int, int, int, int, str]:
    entry, each = scored
    seen = _seen(entry)
    return (
        -sum(part.hundredths for part in each),
        -seen.upvotes,
        -seen.day.toordinal(),
        seen.rank,
        entry.paper.id,
    )


def _seen(entry: Entry) -> Featured:
    assert entry.featured is not None, "entries of a day carry their appearance on it"
    return entry.featured
