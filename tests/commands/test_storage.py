"""Content from shared storage, and sites in it: in memory, and on a disk behind an address."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from generator.commands import build, crew
from generator.commands.start import Report, standing, start
from generator.config import load
from generator.errors import BroadsheetError, ContentError, OutputError, UsageError
from generator.store import disk
from tests.commands.test_crew import Told, Waiting, built, two_processes
from tests.support import NOW, archive_at, files_below, paper_of

fsspec = pytest.importorskip("fsspec", reason="needs fsspec: pip install 'broadsheet[storage]'")
RECORD = ".broadsheet/record"


@pytest.fixture
def memory() -> Iterator[Any]:
    """Give storage in the memory of this process."""
    system = fsspec.filesystem("memory")
    yield system
    for path in system.find(""):
        system.rm(path)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give an archive of three papers."""
    return archive_at(tmp_path / "archive", *(paper_of(f"2602.0000{n}", rank=n) for n in (1, 2, 3)))


def stored(root: Path, to: str, executor: Waiting | None = None, content_from: str = "") -> Report:
    """Build the archive at `root` into the storage at `to`."""
    settings = load(
        (root / "archive.yml").read_text("utf-8"), root=root, kinds=("arxiv", "hf-daily"), warn=lambda *_: None
    )
    found = start(settings, to, NOW, content_from=content_from)
    helpers = crew.Crew(executor, [executor], progress=Told(), alone=0) if executor else None
    return standing(found) or build.make(found, progress=Told(), crew=helpers)


def seen(system: Any, place: str) -> dict[str, bytes]:
    """Return every file of the site at `place`."""
    return {
        path.removeprefix(f"{place}/"): system.cat_file(path)
        for path in system.find(place)
        if "/.broadsheet/" not in path
    }


def test_storage_holds_the_same_bytes_as_a_folder(root: Path, memory: Any) -> None:
    """And one record of them, which makes the next build end where it begins."""
    first = stored(root, "memory://bucket/papers")
    again = stored(root, "memory://bucket/papers/")

    assert seen(memory, "/bucket/papers") == files_below(built(root))
    assert first.published.written == len(seen(memory, "/bucket/papers"))
    assert (again.published.written, again.published.unchanged) == (0, first.published.written)
    assert [path for path in memory.find("/bucket") if "/.broadsheet/" in path] == [f"/bucket/papers/{RECORD}"]


def test_helpers_write_into_storage_themselves(root: Path, tmp_path: Path) -> None:
    """By an address that all of them reach."""
    place = tmp_path / "served"
    with two_processes() as pool:
        executor = Waiting(pool)
        stored(root, f"file://{place}", executor)

    written = files_below(place)
    assert executor.shares
    assert written.pop(RECORD)
    assert written == files_below(built(root))


def test_helpers_without_the_storage_say_so(root: Path) -> None:
    """As with what is in the memory of another process."""
    with two_processes() as pool, pytest.raises(OutputError, match="does not see the storage") as caught:
        stored(root, "memory://elsewhere", Waiting(pool))

    assert caught.value.hint


def test_what_changes_is_written_and_what_goes_is_removed(root: Path, memory: Any) -> None:
    """All else is left alone, and what comes of it is what a build from nothing makes."""
    stored(root, "memory://site")
    before = {path: memory.info(path)["created"] for path in memory.find("/site")}
    disk.write_paper(root / "content", paper_of("2602.00001", rank=1, abstract="Another one."))
    disk.path_of(root / "content", "2602.00003").unlink()

    report = stored(root, "memory://site")

    written = [path for path in memory.find("/site") if memory.info(path)["created"] != before.get(path)]
    assert report.published.removed
    assert seen(memory, "/site") == files_below(built(root))
    assert len(written) == report.published.written + 1  # the record


class _Full(OSError):
    strerror = "No space left on device"


def _failing(after: int, pipe: Callable[..., None]) -> Callable[..., None]:
    """Return a `pipe` that takes so many files, and no more."""
    room = [after]

    def put(files: dict[str, bytes], **named: Any) -> None:
        for path, data in files.items():
            if not room[0]:
                raise _Full
            room[0] -= 1
            pipe({path: data}, **named)

    return put


