"""What an archive looks like in numbers: figures with their tables, each counted from the archive and one date."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from math import sqrt
from statistics import median
from typing import Literal, TypeAlias

from msgspec import Struct

from generator import charts, urls
from generator.archive import Archive, Collection, Entry
from generator.charts import Plot
from generator.dates import month_name
from generator.model import Paper
from generator.text import plural

Cell: TypeAlias = str | int | float | date | None
Address = Callable[[str, str], str]
Drawing = Literal["plot", "calendars", "multiples", "bars", "changes"]

# Topics are compared over so many months, and named only with so many papers in one of the two spans.
SPAN, LEAST_PAPERS, LEAST_IN_SPAN = 3, 6, 50
# How far a difference must be from chance, in standard errors of the difference of two shares.
LEAST_Z = 2.0
_MANY_AUTHORS = 20
_CALENDARS = 5
_MOST_POINTS = 60
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Row(Struct, frozen=True, kw_only=True):
    """A row of a table. `url` is the page of what the first cell names; `bar` (of 100) and `plot` draw the row."""

    cells: tuple[Cell, ...]
    url: str = ""
    bar: float = 0.0
    plot: Plot | None = None


class Table(Struct, frozen=True, kw_only=True):
    """What a figure says, to be read: `columns` name the cells and their units."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


class Small(Struct, frozen=True, kw_only=True):
    """One of several small charts: its name and address, what stands beside it, and the chart."""

    title: str
    text: str
    plot: Plot
    url: str = ""


class Figure(Struct, frozen=True, kw_only=True):
    """One figure. `key` is its anchor and the name of its files; `text` says what is counted, from when to when.

    `table` is what its files hold. `shown` is what the page shows where that would be too long, and `empty` why there
    is nothing yet. `drawing` tells which of `plots`, `smalls` and the rows of the table draw it.
    """

    key: str
    title: str
    text: str
    drawing: Drawing
    table: Table
    shown: Table | None = None
    plots: tuple[Small, ...] = ()
    empty: str = ""


class Total(Struct, frozen=True, kw_only=True):
    """How much there is of something, and where to find it."""

    title: str
    count: int
    url: str = ""


class Statistics(Struct, frozen=True, kw_only=True):
    """All numbers of an archive: `first` and `last` are its first and newest list."""

    first: date | None
    last: date | None
    totals: tuple[Total, ...]
    figures: tuple[Figure, ...]


class _Counted(Struct, frozen=True, kw_only=True):
    """What several figures look at: the months from first to last without a gap, and what stood on their lists.

    Of each month, `topics` are the numbers of papers of each topic, `with_topics` how many papers have any.
    """

    archive: Archive
    today: date
    address: Address
    months: tuple[str, ...]
    topics: Mapping[str, Counter[str]]
    with_topics: Mapping[str, int]

    @property
    def running(self) -> bool:
        """Whether the last month is not over."""
        return bool(self.months) and self.months[-1] >= urls.month_key(self.today)

    @property
    def over(self) -> tuple[str, ...]:
        """The months that are over."""
        return self.months[:-1] if self.running else self.months

    def entries(self, month: str) -> tuple[Entry, ...]:
        """Return what stood on the lists of `month`."""
        found = self.archive.collections["month"].get(month)
        return found.entries if found else ()


def statistics_of(archive: Archive, today: date, address: Address) -> Statistics:
    """Return the statistics of `archive`; `address` gives the page of a name by its kind and key, or nothing.

    `today` only tells which month and year are not over.
    """
    days = sorted(map(date.fromisoformat, archive.days))
    months = _months(days)
    counted = _Counted(
        archive=archive,
        today=today,
        address=address,
        months=months,
        topics={month: _topics(archive, month) for month in months},
        with_topics={month: _with_topics(archive, month) for month in months},
    )
    return Statistics(
        first=days[0] if days else None,
        last=days[-1] if days else None,
        totals=(
            Total(title="papers", count=len(archive.entries), url=urls.ARCHIVE),
            Total(title="days with a list", count=len(days), url=urls.ARCHIVE),
            Total(title="authors", count=len(archive.collections["author"]), url=urls.INDEXES["author"]),
            Total(
                title="organisations",
                count=len(archive.collections["organisation"]),
                url=urls.INDEXES["organisation"],
            ),
            Total(title="topics", count=len(archive.collections["topic"]), url=urls.INDEXES["topic"]),
        ),
        figures=tuple(figure(counted) for figure in _FIGURES),
    )


