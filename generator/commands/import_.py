"""Import files: answers that were recorded, records that somebody made. The format is found out, not asked for."""

import gzip
import io
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import cast

from generator.commands.intake import Intake, Tally, intake_of, known_sources
from generator.config import Settings
from generator.errors import BroadsheetError, ContentError, raise_all
from generator.lock import held
from generator.model import Record
from generator.progress import Progress
from generator.sources import Document, Source
from generator.text import plural

_HEAD = 1 << 16
# A line, or a file that is one value, beyond this is no answer of any service.
_MOST_BYTES = 256 * 2**20
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
# How a line begins that is a JSON value by itself; the first lines of an indented file do not.
_VALUE = re.compile(rb"[\[{]\s*[\"\[{\]}]")


def run(
    settings: Settings,
    files: Sequence[Path],
    *,
    today: date,
    progress: Progress,
    dry_run: bool = False,
    strict: bool = False,
) -> int:
    """Bring the records in `files` into the content folder, file by file, and say what became of them.

    Returns the exit code: 1 where a file held nothing but rejections, or, if `strict`, any. Raises `ContentError` for
    files that cannot be read, after all others have been.
    """
    intake, sources = intake_of(settings, today=today, dry_run=dry_run), known_sources()
    total = Tally()
    errors: list[BroadsheetError] = []
    useless = False
    with held(settings.cache / "content.lock", "import"):
        for file in files:
            tally = Tally()
            try:
                _import(file, intake, sources, tally, progress)
            except ContentError as error:
                errors.append(error)
            useless = useless or bool(tally.rejected and not tally.taken)
            total.add(tally)
    progress.result(_sum(total, dry_run=dry_run))
    raise_all(errors)
    return int(useless or (strict and bool(total.rejected)))


def _import(file: Path, intake: Intake, sources: Mapping[str, Source], tally: Tally, progress: Progress) -> None:
    """Bring in one file, and say what became of it even if it breaks off in the middle.

    Raises `ContentError` for a file that cannot be read, or is in no known format.
    """
    started = perf_counter()
    undated = 0
    with _opened(file) as stream:
        source = _recognised(stream, sources, file)
        try:
            for found in source.parse(_documents(stream, file)):
                intake.take(found, tally, source=source.name)
                # A service with lists of days names the day of each paper, but not in every form of its answers.
                undated += source.lists and isinstance(found, Record) and found.featured is None
        finally:
            for rejected in tally.rejected:
                progress.warn(rejected.reason, rejected.what)
            if undated:
                progress.warn(f"{plural(undated, 'record')} without the day of a list: kept, but on no day", str(file))
            progress.line("import", source.label, file.name, tally.said(), f"{perf_counter() - started:.1f} s")


def _sum(total: Tally, *, dry_run: bool) -> str:
    return (
        f"{plural(total.received, 'record')} of {plural(len(total.papers), 'paper')} on "
        f"{plural(len(total.days), 'day')}: {total.said()}{' (a rehearsal: nothing was written)' if dry_run else ''}"
    )


def _recognised(stream: io.BufferedReader, sources: Mapping[str, Source], file: Path) -> Source:
    """Return the source that can read `stream`. Raises `ContentError` where none can."""
    with _reading(file):
        head = stream.peek().removeprefix(_BOM)
    for source in sources.values():
        if source.recognises(head):
            return source
    known = "; ".join(source.about for source in sources.values())
    raise ContentError("not in a format that is known here", where=str(file), hint=f"what can be read: {known}")


def _opened(file: Path) -> io.BufferedReader:
    """Open a file, packed with gzip or not."""
    with _reading(file):
        with file.open("rb") as stream:
            packed = stream.read(2) == _GZIP
        raw = gzip.GzipFile(file) if packed else io.FileIO(file)
        return io.BufferedReader(cast("io.RawIOBase", raw), _HEAD)


def _documents(stream: io.BufferedReader, file: Path) -> Iterator[Document]:
    """Yield what a file holds: each line of JSON lines, or else all of it."""
    with _reading(file):
        if not _is_lines(stream.peek()):
            yield Document(str(file), _bounded(stream.read(_MOST_BYTES + 1), str(file)).removeprefix(_BOM))
            return
        for number, line in enumerate(iter(lambda: stream.readline(_MOST_BYTES + 1), b""), 1):
            place = f"{file}:{number}"
            if line.strip():
                yield Document(place, _bounded(line, place).removeprefix(_BOM))


def _is_lines(head: bytes) -> bool:
    """Tell whether each line is a value by itself: the first two that are not empty look like it."""
    first = [line for line in head.removeprefix(_BOM).splitlines() if line.strip()][:2]
    return bool(first) and all(_VALUE.match(line) for line in first)


def _bounded(data: bytes, place: str) -> bytes:
    if len(data) > _MOST_BYTES:
        raise ContentError(f"longer than {_MOST_BYTES:,} bytes", where=place, hint="split it")
    return data


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    """Say of a file that cannot be read, or breaks off, what is wrong with it."""
    try:
        yield
    except (OSError, EOFError, zlib.error) as error:
        raise ContentError(f"cannot be read: {_why(error)}", where=str(file)) from error


def _why(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)
