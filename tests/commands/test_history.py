"""What git remembers of a record."""

import os
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

from click.testing import CliRunner

from generator.cli import Session, broadsheet
from generator.commands.history import head, history
from generator.model import Revision
from generator.store import codec
from tests.support import SETTINGS, paper_of

WHO = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org"}
WHO |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org"}


def git(root: Path, *words: str, day: str = "2026-02-01") -> None:
    """Run git in `root`, as of `day`."""
    when = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True, env=os.environ | WHO | when)


def archive(root: Path, *titles: str) -> None:
    """Write an archive of papers with `titles` into `root`."""
    papers = root / "content/papers/2602"
    papers.mkdir(parents=True, exist_ok=True)
    (root / "archive.yml").write_text(SETTINGS)
    for number, title in enumerate(titles, 1):
        paper = paper_of(f"2602.{number:05}", title=title, rank=number)
        (papers / f"{paper.key}.md").write_bytes(codec.encode(paper))


def build(root: Path) -> str:
    """Build the archive in `root`, and return the page of its first paper."""
    session = Session({}, lambda: datetime(2026, 2, 3, tzinfo=UTC))
    done = CliRunner().invoke(broadsheet, ["-C", str(root), "build"], obj=session)
    assert done.exit_code == 0, done.output
    return (root / "site/paper/2602.00001/index.html").read_text()


def test_each_change_is_told_with_its_day(tmp_path: Path) -> None:
    """The newest first, each paper its own; what a person wrote is text."""
    root = tmp_path / "archive"
    archive(root, "One", "Two")
    git(tmp_path, "init", "-q", str(root))
    git(root, "add", ".")
    git(root, "commit", "-qm", "Fetched <b>2 papers</b>", day="2026-02-01")
    archive(root, "One, corrected", "Two")
    git(root, "commit", "-qam", "A slip in a title", day="2026-02-02")

    told = history(root)

    first = Revision(day=date(2026, 2, 1), said="Fetched <b>2 papers</b>")
    assert told == {
        "2602.00001": (Revision(day=date(2026, 2, 2), said="A slip in a title"), first),
        "2602.00002": (first,),
    }
    page = build(root)
    assert "A slip in a title" in page
    assert "Fetched &lt;b&gt;2 papers&lt;/b&gt;" in page


def test_a_commit_alone_is_news(tmp_path: Path) -> None:
    """The same content with another history is another site; with the same history nothing is made anew."""
    archive(tmp_path, "One")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "Begun")
    assert "Begun" in build(tmp_path)

    git(tmp_path, "commit", "-q", "--amend", "-m", "Begun again")

    assert "Begun again" in build(tmp_path)


def test_where_there_is_no_whole_history_nothing_is_told(tmp_path: Path) -> None:
    """No repository, no commit, the end of a history, or a setting: no history, and no error."""
    root = tmp_path / "archive"
    archive(root, "One")
    assert (head(root), history(root)) == ("", {})

    git(root, "init", "-q")
    assert (head(root), history(root)) == ("", {})

    git(root, "add", ".")
    git(root, "commit", "-qm", "Begun")
    git(root, "commit", "-q", "--allow-empty", "-m", "More")
    git(tmp_path, "clone", "-q", "--depth", "1", root.as_uri(), str(tmp_path / "shallow"))
    assert (head(tmp_path / "shallow"), history(tmp_path / "shallow")) == ("", {})

    with (root / "archive.yml").open("a") as file:
        file.write("content: {history: false}\n")
    assert "History of this record" not in build(root)


def test_a_record_can_be_reported(tmp_path: Path) -> None:
    """Where the archive has a repository, its issues; where not, nothing."""
    archive(tmp_path, "One")
    assert "Fix this record" not in build(tmp_path)

    (tmp_path / "archive.yml").write_text(SETTINGS.replace("base_url", "repository: 'https://git.example/a', base_url"))

    page = build(tmp_path)
    assert (
        "https://git.example/a/issues/new?title=Wrong+record%3A+2602.00001&amp;body=https%3A%2F%2Fexample.org" in page
    )