def _papers_per_month(counted: _Counted) -> Figure:
    counts = [len(counted.entries(month)) for month in counted.months]
    so_far = f" {_spoken(counted.months[-1])} is not over: its column is open." if counted.running else ""
    return Figure(
        key="months",
        title="Papers per month",
        text=f"Papers on the lists of each month, {_from_to(counted.months)}.{so_far}",
        drawing="plot",
        table=Table(
            columns=("Month", "Papers"),
            rows=tuple(
                Row(cells=(month, count), url=urls.collection("month", month) if count else "")
                for month, count in zip(counted.months, counts, strict=True)
            ),
        ),
        plots=(
            Small(
                title="Papers per month",
                text=_described(counted.over, counts),
                plot=charts.columns(counts, _labels(counted.months), is_open=counted.running),
            ),
        ),
        empty="" if counts else "No list has been published yet.",
    )


def _calendar(counted: _Counted) -> Figure:
    counts = {date.fromisoformat(key): len(day.entries) for key, day in counted.archive.days.items()}
    levels = charts.steps(counts.values())
    years = sorted({day.year for day in counts}, reverse=True)
    shown = years[:_CALENDARS]
    bounds = [1, *levels]
    scale = ", ".join(f"{low}–{high - 1}" if high - 1 > low else str(low) for low, high in pairwise(bounds))
    before = f" Years before {shown[-1]} are in the file." if len(years) > len(shown) else ""
    return Figure(
        key="calendar",
        title="Day by day",
        text=f"Papers on the list of each day. The shades, from light to dark: {scale}{', ' if scale else ''}"
        f"{bounds[-1]} or more papers; a day without a list is blank.{before}",
        drawing="calendars",
        table=Table(
            columns=("Day", "Papers"),
            rows=tuple(Row(cells=(day, count), url=urls.day(day)) for day, count in sorted(counts.items())),
        ),
        shown=Table(
            columns=("Week", *_WEEKDAYS),
            rows=tuple(_week(week, counts) for week in counted.archive.of("week") if int(week.key[:4]) in shown),
        ),
        plots=tuple(
            Small(
                title=str(year),
                text=f"{plural(sum(n for day, n in counts.items() if day.year == year), 'paper')} on "
                f"{plural(sum(day.year == year for day in counts), 'day')} of {year}",
                plot=charts.calendar(counts, year, levels, _MONTHS),
                url=urls.collection("year", str(year)),
            )
            for year in shown
        ),
        empty="" if counts else "No list has been published yet.",
    )


def _week(week: Collection, counts: Mapping[date, int]) -> Row:
    year, number = int(week.key[:4]), int(week.key[-2:])
    days = [counts.get(date.fromisocalendar(year, number, weekday)) for weekday in range(1, 8)]
    return Row(cells=(f"{year}, {number}", *days), url=week.url)


def _busiest(counted: _Counted) -> Figure:
    days = sorted(counted.archive.of("day"), key=lambda day: (-len(day.entries), day.key))[:10]
    most = len(days[0].entries) if days else 1
    return Figure(
        key="busiest",
        title="Busiest days",
        text="The ten longest lists; of two as long, the earlier first.",
        drawing="bars",
        table=Table(
            columns=("Day", "Papers"),
            rows=tuple(
                Row(
                    cells=(date.fromisoformat(day.key), len(day.entries)),
                    url=day.url,
                    bar=_share(len(day.entries), most),
                )
                for day in days
            ),
        ),
        empty="" if days else "No list has been published yet.",
    )


