"""Values as files that are whole or not there, and are not believed otherwise."""

from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from generator.memo import digest

Value = TypeVar("Value", bound=Struct)


def read(path: Path, kind: type[Value]) -> Value | None:
    """Return what `write` put into the file at `path`, or None where nothing whole is there."""
    try:
        data = path.read_bytes()
        return msgspec.msgpack.decode(data[16:], type=kind) if digest(data[16:]) == data[:16] else None
    except (OSError, msgspec.MsgspecError):
        return None


def write(value: Struct, path: Path) -> None:
    """Write `value` into the file at `path`: whole, or not at all."""
    data = msgspec.msgpack.encode(value)
    draft = path.with_suffix(".new")
    draft.write_bytes(digest(data) + data)
    draft.rename(path)
