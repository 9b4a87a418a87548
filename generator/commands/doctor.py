"""What keeps an archive from going on by itself, or soon will, and what to do about it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from re import match
from typing import Literal

from msgspec import Struct

from generator import __version__, dates, status
from generator.client import Client
from generator.commands import answers
from generator.commands.kinds import known_sources
from generator.config import Settings
from generator.errors import BroadsheetError, ContentError
from generator.model import Paper
from generator.progress import Progress
from generator.sources import Source
from generator.status import State
from generator.store import disk, quarantine
from generator.text import plural

Grade = Literal["ok", "warning", "error"]

_LITTLE_SPACE, _NO_SPACE = 2_000_000_000, 200_000_000
# GitHub switches the schedule of a public repository off after sixty days without a commit
# (https://docs.github.com/en/actions/how-tos/manage-workflow-runs/disable-and-enable-workflows).
_SWITCHED_OFF, _SOON_OFF = timedelta(days=60), timedelta(days=45)
_PATIENCE = 20
_NOBODY = "https://example.org/"


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that was looked at: how it is, and what to do where it is not well."""

    about: str
    grade: Grade = "ok"
    said: str
    hint: str = ""


def run(
    settings: Settings,
    *,
    now: datetime,
    today: date,
    client: Client,
    progress: Progress,
    offline: bool = False,
    as_json: bool = False,
) -> int:
    """Look at everything a scheduled run needs, and say how it is; `offline` asks no service.

    Returns the exit code: 1 where something keeps the archive from going on.
    """
    found: list[Finding] = []
    for finding in _findings(settings, now, today, client, offline=offline):
        found.append(finding)
        if not as_json:
            progress.result(f"{finding.grade:<9}{finding.about:<12}{finding.said}")
            if finding.hint:
                progress.result(f"{'':<21}→ {finding.hint}")
    if as_json:
        progress.data(found)
    return int(any(finding.grade == "error" for finding in found))


def client_of(settings: Settings) -> Client:
    """Return a client that does not wait long."""
    return Client(contact=settings.fetch.contact, tries=1, patience=_PATIENCE)


def _findings(settings: Settings, now: datetime, today: date, client: Client, *, offline: bool) -> Iterator[Finding]:
    content = settings.root / "content"
    yield _versions()
    yield from _settings(settings)
    yield _space(settings.root)
    papers = tuple(disk.readable(content))
    yield _pages(content, papers)
    yield _quarantine(settings.cache / "quarantine")
    try:
        state = disk.read_status(content)
    except ContentError as error:
        yield Finding(about="status", grade="error", said=str(error), hint="delete the file; the next fetch writes it")
        state = State()
    yield _clock(settings, state, now)
    sources = known_sources()
    for said in settings.sources:
        source = sources[said.kind]
        yield _health(source, state, papers, now, today)
        if source.lists:
            folder = settings.cache / "answers" / source.name
            yield _gaps(source, folder, papers, settings.content.freeze_after_days)
    yield _activity(settings.root, now)
    if offline:
        return
    for said in settings.sources:
        yield _reached(sources[said.kind], said.url or sources[said.kind].url, client)


def _versions() -> Finding:
    python = ".".join(map(str, sys.version_info[:3]))
    missing = []
    libraries = [name for name in requires("broadsheet") or () if "extra ==" not in name]
    for requirement in libraries:
        name = match(r"[\w.-]+", requirement)
        try:
            version(name[0] if name else requirement)
        except PackageNotFoundError:
            missing.append(requirement)
    said = f"Broadsheet {__version__}, Python {python}, {plural(len(libraries), 'library', 'libraries')}"
    if missing:
        hint = "install Broadsheet again"
        return Finding(about="versions", grade="error", said=f"{said}; not there: {', '.join(missing)}", hint=hint)
    return Finding(about="versions", said=said)


def _settings(settings: Settings) -> Iterator[Finding]:
    kinds = ", ".join(source.kind for source in settings.sources) or "none"
    yield Finding(about="settings", said=f"{settings.site.base_url}, sources: {kinds}")
    if settings.site.base_url.startswith(_NOBODY):
        hint = "set site.base_url in archive.yml, or BROADSHEET_BASE_URL"
        said = "site.base_url is still the example’s: feeds and the sitemap lead nowhere"
        yield Finding(about="settings", grade="warning", said=said, hint=hint)
    if settings.sources and not settings.fetch.contact:
        hint = "set fetch.contact in archive.yml to an address or a page of yours"
        yield Finding(about="settings", grade="warning", said="the services cannot tell who asks", hint=hint)


def _clock(settings: Settings, state: State, now: datetime) -> Finding:
    zone = f"{settings.site.timezone}, {dates.moment(now)}"
    latest = max((health.checked for health in state.sources.values() if health.checked), default=now)
    if latest > now + timedelta(hours=1):
        said = f"{zone}: before the last fetch, {dates.moment(latest)}"
        return Finding(about="time", grade="error", said=said, hint="set the clock of this machine")
    return Finding(about="time", said=zone)


