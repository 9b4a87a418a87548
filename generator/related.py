"""Similar papers with reasons: the neighbours that search worked out, and what each shares with the paper."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from generator.archive import Archive
from generator.search.similar import Similar

# Hundredths that a shared topic or author adds to the likeness of words, and how many of each count.
SHARED, MOST_SHARED = 5, 3
KINDS = ("topic", "author")


class Related(Struct, frozen=True, kw_only=True):
    """A paper that is like another one, and why.

    `likeness` is the cosine of their words, from 0 to 1, `words` those that make most of it; `topics` and `authors` are
    the keys of the names they share. Numbers are in hundredths, so that the parts add up to the score as shown.
    """

    id: str
    words: tuple[str, ...]
    topics: tuple[str, ...]
    authors: tuple[str, ...]
    likeness: int

    @property
    def parts(self) -> tuple[tuple[str, float], ...]:
        """What words, topics and authors give."""
        return (
            ("words", self.likeness / 100),
            ("topics", SHARED * min(len(self.topics), MOST_SHARED) / 100),
            ("authors", SHARED * min(len(self.authors), MOST_SHARED) / 100),
        )

    @property
    def score(self) -> float:
        """The sum of the parts."""
        shared = min(len(self.topics), MOST_SHARED) + min(len(self.authors), MOST_SHARED)
        return (self.likeness + SHARED * shared) / 100


class _Found(Mapping[str, tuple[Related, ...]]):
    """The papers that are like each paper, worked out when they are asked for."""

    def __init__(self, archive: Archive, similar: Mapping[str, tuple[Similar, ...]]) -> None:
        self._archive, self._similar = archive, similar
        self._withdrawn = {entry.paper.id for entry in archive.entries if entry.paper.withdrawn}

    def __getitem__(self, id_: str) -> tuple[Related, ...]:
        found = _related(self._archive, id_, self._similar[id_], self._withdrawn)
        return tuple(sorted(found, key=lambda each: (-each.score, each.id)))

    def __iter__(self) -> Iterator[str]:
        return iter(self._similar)

    def __len__(self) -> int:
        return len(self._similar)


def related_of(archive: Archive, similar: Mapping[str, tuple[Similar, ...]]) -> Mapping[str, tuple[Related, ...]]:
    """Return the papers that are like each paper, by its id, the highest score first; equals by id.

    `similar` are its nearest by words. Withdrawn papers are like none.
    """
    return _Found(archive, similar)


def _related(archive: Archive, id_: str, found: tuple[Similar, ...], withdrawn: set[str]) -> Iterator[Related]:
    own = [archive.filed[kind][id_] for kind in KINDS]
    for each in found:
        if each.id in withdrawn or each.id == id_:
            continue
        topics, authors = (_shared(keys, archive.filed[kind][each.id]) for kind, keys in zip(KINDS, own, strict=True))
        yield Related(id=each.id, words=each.words, topics=topics, authors=authors, likeness=round(100 * each.score))


def _shared(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    """Return what stands in both, in the order of the first, once each."""
    others = set(second)
    return tuple(dict.fromkeys(key for key in first if key in others))
