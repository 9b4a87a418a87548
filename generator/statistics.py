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
from generator.language import Language, marked
from generator.model import Paper

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


RISING = marked(
    "Topics whose share of the papers with topics is larger in the second of two spans, %(before)s and %(now)s "
    "(%(papers_before)s and %(papers_now)s papers): with at least %(least)s papers in one of them, and a difference of "
    "more than %(errors)s standard errors, the surest first. A ring is the earlier share, a dot the later one."
)
FADING = marked(
    "Topics whose share of the papers with topics is smaller in the second of two spans, %(before)s and %(now)s "
    "(%(papers_before)s and %(papers_now)s papers): with at least %(least)s papers in one of them, and a difference of "
    "more than %(errors)s standard errors, the surest first. A ring is the earlier share, a dot the later one."
)


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
    language: Language
    address: Address
    months: tuple[str, ...]
    topics: Mapping[str, Counter[str]]
    with_topics: Mapping[str, int]

    def said(self, message: str, **values: object) -> str:
        """Return `message` in the language of the figures."""
        return self.language.gettext(message, **values)

    def months_said(self, months: Sequence[str]) -> str:
        """Return from when to when `months` go, in words."""
        if not months:
            return self.said("none yet")
        if len(months) == 1:
            return self.month(months[0])
        return self.said("%(first)s to %(last)s", first=self.month(months[0]), last=self.month(months[-1]))

    def month(self, month: str) -> str:
        """Return the name of `month` with its year."""
        return self.language.writes.month_name(date.fromisoformat(f"{month}-01"))

    def share(self, value: float) -> str:
        """Return a share in percent, to a tenth."""
        return self.language.writes.decimal(value, 1)

    @property
    def running(self) -> bool:
        """Whether the last month is not over."""
        return bool(self.months) and self.months[-1] >= urls.month_key(self.today)

    @property
    def over(self) -> tuple[str, ...]:
        """The months that are over."""
        return self.months[:-1] if self.running else self.months

    def entries(self, month: str) -> Sequence[Entry]:
        """Return what stood on the lists of `month`."""
        found = self.archive.collections["month"].get(month)
        return found.entries if found else ()


def statistics_of(archive: Archive, today: date, language: Language, address: Address) -> Statistics:
    """Return the statistics of `archive` in words of `language`.

    `address` gives the page of a name by its kind and key, or nothing;
    `today` only tells which month and year are not over.
    """
    days = sorted(map(date.fromisoformat, archive.days))
    months = _months(days)
    counted = _Counted(
        archive=archive,
        today=today,
        language=language,
        address=address,
        months=months,
        topics={month: _topics(archive, month) for month in months},
        with_topics={month: _with_topics(archive, month) for month in months},
    )
    return Statistics(
        first=days[0] if days else None,
        last=days[-1] if days else None,
        totals=(
            Total(title=language.gettext("papers"), count=len(archive.entries), url=urls.ARCHIVE),
            Total(title=language.gettext("days with a list"), count=len(days), url=urls.ARCHIVE),
            Total(
                title=language.gettext("authors"), count=len(archive.collections["author"]), url=urls.INDEXES["author"]
            ),
            Total(
                title=language.gettext("organisations"),
                count=len(archive.collections["organisation"]),
                url=urls.INDEXES["organisation"],
            ),
            Total(title=language.gettext("topics"), count=len(archive.collections["topic"]), url=urls.INDEXES["topic"]),
        ),
        figures=tuple(figure(counted) for figure in _FIGURES),
    )


def _papers_per_month(counted: _Counted) -> Figure:
    counts = [len(counted.entries(month)) for month in counted.months]
    text = counted.said("Papers on the lists of each month, %(months)s.", months=counted.months_said(counted.months))
    if counted.running:
        last = counted.month(counted.months[-1])
        text += " " + counted.said("%(month)s is not over: its column is open.", month=last)
    return Figure(
        key="months",
        title=counted.said("Papers per month"),
        text=text,
        drawing="plot",
        table=Table(
            columns=(counted.said("Month"), counted.said("Papers")),
            rows=tuple(
                Row(cells=(month, count), url=urls.collection("month", month) if count else "")
                for month, count in zip(counted.months, counts, strict=True)
            ),
        ),
        plots=(
            Small(
                title=counted.said("Papers per month"),
                text=_described(counted, counts),
                plot=charts.columns(
                    counts,
                    _labels(counted, counted.months),
                    is_open=counted.running,
                    number=counted.language.writes.number,
                ),
            ),
        ),
        empty="" if counts else counted.said("No list has been published yet."),
    )