def _space(root: Path) -> Finding:
    free = shutil.disk_usage(root).free
    grade: Grade = "ok" if free > _LITTLE_SPACE else "warning" if free > _NO_SPACE else "error"
    hint = "" if grade == "ok" else "make room: a build needs as much as the site once more"
    return Finding(about="space", grade=grade, said=f"{free / 1e9:,.1f} GB free", hint=hint)


def _pages(content: Path, papers: tuple[Paper, ...]) -> Finding:
    files = sum(not path.name.startswith(".") for path in (content / "papers").rglob("*.md"))
    said = plural(len(papers), "paper")
    if files > len(papers):
        hint = "broadsheet check data names them"
        return Finding(about="content", grade="error", said=f"{said}, {files - len(papers)} unreadable", hint=hint)
    return Finding(about="content", said=said)


def _quarantine(folder: Path) -> Finding:
    kept = quarantine.kept(folder)
    if not kept:
        return Finding(about="quarantine", said="empty")
    first = kept[0]
    said = f"{plural(len(kept), 'record')} that could not be read, {first.what} for one: {first.reason}"
    return Finding(about="quarantine", grade="warning", said=said, hint=f"see {folder}; they leave when they come well")


def _health(source: Source, state: State, papers: tuple[Paper, ...], now: datetime, today: date) -> Finding:
    """Return when a source was last heard of, and what is wrong with it."""
    health = state.sources.get(source.name)
    incident = state.incident(source.name)
    if health is None or not health.checked:
        hint = "broadsheet fetch"
        if incident:
            return Finding(about=source.name, grade="error", said=f"never answered: {incident.message}", hint=hint)
        return Finding(about=source.name, grade="warning", said="was never asked", hint=hint)
    since = f"last good answer {_ago(now - health.checked)}"
    newest = max((each.day for paper in papers for each in paper.featured), default=None) if source.lists else None
    due = status.expected(today, source.listed) if source.lists else None
    said = f"{since}, newest list {newest}" if newest else since
    if incident and incident.kind == "failed":
        hint = "broadsheet fetch says why; or wait for the service"
        message = f"{said}; since {dates.moment(incident.since)} it {incident.message}"
        return Finding(about=source.name, grade="error", said=message, hint=hint)
    if newest and due and newest < due:
        hint = "broadsheet fetch; if it says the source is late, wait"
        return Finding(about=source.name, grade="warning", said=f"{said}; {due} should be there", hint=hint)
    return Finding(about=source.name, said=said)


def _gaps(source: Source, folder: Path, papers: tuple[Paper, ...], open_days: int) -> Finding:
    """Return how many days should have a list, have none, and were never asked for since they froze."""
    days = {each.day for paper in papers for each in paper.featured}
    if not days:
        return Finding(about="gaps", said="no list yet")
    span = (min(days) + timedelta(days=number) for number in range((max(days) - min(days)).days))
    gaps = [
        day
        for day in span
        if day not in days and source.listed(day) and not answers.is_known(folder, day, open_days=open_days)
    ]
    if not gaps:
        return Finding(about="gaps", said=f"none between {min(days)} and {max(days)}")
    said = f"{plural(len(gaps), 'day')} without a list, {gaps[-1]} the last of them"
    return Finding(about="gaps", grade="warning", said=said, hint="broadsheet fetch --missing")


def _activity(root: Path, now: datetime) -> Finding:
    """Return when something was last committed: a schedule is switched off where nothing is."""
    git = shutil.which("git")
    if not git:
        return Finding(about="activity", said="there is no git here")
    command = [git, "-C", str(root), "log", "-1", "--format=%cI"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - nothing from outside
    if asked.returncode or not asked.stdout.strip():
        return Finding(about="activity", said="not in a git repository, or nothing committed")
    age = now - datetime.fromisoformat(asked.stdout.strip()).astimezone(UTC)
    said = f"last commit {_ago(age)}"
    if age >= _SOON_OFF:
        off = "has switched" if age >= _SWITCHED_OFF else "will switch"
        grade: Grade = "error" if age >= _SWITCHED_OFF else "warning"
        hint = "commit and push anything, and enable the workflow again under Actions if it is off"
        said = f"{said}: GitHub {off} schedules off after {_SWITCHED_OFF.days} days without one"
        return Finding(about="activity", grade=grade, said=said, hint=hint)
    return Finding(about="activity", said=said)


def _reached(source: Source, url: str, client: Client) -> Finding:
    try:
        answer = client.get(url, pace=source.pace)
    except BroadsheetError as error:
        return Finding(about=source.name, grade="error", said=f"{url}: {error.message}", hint=error.hint)
    return Finding(about=source.name, said=f"{url} can be reached ({answer.status})")


def _ago(age: timedelta) -> str:
    """Return "just now", "5 hours ago", "3 days ago"."""
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return "just now"
    return f"{plural(hours, 'hour')} ago" if hours < 48 else f"{plural(hours // 24, 'day')} ago"
