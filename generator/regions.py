"""Where on the map a topic is at home: the names that are written there, and the papers around them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from generator.layout import SIDE

Numbers = NDArray[np.int64]
# A home holds at least so many papers, and so much, of its topic.
_LEAST, _LEAST_SHARE = 5, 0.1


class Topic(NamedTuple):
    """A name and the numbers of its papers."""

    title: str
    url: str
    papers: Sequence[int]


class Region(Struct, frozen=True, kw_only=True):
    """The home of a topic: its middle, how many papers the topic has, and the papers there, the innermost first."""

    title: str
    url: str
    count: int
    x: int
    y: int
    papers: tuple[int, ...]


def regions(places: NDArray[np.uint16], topics: Iterable[Topic], *, shown: int) -> tuple[Region, ...]:
    """Return the homes of `topics`, the most telling first (many papers, most of them close together); ties by title.

    A topic that is spread over the map has none. `shown` is how many papers each region names.
    """
    found = [
        home for topic in topics if len(topic.papers) >= _LEAST and (home := _home(places, topic, shown)) is not None
    ]
    return tuple(region for _, region in sorted(found, key=lambda pair: (-pair[0], pair[1].title)))


def reach(papers: int) -> float:
    """Return how far a home reaches from its middle on a map of so many papers: farther where they stand thinly."""
    return float(SIDE * max(1 / 24, 1.5 / max(1, papers) ** 0.5))


def apart(found: Iterable[Region], *, most: int, papers: int) -> tuple[Region, ...]:
    """Return the first `most` of `found`, on a map of so many papers, that do not lie within each other."""
    chosen: list[Region] = []
    for region in found:
        if len(chosen) == most:
            break
        if all(abs(region.x - each.x) + abs(region.y - each.y) > reach(papers) for each in chosen):
            chosen.append(region)
    return tuple(chosen)


def _home(places: NDArray[np.uint16], topic: Topic, shown: int) -> tuple[float, Region] | None:
    """Return the densest neighbourhood of a topic and how telling it is: its number of papers times its share."""
    numbers = np.array(sorted(topic.papers), np.int64)
    here = places[numbers].astype(np.int64)
    far = reach(len(places))
    cells = here[:, 0] // int(far) * SIDE + here[:, 1] // int(far)
    kinds, counts = np.unique(cells, return_counts=True)
    middle = np.median(here[cells == kinds[np.argmax(counts)]], axis=0)
    for _ in range(2):
        within = _distance(here, middle) <= far
        middle = np.median(here[within], axis=0)
    inside = int(within.sum())
    if inside < _LEAST or inside < _LEAST_SHARE * len(numbers):
        return None
    nearest = numbers[np.lexsort((numbers, _distance(here, middle)))][: min(shown, inside)]
    region = Region(
        title=topic.title,
        url=topic.url,
        count=len(numbers),
        x=int(middle[0]),
        y=int(middle[1]),
        papers=tuple(nearest.tolist()),
    )
    return inside * inside / len(numbers), region


def _distance(here: Numbers, middle: NDArray[np.float64]) -> NDArray[np.float64]:
    squares = (here - middle) ** 2
    return np.asarray(np.sqrt(squares[:, 0] + squares[:, 1]))
