"""What to fetch: from options to days, periods or papers. Pure."""

import re
from calendar import monthrange
from collections.abc import Callable, Collection
from datetime import date, timedelta

from msgspec import Struct

from generator.errors import UsageError
from generator.sources import Papers, Period, paper_id

_FIRST_DAYS = 7
_MOST = 100_000
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")


class Options(Struct, frozen=True, kw_only=True):
    """What to fetch. With nothing said: from the newest day that is known until today, and all days that are open.

    `day` is one day; `days` counts back from `until`, or today. `ids` are papers, whatever list they were on. With
    `missing` only the days without papers count, with `refresh_votes` only the days with papers among the last so many.
    `source` names the only source to ask, `limit` is the most records to take for one question. Answers younger than
    `max_age` (hours) are not asked for again, with `from_cache` none is. `allow_shrink` takes a list that has lost
    papers, `strict` makes records that cannot be read an exit code, and `require_new` makes one of "nothing new".
    """

    day: date | None = None
    since: date | None = None
    until: date | None = None
    days: int | None = None
    week: str | None = None
    month: str | None = None
    ids: tuple[str, ...] = ()
    missing: bool = False
    refresh_votes: int | None = None
    source: str | None = None
    limit: int | None = None
    max_age: float | None = None
    from_cache: bool = False
    allow_shrink: bool = False
    dry_run: bool = False
    strict: bool = False
    require_new: bool = False

    @property
    def says_what(self) -> bool:
        """Whether anything is said about what to fetch."""
        said = (self.day, self.since, self.until, self.days, self.week, self.month, self.ids, self.refresh_votes)
        return any(said) or self.missing


def plan(
    options: Options, *, today: date, known: Callable[[], Collection[date]], open_days: int = 0
) -> Period | Papers:
    """Return what `options` ask for.

    `known` finds the days that have papers: the newest is asked for once more. `open_days` is for how many days after
    its own a day's counts may change. Raises `UsageError` for options that contradict one another or mean nothing.
    """
    _check_numbers(options)
    span = options.since or options.until or options.days is not None
    ways = {
        "--date": options.day,
        "--since, --until or --days": span,
        "--week": options.week,
        "--month": options.month,
        "--id": options.ids,
        "--refresh-votes": options.refresh_votes,
    }
    chosen = [name for name, value in ways.items() if value]
    if len(chosen) > 1:
        raise UsageError(f"{' and '.join(chosen)} ask for different things", hint="give one of them")
    if options.missing and chosen and not span:
        raise UsageError(f"--missing and {chosen[0]} ask for different things", hint="give one of them")
    if options.ids:
        return Papers(tuple(dict.fromkeys(map(_checked_id, options.ids))))
    if options.day:
        return _days(options.day, options.day)
    if options.week:
        return _week(options.week)
    if options.month:
        return _month(options.month)
    if options.refresh_votes:
        return _days(today - timedelta(days=options.refresh_votes - 1), today)
    return _span(options, today, known, open_days)


def _check_numbers(options: Options) -> None:
    numbers = {"--limit": options.limit, "--refresh-votes": options.refresh_votes, "--days": options.days}
    for name, number in numbers.items():
        if number is not None and not 1 <= number <= _MOST:
            raise UsageError(f"{name} must be from 1 to {_MOST}")
    if options.max_age is not None and not 0 <= options.max_age <= _MOST:
        raise UsageError(f"--max-age must be from 0 to {_MOST} hours")


def _span(options: Options, today: date, known: Callable[[], Collection[date]], open_days: int) -> Period:
    """Return the days between the two ends that are said or meant."""
    until = options.until or today
    if options.days is not None:
        if options.since:
            raise UsageError("--since and --days say the same", hint="give one of them")
        return _days(until - timedelta(days=options.days - 1), until)
    if options.since:
        since = options.since
    elif options.missing:
        since = min(known(), default=until)
    else:
        newest = max(known(), default=None)
        since = min(newest, today - timedelta(days=open_days)) if newest else until - timedelta(days=_FIRST_DAYS - 1)
    if options.since and since > until:
        raise UsageError(f"--since {since} is after --until {until}", hint="the earlier day comes first")
    return _days(min(since, until), until)


def _days(first: date, last: date) -> Period:
    return Period(kind="days", name=f"{first}" if first == last else f"{first} … {last}", first=first, last=last)


def _week(name: str) -> Period:
    """Return an ISO 8601 week: 2025-W50."""
    match = _WEEK.fullmatch(name)
    try:
        first = date.fromisocalendar(int(match[1]), int(match[2]), 1) if match else None
    except ValueError:
        first = None
    if not first:
        raise UsageError(f"--week {name}: there is no such week", hint="write 2025-W50")
    return Period(kind="week", name=name, first=first, last=first + timedelta(days=6))


def _month(name: str) -> Period:
    match = _MONTH.fullmatch(name)
    try:
        first = date(int(match[1]), int(match[2]), 1) if match else None
    except ValueError:
        first = None
    if not first:
        raise UsageError(f"--month {name}: there is no such month", hint="write 2025-12")
    return Period(kind="month", name=name, first=first, last=first.replace(day=monthrange(first.year, first.month)[1]))


def _checked_id(text: str) -> str:
    found = paper_id(text)
    if not found:
        raise UsageError(f"--id {text}: not the id of a paper", hint="write 2512.07783 or hep-ex/0406020")
    return found
