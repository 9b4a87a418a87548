"""Room on disk for bytes that wait while a program runs."""

import os
import weakref
from tempfile import TemporaryFile


class Scratch:
    """A file without a name; it goes when this does."""

    def __init__(self) -> None:
        file = TemporaryFile(buffering=0)  # noqa: SIM115  It is closed below.
        self._file = file.fileno()
        self._end = 0
        weakref.finalize(self, file.close)

    def put(self, data: bytes) -> int | None:
        """Return the place where `data` is now, or None where the disk has no room for it."""
        try:
            written = os.pwrite(self._file, data, self._end)
        except OSError:
            return None
        if written < len(data):
            return None
        self._end += written
        return self._end - written

    def get(self, place: int, length: int) -> bytes:
        """Return the `length` bytes at `place`."""
        return os.pread(self._file, length, place)
