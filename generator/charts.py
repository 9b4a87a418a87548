"""From values to shapes: where the marks of a chart stand. How they look is the theme's, what they say is in a table.

Everything is in the units of a chart's own `viewBox`, so that SVG scales it; paths are SVG path data
(https://www.w3.org/TR/SVG2/paths.html), one path for all marks of a kind.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import ceil, floor, log10

from msgspec import Struct

LEVELS = 4
_LEFT, _TOP, _RIGHT, _BOTTOM = 44.0, 12.0, 8.0, 26.0
_THICKEST = 72.0
_CELL, _GAP = 11, 3
_STEPS = (1.0, 2.0, 5.0, 10.0)


class Tick(Struct, frozen=True):
    """A place on an axis, and what is written there."""

    place: float
    text: str


class Shape(Struct, frozen=True):
    """All marks of one kind as one path."""

    kind: str
    path: str


class Plot(Struct, frozen=True, kw_only=True):
    """A chart of `width` by `height`, with ticks `across` and `up` (from the top); its marks begin at `left`."""

    width: float
    height: float
    left: float = 0.0
    shapes: tuple[Shape, ...] = ()
    across: tuple[Tick, ...] = ()
    up: tuple[Tick, ...] = ()


def columns(
    values: Sequence[float],
    labels: Sequence[str],
    *,
    is_open: bool = False,
    number: Callable[[int], str] = "{:,}".format,
    width: float = 720,
    height: float = 240,
) -> Plot:
    """Return a column for each of `values` (0 or more), with `labels` below; an empty label writes nothing.

    The last column stands apart where it `is_open`: its time is not over, so that its height means nothing yet.
    `number` writes the numbers of the axis.
    """
    scale, up = _upwards(max(values, default=0), height, number)
    step = (width - _LEFT - _RIGHT) / max(1, len(values))
    thick = min(_THICKEST, max(step * 0.72, step - 6))

    def column(place: int) -> str:
        top = scale(values[place])
        return f"M{_n(_LEFT + place * step + (step - thick) / 2)} {_n(top)}h{_n(thick)}V{_n(scale(0))}h-{_n(thick)}z"

    closed = len(values) - (1 if is_open else 0)
    drawn = [place for place in range(len(values)) if values[place]]
    shapes = (
        Shape("bar", "".join(column(place) for place in drawn if place < closed)),
        Shape("open", "".join(column(place) for place in drawn if place >= closed)),
    )
    across = tuple(Tick(round(_LEFT + (i + 0.5) * step, 1), label) for i, label in enumerate(labels) if label)
    return Plot(width=width, height=height, left=_LEFT, shapes=_drawn(shapes), across=across, up=up)


def line(
    values: Sequence[float | None],
    labels: Sequence[str],
    *,
    most: float | None = None,
    number: Callable[[int], str] = "{:,}".format,
    width: float = 720,
    height: float = 200,
) -> Plot:
    """Return a line through `values`, interrupted where there is none.

    `most` is the top of the scale, `number` writes the numbers of the axis.
    """
    known = [value for value in values if value is not None]
    scale, up = _upwards(max(known, default=0) if most is None else most, height, number)
    step = (width - _LEFT - _RIGHT) / max(1, len(values))
    points = [
        None if value is None else (_LEFT + (place + 0.5) * step, scale(value)) for place, value in enumerate(values)
    ]
    last = next((point for point in reversed(points) if point), None)
    shapes = (Shape("line", _through(points)), Shape("dot", _circle(*last, 4) if last else ""))
    across = tuple(Tick(round(_LEFT + (i + 0.5) * step, 1), label) for i, label in enumerate(labels) if label)
    return Plot(width=width, height=height, left=_LEFT, shapes=_drawn(shapes), across=across, up=up)


def spark(values: Sequence[float], *, width: float = 160, height: float = 36) -> Plot:
    """Return a small line through `values` above its own ground, the highest value at the top."""
    most = max(values, default=0) or 1
    step = (width - 6) / max(1, len(values) - 1)
    points = [(3 + place * step, height - 3 - (height - 8) * value / most) for place, value in enumerate(values)]
    if not points:
        return Plot(width=width, height=height)
    under = f"{_through(points)}V{_n(height)}H{_n(points[0][0])}z"
    shapes = (Shape("under", under), Shape("line", _through(points)), Shape("dot", _circle(*points[-1], 2.5)))
    return Plot(width=width, height=height, shapes=_drawn(shapes))


def change(before: float, now: float, most: float, *, width: float = 200, height: float = 18) -> Plot:
    """Return the way from `before` to `now` on a scale from 0 to `most`: a ring, a line, a dot."""
    reach = width - 12
    start, end = (6 + reach * value / (most or 1) for value in (before, now))
    middle = height / 2
    shapes = (
        Shape("way", f"M{_n(start)} {_n(middle)}H{_n(end)}"),
        Shape("ring", _circle(start, middle, 4)),
        Shape("dot", _circle(end, middle, 5)),
    )
    return Plot(width=width, height=height, shapes=shapes)


def steps(counts: Iterable[int]) -> tuple[int, ...]:
    """Return the least count of each level but the first, so that the levels hold about as many of `counts` each."""
    ordered = sorted(count for count in counts if count)
    if not ordered:
        return ()
    found = (ordered[len(ordered) * part // LEVELS] for part in range(1, LEVELS))
    return tuple(sorted({step for step in found if step > ordered[0]}))


def calendar(
    counts: Mapping[date, int], year: int, levels: Sequence[int], *, months: Sequence[str], weekdays: Sequence[str]
) -> Plot:
    """Return a year as a week a column, Monday at the top, each day from `level-0` (nothing) to `level-4`.

    `levels` are the least counts of the levels above the first; `months` and `weekdays` are names. Days before the
    first and after the last of `counts` are not drawn: nothing is known of them.
    """
    side = _CELL + _GAP
    left, top = 34, 18
    first = date(year, 1, 1)
    cells: dict[int, list[str]] = {level: [] for level in range(LEVELS + 1)}
    across: list[Tick] = []
    begin, end = min(counts, default=first), max(counts, default=first)
    for offset in range((date(year + 1, 1, 1) - first).days):
        day = first + timedelta(days=offset)
        x = left + (offset + first.weekday()) // 7 * side
        count = counts.get(day, 0)
        level = 1 + sum(count >= step for step in levels) if count else 0
        if begin <= day <= end:
            cells[level].append(f"M{x} {top + day.weekday() * side}h{_CELL}v{_CELL}h-{_CELL}z")
        if day.day == 1:
            across.append(Tick(x, months[day.month - 1]))
    return Plot(
        width=left + 54 * side,
        height=top + 7 * side,
        left=left,
        shapes=_drawn(Shape(f"level-{level}", "".join(paths)) for level, paths in cells.items()),
        across=tuple(across),
        up=tuple(Tick(top + row * side + _CELL - 2, weekdays[row]) for row in (0, 2, 4)),
    )


def _upwards(most: float, height: float, number: Callable[[int], str]) -> tuple["_Scale", tuple[Tick, ...]]:
    """Return the scale of an axis that holds `most`, and its ticks."""
    step = _step(most)
    count = max(1, ceil(most / step - 1e-9))
    scale = _Scale(step * count, height)
    return scale, tuple(Tick(_round(scale(step * tick)), number(round(step * tick))) for tick in range(count + 1))


class _Scale:
    """Where a value stands, from the top of a chart of some height."""

    def __init__(self, most: float, height: float) -> None:
        self.most, self.height = most, height

    def __call__(self, value: float) -> float:
        return _TOP + (self.height - _TOP - _BOTTOM) * (1 - value / self.most)


def _step(most: float) -> float:
    """Return 1, 2 or 5 times a power of ten, at least 1: no more than five steps reach `most`."""
    if most <= 5:
        return 1.0
    power = 10.0 ** floor(log10(most / 5))
    return next(power * step for step in _STEPS if power * step * 5 >= most)


def _through(points: Sequence[tuple[float, float] | None]) -> str:
    parts, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        parts.append(f"{pen}{_n(point[0])} {_n(point[1])}")
        pen = "L"
    return "".join(parts)


def _circle(x: float, y: float, radius: float) -> str:
    around = f"a{_n(radius)} {_n(radius)} 0 1 0"
    return f"M{_n(x - radius)} {_n(y)}{around} {_n(2 * radius)} 0{around} {_n(-2 * radius)} 0z"


def _drawn(shapes: Iterable[Shape]) -> tuple[Shape, ...]:
    return tuple(shape for shape in shapes if shape.path)


def _round(value: float) -> float:
    return round(value, 1)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
