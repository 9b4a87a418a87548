"""Files as documents: packed or not, one value or one a line, and never more of one in memory than a value."""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from generator.errors import ContentError
from generator.sources import Document, Hints

_HEAD = 1 << 16
# A line, or a file that is one value, beyond this is no answer of any service.
_MOST_BYTES = 256 * 2**20
_GZIP = b"\x1f\x8b"
BOM = b"\xef\xbb\xbf"
# How a line begins that is a JSON value by itself; the first lines of an indented file do not.
_VALUE = re.compile(rb"[\[{]\s*[\"\[{\]}]")


def opened(file: Path) -> io.BufferedReader:
    """Open a file, packed with gzip or not."""
    with reading(file):
        with file.open("rb") as stream:
            packed = stream.read(2) == _GZIP
        raw = gzip.GzipFile(file) if packed else io.FileIO(file)
        return io.BufferedReader(cast("io.RawIOBase", raw), _HEAD)


def documents(stream: io.BufferedReader, file: Path, hints: Hints) -> Iterator[Document]:
    """Yield what a file holds: each line of JSON lines, or else all of it."""
    with reading(file):
        if not _is_lines(stream.peek()):
            whole = _bounded(stream.read(_MOST_BYTES + 1), str(file))
            yield Document(str(file), whole.removeprefix(BOM), hints)
            return
        for number, line in enumerate(iter(lambda: stream.readline(_MOST_BYTES + 1), b""), 1):
            place = f"{file}:{number}"
            if line.strip():
                yield Document(place, _bounded(line, place).removeprefix(BOM), hints)


def _is_lines(head: bytes) -> bool:
    """Tell whether each line is a value by itself: the first two that are not empty look like it."""
    first = [line for line in head.removeprefix(BOM).splitlines() if line.strip()][:2]
    return bool(first) and all(_VALUE.match(line) for line in first)


def _bounded(data: bytes, place: str) -> bytes:
    if len(data) > _MOST_BYTES:
        raise ContentError(f"longer than {_MOST_BYTES:,} bytes", where=place, hint="split it")
    return data


@contextmanager
def reading(file: Path) -> Iterator[None]:
    """Say of a file that cannot be read, or breaks off, what is wrong with it."""
    try:
        yield
    except (OSError, EOFError, zlib.error) as error:
        raise ContentError(f"cannot be read: {_why(error)}", where=str(file)) from error


def _why(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)