def _moving(counted: _Counted, *, rising: bool) -> Figure:
    """Return the topics whose share of papers grew, or shrank, most surely between two spans of months."""
    now, before = counted.over[-SPAN:], counted.over[-2 * SPAN : -SPAN]
    papers = [sum(counted.with_topics[month] for month in months) for months in (before, now)]
    enough = len(before) == SPAN and min(papers) >= LEAST_IN_SPAN
    moved = sorted(_moved(counted, before, now, papers), key=lambda each: (-abs(each[0]), each[1])) if enough else []
    chosen = [(key, counts) for z, key, counts in moved if (z > 0) is rising][:12]
    shares = [(_share(counts[0], papers[0]), _share(counts[1], papers[1])) for _, counts in chosen]
    most = max((share for pair in shares for share in pair), default=1.0)
    spans = f"{_from_to(before)} and {_from_to(now)}" if enough else ""
    word = "larger" if rising else "smaller"
    return Figure(
        key="rising" if rising else "fading",
        title="Rising topics" if rising else "Fading topics",
        text=f"Topics whose share of the papers with topics is {word} in the second of two spans, {spans} "
        f"({papers[0]:,} and {papers[1]:,} papers): with at least {LEAST_PAPERS} papers in one of them, and a "
        f"difference of more than {LEAST_Z:g} standard errors, the surest first. A ring is the earlier share, a dot "
        "the later one."
        if enough
        else "Topics by their share of papers in two spans of months.",
        drawing="changes",
        table=Table(
            columns=("Topic", "Papers before", "Papers now", "Share before (%)", "Share now (%)"),
            rows=tuple(
                Row(
                    cells=(_title(counted, key), *counts, *pair),
                    url=counted.address("topic", key),
                    plot=charts.change(*pair, most),
                )
                for (key, counts), pair in zip(chosen, shares, strict=True)
            ),
        ),
        empty=_why_nothing_moved(enough=enough, found=len(chosen), months=len(counted.over)),
    )


def _why_nothing_moved(*, enough: bool, found: int, months: int) -> str:
    if not enough:
        return (
            f"Not enough data yet ({plural(months, 'month')} that are over): this takes two spans of {SPAN} months "
            f"with at least {LEAST_IN_SPAN} papers with topics each."
        )
    return "" if found else "No topic changed by more than chance would explain."


def _moved(
    counted: _Counted, before: Sequence[str], now: Sequence[str], papers: Sequence[int]
) -> Iterator[tuple[float, str, tuple[int, int]]]:
    """Yield how surely each topic moved (the z of two shares, pooled), its key, and its papers in both spans.

    The test is that of two proportions: https://www.itl.nist.gov/div898/handbook/prc/section3/prc33.htm.
    """
    sums = [sum((counted.topics[month] for month in months), Counter[str]()) for months in (before, now)]
    for key in sums[0].keys() | sums[1].keys():
        first, second = sums[0][key], sums[1][key]
        if max(first, second) < LEAST_PAPERS:
            continue
        pooled = (first + second) / (papers[0] + papers[1])
        error = sqrt(pooled * (1 - pooled) * (1 / papers[0] + 1 / papers[1]))
        z = (second / papers[1] - first / papers[0]) / error if error else 0.0
        if abs(z) > LEAST_Z:
            yield z, key, (first, second)


def _rising(counted: _Counted) -> Figure:
    return _moving(counted, rising=True)


def _fading(counted: _Counted) -> Figure:
    return _moving(counted, rising=False)


