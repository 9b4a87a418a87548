"""Putting a site in place."""

import ctypes
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import ContentError, OutputError
from generator.memo import digest
from generator.model import Artifact, Draft
from generator.publish import MARKER, look, publish

REPOSITORY = Path(__file__).resolve().parent.parent
# Folders and files have names of their own, so that no file is in another one's way.
PATHS = st.builds(
    lambda folders, name: "/".join([*folders, name]),
    st.lists(st.sampled_from(["a", "b", "Ünï"]), max_size=3),
    st.sampled_from(["x.html", "y.json", "z"]),
)
Files = dict[str, bytes]
SITES = st.dictionaries(PATHS, st.binary(max_size=20), max_size=8)


def artifacts(files: Mapping[str, bytes]) -> Iterator[Artifact]:
    """Yield `files` as artifacts."""
    return (Artifact(PurePosixPath(path), data) for path, data in files.items())


def tree(folder: Path) -> dict[str, bytes]:
    """Return what is in the site at `folder`, without the marker; an empty folder ends in a slash."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    files = {name: path.read_bytes() for name, path in paths.items() if path.is_file()}
    empty = {f"{name}/": b"" for name, path in paths.items() if path.is_dir() and not any(path.iterdir())}
    files.pop(str(MARKER.path), None)
    return files | empty


def beside(site: Path) -> list[str]:
    """Return what lies beside a site, in the hidden folder of its own."""
    hidden = site.parent / f".{site.name}.broadsheet"
    assert {path.name for path in site.parent.iterdir()} <= {site.name, hidden.name}
    return sorted(path.name for path in hidden.iterdir())


def times(folder: Path) -> dict[str, tuple[int, int]]:
    """Return what tells whether a file was written anew: inode and modification time."""
    found = ((path, path.stat()) for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): (status.st_ino, status.st_mtime_ns) for path, status in found}


@settings(max_examples=60, deadline=None)
@given(SITES, SITES)
def test_a_site_is_exactly_its_artifacts(tmp_path_factory: pytest.TempPathFactory, old: Files, new: Files) -> None:
    """Strays go, what is the same is not touched, the counts are true, and nothing is left beside the site."""
    folder = tmp_path_factory.mktemp("site")
    publish(artifacts(old), folder / "site")
    before = times(folder / "site")

    done = publish(artifacts(new), folder / "site")

    same = {path for path in new if old.get(path) == new[path]}
    after = times(folder / "site")
    assert tree(folder / "site") == new
    assert {path: after[path] for path in same} == {path: before[path] for path in same}
    assert (done.written, done.unchanged, done.removed) == (len(new) - len(same), len(same) + 1, len(old.keys() - new))
    assert done.size == sum(map(len, new.values())) + len(MARKER.data)
    assert beside(folder / "site") == ["record"]


def test_nothing_new_touches_nothing(tmp_path: Path) -> None:
    """Publishing the same again leaves even the folders as they were."""
    files = {"index.html": b"home", "day/index.html": b"day"}
    publish(artifacts(files), tmp_path / "site")
    folders = [path.stat().st_mtime_ns for path in (tmp_path / "site", tmp_path / "site" / "day")]

    publish(artifacts(files), tmp_path / "site")

    assert [path.stat().st_mtime_ns for path in (tmp_path / "site", tmp_path / "site" / "day")] == folders


def drafts(files: Mapping[str, bytes], made: list[str]) -> Iterator[Draft]:
    """Yield `files` as drafts, each under a key of its bytes; `made` gets the paths of those that are made."""

    def make(path: str) -> bytes:
        made.append(path)
        return files[path]

    return (Draft(path, digest(data), partial(make, path)) for path, data in files.items())


@settings(max_examples=60, deadline=None)
@given(SITES, SITES, st.booleans(), st.sampled_from([b"", b"other code"]))
def test_a_draft_is_made_once(
    tmp_path_factory: pytest.TempPathFactory, old: Files, new: Files, is_moved: bool, stamp: bytes
) -> None:
    """What was made before under the same key, by the same code, is not made again, even where the site was copied."""
    folder = tmp_path_factory.mktemp("site")
    publish(drafts(old, []), folder / "site")
    if is_moved:
        shutil.copytree(folder / "site", folder / "copy")
        shutil.rmtree(folder / "site")
        (folder / "copy").rename(folder / "site")
    made: list[str] = []

    publish(drafts(new, made), folder / "site", stamp=stamp)

    assert tree(folder / "site") == new
    assert sorted(made) == sorted(path for path in new if stamp or old.get(path) != new[path])


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whatever_was_done_to_a_site_is_undone(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """A file that was changed, removed or added since is found, and the record of an old site believed in nothing."""
    files = {f"{n}/{m}.html": bytes([n, m]) * 9 for n in range(3) for m in range(8)}
    output = tmp_path_factory.mktemp("site") / "site"
    publish(drafts(files, []), output)
    victim = output / data.draw(st.sampled_from(sorted(files)))
    match data.draw(st.sampled_from(["write", "remove", "add", "record"])):
        case "write":
            victim.write_bytes(b"\0" * 18)
        case "remove":
            victim.unlink()
        case "add":
            (victim.parent / "stray").write_bytes(b"stray")
        case "record":
            record = output.parent / ".site.broadsheet" / "record"
            whole = record.read_bytes()
            place = data.draw(st.integers(0, len(whole) - 1))
            record.write_bytes(whole[:place] + data.draw(st.binary(max_size=9)))
    if data.draw(st.booleans()):
        files["2/new.html"] = b"new"

    publish(drafts(files, []), output)

    assert tree(output) == files


def test_a_change_of_one_file_is_one_step_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few files differ, the site is the old one until the exchange; files that stay are not written again."""
    files = {f"{n}/index.html": bytes([n]) for n in range(99)}
    publish(artifacts(files), tmp_path / "site")
    before = {path: path.stat() for path in (tmp_path / "site").rglob("*.html")}
    after = {**files, "7/index.html": b"new", "100/index.html": b"new"}
    after.pop("8/index.html")

    def killed(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr("generator.publish._exchange", killed)
    with pytest.raises(KeyboardInterrupt):
        publish(artifacts(after), tmp_path / "site")
    assert {path: data for path, data in tree(tmp_path / "site").items() if path in files} == files
    monkeypatch.undo()

    done = publish(artifacts(after), tmp_path / "site")

    assert (done.written, done.unchanged, done.removed) == (2, 98, 1)
    assert tree(tmp_path / "site") == after
    for path, was in before.items():
        if path.parent.name not in {"7", "8"}:
            assert (path.stat().st_ino, path.stat().st_mtime_ns) == (was.st_ino, was.st_mtime_ns)


LARGE = {f"{n}/{m}/index.html": bytes([n, m]) for n in range(4) for m in range(9)}
EDITS = st.lists(
    st.dictionaries(
        st.sampled_from([*sorted(LARGE)[::5], "0", "1/new", "2/0", "2/deep/deeper/x", "3/8/index.html/x", "5/6/7"]),
        st.none() | st.binary(max_size=3),
        max_size=3,
    ),
    min_size=1,
    max_size=6,
)


def edited(files: Files, edit: Mapping[str, bytes | None]) -> Files:
    """Return `files` after `edit`: a file takes the place of what is at its path, or above it; None takes it away."""
    after = dict(files)
    for path, data in edit.items():
        for other in list(after):
            if f"{other}/".startswith(f"{path}/") or f"{path}/".startswith(f"{other}/"):
                del after[other]
        if data is not None:
            after[path] = data
    return after


@settings(max_examples=40, deadline=None)
@given(EDITS, st.data())
def test_two_trees_take_turns(
    tmp_path_factory: pytest.TempPathFactory, edits: list[Mapping[str, bytes | None]], data: st.DataObject
) -> None:
    """Small changes in a row each give exactly the new site, known as it was left; what stays is the same file.

    Whatever is done to the tree that waits for its turn, or to the notes about it, changes nothing.
    """
    files, output = LARGE, tmp_path_factory.mktemp("site") / "site"
    publish(artifacts(files), output)
    for edit in edits:
        before, known, files = times(output), files, edited(files, edit)

        done = publish(artifacts(files), output)

        after, same = times(output), [path for path in files if known.get(path) == files[path]]
        assert tree(output) == files
        assert look(output).is_as_left
        assert {path: after[path] for path in same} == {path: before[path] for path in same}
        assert (done.written, done.removed) == (len(files) - len(same), len(known.keys() - files))
        spare = output.parent / ".site.broadsheet" / "spare"
        if spare.exists():
            match data.draw(st.sampled_from(["nothing", "nothing", "add", "remove", "empty", "lose", "noise", "site"])):
                case "add":
                    (spare / "stray").write_bytes(b"stray")
                case "remove":
                    next(path for path in sorted(spare.rglob("*")) if path.is_file()).unlink()
                case "empty":
                    (spare / "folder").mkdir(exist_ok=True)
                case "lose":
                    shutil.rmtree(spare)
                case "noise":
                    note = spare.with_name("spare.note")
                    note.write_bytes(note.read_bytes()[:-1])
                case "site":
                    (output / "stray").write_bytes(b"stray")
                    publish(artifacts(files), output)


def test_a_small_change_costs_what_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the second small change on, only files that differ, now or since the tree was in place, are linked."""
    publish(artifacts(LARGE), tmp_path / "site")
    publish(artifacts({**LARGE, "0/0/index.html": b"one"}), tmp_path / "site")
    linked: list[str] = []
    link = os.link

    def counted(source: str, target: str) -> None:
        linked.append(target)
        link(source, target)

    monkeypatch.setattr(os, "link", counted)

    publish(artifacts({**LARGE, "0/0/index.html": b"one", "1/1/index.html": b"two"}), tmp_path / "site")

    assert [target.partition("next/")[2] for target in linked] == ["0/0/index.html", "1/1/index.html"]


def test_strays_of_every_kind_go(tmp_path: Path) -> None:
    """Empty folders and links go too; what a link points to stays."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("kept")
    publish(artifacts({"index.html": b"home"}), tmp_path / "site")
    (tmp_path / "site" / "empty").mkdir()
    (tmp_path / "site" / "folder").symlink_to(outside)
    (tmp_path / "site" / "file").symlink_to(outside / "kept.txt")

    publish(artifacts({"index.html": b"home"}), tmp_path / "site")

    assert tree(tmp_path / "site") == {"index.html": b"home"}
    assert tree(outside) == {"kept.txt": b"kept"}


def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    """An artifact replaces a link of its name, and never writes through it."""
    (tmp_path / "secret").write_bytes(b"secret")
    publish(artifacts({}), tmp_path / "site")
    (tmp_path / "site" / "index.html").symlink_to(tmp_path / "secret")

    publish(artifacts({"index.html": b"home"}), tmp_path / "site")

    assert (tmp_path / "secret").read_bytes() == b"secret"
    assert not (tmp_path / "site" / "index.html").is_symlink()


def test_an_output_that_is_a_link_stays_one(tmp_path: Path) -> None:
    """A site may live elsewhere: what the link points to is replaced."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "site").symlink_to(tmp_path / "disk" / "real")

    publish(artifacts({"index.html": b"home"}), tmp_path / "site")

    assert (tmp_path / "site").is_symlink()
    assert tree(tmp_path / "disk" / "real") == {"index.html": b"home"}


def test_a_file_may_become_a_folder(tmp_path: Path) -> None:
    """And a folder a file."""
    publish(artifacts({"a": b"1", "b/c": b"2"}), tmp_path / "site")

    publish(artifacts({"a/c": b"1", "b": b"2"}), tmp_path / "site")

    assert tree(tmp_path / "site") == {"a/c": b"1", "b": b"2"}


def test_an_error_while_making_artifacts_leaves_the_old_site(tmp_path: Path) -> None:
    """The error comes through as it is; the old site is whole, and nothing is left beside it."""
    publish(artifacts({"index.html": b"old", "gone.html": b"old"}), tmp_path / "site")
    before = times(tmp_path / "site")

    def failing() -> Iterator[Artifact]:
        yield from artifacts({"index.html": b"new"})
        raise ContentError("half-way")

    with pytest.raises(ContentError, match="half-way"):
        publish(failing(), tmp_path / "site")
    assert times(tmp_path / "site") == before
    assert beside(tmp_path / "site") == ["record"]


@pytest.mark.parametrize("path", ["/etc/x", "../x", "a/../../x", ".", "", "a/\0", "a\\..\\b"])
def test_no_path_leaves_the_site(tmp_path: Path, path: str) -> None:
    """A path that could lead elsewhere, on any system, is refused."""
    with pytest.raises(OutputError, match="not a path inside the site"):
        publish(artifacts({path: b""}), tmp_path / "site")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "paths", [["a", "a"], ["a", "a/b"], ["a/b", "a"], ["a/b/c", "a"], ["a", "a/b/c"], [str(MARKER.path)]]
)
def test_two_claims_on_one_path_stop_the_build(tmp_path: Path, paths: list[str]) -> None:
    """Two outputs cannot have one file, nor one a file where the other has a folder."""
    publish(artifacts({"index.html": b"old"}), tmp_path / "site")

    with pytest.raises(OutputError, match="want"):
        publish((Artifact(PurePosixPath(path), b"") for path in paths), tmp_path / "site")
    assert tree(tmp_path / "site") == {"index.html": b"old"}


def test_a_folder_that_somebody_filled_is_refused(tmp_path: Path) -> None:
    """Nothing is deleted that Broadsheet did not make."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.tex").write_text("years of work")

    with pytest.raises(OutputError, match="Broadsheet did not make it") as caught:
        publish(artifacts({"index.html": b""}), tmp_path / "home")

    assert caught.value.exit_code == 5
    assert caught.value.hint
    assert tree(tmp_path / "home") == {"thesis.tex": b"years of work"}


