"""Papers and an editor's files in a content folder."""

from datetime import date
from pathlib import Path

import pytest

from generator.errors import ContentError, OutputError, Several
from generator.model import Aliases, Notes, Paper, Redirect
from generator.store import disk


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("2512.07783", "papers/2512/2512.07783.md"),
        ("hep-ex-0406020", "papers/hep-ex/hep-ex-0406020.md"),
        ("math.GT-0309136", "papers/math.GT/math.GT-0309136.md"),
        ("lovelace", "papers/lovelace/lovelace.md"),
    ],
)
def test_a_paper_lies_in_the_folder_of_its_first_part(key: str, place: str) -> None:
    """Folders stay small, and a person finds a paper by its id."""
    assert disk.path_of(Path("content"), key) == Path("content") / place


@pytest.mark.parametrize(
    "key", ["", "..", "../x", "a/b", "/a", ".a", "a..b", "a\\b", "a\0", "a\n", "-a", "é", "a" * 151, "a."]
)
def test_an_id_never_leaves_its_folder(key: str) -> None:
    """What cannot be a file's name is refused before a path is made of it."""
    with pytest.raises(ContentError):
        disk.path_of(Path("content"), key)


def test_papers_come_back_and_equal_ones_are_not_written(tmp_path: Path) -> None:
    """A file is written only when its text changes."""
    papers = (Paper(id="2512.00001", title="One"), Paper(id="hep-ex/0406020", title="Two", abstract="x"))
    assert [disk.write_paper(tmp_path, paper) for paper in papers] == [True, True]
    before = disk.path_of(tmp_path, papers[0].key).stat().st_mtime_ns
    assert [disk.write_paper(tmp_path, paper) for paper in papers] == [False, False]
    assert disk.path_of(tmp_path, papers[0].key).stat().st_mtime_ns == before
    assert disk.read_papers(tmp_path) == papers
    assert disk.read_paper(tmp_path, "hep-ex-0406020") == papers[1]
    assert disk.read_paper(tmp_path, "2512.00002") is None


def test_what_a_killed_writer_leaves_is_nobodys_paper(tmp_path: Path) -> None:
    """Drafts are hidden files, and no reader looks at them."""
    disk.write_paper(tmp_path, Paper(id="1.1", title="One"))
    (tmp_path / "papers" / "1" / ".1.1.md.77").write_bytes(b"half")
    (tmp_path / "papers" / "1" / ".1.2.md").write_bytes(b"half")
    assert len(disk.read_papers(tmp_path)) == 1


def test_a_failed_write_leaves_the_old_page(tmp_path: Path) -> None:
    """Where a page cannot be written, the error names it, and no draft stays behind."""
    paper = Paper(id="1.1", title="One")
    (tmp_path / "papers" / "1" / "1.1.md").mkdir(parents=True)
    with pytest.raises(OutputError, match="cannot be written"):
        disk.write_paper(tmp_path, paper)
    assert [path.name for path in (tmp_path / "papers" / "1").iterdir()] == ["1.1.md"]


def test_every_bad_page_is_named(tmp_path: Path) -> None:
    """All errors come together, each with its file; a page in the wrong place is one of them."""
    disk.write_paper(tmp_path, Paper(id="1.1", title="One"))
    folder = tmp_path / "papers" / "1"
    (folder / "1.2.md").write_text("---\nid: '1.2'\n---\n")
    (folder / "1.3.md").write_text("no header")
    (folder / "copy.md").write_bytes((folder / "1.1.md").read_bytes())
    with pytest.raises(Several) as caught:
        disk.read_papers(tmp_path)
    assert [Path(error.where.split(":")[0]).name for error in caught.value.errors] == ["1.2.md", "1.3.md", "copy.md"]
    assert caught.value.errors[2].hint == "move it to papers/1/1.1.md"


def test_an_empty_folder_is_an_empty_archive(tmp_path: Path) -> None:
    """Nothing that an editor may write must be there."""
    assert disk.read_papers(tmp_path) == ()
    assert disk.read_overrides(tmp_path) == {}
    assert disk.read_aliases(tmp_path) == Aliases()
    assert disk.read_redirects(tmp_path) == {}
    assert disk.read_notes(tmp_path) == Notes()


def test_what_an_editor_owns(tmp_path: Path) -> None:
    """Corrections go by the key of their paper, pages by their name, notes by their day."""
    for name, text in {
        "overrides/1.1.yml": "reason: x\ndate: 2026-02-03\nset: {title: One}\n",
        "aliases.yml": "topics: {models: [model]}\n",
        "redirects.yml": "old: new\n",
        "pages/about.md": "---\ntitle: About\nmenu: 1\n---\n\nHello.\n",
        "days/2026-02-03.md": "---\n---\n\nA good day.\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    notes = disk.read_notes(tmp_path)
    assert disk.read_overrides(tmp_path)["1.1"].set == {"title": "One"}
    assert disk.read_aliases(tmp_path).canonical["topic"]["model"] == "models"
    assert disk.read_redirects(tmp_path) == {"old/": Redirect(to="new/")}
    assert [(note.name, note.title, note.menu, note.body) for note in notes.pages] == [("about", "About", 1, "Hello.")]
    assert notes.days[date(2026, 2, 3)].body == "A good day."


def test_words_about_names_go_by_the_key_of_the_name(tmp_path: Path) -> None:
    """Which the header gives where no file can be called so; the kind is that of the folder."""
    for path, text in {
        "topics/Large language models.md": "---\n---\nThey write.\n",
        "topics/cpp.md": "---\ntitle: C++\nlink: https://isocpp.org/\n---\nA language.\n",
        "authors/ada.md": "---\ntitle: Ada Lovelace\n---\nShe wrote notes.\n",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)

    names = disk.read_notes(tmp_path).names

    assert {kind: sorted(notes) for kind, notes in names.items()} == {
        "author": ["ada-lovelace"],
        "topic": ["c-plus-plus", "large-language-models"],
    }
    assert names["topic"]["c-plus-plus"].link == "https://isocpp.org/"


@pytest.mark.parametrize(
    ("name", "text"),
    [("pages/a.md", "---\nmenu: 1\n---\n"), ("days/monday.md", "---\n---\n"), ("pages/b.md", "---\ntitel: x\n---\n")],
)
def test_a_bad_note(tmp_path: Path, name: str, text: str) -> None:
    """A page needs a title, a day's note the name of a day, and no key is ignored."""
    (tmp_path / name).parent.mkdir()
    (tmp_path / name).write_text(text)
    with pytest.raises(ContentError) as caught:
        disk.read_notes(tmp_path)
    assert name in caught.value.where