def test_a_build_that_dies_half_way_is_put_right_by_the_next_one(
    root: Path, memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no record of what it left, so nothing of it is believed."""
    stored(root, "memory://site")
    disk.path_of(root / "content", "2602.00002").unlink()
    with monkeypatch.context() as patched:
        patched.setattr(memory, "pipe", _failing(7, memory.pipe))
        with pytest.raises(OutputError, match="No space left") as caught:
            stored(root, "memory://site")
    half = seen(memory, "/site")
    disk.write_paper(root / "content", paper_of("2602.00002", rank=2))

    assert "build again" in caught.value.hint
    assert not memory.exists(f"/site/{RECORD}")
    stored(root, "memory://site")
    assert half != seen(memory, "/site") == files_below(built(root))


def test_a_first_build_that_dies_is_known_as_ours(root: Path, memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one goes on, and does not take its files for somebody's."""
    with monkeypatch.context() as patched:
        patched.setattr(memory, "pipe", _failing(1, memory.pipe))
        with pytest.raises(OutputError, match="No space left"):
            stored(root, "memory://site")

    assert len(seen(memory, "/site")) == 1
    stored(root, "memory://site")
    assert seen(memory, "/site") == files_below(built(root))


def test_a_build_that_fails_before_it_writes_leaves_everything(root: Path, memory: Any) -> None:
    """The record too."""
    stored(root, "memory://site")
    before = {path: memory.cat_file(path) for path in memory.find("/site")}
    disk.path_of(root / "content", "2602.00002").write_text("no header")

    with pytest.raises(ContentError):
        stored(root, "memory://site")

    assert {path: memory.cat_file(path) for path in memory.find("/site")} == before


def test_a_record_that_is_no_record_is_not_believed(root: Path, memory: Any) -> None:
    """All is written anew."""
    stored(root, "memory://site")
    memory.pipe({f"/site/{RECORD}": b"\x80\x04N.", "/site/index.html": b"changed"})

    stored(root, "memory://site")

    assert seen(memory, "/site") == files_below(built(root))


def test_a_place_that_somebody_filled_is_left_alone(root: Path, memory: Any) -> None:
    """Only what Broadsheet made is replaced."""
    memory.pipe({"/bucket/thesis.tex": b"years of work"})

    with pytest.raises(OutputError, match="did not make them"):
        stored(root, "memory://bucket")

    assert memory.find("/bucket") == ["/bucket/thesis.tex"]


@pytest.mark.parametrize("address", ["nonsense://bucket", "s3://bucket/papers"])
def test_storage_that_cannot_be_used_is_told(address: str, root: Path) -> None:
    """What is no storage, and what needs a package that is not there."""
    with suppress(ImportError):
        __import__("s3fs")
        pytest.skip("s3fs is installed, so that this storage can be used")
    with pytest.raises(UsageError) as caught:
        stored(root, address)

    assert caught.value.where == address


def test_content_comes_from_storage(root: Path, memory: Any) -> None:
    """The same site; what stays the same there is not read again, what goes there goes here."""
    local = files_below(built(root))
    content = root / "content"
    for path in content.rglob("*.md"):
        memory.pipe({f"/content/{path.relative_to(content)}": path.read_bytes()})
    content.rename(root / "away")

    stored(root, "memory://site", content_from="memory://content")
    assert seen(memory, "/site") == local

    mirror = root / ".broadsheet" / "content"
    times = {path: path.stat().st_mtime_ns for path in mirror.rglob("*.md")}
    gone = next(path for path in times if path.stem == "2602.00003")
    memory.rm(f"/content/{gone.relative_to(mirror)}")
    stored(root, "memory://site", content_from="memory://content")

    (root / "away").rename(content)
    disk.path_of(content, "2602.00003").unlink()
    assert seen(memory, "/site") == files_below(built(root))
    assert {path: path.stat().st_mtime_ns for path in mirror.rglob("*.md")} == {
        path: time for path, time in times.items() if path != gone
    }


def test_no_content_is_told(root: Path) -> None:
    """An address without files is a mistake, not an empty archive."""
    with pytest.raises(ContentError, match="nothing here"):
        stored(root, "memory://site", content_from="memory://nowhere")


@pytest.mark.parametrize("name", ["/content/../../escaped.md", "/content/a\\b.md"])
def test_names_of_content_stay_inside(name: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is never a way out of the folder."""
    monkeypatch.setattr(
        fsspec.implementations.memory.MemoryFileSystem, "find", lambda *_, **__: {name: {"name": name, "size": 1}}
    )

    with pytest.raises(BroadsheetError, match="not a name inside"):
        stored(root, "file:///nowhere", content_from="memory://content")
