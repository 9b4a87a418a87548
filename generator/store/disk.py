"""The content folder: the files an editor owns as values, and papers as files. Every mistake is reported at once."""

import re
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from generator import text
from generator.errors import BroadsheetError, ContentError, OutputError, raise_all
from generator.memo import Memo
from generator.model import ARXIV_ID, Aliases, Note, Notes, Override, Paper, Redirect
from generator.status import State
from generator.store import codec, files
from generator.store.scan import Folder
from generator.store.shelf import Shelf

PUBLISHED = "published.txt"
# The folders of words about names, and the kind of name each is about.
_NAMES = {"authors": "author", "organisations": "organisation", "topics": "topic"}

Value = TypeVar("Value")
Place = TypeVar("Place")
_decode = msgspec.msgpack.Decoder(Paper).decode

# The key of an id of arXiv's: a dash stands for the slash of old ones.
_ARXIV_KEY = re.compile(ARXIV_ID.pattern.replace("/", "-"))


def path_of(content: Path, key: str) -> Path:
    """Return the file of the paper with the key `key`: papers/2512/2512.07783.md, papers/hep-ex/hep-ex-0406020.md.

    Raises `ContentError` for a key that could not be a file's name, or could leave its folder.
    """
    codec.checked_key(key, str(content / "papers"))
    return content / "papers" / _folder(key) / f"{key}.md"


def read_paper(content: Path, key: str) -> Paper | None:
    """Return one paper, or None where there is no such file. Raises `ContentError` for one that cannot be used."""
    path = path_of(content, key)
    return _paper(path) if path.is_file() else None


def read_papers(
    content: Path, folder: Folder | None = None, memo: Memo | None = None, shelf: Shelf | None = None
) -> tuple[Paper, ...]:
    """Return every paper of the folder `content`, by key. Raises `ContentError` for all bad pages together.

    `folder` is `content` as it was scanned; `memo` keeps the papers of files by the digest of their bytes. Abstracts
    stay on the `shelf`, if there is one.
    """
    found, kept = folder or Folder(content), memo or Memo()
    return in_little_room(_all(lambda path: _remembered(found, path, kept), found.below("papers", ".md")), shelf)


def in_little_room(papers: Iterable[Paper], shelf: Shelf | None = None) -> tuple[Paper, ...]:
    """Return `papers` so that equal values of several are one, and abstracts stay on the `shelf`, if there is one."""
    return tuple(map(shelf.put, _sharing(papers)) if shelf else _sharing(papers))


def _sharing(papers: Iterable[Paper]) -> Iterator[Paper]:
    """Yield `papers` so that what several of them say is one value in memory."""
    known: dict[Any, Any] = {}
    sources: dict[tuple[tuple[str, tuple[str, ...]], ...], Mapping[str, tuple[str, ...]]] = {}

    def one(value: Value) -> Value:
        return typing.cast("Value", known.setdefault(value, value))

    for paper in papers:
        yield replace(
            paper,
            authors=tuple(map(one, paper.authors)),
            organisation=one(paper.organisation),
            published=one(paper.published),
            updated=one(paper.updated),
            versions=tuple(map(one, paper.versions)),
            featured=tuple(replace(seen, day=one(seen.day), by=one(seen.by)) for seen in paper.featured),
            subjects=one(paper.subjects),
            topics=tuple(map(one, paper.topics)),
            sources=sources.setdefault(tuple(paper.sources.items()), paper.sources),
        )


def readable(content: Path, *, outside_arxiv: bool = False) -> Iterator[Paper]:
    """Yield every paper of `content` whose page can be used, or only those without an id of arXiv's."""
    for path in _files(content / "papers", ".md"):
        if outside_arxiv and _ARXIV_KEY.fullmatch(path.stem):
            continue
        with suppress(ContentError):
            yield _paper(path)


def move_paper(content: Path, old: str, new: str) -> None:
    """Remove the page with the key `old`, which now stands under `new`; its override goes along.

    Raises `OutputError` where a file cannot be moved.
    """
    override = content / "overrides" / f"{old}.yml"
    target = override.with_name(f"{new}.yml")
    try:
        if override.exists() and not target.exists():
            override.rename(target)
        path_of(content, old).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"cannot be moved: {error.strerror}", where=str(path_of(content, old))) from error


def write_paper(content: Path, paper: Paper) -> bool:
    """Write `paper` where it belongs, and return whether that changed anything; an equal file is left alone.

    A reader sees the old file or the new one, never a part. Raises `OutputError` where it cannot be written.
    """
    return files.write(path_of(content, paper.key), codec.encode(paper))


def read_overrides(content: Path) -> Mapping[str, Override]:
    """Return the corrections in overrides/ by the key of their paper. Raises `ContentError` for all that are bad."""
    return dict(_all(_override, _files(content / "overrides", ".yml")))


def read_aliases(content: Path) -> Aliases:
    """Return the names that aliases.yml says are the same. Raises `ContentError` where it cannot be used."""
    path = content / "aliases.yml"
    return codec.decode_aliases(_bytes(path), str(path)) if path.exists() else Aliases()


