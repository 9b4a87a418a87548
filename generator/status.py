"""How the sources are doing: what the last fetches came to, and what that means to a reader. Pure.

The state is a small file in the content folder, so that a build anywhere can show it. It is written when something
changed: a day arrived, an incident began or ended; or when it is a week old, which also shows a host that somebody is
still at work here. An incident that is over on the day it began was none.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

Kind = Literal["late", "failed"]

_HEARTBEAT = timedelta(days=7)
_MOST_INCIDENTS = 100


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
    stale = any(
        health.checked is None or now - health.checked >= _HEARTBEAT or each not in state.sources
        for each, health in ((each, state.sources.get(each, Health())) for each in following.sources)
    )
    news = following.incidents != state.incidents or _newest(following) != _newest(state)
    return following if changed or stale or news else state


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
