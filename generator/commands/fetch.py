"""Fetch records from the services: which days, from whom, and what became of them."""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from time import perf_counter

from msgspec import Struct

from generator.client import Client
from generator.commands.intake import Intake, Tally, intake_of, known_sources
from generator.config import Settings, SourceSettings
from generator.errors import SourceError, UsageError, raise_all
from generator.lock import held
from generator.progress import Progress
from generator.sources import Day, Found, Papers, Period, Source, Wanted, paper_id
from generator.store import disk
from generator.text import plural

NOTHING_NEW = 4
"""The exit code of a fetch that found nothing new where something new was required."""

_FIRST_DAYS = 7
# A service that failed so often in a row is left alone until the next run.
_MOST_FAILURES = 2
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")


class Options(Struct, frozen=True, kw_only=True):
    """What to fetch. With nothing said: from the newest day that is known until today.

    `day` is one day; `days` counts back from `until`, or today. `ids` are papers, whatever list they were on. `source`
    names the only source to ask, `limit` is the most records to take for one question, and `require_new` makes "nothing
    new" an exit code.
    """

    day: date | None = None
    since: date | None = None
    until: date | None = None
    days: int | None = None
    week: str | None = None
    month: str | None = None
    ids: tuple[str, ...] = ()
    source: str | None = None
    limit: int | None = None
    dry_run: bool = False
    require_new: bool = False


def client_of(settings: Settings) -> Client:
    """Return the client that says whose archive asks."""
    return Client(contact=settings.fetch.contact)


def run(settings: Settings, options: Options, *, today: date, client: Client, progress: Progress) -> int:
    """Fetch what `options` ask for into the content folder, and say what became of it.

    Returns the exit code: 4 where nothing was new but had to be. Raises `UsageError` for options that contradict one
    another, and `SourceError` for services that failed, after all others were asked; what was got before is kept.
    """
    services = _services(settings, options, client)
    wanted = plan(options, today=today, newest=lambda: _newest(settings))
    if options.source and not services[0].questions(wanted):
        hint = "give it a query in archive.yml, or ask for papers with --id"
        raise UsageError(f"{options.source} has no lists of its own", hint=hint)
    tour = _Tour(
        intake=intake_of(settings, today=today, dry_run=options.dry_run), progress=progress, limit=options.limit
    )
    with held(settings.cache / "content.lock", "fetch"):
        for service in services:
            tour.lists(service, service.questions(wanted))
        for service in services:
            tour.details(service)
    progress.result(_sum(tour.total, dry_run=options.dry_run))
    raise_all(tour.errors)
    return NOTHING_NEW if options.require_new and not tour.total.created else 0


def plan(options: Options, *, today: date, newest: Callable[[], date | None]) -> Period | Papers:
    """Return what `options` ask for. `newest` finds the newest day that is known, which is asked for once more.

    Raises `UsageError` for options that contradict one another or mean nothing.
    """
    span = options.since or options.until or options.days is not None
    ways = {
        "--date": options.day,
        "--since, --until or --days": span,
        "--week": options.week,
        "--month": options.month,
        "--id": options.ids,
    }
    chosen = [name for name, value in ways.items() if value]
    if len(chosen) > 1:
        raise UsageError(f"{' and '.join(chosen)} ask for different things", hint="give one of them")
    if options.limit is not None and options.limit < 1:
        raise UsageError("--limit must be at least 1")
    if options.ids:
        return Papers(tuple(dict.fromkeys(map(_checked_id, options.ids))))
    if options.day:
        return _days(options.day, options.day)
    if options.week:
        return _week(options.week)
    if options.month:
        return _month(options.month)
    return _span(options, today, newest)


def _span(options: Options, today: date, newest: Callable[[], date | None]) -> Period:
    """Return the days between the two ends that are said or meant."""
    until = options.until or today
    if options.days is not None:
        if options.since:
            raise UsageError("--since and --days say the same", hint="give one of them")
        if options.days < 1:
            raise UsageError("--days must be at least 1")
        return _days(until - timedelta(days=options.days - 1), until)
    since = options.since or min(newest() or until - timedelta(days=_FIRST_DAYS - 1), until)
    if since > until:
        raise UsageError(f"--since {since} is after --until {until}", hint="the earlier day comes first")
    return _days(since, until)


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


def _newest(settings: Settings) -> date | None:
    """Return the newest day on which a paper in the content folder was listed."""
    papers = disk.read_papers(settings.root / "content")
    return max((paper.featured[-1].day for paper in papers if paper.featured), default=None)


