r"""What came from a source and could not be read, kept with the reason until the source sends it well.

`<folder>/<source>/<id>.json` is an object with `what` (the id, or the place of something without one), `source`,
`reason` and `record`: what came, as JSON where it is JSON, else as text in which bytes that are no UTF-8 stand as
`\xff`.
"""

from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import MsgspecError, Raw, Struct
from msgspec.structs import replace

from generator.errors import ContentError
from generator.store import codec, files
from generator.text import clean

# More of one record would help nobody to see what is wrong with it.
_MOST_BYTES = 1 << 20


class Quarantined(Struct, frozen=True, kw_only=True):
    """One record in quarantine."""

    what: str
    source: str
    reason: str
    record: Raw


def keep(folder: Path, rejected: Quarantined) -> Path:
    """Keep something that could not be read, and return its file. Raises `ContentError` where it cannot be written."""
    path = _path(folder, rejected.source, rejected.what)
    said = replace(rejected, what=clean(rejected.what), reason=clean(rejected.reason))
    files.write(path, msgspec.json.format(msgspec.json.encode(said), indent=1) + b"\n")
    return path


def release(folder: Path, source: str, what: str) -> bool:
    """Let go of what `source` has now sent well; tell whether it was in quarantine."""
    path = _path(folder, source, what)
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ContentError(f"cannot be removed: {error.strerror}", where=str(path)) from error
    return True


def kept(folder: Path) -> tuple[Quarantined, ...]:
    """Return everything in quarantine, by source and id; files that somebody else put there are left out."""
    found = []
    for path in sorted(folder.glob("*/*.json")):
        try:
            found.append(msgspec.json.decode(path.read_bytes(), type=Quarantined))
        except (MsgspecError, RecursionError, OSError):
            continue
    return tuple(found)


def shown(data: bytes) -> Raw:
    """Return `data` as a JSON value, or as text where it is none."""
    try:
        # Decoded whole: a raw value would hide what is wrong inside of it.
        msgspec.json.decode(data.decode())
        whole = len(data) <= _MOST_BYTES
    except (MsgspecError, RecursionError, UnicodeDecodeError):
        whole = False
    return Raw(data if whole else msgspec.json.encode(data[:_MOST_BYTES].decode(errors="backslashreplace")))


def _path(folder: Path, source: str, what: str) -> Path:
    """Return the file of `what`: named after its paper, or by a digest where it is no paper's id."""
    key = what.replace("/", "-")
    name = key if codec.is_key(key) else f"x-{sha256(what.encode(errors='replace')).hexdigest()[:16]}"
    return folder / source / f"{name}.json"
