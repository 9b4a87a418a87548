"""Shared storage as a place for files: anything that fsspec can write to (https://filesystem-spec.readthedocs.io/)."""

from contextlib import AbstractContextManager, suppress
from mimetypes import guess_type
from typing import Any, BinaryIO, Literal

from generator.errors import OutputError, UsageError
from generator.publish.files import Kept

# So many files, or bytes, are sent together: what each waits for, all wait for at once.
_FILES, _BYTES = 256, 1 << 24
# What a browser is told that a file is, where that is said as a file is written.
_TYPE = {"s3": "ContentType", "s3a": "ContentType", "gs": "content_type", "gcs": "content_type"}


class Storage:
    """Files below an address such as `s3://bucket/papers`, each written whole or not at all.

    Raises `UsageError` where fsspec, or what it needs for this kind of address, is not installed.
    """

    def __init__(self, place: str) -> None:
        self.place = place.rstrip("/")
        self._system, self._root = opened(self.place)
        self._names = _TYPE.get(place.partition("://")[0])
        self._waiting: dict[str, bytes] = {}
        self._size = 0
        self._made: set[str] = set()

    def put(self, path: str, data: bytes, own: bytes) -> Kept:
        """Have a file written, now or later."""
        self._waiting[path] = data
        self._size += len(data)
        if len(self._waiting) >= _FILES or self._size >= _BYTES:
            self.flush()
        return Kept(b"", own, len(data), 0, 0)

    def flush(self) -> None:
        """Write what waits."""
        waiting, self._waiting, self._size = self._waiting, {}, 0
        kinds: dict[str, dict[str, bytes]] = {}
        for path, data in waiting.items():
            self._make_folder(path)
            kinds.setdefault(_kind(path) if self._names else "", {})[f"{self._root}/{path}"] = data
        for kind, files in kinds.items():
            self._system.pipe(files, **({self._names: kind} if kind and self._names else {}))

    def forget(self, path: str) -> None:
        """Do nothing: what lies there is written over."""

    def count(self) -> None:
        """Return nothing: to count takes longer than to write."""

    def read(self, path: str) -> bytes | None:
        """Return what is in the file at `path`, None where there is none."""
        try:
            data: bytes = self._system.cat_file(f"{self._root}/{path}")
        except FileNotFoundError:
            return None
        return data

    def remove(self, paths: list[str]) -> None:
        """Remove files; those that are gone are well."""
        for start in range(0, len(paths), _FILES):
            part = [f"{self._root}/{path}" for path in paths[start : start + _FILES]]
            try:
                self._system.rm(part)
            except FileNotFoundError:
                for path in part:
                    with suppress(FileNotFoundError):
                        self._system.rm(path)

    def files(self, folder: str = "") -> set[str]:
        """Return every path there is below `folder`."""
        root = f"{self._root}/"
        return {path.removeprefix(root) for path in self._system.find(root + folder) if path.startswith(root)}

    def open(self, place: str, mode: Literal["rb", "wb"]) -> AbstractContextManager[BinaryIO]:
        """Open a file beside the tree, or in it."""
        path = place.removeprefix(f"{self.place}/")
        if mode == "wb":
            self._make_folder(path)
        try:
            file: AbstractContextManager[BinaryIO] = self._system.open(f"{self._root}/{path}", mode)
        except FileNotFoundError as error:
            hint = "choose storage that all helpers reach"
            raise OutputError("this helper does not see the storage of the site", where=place, hint=hint) from error
        return file

    def _make_folder(self, path: str) -> None:
        folder = path.rpartition("/")[0]
        if folder not in self._made:
            self._made.add(folder)
            self._system.makedirs(f"{self._root}/{folder}".rstrip("/"), exist_ok=True)


def opened(address: str) -> tuple[Any, str]:
    """Return the file system of `address`, and its path there. Raises `UsageError` where it cannot be used."""
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415  It is an extra.
    except ImportError as error:
        hint = "install it: pip install 'broadsheet[storage]'"
        raise UsageError("shared storage needs fsspec, which is not installed", where=address, hint=hint) from error
    try:
        system, root = url_to_fs(address)
    except ImportError as error:
        raise UsageError(f"this kind of storage needs another package: {error}", where=address) from error
    except ValueError as error:
        hint = "write it as s3://bucket/papers, or file:///srv/papers"
        raise UsageError(f"this is no storage: {error}", where=address, hint=hint) from error
    return system, root.rstrip("/")


def _kind(path: str) -> str:
    kind = guess_type(path)[0] or "application/octet-stream"
    return (
        f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith(("json", "xml", "javascript")) else kind
    )
