"""Fetch records from the services: whom to ask, what for, and what came of it."""

from collections.abc import Mapping
from datetime import date, datetime
from time import perf_counter

from msgspec import Struct

from generator.client import Client
from generator.commands.intake import intake_of
from generator.commands.kinds import known_sources
from generator.commands.tour import Listed, Service, Tour
from generator.commands.wanted import Options, plan
from generator.config import Settings, SourceSettings
from generator.errors import ContentError, UsageError, raise_all
from generator.lock import CONTENT, held
from generator.progress import Progress
from generator.sources import Source
from generator.text import plural

NOTHING_NEW = 4
"""The exit code of a fetch that found nothing new where something new was required."""


class Summary(Struct, frozen=True, kw_only=True):
    """What a fetch came to, for machines: numbers of papers, and by source why it is late, or failed."""

    new: int
    updated: int
    unchanged: int
    quarantined: tuple[str, ...]
    days: tuple[date, ...]
    newest: date | None
    late: Mapping[str, str]
    failed: Mapping[str, str]
    dry_run: bool
    seconds: float


def client_of(settings: Settings) -> Client:
    """Return the client that says whose archive asks, and for how long."""
    return Client(contact=settings.fetch.contact, limit=60 * settings.fetch.time_limit)


def run(
    settings: Settings,
    options: Options,
    *,
    now: datetime,
    today: date,
    client: Client,
    progress: Progress,
    as_json: bool = False,
) -> int:
    """Fetch what `options` ask for into the content folder, and say what became of it.

    Returns the exit code: 4 where nothing was new but had to be, 1 where records could not be read but had to be.
    Raises `UsageError` for options that contradict one another, and `SourceError` for services that failed, after all
    others were asked; what was got before is kept.
    """
    started = perf_counter()
    services = _services(settings, options)
    plan(options, today=today, known=tuple)
    with held(settings.cache / CONTENT, "fetch"):
        listed = Listed(settings.root / "content")
        freeze_after_days = settings.content.freeze_after_days
        wanted = plan(options, today=today, known=lambda: listed.days, open_days=freeze_after_days)
        tour = Tour(
            root=settings.root,
            cache=settings.cache,
            freeze_after_days=freeze_after_days,
            most_lost=settings.fetch.max_shrink / 100,
            options=options,
            now=now,
            today=today,
            client=client,
            intake=intake_of(settings, today=today, dry_run=options.dry_run),
            listed=listed,
            progress=progress,
        )
        if options.from_cache:
            tour.replay(services, wanted if options.says_what else None)
        else:
            tour.ask(services, wanted)
            tour.record(services)
    summary = _summary(tour, options, perf_counter() - started)
    if as_json:
        progress.data(summary)
    else:
        progress.result(_said(summary))
    raise_all(tour.errors)
    if options.strict and tour.total.rejected:
        return ContentError.exit_code
    return NOTHING_NEW if options.require_new and not tour.total.created else 0


def _services(settings: Settings, options: Options) -> tuple[Service, ...]:
    """Return the services that are to be asked, in the order of the settings."""
    sources = known_sources()
    if options.source and options.source not in {each.kind for each in settings.sources}:
        hint = f"archive.yml has {', '.join(each.kind for each in settings.sources)}"
        raise UsageError(f"--source {options.source}: not among the sources", hint=hint)
    chosen = [each for each in settings.sources if options.source in (None, each.kind)]
    services = tuple(_service(sources[each.kind], each) for each in chosen)
    if options.source and not (options.ids or services[0].query or services[0].source.lists):
        hint = "give it a query in archive.yml, or ask for papers with --id"
        raise UsageError(f"{options.source} has no lists of its own", hint=hint)
    return services


def _service(source: Source, said: SourceSettings) -> Service:
    if not source.fetch:
        raise UsageError(f"{source.name} is a format of files", hint="bring files in with broadsheet import")
    return Service(
        source=source,
        fetch=source.fetch,
        query=said.query,
        url=said.url or source.url,
        pace=source.pace if said.pace is None else said.pace,
    )


def _summary(tour: Tour, options: Options, seconds: float) -> Summary:
    total = tour.total
    return Summary(
        new=len(total.created),
        updated=len(total.changed),
        unchanged=len(total.papers.keys() - total.created - total.changed),
        quarantined=tuple(path.stem for path in total.quarantined),
        days=tuple(sorted(total.days)),
        newest=max(total.days, default=None),
        late=tour.late,
        failed=tour.failed,
        dry_run=options.dry_run,
        seconds=round(seconds, 1),
    )


def _said(summary: Summary) -> str:
    newest = f", newest day {summary.newest}" if summary.newest else ""
    rehearsal = " (a rehearsal: nothing was written)" if summary.dry_run else ""
    return f"done   {plural(summary.new, 'new paper')}, {summary.updated:,} updated{newest}{rehearsal}"
