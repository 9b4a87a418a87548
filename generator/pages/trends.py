"""How names fare over time: against the time before, month by month, and for the first time."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from math import sqrt

from msgspec import Struct

from generator import urls
from generator.archive import Archive, Collection, Entry
from generator.language import Language
from generator.pages.view import Count, Edition, named, tally

_LEAST = 3
_CHART_HEIGHT = 40


class Change(Struct, frozen=True, kw_only=True):
    """A name with its papers in a period, and what there were, or would have been, by the time `before` it."""

    title: str
    count: int
    before: int
    url: str = ""

    @property
    def difference(self) -> int:
        """How many more papers than before."""
        return self.count - self.before


class Newcomers(Struct, frozen=True, kw_only=True):
    """Names that a period met for the first time: how many, and those with most papers in it."""

    total: int
    most: tuple[Count, ...]


class Timeline(Struct, frozen=True, kw_only=True):
    """Papers month by month, for as long as there are papers: a drawing and the numbers behind it.

    `path` is the `d` of an SVG path with one bar a month, `width` months wide and 40 units high. `years` are rows of
    twelve counts; a month before the first or after the last has none.
    """

    path: str
    width: int
    begins: str
    ends: str
    most: int
    running: bool
    years: tuple[tuple[str, tuple[int | None, ...]], ...]


def changes(
    edition: Edition, kind: str, entries: Iterable[Entry], before: Iterable[Entry], *, most: int
) -> tuple[Change, ...]:
    """Return the `most` frequent names of `kind` among `entries`, with their numbers of papers in `before`."""
    then = tally(edition, kind, before)
    return tuple(
        Change(title=count.title, count=count.count, before=then[key], url=count.url)
        for key, count in named(edition, kind, tally(edition, kind, entries), most=most)
    )


def drift(
    edition: Edition, kind: str, entries: Sequence[Entry], before: Sequence[Entry], *, most: int
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """Return the names of `kind` that rose most among `entries`, and those that fell most, against `before`.

    `before` is what a name would have had now with the share of papers it had then; the order is by (now − before) /
    √(before + 1), which keeps rare names from leading by chance. A name needs three papers on one of the sides.
    """
    if not entries or not before:
        return (), ()
    now, then = tally(edition, kind, entries), tally(edition, kind, before)
    scale = len(entries) / len(before)
    expected = {key: then[key] * scale for key in now.keys() | then.keys()}
    scores = {
        key: (now[key] - usual) / sqrt(usual + 1) for key, usual in expected.items() if max(now[key], usual) >= _LEAST
    }
    order = sorted(scores, key=lambda key: (-scores[key], key))

    def change(key: str) -> Change:
        collection = edition.archive.collections[kind][key]
        url = edition.addresses[kind].get(key, "")
        return Change(title=collection.title, count=now[key], before=round(expected[key]), url=url)

    rose = [change(key) for key in order[:most] if scores[key] > 0]
    fell = [change(key) for key in order[: -most - 1 : -1] if scores[key] < 0]
    # What is rounded away is no news.
    return tuple(each for each in rose if each.difference > 0), tuple(each for each in fell if each.difference < 0)


def newcomers(edition: Edition, kind: str, month: Collection, *, most: int) -> Newcomers | None:
    """Return the names of `kind` whose first list was in `month`; of the archive's first month that says nothing."""
    debuts = edition.debuts[kind]
    if month.key == min(edition.archive.collections["month"]):
        return None
    counts = tally(edition, kind, month.entries)
    fresh = Counter({key: count for key, count in counts.items() if debuts.get(key) == month.key})
    first = tuple(count for _, count in named(edition, kind, fresh, most=most))
    return Newcomers(total=len(fresh), most=first) if fresh else None


def timeline(edition: Edition, collection: Collection) -> Timeline | None:
    """Return the months of `collection` on the scale of the whole archive, or nothing where there are less than two."""
    months = _months(edition.archive)
    counts = Counter(urls.month_key(entry.featured.day) for entry in collection.entries if entry.featured)
    if len(months) < 2 or not counts:
        return None
    most = max(counts.values())
    bars = (
        f"M{place}.1 {_CHART_HEIGHT}v-{round(_CHART_HEIGHT * counts[key] / most, 1)}h.8V{_CHART_HEIGHT}z"
        for place, key in enumerate(months)
        if counts[key]
    )
    inside = set(months)
    return Timeline(
        path="".join(bars),
        width=len(months),
        begins=_named(edition.language, months[0]),
        ends=_named(edition.language, months[-1]),
        most=most,
        running=urls.month_key(edition.today) <= months[-1],
        years=tuple(
            (year, tuple(counts[key] if key in inside else None for key in (f"{year}-{m:02}" for m in range(1, 13))))
            for year in sorted({key[:4] for key in months}, reverse=True)
        ),
    )


def _named(language: Language, month: str) -> str:
    """Return "March 2024" for the key of that month."""
    return language.writes.month_name(date.fromisoformat(f"{month}-01"))


def _months(archive: Archive) -> list[str]:
    """Return every month from the first with papers to the last."""
    listed = archive.collections.get("month", {})
    if not listed:
        return []
    first, last = (date.fromisoformat(f"{key}-01") for key in (min(listed), max(listed)))
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]
