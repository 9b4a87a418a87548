"""One at a time: a second command that would write the same files says who is at work, and stops."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from generator.errors import OutputError

# Who builds a site, writes content, or shows a preview; all lie in the cache of the archive.
BUILD, CONTENT, SERVE = "build.lock", "content.lock", "serve.lock"


@contextmanager
def held(file: Path, command: str) -> Iterator[None]:
    """Hold the lock `file` while `command` ("build") is at work; a process that dies lets go of it.

    Raises `OutputError` where another process holds it.
    """
    lock = FileLock(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout as error:
        hint = "wait until it has ended, or stop it"
        raise OutputError(f"{_holder(file)} is at work here", where=str(file), hint=hint) from error
    except OSError as error:
        raise OutputError(f"cannot be locked: {error.strerror}", where=str(file)) from error
    try:
        file.write_text(f"broadsheet {command} (process {os.getpid()})\n", encoding="utf-8")
        yield
    finally:
        lock.release()


def _holder(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip() or "another broadsheet"