def read_redirects(content: Path) -> Mapping[str, Redirect]:
    """Return the moved addresses in redirects.yml. Raises `ContentError` where it cannot be used."""
    path = content / "redirects.yml"
    return codec.decode_redirects(_bytes(path), str(path)) if path.exists() else {}


def read_published(content: Path) -> frozenset[str]:
    """Return every address in published.txt. Raises `ContentError` where it cannot be used."""
    path = content / PUBLISHED
    return codec.decode_published(_bytes(path), str(path)) if path.exists() else frozenset()


def write_published(content: Path, addresses: Iterable[str]) -> bool:
    """Write published.txt, and return whether that changed anything. Raises `OutputError` where it cannot be."""
    return files.write(content / PUBLISHED, codec.encode_published(addresses))


def read_status(content: Path) -> State:
    """Return how the sources are doing, as the last fetch saw it. Raises `ContentError` where that cannot be used."""
    path = content / "status.yml"
    return codec.decode_status(_bytes(path), str(path)) if path.exists() else State()


def write_status(content: Path, state: State) -> bool:
    """Write how the sources are doing, and return whether that changed anything."""
    return files.write(content / "status.yml", codec.encode_status(state)) if state != State() else False


def read_notes(content: Path) -> Notes:
    """Return the pages in pages/, the words about days in days/, and those about names in topics/ and its like.

    Raises `ContentError` for all that are bad.
    """
    folders = ("pages", "days", *_NAMES)
    pages: list[Note] = []
    days: dict[date, Note] = {}
    names: dict[str, dict[str, Note]] = {}
    for place, note in _all(_note, [path for folder in folders for path in _files(content / folder, ".md")]):
        match place:
            case date():
                days[place] = note
            case (kind, key):
                names.setdefault(kind, {})[key] = note
            case None:
                pages.append(note)
    return Notes(pages=tuple(pages), days=days, names=names)


def _remembered(folder: Folder, path: str, memo: Memo) -> Paper:
    """Return the paper in the file at `path`; one that was read before is not read again."""
    data = b"" if folder.files[path].digest else folder.read(path)
    key = folder.digest(path)
    known = memo.recall(key)
    if known is not None:
        return _in_place(_decode(known), f"{folder.root}/{path}")
    paper = codec.decode(data or folder.read(path), f"{folder.root}/{path}")
    # What YAML knows and MessagePack does not, in a key we do not know, would come back as something else.
    if not paper.extra or _decode(msgspec.msgpack.encode(paper)) == paper:
        memo.keep(key, msgspec.msgpack.encode(paper))
    return _in_place(paper, f"{folder.root}/{path}")


def _paper(path: Path) -> Paper:
    """Return the paper in the file at `path`, which must be where `path_of` says."""
    return _in_place(codec.decode(_bytes(path), str(path)), path.as_posix())


def _in_place(paper: Paper, where: str) -> Paper:
    """Return `paper` if it belongs into the file `where`."""
    key = paper.key
    place = f"{_folder(key)}/{key}.md"
    if not where.endswith(f"/papers/{place}"):
        raise ContentError(
            f"the paper {paper.id} does not belong in this file", where=where, hint=f"move it to papers/{place}"
        )
    return paper


def _override(path: Path) -> tuple[str, Override]:
    """Return the correction in the file at `path`, and the key of its paper."""
    return codec.checked_key(path.stem, str(path)), codec.decode_override(_bytes(path), str(path))


def _note(path: Path) -> tuple[date | tuple[str, str] | None, Note]:
    """Return the note in the file at `path`, and the day or the name (its kind and key) it is about, if it is."""
    where, folder = str(path), path.parent.name
    note = codec.decode_note(_bytes(path), path.stem, where)
    if folder in _NAMES:
        return (_NAMES[folder], text.key(note.title or note.name)), note
    if folder != "days":
        if not note.title:
            raise ContentError("no title", where=where, hint="add a line title: … to the header")
        return None, note
    try:
        return date.fromisoformat(path.stem), note
    except ValueError as error:
        raise ContentError("not the name of a day", where=where, hint="name the file 2026-02-03.md") from error


def _folder(key: str) -> str:
    """Return the first part of a key: up to the dot, or up to the dash before an old identifier's number."""
    head, dot, _ = key.partition(".")
    return head if dot and head.isdigit() else key.rpartition("-")[0] or head


def _bytes(path: Path) -> bytes:
    """Return what is in the file at `path`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ContentError(f"cannot be read: {error.strerror}", where=str(path)) from error


def _files(folder: Path, ending: str) -> list[Path]:
    """Return the files below `folder` whose names have `ending`, in order; hidden ones are nobody's content."""
    return sorted(path for path in folder.rglob(f"*{ending}") if not path.name.startswith("."))


def _all(read: Callable[[Place], Value], paths: Iterable[Place]) -> Iterator[Value]:
    """Yield what `read` makes of every path; raise all its errors together at the end."""
    errors: list[BroadsheetError] = []
    for path in paths:
        try:
            yield read(path)
        except ContentError as error:
            errors.append(error)
    raise_all(errors)
