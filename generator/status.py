"""How the sources are doing: what the last fetches came to, and what that means to a reader. Pure.

The state is a small file in the content folder, so that a build anywhere can show it. It is written when something
changed: a day arrived, an incident began or ended; or when it is a week old, which also shows a host that somebody is
still at work here. An incident that is over on the day it began was none.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from statistics import median
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from generator.language import Language

Kind = Literal["late", "failed"]

_HEARTBEAT = timedelta(days=7)
_MOST_INCIDENTS = 100
_USUAL_DAYS = 20
_FAILURE_DAYS = 14


class Health(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One source: the moment of its last good answer, as far as that was worth writing down, and its newest day."""

    checked: datetime | None = None
    newest: date | None = None


class Incident(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A time in which a source was late, or failed. `until` is open where it still is."""

    source: str
    kind: Kind
    since: datetime
    until: datetime | None = None
    message: str


class State(Struct, frozen=True, kw_only=True):
    """What is known about all sources, and the incidents, newest first."""

    sources: Mapping[str, Health] = field(default_factory=dict)
    incidents: tuple[Incident, ...] = ()

    def incident(self, source: str) -> Incident | None:
        """Return the incident that `source` is in, if it is in one."""
        return next((each for each in self.incidents if each.source == source and each.until is None), None)


class Outcome(Struct, frozen=True, kw_only=True):
    """What asking one source came to.

    `failed` and `late` are reasons, or nothing. `late` is None where the source was not asked for the day that would
    tell.
    """

    source: str
    failed: str = ""
    late: str | None = None
    newest: date | None = None


def expected(today: date, listed: Callable[[date], bool]) -> date | None:
    """Return the newest day whose list should be complete and there on `today`: the last one before it with a list."""
    days = (today - timedelta(days=count) for count in range(1, 15))
    return next(filter(listed, days), None)


def after(state: State, outcomes: Iterable[Outcome], *, now: datetime, changed: bool) -> State:
    """Return the state after a fetch; `changed` tells whether it changed the content."""
    following = state
    for outcome in outcomes:
        following = _after(following, outcome, now)
    stale = any(_is_stale(state.sources.get(each), health) for each, health in following.sources.items())
    news = following.incidents != state.incidents or _newest(following) != _newest(state)
    return following if changed or stale or news else state


def _is_stale(before: Health | None, health: Health) -> bool:
    """Tell whether what is written down of a source is too old, and there is something newer."""
    if before is None or before.checked is None or health.checked is None:
        return before is None or before.checked != health.checked
    return health.checked - before.checked >= _HEARTBEAT


def _newest(state: State) -> dict[str, date | None]:
    return {source: health.newest for source, health in state.sources.items()}


def _after(state: State, outcome: Outcome, now: datetime) -> State:
    """Return the state after one source was asked."""
    health = state.sources.get(outcome.source, Health())
    newest = max(filter(None, (health.newest, outcome.newest)), default=None)
    checked = health.checked if outcome.failed else now
    sources = {**state.sources, outcome.source: replace(health, checked=checked, newest=newest)}
    return replace(state, sources=dict(sorted(sources.items())), incidents=_incidents(state, outcome, now))


def _incidents(state: State, outcome: Outcome, now: datetime) -> tuple[Incident, ...]:
    """Return the incidents after `outcome`: its own begins, goes on, or is over."""
    current = state.incident(outcome.source)
    others = tuple(each for each in state.incidents if each is not current)
    kind: Kind | None = "failed" if outcome.failed else "late" if outcome.late else None
    if current and (kind == current.kind or (kind is None and current.kind == "late" and outcome.late is None)):
        return state.incidents
    if current and current.since.date() != now.date():
        others = (replace(current, until=now), *others)
    if kind:
        message = outcome.failed or outcome.late or ""
        others = (Incident(source=outcome.source, kind=kind, since=now, message=message), *others)
    return tuple(sorted(others, key=lambda each: (each.since, each.source), reverse=True)[:_MOST_INCIDENTS])


class Watched(Struct, frozen=True, kw_only=True):
    """A source that the settings name. `listed` tells on which days it has a list; it is None where it has none."""

    source: str
    label: str
    listed: Callable[[date], bool] | None = None


class Standing(Struct, frozen=True, kw_only=True):
    """How one source is doing today.

    `received` is the number of papers on its newest day, `usual` the median of the days before; `due` is the newest day
    that should be there, `awaited` tells whether today should have a list. `failures` counts the days of the last two
    weeks on which it was late or failed.
    """

    label: str
    lists: bool = False
    checked: datetime | None = None
    newest: date | None = None
    due: date | None = None
    awaited: bool = False
    received: int = 0
    usual: int = 0
    failures: int = 0
    incident: Incident | None = None


class Status(Struct, frozen=True, kw_only=True):
    """How all sources are doing today: one standing each, the incidents with the source's label, newest first."""

    standings: tuple[Standing, ...] = ()
    incidents: tuple[Incident, ...] = ()
    schedule: str = ""


def status_of(
    state: State, watched: Iterable[Watched], *, counts: Mapping[date, int], today: date, schedule: str = ""
) -> Status:
    """Return how the sources that are `watched` are doing; `counts` are the numbers of papers of all days."""
    watched = tuple(watched)
    labels = {each.source: each.label for each in watched}
    return Status(
        standings=tuple(_standing(state, each, counts, today) for each in watched),
        incidents=tuple(replace(each, source=labels.get(each.source, each.source)) for each in state.incidents),
        schedule=schedule,
    )


def notice(status: Status, today: date, language: Language) -> str:
    """Return what readers of the newest list should know, or nothing: why it is not today's."""
    lister = _lister(status)
    return _notice(language, lister, today=today, schedule=status.schedule) if lister else ""


def absence(status: Status, when: date, today: date, language: Language) -> str:
    """Return why there is no list of `when`, a day after the newest list; nothing where none is expected."""
    lister = _lister(status)
    if lister is None or not (lister.awaited if when == today else lister.due and when <= lister.due):
        return ""
    return _notice(language, lister, today=today, schedule=status.schedule)


def growing(status: Status, when: date, today: date, language: Language) -> str:
    """Return what readers of the list of `when` should know while it may still grow, which is on its own day."""
    lister = _lister(status)
    if lister is None or lister.failed or when != today:
        return ""
    return f"{language.gettext('This list may still grow.')} {_checked(language, lister, today, status.schedule)}"


def watches(status: Status) -> bool:
    """Tell whether a source that has lists answers when it is asked for them."""
    return _lister(status) is not None


class _Lister(Struct, frozen=True, kw_only=True):
    """A source of lists that has answered: what of its standing is known then."""

    checked: datetime
    newest: date
    due: date | None
    awaited: bool
    failed: bool


def _lister(status: Status) -> _Lister | None:
    """Return the first source that has lists and has answered."""
    for each in status.standings:
        if each.lists and each.checked and each.newest:
            failed = each.incident is not None and each.incident.kind == "failed"
            return _Lister(checked=each.checked, newest=each.newest, due=each.due, awaited=each.awaited, failed=failed)
    return None


def _notice(language: Language, lister: _Lister, *, today: date, schedule: str) -> str:
    said, day = language.gettext, language.writes.medium_date
    checked, newest = lister.checked, lister.newest
    if lister.failed:
        return said("The last update failed. This page shows the list fetched on %(day)s.", day=day(checked.date()))
    if today - checked.date() > _HEARTBEAT:
        return said("Nothing has been fetched since %(day)s. There may be newer papers.", day=day(checked.date()))
    if lister.due and newest < lister.due:
        return said("The source still shows the list of %(day)s. We keep that page until it changes.", day=day(newest))
    if newest >= today:
        return ""
    if not lister.awaited:
        return said(
            "No papers are featured at weekends. The last list is %(day)s.", day=language.writes.long_date(newest)
        )
    return f"{said('Today’s list has not arrived yet.')} {_checked(language, lister, today, schedule)}"


def _checked(language: Language, lister: _Lister, today: date, schedule: str) -> str:
    """Return when a source was last asked, and when it will be again."""
    said = language.gettext
    if lister.checked.date() == today:
        when = said("Last checked %(time)s UTC", time=f"{lister.checked:%H:%M}")
    else:
        when = said("Last checked on %(day)s", day=language.writes.medium_date(lister.checked.date()))
    again = "; " + said("we look again %(schedule)s", schedule=schedule) if schedule else ""
    return f"{when}{again}."


def _standing(state: State, watched: Watched, counts: Mapping[date, int], today: date) -> Standing:
    health = state.sources.get(watched.source, Health())
    listed = watched.listed
    newest = health.newest
    if listed and health.checked:
        # What was imported since counts, too.
        newest = max(filter(None, (newest, max(counts, default=None))), default=None)
    earlier = [counts[day] for day in sorted(counts) if newest and day < newest][-_USUAL_DAYS:]
    return Standing(
        label=watched.label,
        lists=listed is not None,
        checked=health.checked,
        newest=newest if listed else None,
        due=expected(today, listed) if listed and health.checked else None,
        awaited=bool(listed and health.checked and listed(today)),
        received=counts.get(newest, 0) if listed and newest else 0,
        usual=round(median(earlier)) if listed and earlier else 0,
        failures=_failures(state, watched.source, today),
        incident=state.incident(watched.source),
    )


def _failures(state: State, source: str, today: date) -> int:
    """Return on how many of the last days `source` was in an incident."""
    days = {today - timedelta(days=number) for number in range(_FAILURE_DAYS)}
    spans = [
        (each.since.date(), each.until.date() if each.until else today)
        for each in state.incidents
        if each.source == source
    ]
    return sum(any(first <= day <= last for first, last in spans) for day in days)
