"""The content folder: the files an editor owns as values, and papers as files. Every mistake is reported at once."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TypeVar

from generator.errors import BroadsheetError, ContentError, raise_all
from generator.model import Aliases, Note, Notes, Override, Paper
from generator.store import codec

Value = TypeVar("Value")


def path_of(content: Path, key: str) -> Path:
    """Return the file of the paper with the key `key`: papers/2512/2512.07783.md, papers/hep-ex/hep-ex-0406020.md.

    Raises `ContentError` for a key that could not be a file's name, or could leave its folder.
    """
    codec.checked_key(key, str(content / "papers"))
    return content / "papers" / _folder(key) / f"{key}.md"


def read_paper(content: Path, key: str) -> Paper | None:
    """Return one paper, or None where there is no such file. Raises `ContentError` for one that cannot be used."""
    path = path_of(content, key)
    return _paper(str(path)) if path.is_file() else None


def read_papers(content: Path) -> tuple[Paper, ...]:
    """Return every paper of the folder `content`, by key. Raises `ContentError` for all bad pages together."""
    return tuple(_all(_paper, _files(content / "papers", ".md")))


def write_paper(content: Path, paper: Paper) -> bool:
    """Write `paper` where it belongs, and return whether that changed anything; an equal file is left alone.

    A reader sees the old file or the new one, never a part. Raises `ContentError` where it cannot be written.
    """
    path = path_of(content, paper.key)
    data = codec.encode(paper)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise ContentError(f"cannot be written: {error.strerror}", where=str(path)) from error
    return True


def read_overrides(content: Path) -> Mapping[str, Override]:
    """Return the corrections in overrides/ by the key of their paper. Raises `ContentError` for all bad ones together."""

    def read(path: str) -> tuple[str, Override]:
        return codec.checked_key(_stem(path), path), codec.decode_override(_bytes(path), path)

    return dict(_all(read, _files(content / "overrides", ".yml")))


def read_aliases(content: Path) -> Aliases:
    """Return the names that aliases.yml says are the same. Raises `ContentError` where it cannot be used."""
    path = content / "aliases.yml"
    return codec.decode_aliases(_bytes(str(path)), str(path)) if path.is_file() else Aliases()


def read_redirects(content: Path) -> Mapping[str, str]:
    """Return the moved addresses in redirects.yml, old → new. Raises `ContentError` where it cannot be used."""
    path = content / "redirects.yml"
    return codec.decode_redirects(_bytes(str(path)), str(path)) if path.is_file() else {}


def read_notes(content: Path) -> Notes:
    """Return the pages in pages/ and the words about days in days/. Raises `ContentError` for all bad ones together."""
    files = [*_files(content / "pages", ".md"), *_files(content / "days", ".md")]
    days = str(content / "days")
    notes = list(_all(lambda path: (_day(path) if path.startswith(days) else None, _note(path)), files))
    return Notes(
        pages=tuple(note for day, note in notes if day is None),
        days={day: note for day, note in notes if day is not None},
    )


def _note(path: str) -> Note:
    note = codec.decode_note(_bytes(path), _stem(path), path)
    if not note.title and os.path.basename(os.path.dirname(path)) == "pages":
        raise ContentError("no title", where=path, hint="add a line title: … to the header")
    return note


def _day(path: str) -> date:
    """Return the day a note is about: its name."""
    try:
        return date.fromisoformat(_stem(path))
    except ValueError as error:
        raise ContentError("not the name of a day", where=path, hint="name it 2026-02-03.md") from error


def _paper(path: str) -> Paper:
    """Return the paper in the file at `path`, which must be where `path_of` says."""
    paper = codec.decode(_bytes(path), path)
    place = f"{_folder(paper.key)}/{paper.key}.md"
    if not path.endswith(f"{os.sep}{place}"):
        raise ContentError(
            f"the paper {paper.id} does not belong in this file", where=path, hint=f"move it to papers/{place}"
        )
    return paper


def _folder(key: str) -> str:
    """Return the first part of a key: up to a dot, or up to the dash before an old identifier's number."""
    head, dot, _ = key.partition(".")
    return head if dot and head.isdigit() else key.rpartition("-")[0] or head


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise ContentError(f"cannot be read: {error.strerror}", where=path) from error


def _files(folder: Path, ending: str) -> list[str]:
    """Return the files below `folder` whose names have `ending`, in order; hidden ones are nobody's content."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [os.path.join(place, name) for name in names if name.endswith(ending) and not name.startswith(".")]
    return sorted(found)


def _all(read: Callable[[str], Value], paths: Iterable[str]) -> Iterator[Value]:
    """Yield what `read` makes of every path; raise all its errors together at the end."""
    errors: list[BroadsheetError] = []
    for path in paths:
        try:
            yield read(path)
        except ContentError as error:
            errors.append(error)
    raise_all(errors)
