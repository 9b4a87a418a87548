"""One file at a time, whole or not at all."""

from contextlib import suppress
from pathlib import Path

from generator.errors import OutputError


def write(path: Path, data: bytes) -> bool:
    """Write `data` to `path`, and return whether that changed anything; an equal file is left alone.

    A reader sees the old file or the new one, never a part. Raises `OutputError` where it cannot be written.
    """
    # Always the same name: what a killed process left behind is overwritten by the next one. Writers hold a lock.
    draft = path.with_name(f".{path.name}.draft")
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise OutputError(f"cannot be written: {error.strerror}", where=str(path)) from error
    return True
