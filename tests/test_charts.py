"""Charts: marks stay inside, and are as high as their values."""

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from generator import charts
from generator.charts import Plot

values = st.lists(st.floats(0, 1e6), min_size=1, max_size=60)
counts = st.dictionaries(st.dates(date(2023, 1, 1), date(2025, 12, 31)), st.integers(1, 300), max_size=80)


def numbers(plot: Plot, kind: str) -> list[list[float]]:
    """Return the numbers of each mark of a kind, in the order of its path."""
    path = next((shape.path for shape in plot.shapes if shape.kind == kind), "")
    return [[float(number) for number in re.findall(r"-?[\d.]+", part)] for part in path.split("M") if part]


@given(values)
def test_columns_are_as_high_as_their_values(given_values: list[float]) -> None:
    """Of two columns the higher value has the higher one, and none leaves the chart."""
    plot = charts.columns(given_values, [""] * len(given_values))
    tops = [top for _, top, *_ in numbers(plot, "bar")]
    drawn = [value for value in given_values if value]

    assert len(tops) == len(drawn)
    assert [top for _, top in sorted(zip(drawn, tops, strict=True))] == sorted(tops, reverse=True)
    assert all(
        0 <= number <= max(plot.width, plot.height) for mark in numbers(plot, "bar") for number in map(abs, mark)
    )


@given(values)
def test_an_open_column_is_another_kind_of_mark(given_values: list[float]) -> None:
    """What is not over is never drawn like what is."""
    plot = charts.columns(given_values, [""] * len(given_values), is_open=True)

    assert len(numbers(plot, "open")) == bool(given_values[-1])
    assert len(numbers(plot, "bar")) == sum(map(bool, given_values[:-1]))


@given(st.floats(0, 1e9))
def test_ticks_are_few_and_reach_the_value(most: float) -> None:
    """An axis has at most six ticks, from 0 to the highest value or just above it."""
    up = charts.columns([most], [""]).up
    read = [float(tick.text.replace(",", "")) for tick in up]

    assert read[0] == 0
    assert read[-1] >= most * 0.999999
    assert 2 <= len(read) <= 6
    assert len({tick.text for tick in up}) == len(up)


@given(st.lists(st.none() | st.floats(0, 100), min_size=1, max_size=40))
def test_a_line_is_broken_where_nothing_is_known(given_values: list[float | None]) -> None:
    """There is a piece of line for each run of values."""
    plot = charts.line(given_values, [""] * len(given_values), most=100)
    runs = sum(
        value is not None and (place == 0 or given_values[place - 1] is None)
        for place, value in enumerate(given_values)
    )

    assert len(numbers(plot, "line")) == runs


@given(counts, st.integers(2023, 2025))
def test_a_calendar_has_a_cell_for_each_day_between_the_first_and_the_last(found: dict[date, int], year: int) -> None:
    """Nothing is said of days before and after; no two days share a cell."""
    plot = charts.calendar(found, year, charts.steps(found.values()), months=["m"] * 12, weekdays=["d"] * 7)
    cells = [tuple(mark[:2]) for level in range(charts.LEVELS + 1) for mark in numbers(plot, f"level-{level}")]
    first, last = min(found, default=date(year, 1, 1)), max(found, default=date(year, 1, 1))
    days = [date(year, 1, 1) + timedelta(days=offset) for offset in range(365 + (year == 2024))]

    assert len(cells) == len(set(cells)) == sum(first <= day <= last for day in days)
    assert len(numbers(plot, "level-0")) == sum(first <= day <= last and day not in found for day in days)


@given(st.lists(st.integers(0, 50)))
def test_levels_rise(found: list[int]) -> None:
    """There are at most three steps, each higher than the last and than the least count."""
    steps = charts.steps(found)

    assert len(steps) < charts.LEVELS
    assert list(steps) == sorted(set(steps))
    assert all(step > min(count for count in found if count) for step in steps)


def test_a_change_stands_where_its_shares_are() -> None:
    """The ring is the share before, the dot that of now, on the same scale."""
    plot = charts.change(0, 10, 10)

    assert numbers(plot, "ring")[0][0] < numbers(plot, "dot")[0][0]
    assert numbers(plot, "dot")[0][0] <= plot.width
