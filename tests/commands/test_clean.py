"""Removing what can be made again, and nothing else."""

from pathlib import Path

import pytest

from generator import cli
from generator.lock import held
from generator.store import disk
from tests.support import NOW, SETTINGS, paper_of

KEPT = {"archive.yml", "content", "theme", "mine.txt"}


def run(root: Path, *arguments: str) -> int:
    """Run one command in the archive at `root`."""
    return cli.run(["-C", str(root), *arguments], environment={}, clock=lambda: NOW)


@pytest.fixture
def archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return the folder of a built archive, with answers in its cache and a file of the owner's beside it."""
    root = tmp_path / "archive"
    disk.write_paper(root / "content", paper_of())
    (root / "archive.yml").write_text(SETTINGS + "outputs: {only: [html, assets]}\n")
    (root / "theme").mkdir()
    (root / "mine.txt").write_text("mine")
    assert run(root, "build") == 0
    (root / ".broadsheet" / "answers").mkdir()
    (root / ".broadsheet" / "answers" / "a.gz").write_bytes(b"x" * 1_000_000)
    capsys.readouterr()
    return root


def names(root: Path) -> set[str]:
    """Return what there is in `root`, locks aside."""
    locks = {path.name for path in (root / ".broadsheet").glob("*.lock")}
    left = {path.name for path in (root / ".broadsheet").iterdir()} if (root / ".broadsheet").is_dir() else set()
    return {path.name for path in root.iterdir()} - ({".broadsheet"} if left == locks else set())


def times(root: Path) -> dict[Path, int]:
    """Return when each file in `root` was changed, locks aside."""
    return {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file() and path.suffix != ".lock"}


@pytest.mark.parametrize(
    ("flags", "left"),
    [
        ([], set()),
        (["--cache", "--output"], set()),
        (["--output"], {".broadsheet"}),
        (["--cache"], {"site", ".site.broadsheet"}),
        (["--orphans"], {"site", ".site.broadsheet", ".broadsheet"}),
    ],
)
def test_what_was_chosen_goes_and_the_rest_stays(archive: Path, flags: list[str], left: set[str]) -> None:
    """Without a choice, both go; content, settings, theme and whatever else there is stay. Twice is no error."""
    content = disk.path_of(archive / "content", "2602.00001").read_bytes()

    assert run(archive, "clean", "--yes", *flags) == 0
    assert names(archive) == KEPT | left
    assert disk.path_of(archive / "content", "2602.00001").read_bytes() == content
    assert run(archive, "--yes", "clean", *flags) == 0
    assert run(archive, "build") == 0


def test_it_is_said_what_and_how_much(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And with `--dry-run` no more than that."""
    before = times(archive)

    assert run(archive, "clean", "--dry-run") == 0
    said = capsys.readouterr().out.splitlines()
    assert f"{archive}/.broadsheet/answers: 1 file, 1.0 MB" in said
    assert [line.partition(":")[0] for line in said[:2]] == [f"{archive}/site", f"{archive}/.site.broadsheet"]
    assert said[-1].startswith("would remove ")
    assert times(archive) == before


def test_without_anybody_to_ask_nothing_goes(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who means it says so beforehand."""
    assert run(archive, "clean") == 2
    assert "--yes" in capsys.readouterr().err
    assert names(archive) == KEPT | {"site", ".site.broadsheet", ".broadsheet"}


def test_orphans_are_what_no_build_made(archive: Path) -> None:
    """A file somebody put into the site, a link, what a build left that died; every page stays."""
    pages = {path: path.read_bytes() for path in (archive / "site").rglob("*") if path.is_file()}
    (archive / "site" / "day" / "notes.txt").write_text("x")
    (archive / "site" / "link").symlink_to(archive / "content")
    (archive / ".site.broadsheet" / "new").mkdir()

    assert run(archive, "clean", "--orphans", "--yes") == 0
    assert {path: path.read_bytes() for path in (archive / "site").rglob("*") if path.is_file()} == pages
    assert not (archive / "site" / "link").is_symlink()
    assert not (archive / ".site.broadsheet" / "new").exists()
    assert (archive / "content").is_dir()


@pytest.mark.parametrize("name", ["site", ".broadsheet"])
def test_a_link_is_not_followed(archive: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Not where a folder is one, nor inside."""
    (archive / name).rename(tmp_path / "real")
    (archive / name).symlink_to(tmp_path / "real")
    before = sorted((tmp_path / "real").rglob("*"))

    assert run(archive, "clean", "--yes") == 5
    assert "this is a link" in capsys.readouterr().err
    assert sorted((tmp_path / "real").rglob("*")) == before


def test_what_a_link_inside_leads_to_stays(archive: Path, tmp_path: Path) -> None:
    """The link itself goes with the folder it is in."""
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_text("x")
    (archive / "site" / "link").symlink_to(tmp_path / "precious")
    (archive / ".broadsheet" / "link").symlink_to(tmp_path / "precious")
    (archive / ".broadsheet" / "answers" / "link").symlink_to(tmp_path / "precious")

    assert run(archive, "clean", "--yes") == 0
    assert names(archive) == KEPT
    assert (tmp_path / "precious" / "file").read_text() == "x"


def test_a_site_that_somebody_else_filled_stays(archive: Path) -> None:
    """Only what Broadsheet made is removed."""
    assert run(archive, "clean", "--yes") == 0
    (archive / "site").mkdir()
    (archive / "site" / "thesis.tex").write_text("x")

    assert run(archive, "clean", "--yes") == 5
    assert (archive / "site" / "thesis.tex").is_file()


@pytest.mark.parametrize("lock", ["build.lock", "content.lock", "serve.lock"])
def test_nothing_goes_while_somebody_is_at_work(archive: Path, lock: str) -> None:
    """Whoever builds, fetches or serves is told, and let be."""
    with held(archive / ".broadsheet" / lock, "build"):
        assert run(archive, "clean", "--yes") == 5

    assert names(archive) == KEPT | {"site", ".site.broadsheet", ".broadsheet"}


def test_where_there_is_nothing_there_is_nothing_to_remove(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nor is a cache made for that."""
    (tmp_path / "archive.yml").write_text(SETTINGS)

    assert run(tmp_path, "clean") == 0
    assert capsys.readouterr().out == "there is nothing to remove\n"
    assert [path.name for path in tmp_path.iterdir()] == ["archive.yml"]
