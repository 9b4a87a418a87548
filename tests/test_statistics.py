"""Statistics: what is counted is there, and nothing is said of what is not over or too little."""

import csv
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from generator.archive import archive_of
from generator.language import ENGLISH
from generator.model import Paper
from generator.statistics import LEAST_PAPERS, Figure, Statistics, statistics_of
from tests.support import files_of, paper_of, site

TODAY = date(2026, 2, 3)

papers = st.lists(
    st.tuples(
        st.dates(date(2025, 3, 1), TODAY),
        st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=2),
        st.booleans(),
    ),
    max_size=25,
).map(
    lambda rows: [
        paper_of(f"2602.{n:05}", day=day.isoformat(), topics=tuple(topics), code="https://a.org" if code else "")
        for n, (day, topics, code) in enumerate(rows)
    ]
)


def of(given_papers: list[Paper], today: date = TODAY) -> Statistics:
    """Return the statistics of `given_papers`."""
    return statistics_of(archive_of(given_papers), today, ENGLISH, lambda kind, key: f"{kind}/{key}/")


def figure(made: Statistics, key: str) -> Figure:
    """Return one figure."""
    return next(figure for figure in made.figures if figure.key == key)


@settings(deadline=None, max_examples=40)
@given(papers)
def test_every_paper_is_counted_once_in_its_month_and_day(given_papers: list[Paper]) -> None:
    """Months and days add up to the number of papers, and months have no gap."""
    made = of(given_papers)
    months, days = (figure(made, key).table.rows for key in ("months", "calendar"))
    names = [str(row.cells[0]) for row in months]

    assert Counter({row.cells[0]: row.cells[1] for row in days}) == Counter(p.featured[0].day for p in given_papers)
    assert sum(int(str(row.cells[1])) for row in months) == len(given_papers) == made.totals[0].count
    if given_papers:
        first, last = min(names), max(names)
        assert len(names) == (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:]) + 1


@settings(deadline=None, max_examples=40)
@given(papers)
def test_shares_are_percentages_and_every_figure_has_rows_or_a_reason(given_papers: list[Paper]) -> None:
    """No share is above 100, no figure is blank without a word, tables have a cell for each column."""
    for each in of(given_papers).figures:
        assert bool(each.table.rows) or each.empty, each.key
        assert all(len(row.cells) == len(each.table.columns) for row in each.table.rows)
        assert all(0 <= row.bar <= 100 for row in each.table.rows)
        places = [place for place, name in enumerate(each.table.columns) if "%" in name]
        assert all(0 <= float(str(row.cells[p] or 0)) <= 100 for row in each.table.rows for p in places)


def test_the_running_month_is_no_fall() -> None:
    """It is drawn open, and no curve or comparison reaches into it."""
    made = of([paper_of(str(n), day=f"2026-0{1 + n % 2}-02") for n in range(8)])

    assert [shape.kind for shape in figure(made, "months").plots[0].plot.shapes] == ["bar", "open"]
    assert [row.cells[0] for row in figure(made, "code").table.rows] == ["2026-01"]
    assert [shape.kind for shape in figure(of([paper_of()], date(2026, 3, 1)), "months").plots[0].plot.shapes] == [
        "bar"
    ]


def rise(count: int) -> list[Paper]:
    """Return half a year of papers, where the second half has `count` papers of a topic that the first has not."""
    start = date(2025, 8, 1)
    return [
        paper_of(
            f"2508.{n:05}",
            day=(start + timedelta(days=n)).isoformat(),
            code="https://example.org/code",
            topics=("steady", "new") if n >= 184 - count else ("steady", *(("old",) if n < 20 else ())),
        )
        for n in range(184)
    ]


def test_a_topic_rises_only_with_enough_papers_and_beyond_chance() -> None:
    """Twenty papers more are a rise, as many fewer a fall; fewer than the least number is neither."""
    many, few = of(rise(20)), of(rise(LEAST_PAPERS - 1))

    assert [row.cells[0] for row in figure(many, "rising").table.rows] == ["new"]
    assert [row.cells[0] for row in figure(many, "fading").table.rows] == ["old"]
    assert figure(few, "rising").table.rows == ()
    assert "chance" in figure(few, "rising").empty


def test_of_a_young_archive_no_topic_rises() -> None:
    """A month is too short to compare, and the figure says what it takes."""
    assert "Not enough data yet" in figure(of(rise(20)[:30]), "rising").empty


def test_an_author_is_new_once() -> None:
    """Who comes back is not new again, and is still an author of that year."""
    rows = figure(of([paper_of("a", day="2025-01-02"), paper_of("b", day="2026-01-05")]), "authors").table.rows

    assert [row.cells for row in rows] == [("2025", 2, 2), ("2026", 0, 2)]


def test_page_files_and_figures_agree() -> None:
    """Each chart has title, description, table and file; the page says up to when it counts."""
    files = files_of(site(*rise(20), now=datetime(2026, 2, 3, tzinfo=UTC)))
    page = html.document_fromstring(files["stats/index.html"])
    figures = json.loads(files["stats/index.json"])["figures"]

    assert "31 January 2026" in page.findtext(".//p[@class='total']/a[1]", "")
    told = {each.get("id"): "".join(map(str, each.itertext())).strip() for each in page.iter("title", "desc")}
    for drawn in page.iter("svg"):
        if drawn.get("role") == "img":
            names = (drawn.get("aria-labelledby") or "").split()
            assert len([name for name in names if told[name]]) == 2
        else:
            assert drawn.get("aria-hidden") == "true"
    assert len(list(page.iter("table"))) == len([each for each in figures if each["rows"]])
    for each in figures:
        rows = list(csv.reader(files[f"stats/{each['key']}.csv"].splitlines()))
        assert rows[0] == each["columns"]
        assert len(rows) == len(each["rows"]) + 1


def test_no_spreadsheet_takes_a_name_for_a_formula() -> None:
    """A topic that begins like a formula is text."""
    files = files_of(site(*(paper_of(str(n), topics=("=1+1",), day=f"2025-1{n}-02") for n in range(3))))

    assert "'=1+1 (%)" in files["stats/topics.csv"].splitlines()[0]
