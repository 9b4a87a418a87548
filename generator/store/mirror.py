"""Content in shared storage, brought to this disk: only what has changed since the last time is read."""

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from generator.errors import ContentError
from generator.memo import digest

_NOWHERE = frozenset({"", ".", ".."})


def bring(system: Any, root: str, folder: Path, address: str) -> None:
    """Make `folder` hold the files below `root` of the file system `system` (of fsspec), which is at `address`.

    A file is not read again while the storage says the same of it (size, time, tag). Raises `ContentError` where there
    is nothing, the storage refuses, or a name could lead out of the folder.
    """
    listing = folder.with_name(f"{folder.name}.listing")
    try:
        listed = _listed(system, root, address)
        known = _known(listing, address)
        if not known:
            shutil.rmtree(folder, ignore_errors=True)
        wanted = [path for path, said in listed.items() if known.get(path) != said or not (folder / path).is_file()]
        listing.unlink(missing_ok=True)  # cut short here, all is read again
        for path in known.keys() - listed.keys():
            (folder / path).unlink(missing_ok=True)
        for path in wanted:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
        if wanted:
            system.get([f"{root}/{path}" for path in wanted], [str(folder / path) for path in wanted])
        listing.write_bytes(msgspec.msgpack.encode((address, listed)))
    except OSError as error:
        raise ContentError(f"cannot be read: {error.strerror or error}", where=address) from error


def _listed(system: Any, root: str, address: str) -> dict[str, bytes]:
    """Return what stands for each file: all that the storage says of it."""
    found = system.find(root, detail=True)
    if not found:
        raise ContentError("there is nothing here", where=address, hint="give the folder that holds papers/")
    listed = {}
    for name, said in sorted(found.items()):
        path = name.removeprefix(f"{root}/")
        if not _NOWHERE.isdisjoint(path.split("/")) or "\\" in path or "\0" in path or path == name:
            raise ContentError("this is not a name inside the content", where=repr(name))
        if not path.rpartition("/")[2].startswith("."):
            listed[path] = digest(repr(sorted((key, str(value)) for key, value in said.items())).encode())
    return listed


def _known(listing: Path, address: str) -> dict[str, bytes]:
    """Return what stood for each file the last time, if that was the same content."""
    with suppress(OSError, msgspec.MsgspecError):
        said, known = msgspec.msgpack.decode(listing.read_bytes(), type=tuple[str, dict[str, bytes]])
        return known if said == address else {}
    return {}
