"""Searching from a terminal."""

import json
from pathlib import Path

import pytest

from generator import cli
from generator.store import disk
from tests.support import NOW, SETTINGS, paper_of


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small archive that has been built."""
    root = tmp_path_factory.mktemp("archive")
    (root / "archive.yml").write_text(SETTINGS)
    for paper in (paper_of(title="Looms *and* engines"), paper_of("2602.00002", title="Engines", abstract="Of steam.")):
        disk.write_paper(root / "content", paper)
    assert run(root, "build") == 0
    return root


def run(root: Path, *arguments: str) -> int:
    """Run a command in the archive at `root`."""
    return cli.run(["-C", str(root), *arguments], environment={}, clock=lambda: NOW)


def test_papers_are_listed(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Id, day, title and address of each hit go to standard output, the count does not."""
    assert run(archive, "search", "looms") == 0

    out, err = capsys.readouterr()
    assert out == "2602.00001 (2026-02-02)  Looms *and* engines\n    https://example.org/papers/paper/2602.00001/\n"
    assert "1 paper" in err


def test_forms(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Hits come as JSON, BibTeX, Markdown or ids."""
    said = {}
    for form in ("json", "bib", "md", "ids"):
        assert run(archive, "-q", "search", f"--{form}", "engines") == 0
        said[form] = capsys.readouterr().out

    assert (
        {paper["id"] for paper in json.loads(said["json"])} == set(said["ids"].split()) == {"2602.00001", "2602.00002"}
    )
    assert said["bib"].count("@misc{") == 2
    assert "- [Looms \\*and\\* engines](<https://example.org/papers/paper/2602.00001/>)" in said["md"]


def test_what_was_corrected_is_said(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip is corrected, and one is told."""
    assert run(archive, "search", "enignes") == 0

    assert "“engines” instead of “enignes”" in capsys.readouterr().err.replace("\n", " ")


def test_nothing_found_is_no_failure(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty answer is an answer, in JSON too."""
    assert run(archive, "-q", "search", "--json", "zzzzzz") == 0

    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize("broken", [False, True])
def test_without_an_index(archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, broken: bool) -> None:
    """A site that was never built, or is half of another one, is an error with a hint."""
    if broken:
        (tmp_path / "search").mkdir()
        (tmp_path / "search/index.bin").write_bytes(b"\x1f\x8b")

    assert run(archive, "search", "-o", str(tmp_path), "looms") == 5
    assert "broadsheet build" in capsys.readouterr().err