def _calendar(counted: _Counted) -> Figure:
    counts = {date.fromisoformat(key): len(day.entries) for key, day in counted.archive.days.items()}
    levels = charts.steps(counts.values())
    years = sorted({day.year for day in counts}, reverse=True)
    shown = years[:_CALENDARS]
    bounds = [1, *levels]
    scale = ", ".join(f"{low}–{high - 1}" if high - 1 > low else str(low) for low, high in pairwise(bounds))
    text = counted.said(
        "Papers on the list of each day. The shades, from light to dark: %(scale)s or more papers; a day without a "
        "list is blank.",
        scale=f"{scale}{', ' if scale else ''}{bounds[-1]}",
    )
    if len(years) > len(shown):
        text += " " + counted.said("Years before %(year)s are in the file.", year=shown[-1])
    language = counted.language
    return Figure(
        key="calendar",
        title=counted.said("Day by day"),
        text=text,
        drawing="calendars",
        table=Table(
            columns=(counted.said("Day"), counted.said("Papers")),
            rows=tuple(Row(cells=(day, count), url=urls.day(day)) for day, count in sorted(counts.items())),
        ),
        shown=Table(
            columns=(counted.said("Week"), *language.writes.short_weekdays),
            rows=tuple(_week(week, counts) for week in counted.archive.of("week") if int(week.key[:4]) in shown),
        ),
        plots=tuple(
            Small(
                title=str(year),
                text=language.ngettext(
                    "%(papers)s on %(count)s day of %(year)s",
                    "%(papers)s on %(count)s days of %(year)s",
                    sum(day.year == year for day in counts),
                    papers=language.things(sum(n for day, n in counts.items() if day.year == year), "paper"),
                    year=year,
                ),
                plot=charts.calendar(
                    counts,
                    year,
                    levels,
                    months=language.writes.short_months,
                    weekdays=language.writes.short_weekdays,
                ),
                url=urls.collection("year", str(year)),
            )
            for year in shown
        ),
        empty="" if counts else counted.said("No list has been published yet."),
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
        title=counted.said("Busiest days"),
        text=counted.said("The ten longest lists; of two as long, the earlier first."),
        drawing="bars",
        table=Table(
            columns=(counted.said("Day"), counted.said("Papers")),
            rows=tuple(
                Row(
                    cells=(date.fromisoformat(day.key), len(day.entries)),
                    url=day.url,
                    bar=_share(len(day.entries), most),
                )
                for day in days
            ),
        ),
        empty="" if days else counted.said("No list has been published yet."),
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
    if enough:
        values = {
            "before": counted.months_said(before),
            "now": counted.months_said(now),
            "papers_before": counted.language.writes.number(papers[0]),
            "papers_now": counted.language.writes.number(papers[1]),
            "least": LEAST_PAPERS,
            "errors": counted.language.writes.decimal(LEAST_Z, 0),
        }
        text = counted.said(RISING if rising else FADING, **values)
    else:
        text = counted.said("Topics by their share of papers in two spans of months.")
    return Figure(
        key="rising" if rising else "fading",
        title=counted.said("Rising topics") if rising else counted.said("Fading topics"),
        text=text,
        drawing="changes",
        table=Table(
            columns=(
                counted.said("Topic"),
                counted.said("Papers before"),
                counted.said("Papers now"),
                counted.said("Share before (%)"),
                counted.said("Share now (%)"),
            ),
            rows=tuple(
                Row(
                    cells=(_title(counted, key), *counts, *pair),
                    url=counted.address("topic", key),
                    plot=charts.change(*pair, most),
                )
                for (key, counts), pair in zip(chosen, shares, strict=True)
            ),
        ),
        empty=_why_nothing_moved(counted, enough=enough, found=len(chosen)),
    )


def _why_nothing_moved(counted: _Counted, *, enough: bool, found: int) -> str:
    if not enough:
        return counted.language.ngettext(
            "Not enough data yet (%(count)s month that is over): this takes two spans of %(span)s months with at least "
            "%(least)s papers with topics each.",
            "Not enough data yet (%(count)s months that are over): this takes two spans of %(span)s months with at "
            "least %(least)s papers with topics each.",
            len(counted.over),
            span=SPAN,
            least=LEAST_IN_SPAN,
        )
    return "" if found else counted.said("No topic changed by more than chance would explain.")


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
        title=counted.said("Topics over time"),
        text=counted.said(
            "The topics with most papers, by their share of the papers with topics of each month, %(months)s. Each "
            "curve has its own scale, up to its highest share.",
            months=counted.months_said(months),
        )
        if len(spans) == len(months)
        else counted.said(
            "The topics with most papers, by their share of the papers with topics of each span of months, %(months)s. "
            "Each curve has its own scale, up to its highest share.",
            months=counted.months_said(months),
        ),
        drawing="multiples",
        table=Table(
            columns=(counted.said("Month"), *(f"{_title(counted, key)} (%)" for key in chosen)),
            rows=tuple(
                Row(cells=(name, *(shares[key][place] for key in chosen))) for place, (name, _) in enumerate(spans)
            ),
        ),
        plots=tuple(
            Small(
                title=_title(counted, key),
                text=counted.said(
                    "%(share)s %% in %(month)s, at most %(most)s %%",
                    share=counted.share(shares[key][-1]),
                    month=counted.month(spans[-1][0]),
                    most=counted.share(max(shares[key])),
                ),
                plot=charts.spark(shares[key]),
                url=counted.address("topic", key),
            )
            for key in chosen
        ),
        empty=""
        if chosen and len(spans) > 1
        else counted.language.ngettext(
            "Not enough data yet (%(count)s month that is over): a curve needs topics in two months.",
            "Not enough data yet (%(count)s months that are over): a curve needs topics in two months.",
            len(spans),
        ),
    )