def _topics_over_time(counted: _Counted) -> Figure:
    months = _from_first(counted.over, counted.with_topics)
    spans = _spans(months)
    papers = [sum(counted.with_topics[month] for month in months) for _, months in spans]
    sums = [sum((counted.topics[month] for month in months), Counter[str]()) for _, months in spans]
    totals = sum(sums, Counter[str]())
    chosen = sorted(totals, key=lambda key: (-totals[key], key))[:12]
    shares = {key: [_share(counts[key], whole) for counts, whole in zip(sums, papers, strict=True)] for key in chosen}
    return Figure(
        key="topics",
        title="Topics over time",
        text=f"The {plural(len(chosen), 'topic')} with most papers, by their share of the papers with topics of each "
        f"{'month' if len(spans) == len(months) else 'span of months'}, {_from_to(months)}. Each curve has "
        "its own scale, up to its highest share.",
        drawing="multiples",
        table=Table(
            columns=("Month", *(f"{_title(counted, key)} (%)" for key in chosen)),
            rows=tuple(
                Row(cells=(name, *(shares[key][place] for key in chosen))) for place, (name, _) in enumerate(spans)
            ),
        ),
        plots=tuple(
            Small(
                title=_title(counted, key),
                text=f"{shares[key][-1]:.1f} % in {_spoken(spans[-1][0])}, at most {max(shares[key]):.1f} %",
                plot=charts.spark(shares[key]),
                url=counted.address("topic", key),
            )
            for key in chosen
        ),
        empty=""
        if chosen and len(spans) > 1
        else f"Not enough data yet ({plural(len(spans), 'month')} that are over): a curve needs topics in two months.",
    )


def _organisations(counted: _Counted) -> Figure:
    groups = sorted(counted.archive.of("organisation"), key=lambda group: (-len(group.entries), group.key))[:15]
    named = sum(entry.paper.organisation is not None for entry in counted.archive.entries)
    most = len(groups[0].entries) if groups else 1
    return Figure(
        key="organisations",
        title="Organisations",
        text=f"Organisations with most papers. {_coverage(named, counted.archive)} name one.",
        drawing="bars",
        table=Table(
            columns=("Organisation", "Papers"),
            rows=tuple(
                Row(
                    cells=(group.title, len(group.entries)),
                    url=counted.address("organisation", group.key),
                    bar=_share(len(group.entries), most),
                )
                for group in groups
            ),
        ),
        empty="" if groups else "No paper names an organisation.",
    )


def _new_authors(counted: _Counted) -> Figure:
    met: set[str] = set()
    new, active = Counter[int](), Counter[int]()
    for year, entries in _by_year(counted.archive):
        names = {key for entry in entries for key in counted.archive.filed["author"][entry.paper.id]}
        new[year], active[year] = len(names - met), len(names)
        met |= names
    years = sorted(active)
    years = list(range(years[0], years[-1] + 1)) if years else []
    running = bool(years) and years[-1] >= counted.today.year
    so_far = f" {years[-1]} is not over." if running else ""
    return Figure(
        key="authors",
        title="New authors per year",
        text=f"Names met for the first time in each year; of the first year, all are new.{so_far} Names are grouped by "
        "spelling only: two people of one name count once, one with two spellings twice.",
        drawing="plot",
        table=Table(
            columns=("Year", "New authors", "All authors"),
            rows=tuple(Row(cells=(str(year), new[year], active[year])) for year in years),
        ),
        plots=(
            Small(
                title="New authors per year",
                text="; ".join(f"{year}: {new[year]:,}" for year in years),
                plot=charts.columns([new[year] for year in years], list(map(str, years)), is_open=running),
            ),
        ),
        empty="" if years else "No paper has a date and an author.",
    )


