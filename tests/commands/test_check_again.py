"""Repairs, and what is made compared with what is made again."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import cli, verbatim
from generator.commands.check import twice
from generator.commands.check.repair import mended, repaired
from generator.store import disk
from tests.support import NOW, SETTINGS, paper_of


def run(root: Path, *arguments: str) -> int:
    """Run one command in the archive at `root`."""
    return cli.run(["-C", str(root), *arguments], environment=os.environ, clock=lambda: NOW)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return the folder of an archive of a few pages."""
    (tmp_path / "archive.yml").write_text(SETTINGS + "outputs: {only: [html, assets]}\n")
    disk.write_paper(tmp_path / "content", paper_of())
    return tmp_path


TITLE = "The cafÃ© of Tom &amp; Jerry"
ABSTRACT = verbatim.markdown("Abstract: Itâ€™s $a &lt; b$.")


def test_a_repair_is_shown_asked_for_and_made(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Afterwards nothing is left to repair, and the fields are a person's; a hand-made page is let be."""
    content = archive / "content"
    said = {"hf-daily": ("title", "abstract", "authors")}
    disk.write_paper(content, paper_of(title=TITLE, abstract=ABSTRACT, sources=said))
    disk.write_paper(content, paper_of("2602.00002", title="Q &amp; A"))
    other = disk.path_of(content, "2602.00002")
    other.write_text(other.read_text().replace("title:", "# checked\ntitle:"))
    before = disk.path_of(content, "2602.00001").read_bytes()

    assert run(archive, "check", "data", "--fix") == 2
    assert disk.path_of(content, "2602.00001").read_bytes() == before
    capsys.readouterr()
    assert run(archive, "check", "data", "--fix", "--yes") == 0
    shown = capsys.readouterr().out
    assert "-title: The cafÃ© of Tom &amp; Jerry\n+title: The café of Tom & Jerry\n" in shown
    assert "1 page repaired\n" in shown
    assert "# checked" in other.read_text()

    paper = disk.read_paper(content, "2602.00001")
    assert paper is not None
    assert (paper.title, verbatim.text(paper.abstract)) == ("The café of Tom & Jerry", "It’s $a < b$.")
    assert paper.sources == {"hf-daily": ("authors",), "editor": ("abstract", "title")}
    assert run(archive, "check", "data", "--fix") == 0
    assert "nothing that can be repaired" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("MÃ¼ller â€“ a naÃ¯ve view", "Müller – a naïve view"), ("20 Â°C Â± 1", "20 °C ± 1"), ("â€œsoâ€", "“soâ€"),
        ("R&amp;D", "R&D"), ("&#8217;", "’"), ("&quot;x&quot;", '"x"'), ("a&nbsp;b", "a b"), ("x &lt; y", "x < y"),
        ("&amp;lt;", "&lt;"), ("&#0;&#10;&#55296;", "&#0;&#10;&#55296;"), ("&copy; &unknown;", "&copy; &unknown;"),
    ],
)  # fmt: skip
def test_what_is_mended(text: str, better: str) -> None:
    """One step, and only where there is no doubt."""
    assert mended(text) == better


@given(st.text(st.characters(codec="latin-1", exclude_characters="ÂÃ&") | st.sampled_from("“”‘’–—…»€")))
def test_what_is_in_order_stays(text: str) -> None:
    """A text of western Europe has nothing to mend, whatever stands before a quotation mark."""
    assert mended(text) == text


@given(st.text(st.sampled_from("äöüéèñçøåæ°±µ’–—“abc ")))
def test_what_was_misread_is_read_again(text: str) -> None:
    """UTF-8 taken for Windows-1252 comes back."""
    assert mended(text.encode().decode("cp1252")) == text


@pytest.mark.parametrize(
    ("abstract", "better"),
    [
        ("Abstract: We show.", "We show."), ("ABSTRACT. We show.", "We show."), ("Abstract - We show.", "We show."),
        ("Abstract-level planning.", ""), ("Abstract: we", ""), ("Abstract reasoning: A view.", ""), ("Abstract:", ""),
    ],
)  # fmt: skip
def test_a_label_goes_only_before_a_sentence(abstract: str, better: str) -> None:
    """What may be part of the text stays."""
    paper = paper_of(abstract=verbatim.markdown(abstract))

    assert repaired(paper).abstract == verbatim.markdown(better or abstract)


def test_two_builds_are_compared(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From nothing, beside whatever stands there; nothing of them is left."""
    assert run(archive, "check", "--reproducible") == 0
    assert capsys.readouterr().out.startswith("0 errors, 0 warnings in ")
    assert not (archive / "site").exists()
    assert not list((archive / ".broadsheet").glob("twice*"))


def test_a_build_that_fails_compares_nothing(archive: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What the build said comes through."""
    (archive / "content" / "pages").mkdir()
    (archive / "content" / "pages" / "bad.md").write_text("---\ntitle: [\n---\n")

    assert run(archive, "check", "--reproducible") == 1
    said = capfd.readouterr().err
    assert "bad.md" in said
    assert "the build ended with 1" in said


def test_each_difference_is_named(tmp_path: Path) -> None:
    """With its line and byte."""
    for name, files in {"a": {"x": "1\n2\n3", "y/z": "1", "w": "w"}, "b": {"x": "1\n2\n4", "v": "1", "w": "w"}}.items():
        for path, text in files.items():
            (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / path).write_text(text)

    found = {each.file: (each.line, each.message) for each in twice.differences(tmp_path / "a", tmp_path / "b")}
    assert found == {
        "v": (0, "only the second build made it"),
        "x": (3, "differs from byte 5 on, of 5 bytes"),
        "y/z": (0, "only the first build made it"),
    }


def test_a_site_is_compared_with_what_was_made(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was changed, added, removed or replaced by a link is told; without a record nothing can be."""
    assert run(archive, "check", "--manifest") == 2
    assert run(archive, "build") == 0
    assert run(archive, "check", "--manifest") == 0
    site = archive / "site"
    (site / "index.html").write_bytes((site / "index.html").read_bytes() + b" ")
    (site / "404.html").unlink()
    (site / "new.html").write_text("x")
    (site / "feeds/index.html").rename(site / "moved.html")
    (site / "feeds/index.html").symlink_to(site / "moved.html")
    capsys.readouterr()

    assert run(archive, "check", "--manifest") == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.removeprefix(f"{site}/") for line in lines[:-1]] == [
        "404.html manifest  error: is missing",
        "feeds/index.html manifest  error: is not what the build made",
        "index.html manifest  error: is not what the build made",
        "moved.html manifest  error: was not made by the build",
        "new.html manifest  error: was not made by the build",
    ]
    (archive / ".site.broadsheet" / "record").unlink()
    assert run(archive, "check", "--manifest") == 2


def test_a_full_build_makes_the_same(archive: Path) -> None:
    """And what was damaged in memory is made anew."""
    assert run(archive, "build") == 0
    files = {path: path.read_bytes() for path in (archive / "site").rglob("*") if path.is_file()}
    assert run(archive, "build", "--full") == 0
    assert {path: path.read_bytes() for path in (archive / "site").rglob("*") if path.is_file()} == files


@pytest.mark.parametrize(
    "arguments",
    [["--manifest", "--fix"], ["site", "--reproducible"], ["site", "--fix"], ["--fix", "--format", "json"]],
)
def test_what_does_not_go_together_is_2(archive: Path, arguments: list[str]) -> None:
    """And nothing is done."""
    assert run(archive, "check", *arguments) == 2