def _organisations(counted: _Counted) -> Figure:
    groups = sorted(counted.archive.of("organisation"), key=lambda group: (-len(group.entries), group.key))[:15]
    named = sum(entry.paper.organisation is not None for entry in counted.archive.entries)
    most = len(groups[0].entries) if groups else 1
    return Figure(
        key="organisations",
        title=counted.said("Organisations"),
        text=counted.said("Organisations with most papers. %(papers)s name one.", papers=_coverage(counted, named)),
        drawing="bars",
        table=Table(
            columns=(counted.said("Organisation"), counted.said("Papers")),
            rows=tuple(
                Row(
                    cells=(group.title, len(group.entries)),
                    url=counted.address("organisation", group.key),
                    bar=_share(len(group.entries), most),
                )
                for group in groups
            ),
        ),
        empty="" if groups else counted.said("No paper names an organisation."),
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
    text = counted.said("Names met for the first time in each year; of the first year, all are new.")
    if running:
        text += " " + counted.said("%(year)s is not over.", year=years[-1])
    return Figure(
        key="authors",
        title=counted.said("New authors per year"),
        text=f"{text} "
        + counted.said(
            "Names are grouped by spelling only: two people of one name count once, one with two spellings twice."
        ),
        drawing="plot",
        table=Table(
            columns=(counted.said("Year"), counted.said("New authors"), counted.said("All authors")),
            rows=tuple(Row(cells=(str(year), new[year], active[year])) for year in years),
        ),
        plots=(
            Small(
                title=counted.said("New authors per year"),
                text="; ".join(f"{year}: {counted.language.writes.number(new[year])}" for year in years),
                plot=charts.columns(
                    [new[year] for year in years],
                    list(map(str, years)),
                    is_open=running,
                    number=counted.language.writes.number,
                ),
            ),
        ),
        empty="" if years else counted.said("No paper has a date and an author."),
    )


def _authors_per_paper(counted: _Counted) -> Figure:
    sizes = [len(entry.paper.authors) for entry in counted.archive.entries if entry.paper.authors]
    counts = Counter(min(size, _MANY_AUTHORS) for size in sizes)
    most = max(counts, default=0)
    more = counted.said("%(number)s or more", number=_MANY_AUTHORS)
    names = [more if size == _MANY_AUTHORS else str(size) for size in range(1, most + 1)]
    found = [counts[size] for size in range(1, most + 1)]
    middle = ""
    if sizes:
        middle = counted.said(
            "Half of the papers have %(half)s or fewer, the most %(most)s.",
            half=counted.language.writes.decimal(median(sizes), 0 if median(sizes) % 1 == 0 else 1),
            most=counted.language.writes.number(max(sizes)),
        )
    return Figure(
        key="team",
        title=counted.said("Authors per paper"),
        text=f"{middle} " + counted.said("%(papers)s name their authors.", papers=_coverage(counted, len(sizes))),
        drawing="plot",
        table=Table(
            columns=(counted.said("Authors"), counted.said("Papers")),
            rows=tuple(Row(cells=(name, count)) for name, count in zip(names, found, strict=True)),
        ),
        plots=(
            Small(
                title=counted.said("Papers by number of authors"),
                text=middle or counted.said("None"),
                plot=charts.columns(
                    found,
                    [f"{_MANY_AUTHORS}+" if name == more else name for name in names],
                    number=counted.language.writes.number,
                ),
            ),
        ),
        empty="" if sizes else counted.said("No paper names its authors."),
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
        title=counted.said("Papers with code"),
        text=counted.said(
            "Share of the papers of each month that link to their code, %(months)s. %(papers)s do in all; code that no "
            "source knows of is not counted.",
            months=counted.months_said(counted.over),
            papers=_coverage(counted, total),
        ),
        drawing="plot",
        table=Table(
            columns=(
                counted.said("Month"),
                counted.said("Papers"),
                counted.said("With code"),
                counted.said("Share (%)"),
            ),
            rows=tuple(
                Row(cells=(name, len(entries), count, share))
                for (name, _), entries, count, share in zip(spans, found, having, shares, strict=True)
            ),
        ),
        plots=(
            Small(
                title=counted.said("Share of papers with code, in percent"),
                text="; ".join(
                    counted.said(
                        "%(share)s %% in %(month)s",
                        share=counted.share(shares[place] or 0),
                        month=counted.month(spans[place][0]),
                    )
                    for place in (0, -1)
                    if spans
                ),
                plot=charts.line(shares, _labels(counted, [name for name, _ in spans]), most=100),
            ),
        ),
        empty=""
        if known and len(spans) > 1
        else counted.said("Not enough data yet: a curve needs papers with code, in two months."),
    )


def _fields(counted: _Counted) -> Figure:
    papers = [entry.paper for entry in counted.archive.entries]
    found = [(name, sum(map(bool, map(has, papers)))) for name, has in _FIELDS]
    return Figure(
        key="fields",
        title=counted.said("What is known of the papers"),
        text=counted.said(
            "Share of all %(papers)s papers for which the archive knows each field: figures that rest on a field say "
            "nothing about the others.",
            papers=counted.language.writes.number(len(papers)),
        ),
        drawing="bars",
        table=Table(
            columns=(counted.said("Field"), counted.said("Papers"), counted.said("Share (%)")),
            rows=tuple(
                Row(cells=(counted.said(name), count, _share(count, len(papers))), bar=_share(count, len(papers)))
                for name, count in found
            ),
        ),
        empty="" if papers else counted.said("There is no paper yet."),
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
    (marked("Abstract"), lambda paper: paper.abstract),
    (marked("Authors"), lambda paper: paper.authors),
    (marked("Affiliation of an author"), lambda paper: any(author.affiliation for author in paper.authors)),
    (marked("ORCID of an author"), lambda paper: any(author.orcid for author in paper.authors)),
    (marked("Organisation"), lambda paper: paper.organisation),
    (marked("Topics"), lambda paper: paper.topics),
    (marked("Subjects"), lambda paper: paper.subjects),
    (marked("Date of publication"), lambda paper: paper.published),
    (marked("Day of a list"), lambda paper: paper.featured),
    (marked("Votes"), lambda paper: any(seen.upvotes for seen in paper.featured)),
    (marked("Comments by readers"), lambda paper: any(seen.comments for seen in paper.featured)),
    (marked("Code"), lambda paper: paper.code),
    (marked("Stars of the code"), lambda paper: paper.stars is not None),
    (marked("Project page"), lambda paper: paper.project),
    (marked("DOI"), lambda paper: paper.doi),
    (marked("Journal reference"), lambda paper: paper.journal),
    (marked("Licence"), lambda paper: paper.licence),
    (marked("Summary"), lambda paper: paper.summary),
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


def _labels(counted: _Counted, months: Sequence[str]) -> list[str]:
    """Return what to write below each of `months`: years at January, and quarters where there is room."""
    every = max(1, -(-len({month[:4] for month in months}) // 12))
    quarters = len(months) <= 40

    def label(place: int, month: str) -> str:
        year, number = month[:4], int(month[5:])
        if number == 1:
            return year if int(year) % every == 0 else ""
        if quarters and (number % 3 == 1 or len(months) <= 12):
            name = counted.language.writes.short_months[number - 1]
            return f"{name} {year}" if place == 0 else name
        return ""

    return [label(place, month) for place, month in enumerate(months)]


def _described(counted: _Counted, counts: Sequence[int]) -> str:
    """Return the highest and lowest month in words."""
    pairs = list(zip(counts, counted.over, strict=False))
    if not pairs:
        return counted.said("No month is over yet.")
    high, low = max(pairs, key=lambda pair: pair[0]), min(pairs, key=lambda pair: pair[0])
    return counted.said(
        "Most in %(high)s, %(most)s; fewest in %(low)s, %(fewest)s.",
        high=counted.month(high[1]),
        most=counted.language.things(high[0], "paper"),
        low=counted.month(low[1]),
        fewest=counted.language.writes.number(low[0]),
    )


def _coverage(counted: _Counted, count: int) -> str:
    whole = len(counted.archive.entries)
    language = counted.language
    return language.ngettext(
        "%(some)s of %(count)s paper (%(share)s %%)",
        "%(some)s of %(count)s papers (%(share)s %%)",
        whole,
        some=language.writes.number(count),
        share=language.writes.decimal(_share(count, whole), 0),
    )


def _share(count: float, whole: float) -> float:
    """Return `count` in percent of `whole`, to a tenth."""
    return round(100 * count / whole, 1) if whole else 0.0