def _authors_per_paper(counted: _Counted) -> Figure:
    sizes = [len(entry.paper.authors) for entry in counted.archive.entries if entry.paper.authors]
    counts = Counter(min(size, _MANY_AUTHORS) for size in sizes)
    most = max(counts, default=0)
    names = [f"{size} or more" if size == _MANY_AUTHORS else str(size) for size in range(1, most + 1)]
    found = [counts[size] for size in range(1, most + 1)]
    middle = f"Half of the papers have {median(sizes):g} or fewer, the most {max(sizes):,}. " if sizes else ""
    return Figure(
        key="team",
        title="Authors per paper",
        text=f"{middle}{_coverage(len(sizes), counted.archive)} name their authors.",
        drawing="plot",
        table=Table(
            columns=("Authors", "Papers"),
            rows=tuple(Row(cells=(name, count)) for name, count in zip(names, found, strict=True)),
        ),
        plots=(
            Small(
                title="Papers by number of authors",
                text=middle or "None",
                plot=charts.columns(found, [name.replace(" or more", "+") for name in names]),
            ),
        ),
        empty="" if sizes else "No paper names its authors.",
    )


def _with_code(counted: _Counted) -> Figure:
    spans = _spans(counted.over)
    found = [[entry for month in months for entry in counted.entries(month)] for _, months in spans]
    having = [sum(bool(entry.paper.code) for entry in entries) for entries in found]
    shares = [_share(count, len(entries)) if entries else None for count, entries in zip(having, found, strict=True)]
    total = sum(bool(entry.paper.code) for entry in counted.archive.entries)
    known = any(having)
    return Figure(
        key="code",
        title="Papers with code",
        text=f"Share of the papers of each month that link to their code, {_from_to(counted.over)}. "
        f"{_coverage(total, counted.archive)} do in all; code that no source knows of is not counted.",
        drawing="plot",
        table=Table(
            columns=("Month", "Papers", "With code", "Share (%)"),
            rows=tuple(
                Row(cells=(name, len(entries), count, share))
                for (name, _), entries, count, share in zip(spans, found, having, shares, strict=True)
            ),
        ),
        plots=(
            Small(
                title="Share of papers with code, in percent",
                text="; ".join(
                    f"{shares[place] or 0:.1f} % in {_spoken(spans[place][0])}" for place in (0, -1) if spans
                ),
                plot=charts.line(shares, _labels([name for name, _ in spans]), most=100),
            ),
        ),
        empty="" if known and len(spans) > 1 else "Not enough data yet: a curve needs papers with code, in two months.",
    )


def _fields(counted: _Counted) -> Figure:
    papers = [entry.paper for entry in counted.archive.entries]
    found = [(name, sum(map(bool, map(has, papers)))) for name, has in _FIELDS]
    return Figure(
        key="fields",
        title="What is known of the papers",
        text=f"Share of all {len(papers):,} papers for which the archive knows each field: figures that rest on a "
        "field say nothing about the others.",
        drawing="bars",
        table=Table(
            columns=("Field", "Papers", "Share (%)"),
            rows=tuple(
                Row(cells=(name, count, _share(count, len(papers))), bar=_share(count, len(papers)))
                for name, count in found
            ),
        ),
        empty="" if papers else "There is no paper yet.",
    )


_FIGURES: tuple[Callable[[_Counted], Figure], ...] = (
    _papers_per_month,
    _calendar,
    _busiest,
    _rising,
    _fading,
    _topics_over_time,
    _organisations,
    _new_authors,
    _authors_per_paper,
    _with_code,
    _fields,
)

_FIELDS: tuple[tuple[str, Callable[[Paper], object]], ...] = (
    ("Abstract", lambda paper: paper.abstract),
    ("Authors", lambda paper: paper.authors),
    ("Affiliation of an author", lambda paper: any(author.affiliation for author in paper.authors)),
    ("ORCID of an author", lambda paper: any(author.orcid for author in paper.authors)),
    ("Organisation", lambda paper: paper.organisation),
    ("Topics", lambda paper: paper.topics),
    ("Subjects", lambda paper: paper.subjects),
    ("Date of publication", lambda paper: paper.published),
    ("Day of a list", lambda paper: paper.featured),
    ("Votes", lambda paper: any(seen.upvotes for seen in paper.featured)),
    ("Comments by readers", lambda paper: any(seen.comments for seen in paper.featured)),
    ("Code", lambda paper: paper.code),
    ("Stars of the code", lambda paper: paper.stars is not None),
    ("Project page", lambda paper: paper.project),
    ("DOI", lambda paper: paper.doi),
    ("Journal reference", lambda paper: paper.journal),
    ("Licence", lambda paper: paper.licence),
    ("Summary", lambda paper: paper.summary),
)


