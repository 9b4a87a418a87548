"""Synthetic papers: as many as wanted, the same for the same seed, shaped like real ones."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate

from generator.model import Author, Featured, Organisation, Paper

_ONSETS = ("b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "br", "cl", "gr", "pl", "st", "tr")
_CORES = ("a", "e", "i", "o", "u", "ai", "ea", "io", "ou")
_FIRST_DAY = date(2024, 3, 12)
_PER_DAY = 18
_WEEKEND = 5


def papers(count: int, seed: int = 1) -> Iterator[Paper]:
    """Yield `count` papers: abstracts of 150 to 210 words, 3 to 12 authors, 4 to 7 topics, 18 papers a weekday.

    Words, names and topics follow Zipf's law, as they do in real archives.
    """
    dice = random.Random(seed)
    words, people = _Zipf(_words(dice, 12_000), dice), _Zipf(_names(dice, max(200, count * 4)), dice)
    topics, houses = _Zipf(_phrases(dice, max(100, count)), dice), _Zipf(_phrases(dice, max(20, count // 10)), dice)
    day, rank = _FIRST_DAY, 0
    for number in range(count):
        rank += 1
        if rank > _PER_DAY:
            rank, day = 1, _next_weekday(day)
        house = houses.draw(1)[0]
        yield Paper(
            id=f"{2401 + number // 20_000:04}.{number % 20_000:05}",
            title=_sentence(words.draw(dice.randint(5, 12))),
            authors=tuple(Author(name=name) for name in people.draw(dice.randint(3, 12))),
            organisation=_organisation(house) if dice.random() < 0.6 else None,
            published=day - timedelta(days=dice.randint(1, 4)),
            featured=(
                Featured(day=day, rank=rank, upvotes=dice.randint(0, 200), comments=dice.randint(0, 9), by="Editor"),
            ),
            topics=tuple(dict.fromkeys(topics.draw(dice.randint(4, 7)))),
            code=f"https://code.example/{number}" if dice.random() < 0.5 else "",
            abstract=" ".join(_sentence(words.draw(dice.randint(15, 21))) + "." for _ in range(10)),
            sources={"hf-daily": ("abstract", "authors", "organisation", "published", "title", "topics")},
        )


class _Zipf:
    """Draws from `names` so that the n-th comes 1/n as often as the first."""

    def __init__(self, names: Sequence[str], dice: random.Random) -> None:
        self.names = names
        self._dice = dice
        self._weights = list(accumulate(1 / place for place in range(1, len(names) + 1)))

    def draw(self, count: int) -> list[str]:
        """Return `count` names, repetitions and all."""
        return self._dice.choices(self.names, cum_weights=self._weights, k=count)


def _organisation(name: str) -> Organisation:
    return Organisation(slug=name.replace(" ", "-"), name=name.title())


def _next_weekday(day: date) -> date:
    following = day + timedelta(days=1)
    return following if following.weekday() < _WEEKEND else following + timedelta(days=7 - following.weekday())


def _words(dice: random.Random, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(dice.choice(_ONSETS) + dice.choice(_CORES) for _ in range(dice.randint(1, 4)))] = None
    return list(found)


def _names(dice: random.Random, count: int) -> list[str]:
    parts = [word.title() for word in _words(dice, 4000)]
    return [f"{dice.choice(parts)} {dice.choice(parts)}" for _ in range(count)]


def _phrases(dice: random.Random, count: int) -> list[str]:
    parts = _words(dice, 3000)
    return [f"{dice.choice(parts)} {dice.choice(parts)}" for _ in range(count)]


def _sentence(words: Sequence[str]) -> str:
    return " ".join(words).capitalize()
