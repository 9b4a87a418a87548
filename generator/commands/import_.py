"""Import files: answers that were recorded, records that somebody made. The format is found out, not asked for."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import BufferedReader
from pathlib import Path
from time import perf_counter

from msgspec import Struct

from generator.commands import mapping, review
from generator.commands.count import Count
from generator.commands.documents import BOM, documents, opened, reading
from generator.commands.intake import Decide, Doubt, Intake, intake_of
from generator.commands.kinds import known_sources
from generator.config import Settings
from generator.errors import BroadsheetError, ContentError, UsageError, raise_all
from generator.lock import CONTENT, held
from generator.merge import changed
from generator.model import Paper, Record
from generator.progress import Progress
from generator.sources import Hints, Rejected, Source, table
from generator.text import excerpt, plural


class Options(Struct, frozen=True, kw_only=True):
    """How to read files, and what to do with what is in them.

    `format` names the source that reads them, or "auto". `map` is a file that says which column of a table holds what,
    `date_year` the year of dates that have none. `match` says whether a record without a known id may be told by its
    title ("title") or not ("id"); `on_conflict` whether what is known is updated as trust has it, kept, or asked for.
    """

    format: str = "auto"
    map: Path | None = None
    match: str = "title"
    on_conflict: str = "update"
    date_year: int | None = None
    dry_run: bool = False
    strict: bool = False


DEFAULTS = Options()


def run(
    settings: Settings,
    files: Sequence[Path],
    options: Options = DEFAULTS,
    *,
    today: date,
    progress: Progress,
    ask: Callable[[str], bool] | None = None,
) -> int:
    """Bring the records in `files` into the content folder, file by file, and say what became of them.

    `ask` puts a question to the owner, where there is one. Returns the exit code: 1 where a file held nothing but
    rejections, or, if `strict`, any. Raises `UsageError` for options that cannot be used, `ContentError` for files that
    cannot be read, after all others have been.
    """
    sources, hints = _sources(options), _hints(options)
    decide = _decision(options, ask)
    intake = intake_of(
        settings,
        today=today,
        dry_run=options.dry_run,
        by_title=options.match == "title",
        careful=True,
        decide=decide,
    )
    reviewed = settings.root / review.FILE
    cases = list(review.read(reviewed))
    total = Count(progress)
    errors: list[BroadsheetError] = []
    useless = False
    with held(settings.cache / CONTENT, "import"):
        for file in files:
            tally = Count(progress)
            try:
                if file.resolve() == reviewed.resolve():
                    cases = list(_review(cases, intake, tally, progress))
                else:
                    _import(file, intake, sources, hints=hints, tally=tally, progress=progress)
                    cases = review.merged(cases, tally.doubts, str(file), intake.known.read)
            except ContentError as error:
                errors.append(error)
            tally.close(file)
            useless = useless or bool(tally.refused and not tally.taken)
            total.add(tally)
        if not options.dry_run:
            review.write(reviewed, cases)
    if total.doubts:
        progress.warn(
            f"{plural(len(total.doubts), 'record')} may be about papers that are here already: say in "
            f"{reviewed.name} which, then run: broadsheet import {reviewed.name}",
            str(reviewed),
        )
    progress.result(_sum(total, dry_run=options.dry_run))
    raise_all(errors)
    return int(useless or (options.strict and bool(total.refused)))


def _sources(options: Options) -> Mapping[str, Source]:
    """Return the sources that may read the files, general ones last: they take what the others leave."""
    known = known_sources()
    if options.format != "auto":
        if options.format not in known:
            raise UsageError(f"--format {options.format}: unknown", hint=f"known are {', '.join(known)}")
        return {options.format: known[options.format]}
    if options.map:
        return {table.NAME: known[table.NAME]}
    return dict(sorted(known.items(), key=lambda item: item[1].general))


def _hints(options: Options) -> Hints:
    """Return what the owner says about the files. Raises `UsageError` for a mapping that cannot be used."""
    columns = mapping.read(options.map) if options.map else {}
    for name in columns:
        if name not in table.COLUMNS and not name.startswith(table.IDENTIFIER):
            hint = f"known are {', '.join(table.COLUMNS)} and {table.IDENTIFIER}…"
            raise UsageError(f"{options.map}: {name}: unknown", hint=hint)
    return Hints(columns=columns, year=options.date_year)


def _decision(options: Options, ask: Callable[[str], bool] | None) -> Decide | None:
    """Return which fields of a known paper stay as they are."""
    if options.on_conflict == "keep":
        return changed
    if options.on_conflict != "ask":
        return None
    if not ask:
        raise UsageError("--on-conflict ask: there is nobody to ask", hint="run it in a terminal, or say keep")

    def asked(before: Paper, after: Paper) -> Collection[str]:
        return [name for name in changed(before, after) if not ask(_question(name, before, after))]

    return asked


def _question(name: str, before: Paper, after: Paper) -> str:
    old, new = _shown(getattr(before, name)), _shown(getattr(after, name))
    return f"{before.id}: {name}\n  is  {old}\n  new {new}\nTake the new one?"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return excerpt("; ".join(_shown(each) for each in value), limit=200)
    return excerpt(str(getattr(value, "name", value)), limit=200)


def _import(
    file: Path, intake: Intake, sources: Mapping[str, Source], *, hints: Hints, tally: Count, progress: Progress
) -> None:
    """Bring in one file, and say what became of it even if it breaks off in the middle.

    Raises `ContentError` for a file that cannot be read, or is in no known format.
    """
    started = perf_counter()
    undated = 0
    with opened(file) as stream:
        source = _recognised(stream, sources, file)
        try:
            for found in source.parse(documents(stream, file, hints)):
                intake.take(found, tally, source=source.name)
                # A service with lists of days names the day of each paper, but not in every form of its answers.
                undated += source.lists and isinstance(found, Record) and found.featured is None
        finally:
            if undated:
                progress.warn(f"{plural(undated, 'record')} without the day of a list: kept, but on no day", str(file))
            progress.line("import", source.label, file.name, tally.said(), f"{perf_counter() - started:.1f} s")


def _review(cases: Iterable[review.Case], intake: Intake, tally: Count, progress: Progress) -> Iterator[review.Case]:
    """Take in what a person has decided about, and yield what is still open."""
    for case in cases:
        if not case.paper:
            tally.doubts.append(Doubt(record=case.record, candidates=tuple(case.candidates)))
            yield case
            continue
        try:
            intake.settle(case.record, "" if case.paper == review.NEW else case.paper, tally, source=case.record.source)
        except ContentError as error:
            tally.reject(Rejected(case.place, str(error)))
            yield case
    progress.line("import", "review", tally.said())


def _sum(total: Count, *, dry_run: bool) -> str:
    return (
        f"{plural(total.received, 'record')} of {plural(total.distinct, 'paper')} on "
        f"{plural(len(total.days), 'day')}: {total.said()}{' (a rehearsal: nothing was written)' if dry_run else ''}"
    )


def _recognised(stream: BufferedReader, sources: Mapping[str, Source], file: Path) -> Source:
    """Return the source that can read `stream`. Raises `ContentError` where none can."""
    with reading(file):
        head = stream.peek().removeprefix(BOM)
    if len(sources) == 1:
        return next(iter(sources.values()))
    for source in sources.values():
        if source.recognises(head):
            return source
    known = "; ".join(source.about for source in sources.values())
    raise ContentError("not in a format that is known here", where=str(file), hint=f"what can be read: {known}")