def _topics(archive: Archive, month: str) -> Counter[str]:
    """Return how many papers of `month` each topic has."""
    found = archive.collections["month"].get(month)
    filed = archive.filed["topic"]
    return Counter(key for entry in (found.entries if found else ()) for key in dict.fromkeys(filed[entry.paper.id]))


def _with_topics(archive: Archive, month: str) -> int:
    found = archive.collections["month"].get(month)
    return sum(bool(entry.paper.topics) for entry in (found.entries if found else ()))


def _from_first(months: Sequence[str], counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return `months` from the first one on that counts anything."""
    first = next((place for place, month in enumerate(months) if counts[month]), len(months))
    return tuple(months[first:])


def _title(counted: _Counted, topic: str) -> str:
    return counted.archive.collections["topic"][topic].title


def _by_year(archive: Archive) -> Iterator[tuple[int, list[Entry]]]:
    """Yield each year, the earliest first, and the papers that came in it."""
    years: dict[int, list[Entry]] = {}
    for entry in archive.entries:
        when = entry.featured.day if entry.featured else entry.paper.published
        if when:
            years.setdefault(when.year, []).append(entry)
    yield from sorted(years.items())


def _months(days: Sequence[date]) -> tuple[str, ...]:
    """Return every month from that of the first to that of the last of `days`."""
    if not days:
        return ()
    first, last = (day.year * 12 + day.month - 1 for day in (days[0], days[-1]))
    return tuple(f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1))


def _spans(months: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return `months` one by one; of many, quarters or years, named for their first month."""
    size = next((size for size in (1, 3, 12) if len(months) <= size * _MOST_POINTS), 12)
    groups: dict[tuple[int, int], list[str]] = {}
    for month in months:
        groups.setdefault((int(month[:4]), (int(month[5:]) - 1) // size), []).append(month)
    return [(group[0], tuple(group)) for group in groups.values()]


def _labels(months: Sequence[str]) -> list[str]:
    """Return what to write below each of `months`: years at January, and quarters where there is room."""
    every = max(1, -(-len({month[:4] for month in months}) // 12))
    quarters = len(months) <= 40

    def label(place: int, month: str) -> str:
        year, number = month[:4], int(month[5:])
        if number == 1:
            return year if int(year) % every == 0 else ""
        if quarters and (number % 3 == 1 or len(months) <= 12):
            return f"{_MONTHS[number - 1]} {year}" if place == 0 else _MONTHS[number - 1]
        return ""

    return [label(place, month) for place, month in enumerate(months)]


def _described(months: Sequence[str], counts: Sequence[int]) -> str:
    """Return the highest and lowest month in words."""
    pairs = list(zip(counts, months, strict=False))
    if not pairs:
        return "No month is over yet."
    high, low = max(pairs, key=lambda pair: pair[0]), min(pairs, key=lambda pair: pair[0])
    return f"Most in {_spoken(high[1])}, {plural(high[0], 'paper')}; fewest in {_spoken(low[1])}, {low[0]:,}."


def _from_to(months: Sequence[str]) -> str:
    if not months:
        return "none yet"
    return _spoken(months[0]) if len(months) == 1 else f"{_spoken(months[0])} to {_spoken(months[-1])}"


def _spoken(month: str) -> str:
    return month_name(date.fromisoformat(f"{month}-01"))


def _coverage(count: int, archive: Archive) -> str:
    whole = len(archive.entries)
    return f"{count:,} of {plural(whole, 'paper')} ({_share(count, whole):.0f} %)"


def _share(count: float, whole: float) -> float:
    """Return `count` in percent of `whole`, to a tenth."""
    return round(100 * count / whole, 1) if whole else 0.0
