"""A new archive: complete, and nobody's files are touched."""

import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from generator import __version__, cli
from generator.commands.init import Answers, answered, settings_text, starter
from generator.config import load
from generator.errors import SettingsError
from generator.shipped import demo_folder
from tests.conftest import REPOSITORY
from tests.support import files_below

KINDS = ("arxiv", "hf-daily")
Init = Callable[..., Result]


@pytest.fixture
def init(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Init:
    """Return a way to run `broadsheet init` in an empty folder, with answers typed."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, typed: Sequence[str] = ()) -> Result:
        session = cli.Session({}, lambda: datetime.now(UTC))
        return CliRunner().invoke(
            cli.broadsheet, ["init", *arguments], input="\n".join([*typed, ""]), obj=session, prog_name="broadsheet"
        )

    return run


def test_an_empty_archive_without_a_question(init: Init, tmp_path: Path) -> None:
    """`--template minimal --yes` writes all that an archive needs, and no paper."""
    result = init("new", "--template", "minimal", "--yes")

    assert result.exit_code == 0
    assert sorted(files_below(tmp_path / "new")) == [
        ".github/workflows/update.yml",
        ".gitignore",
        "archive.yml",
        "content/days/.gitkeep",
        "content/overrides/.gitkeep",
        "content/pages/about.md",
        "content/papers/.gitkeep",
        "theme/README.md",
    ]


@pytest.mark.parametrize("template", ["minimal", "demo"])
def test_a_new_archive_builds_and_is_without_fault(init: Init, template: str) -> None:
    """What `init` writes is what `build` and `check` want."""
    init("--template", template, "--yes")

    for command in ("build", "check"):
        assert cli.run([command], environment={}, clock=lambda: datetime(2026, 2, 3, tzinfo=UTC)) == 0


def test_the_demo_is_the_shipped_archive(init: Init, tmp_path: Path) -> None:
    """Its content is the same to the byte, its name too."""
    init("--template", "demo", "--yes")

    assert files_below(tmp_path / "content") == files_below(demo_folder() / "content")
    title = yaml.safe_load((demo_folder() / "archive.yml").read_text())["site"]["title"]
    assert yaml.safe_load((tmp_path / "archive.yml").read_text())["site"]["title"] == title


def test_answers_become_settings(init: Init, tmp_path: Path) -> None:
    """Each question is asked once; an empty answer takes the default."""
    result = init(typed=["My papers", "https://papers.example/", "arxiv", "", "Europe/Zurich"])

    said = load((tmp_path / "archive.yml").read_text(), root=tmp_path, kinds=KINDS, warn=lambda *_: None)
    assert result.exit_code == 0
    assert (said.site.title, said.site.base_url, said.site.language) == ("My papers", "https://papers.example/", "en")
    assert [source.kind for source in said.sources] == ["arxiv"]
    assert said.site.timezone == "Europe/Zurich"


def test_a_wrong_answer_is_asked_again(init: Init, tmp_path: Path) -> None:
    """It says what is wrong, and nothing is written before everything is right."""
    result = init(typed=["T", "example.org", "https://example.org/", "arxiv hf_daily", "arxiv", "en", "Mars", "UTC"])

    assert result.exit_code == 0
    assert 'must be an absolute http or https address, got "example.org"' in result.stderr
    assert 'did you mean "hf-daily"?' in result.stderr
    assert 'must be the name of a time zone, got "Mars"' in result.stderr
    assert "https://example.org/" in (tmp_path / "archive.yml").read_text()


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    """Nothing is written into it."""
    (tmp_path / "mine.txt").write_text("mine")

    assert cli.run(["init", str(tmp_path), "--yes"], environment={}, clock=lambda: datetime.now(UTC)) == 2
    assert files_below(tmp_path) == {"mine.txt": b"mine"}


def test_a_fresh_repository_counts_as_empty(init: Init, tmp_path: Path) -> None:
    """`git init` often comes first."""
    (tmp_path / ".git").mkdir()

    assert init("--yes").exit_code == 0


def test_force_adds_but_never_overwrites(init: Init, tmp_path: Path) -> None:
    """What is there is left alone, and said to be."""
    (tmp_path / "archive.yml").write_text("mine")

    result = init("--yes", "--force")

    assert (tmp_path / "archive.yml").read_text() == "mine"
    assert "exists, left alone: archive.yml" in result.stdout.splitlines()
    assert (tmp_path / "content/pages/about.md").is_file()


def test_the_next_three_commands_are_printed(init: Init) -> None:
    """And a folder with a strange name is quoted for the shell."""
    result = init("two words", "--yes")

    assert result.stdout.splitlines() == ["Next:", "  cd 'two words'", "  broadsheet fetch", "  broadsheet serve"]


@given(
    st.builds(
        Answers,
        title=st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"])).map(str.strip),
        description=st.text(st.characters(exclude_categories=["Cs"])),
    )
)
def test_any_answer_is_only_text(answers: Answers) -> None:
    """No quote, colon or line break in an answer can become a setting."""
    read = load(settings_text(answers), root=Path(), kinds=KINDS, warn=lambda *_: None)

    assert (read.site.title, read.site.description) == (answers.title, answers.description)
    assert (read.feeds.items, read.site.base_url) == (60, answers.base_url)


def test_an_answer_that_cannot_be_used_is_told() -> None:
    """Alone, before any other question."""
    with pytest.raises(SettingsError, match="language tag"):
        answered(Answers(), "language", "English please", KINDS)


def test_the_workflow_installs_this_version_and_has_the_actions_of_ours() -> None:
    """The starter's workflow follows the one that keeps the shipped archive: same actions, same permissions."""
    made = {str(file.path): file.data.decode() for file in starter(Answers(), "minimal")}
    text = made[".github/workflows/update.yml"]
    ours = yaml.safe_load((REPOSITORY / ".github/workflows/update.yml").read_text(encoding="utf-8"))

    assert f"broadsheet=={__version__}" in text
    assert _used(yaml.safe_load(text)) == _used(ours)


def _used(workflow: dict[str, dict[str, dict[str, list[dict[str, str]]]]]) -> list[object]:
    jobs = workflow["jobs"].values()
    return [(job["permissions"], [step["uses"] for step in job["steps"] if "uses" in step]) for job in jobs]


def test_what_builds_leave_behind_is_ignored(init: Init, tmp_path: Path) -> None:
    """Git sees none of the site, the cache or half-made sites."""
    init("--yes")
    subprocess.run(["git", "init", "-q"], check=True, cwd=tmp_path)
    cli.run(["build"], environment={}, clock=lambda: datetime(2026, 2, 3, tzinfo=UTC))
    (tmp_path / ".site.broadsheet").mkdir(exist_ok=True)
    (tmp_path / ".site.broadsheet/half").write_text("")

    seen = subprocess.run(
        ["git", "status", "--porcelain", "-uall"], check=True, cwd=tmp_path, capture_output=True, text=True
    ).stdout

    assert "content/pages/about.md" in seen
    assert "broadsheet" not in seen
    assert "site/" not in seen