@pytest.mark.parametrize("name", ["archive.yml", ".git"])
def test_a_site_in_which_somebody_works_is_refused(tmp_path: Path, name: str) -> None:
    """An archive or a repository inside the old site is worth more than the site."""
    publish(artifacts({"index.html": b"old"}), tmp_path / "site")
    (tmp_path / "site" / name).mkdir()

    with pytest.raises(OutputError, match=f"holds {name}"):
        publish(artifacts({"index.html": b"new"}), tmp_path / "site")
    assert (tmp_path / "site" / name).exists()


def test_the_folder_one_is_in_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell that stands in the site would stand nowhere afterwards."""
    publish(artifacts({"day/index.html": b"old"}), tmp_path / "site")
    monkeypatch.chdir(tmp_path / "site" / "day")

    with pytest.raises(OutputError, match="folder you are in"):
        publish(artifacts({}), tmp_path / "site")


@pytest.mark.parametrize("output", [Path("/"), Path("/proc")])
def test_a_file_system_is_refused(output: Path) -> None:
    """A root cannot be exchanged with anything."""
    with pytest.raises(OutputError):
        publish(artifacts({}), output)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """A file in the place of the site is left alone."""
    (tmp_path / "site").write_text("mine")

    with pytest.raises(OutputError, match="not a folder"):
        publish(artifacts({}), tmp_path / "site")
    assert (tmp_path / "site").read_text() == "mine"


def without_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the C library away."""

    def missing(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(ctypes, "CDLL", missing)


def test_where_the_system_cannot_exchange_two_renames_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On systems without an atomic exchange, the result is the same."""
    without_exchange(monkeypatch)
    publish(artifacts({"a": b"old", "b": b"same"}), tmp_path / "site")

    publish(artifacts({"a": b"new", "b": b"same"}), tmp_path / "site")

    assert tree(tmp_path / "site") == {"a": b"new", "b": b"same"}
    assert beside(tmp_path / "site") == ["record"]


def test_interrupted_between_two_renames_the_old_site_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C at the worst moment of a system without an exchange."""
    publish(artifacts({"index.html": b"old"}), tmp_path / "site")
    without_exchange(monkeypatch)
    rename = Path.rename

    def interrupted(source: Path, target: Path) -> Path:
        if source.name == "new":
            raise KeyboardInterrupt
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", interrupted)

    with pytest.raises(KeyboardInterrupt):
        publish(artifacts({"index.html": b"new"}), tmp_path / "site")
    assert tree(tmp_path / "site") == {"index.html": b"old"}
    assert beside(tmp_path / "site") == ["record"]


def test_a_swap_that_was_cut_in_two_is_undone(tmp_path: Path) -> None:
    """Killed between two renames, the old site is hidden; the next build brings it back even if it fails itself."""
    publish(artifacts({"index.html": b"old"}), tmp_path / "site")
    hidden = tmp_path / ".site.broadsheet"
    (tmp_path / "site").rename(hidden / "old")

    with pytest.raises(OutputError):
        publish(artifacts({"../x": b""}), tmp_path / "site")

    assert tree(tmp_path / "site") == {"index.html": b"old"}


def test_a_disk_without_second_names_gets_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file cannot have two names, what stays is copied with its modification time."""

    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    publish(artifacts({"a": b"old", "b": b"same"}), tmp_path / "site")
    before = (tmp_path / "site" / "b").stat().st_mtime_ns
    monkeypatch.setattr(os, "link", refused)

    publish(artifacts({"a": b"new", "b": b"same"}), tmp_path / "site")

    assert tree(tmp_path / "site") == {"a": b"new", "b": b"same"}
    assert (tmp_path / "site" / "b").stat().st_mtime_ns == before


PUBLISHING = """
import resource, sys
from pathlib import Path, PurePosixPath
from generator.errors import OutputError
from generator.model import Artifact
from generator.publish import publish

text, output, limit, every = sys.argv[1].encode(), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
texts = (b"=" if n % every else text for n in range(800))
files = (Artifact(PurePosixPath(f"{n % 40}/{n}"), text * (n + 1 if limit else 50)) for n, text in enumerate(texts))
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
print("go", flush=True)
try:
    publish(files, output)
except OutputError as error:
    print(error)
    sys.exit(error.exit_code)
"""


def publishing(text: str, output: Path, limit: int = 0, every: int = 1) -> subprocess.Popen[str]:
    """Start to publish 800 files, one of `every` so many full of `text`; none can be longer than `limit` bytes."""
    command = [sys.executable, "-c", PUBLISHING, text, str(output), str(limit), str(every)]
    return subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)


def published(text: str, output: Path, every: int = 1) -> None:
    """Publish 800 files, one of `every` so many full of `text`."""
    with publishing(text, output, every=every) as process:
        process.communicate()
    assert process.returncode == 0


def letters(files: Mapping[str, bytes]) -> tuple[int, set[bytes]]:
    """Return how many files there are, and which letters they are made of."""
    return len(files), {bytes([letter]) for data in files.values() for letter in set(data)}


@pytest.mark.parametrize("every", [1, 9])
def test_a_killed_build_leaves_a_whole_site(tmp_path: Path, every: int) -> None:
    """Killed at any moment, the site is the old one or the new one; the next build clears up."""
    output = tmp_path / "site"
    for text in "cab":
        published(text, output, every)
    dice = random.Random(0)
    same = {b"="} if every > 1 else set()
    left = 0
    for turn in range(10):
        with publishing("ab"[turn % 2], output, every=every) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(dice.uniform(0, 0.12 if every == 1 else 0.04))
            process.kill()
        left += any((tmp_path / ".site.broadsheet" / name).exists() for name in ("new", "next"))
        count, found = letters(tree(output))
        assert count == 800
        assert found - same in ({b"a"}, {b"b"})

    published("c", output, every)

    assert left, "no kill came while the site was being made ready"
    assert letters(tree(output)) == (800, {b"c"} | same)
    assert {"new", "next", "old"}.isdisjoint(beside(tmp_path / "site"))


def test_a_file_that_cannot_be_written_whole_leaves_the_old_site(tmp_path: Path) -> None:
    """The system refuses in the middle of a file: an error says so, the old site stays, nothing is left beside it."""
    output = tmp_path / "site"
    published("a", output)

    with publishing("b", output, limit=500) as process:
        said, _ = process.communicate()

    assert process.returncode == OutputError.exit_code
    assert "cannot be written" in said
    assert letters(tree(output)) == (800, {b"a"})
    assert beside(tmp_path / "site") == ["record"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return the mount point of a disk of 512 kB, or skip where none can be made."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_the_old_site(small_disk: Path) -> None:
    """The disk is full before the new site is ready: the old one stays, and the room is free again."""
    old = {f"{n}/old": bytes([n]) * 10_000 for n in range(10)}
    publish(artifacts(old), small_disk / "site")

    with pytest.raises(OutputError, match="No space left"):
        publish(artifacts({f"{n}/new": b"n" * 10_000 for n in range(60)}), small_disk / "site")

    assert tree(small_disk / "site") == old
    assert beside(small_disk / "site") == ["record"]


def test_a_mounted_disk_is_refused(small_disk: Path) -> None:
    """A mount point cannot be exchanged; a folder inside it can."""
    with pytest.raises(OutputError, match="file system of its own"):
        publish(artifacts({}), small_disk)