@dataclass(frozen=True, kw_only=True)
class _Service:
    """A source as the settings have it, ready to be asked."""

    source: Source
    query: str
    fetch: Callable[[Wanted], Found]

    def questions(self, wanted: Period | Papers) -> Sequence[Wanted]:
        """Return what to ask for, one after the other: day by day where the service has a list for each."""
        if not self.source.lists:
            return (wanted,) if self.query or isinstance(wanted, Papers) else ()
        if isinstance(wanted, Papers) or wanted.kind != "days":
            return (wanted,)
        count = (wanted.last - wanted.first).days + 1
        return tuple(Day(wanted.first + timedelta(days=number)) for number in range(count))


def _services(settings: Settings, options: Options, client: Client) -> tuple[_Service, ...]:
    """Return the services that are to be asked, in the order of the settings."""
    sources = known_sources()
    if options.source and options.source not in {each.kind for each in settings.sources}:
        hint = f"archive.yml has {', '.join(each.kind for each in settings.sources)}"
        raise UsageError(f"--source {options.source}: not among the sources", hint=hint)
    chosen = [each for each in settings.sources if options.source in (None, each.kind)]
    return tuple(_service(sources[each.kind], each, client) for each in chosen)


def _service(source: Source, said: SourceSettings, client: Client) -> _Service:
    fetch = source.fetch
    if not fetch:
        raise UsageError(f"{source.name} is a format of files", hint="bring files in with broadsheet import")
    get = client.service(said.url or source.url, pace=source.pace if said.pace is None else said.pace)
    return _Service(source=source, query=said.query, fetch=lambda wanted: fetch(get, wanted, said.query))


@dataclass(kw_only=True)
class _Tour:
    """One round of all services: what came in so far, what went wrong, and who failed last time it was asked."""

    intake: Intake
    progress: Progress
    limit: int | None
    total: Tally = field(default_factory=Tally)
    errors: list[SourceError] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)

    def lists(self, service: _Service, questions: Sequence[Wanted]) -> None:
        """Ask one service its questions; one that keeps failing is left alone."""
        failures = 0
        for question in questions:
            if len(questions) > 1 and not _is_expected(service.source, question):
                self._say(service, question, _NOTHING)
                continue
            failures = 0 if self._ask(service, question) else failures + 1
            if failures == _MOST_FAILURES:
                self.progress.warn(f"{service.source.label} failed {failures} times in a row and is not asked any more")
                break
        if failures:
            self.failing.add(service.source.name)

    def details(self, service: _Service) -> None:
        """Ask one service about the papers that came in and that it has said nothing about."""
        ids = tuple(each for each, known in self.total.papers.items() if service.source.name not in known)
        if ids and service.source.details and service.source.name not in self.failing:
            self._ask(service, Papers(ids), details=True)

    def _ask(self, service: _Service, question: Wanted, *, details: bool = False) -> bool:
        """Ask one question, take what comes, say what became of it; tell whether the service answered."""
        started = perf_counter()
        tally = Tally()
        failed = len(self.errors)
        try:
            for found in islice(service.fetch(question), self.limit):
                self.intake.take(found, tally, source=service.source.name)
        except SourceError as error:
            self.errors.append(error)
        for rejected in tally.rejected:
            self.progress.warn(rejected.reason, rejected.what)
        self.total.add(tally)
        if len(self.errors) > failed:
            self._say(service, question, f"failed after {plural(tally.received, 'record')}")
            return False
        seconds = f"{perf_counter() - started:.1f} s"
        if details and isinstance(question, Papers):
            self._say(service, "details", f"{tally.taken:,} of {len(question.ids):,}", seconds)
        elif tally.received or _is_expected(service.source, question):
            self._say(service, question, _counts(tally), seconds)
        else:
            self._say(service, question, _NOTHING)
        return True

    def _say(self, service: _Service, question: Wanted | str, *counts: str) -> None:
        self.progress.line("fetch", f"{service.source.label:<11}", f"{_name(question):<10}", *counts)


_NOTHING = "weekend, nothing expected"


def _is_expected(source: Source, question: Wanted) -> bool:
    """Tell whether there should be an answer with something in it."""
    return not isinstance(question, Day) or source.listed(question.day)


def _name(question: Wanted | str) -> str:
    match question:
        case Day(day):
            return day.isoformat()
        case Period(name=name):
            return name
        case Papers(ids):
            return plural(len(ids), "paper")
    return question


def _counts(tally: Tally) -> str:
    return f"{tally.received:,} received, {tally.new:,} new, {tally.updated:,} updated, {len(tally.rejected):,} skipped"


def _sum(total: Tally, *, dry_run: bool) -> str:
    newest = f", newest day {max(total.days)}" if total.days else ""
    rehearsal = " (a rehearsal: nothing was written)" if dry_run else ""
    return f"done   {plural(len(total.created), 'new paper')}, {len(total.changed):,} updated{newest}{rehearsal}"
