"""The command line: exit codes, and what is said when something goes wrong."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from generator import __version__, cli, commands
from generator.lock import held
from generator.store import disk
from tests.replay import Canned, Replay, served
from tests.support import files_below, paper_of

LIST = ("--date", "2026-02-02", "--source", "hf-daily")
NOW = datetime(2026, 2, 3, 12, tzinfo=UTC)


def run(*arguments: str, clock: Callable[[], datetime] = lambda: NOW, **environment: str) -> int:
    """Run one command and return its exit code."""
    return cli.run(arguments, environment=environment, clock=clock)


@pytest.fixture
def archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the folder of an empty archive."""
    assert run("init", str(tmp_path / "a"), "--yes") == 0
    capsys.readouterr()
    return str(tmp_path / "a")


def failing(error: BaseException) -> Callable[[], datetime]:
    """Return a clock that fails."""

    def clock() -> datetime:
        raise error

    return clock


def tree(archive: str, name: str) -> dict[str, bytes]:
    """Return every file of a site by its path."""
    return files_below(Path(archive, name))


def test_the_module_is_the_command() -> None:
    """`python -m generator` is `broadsheet`, and says its version."""
    said = subprocess.run([sys.executable, "-m", "generator", "--version"], check=True, capture_output=True, text=True)

    assert said.stdout == f"broadsheet, version {__version__}\n"


def test_commands_are_loaded_when_they_are_asked_for() -> None:
    """What only some commands need costs the others nothing, and a command that is none is none."""
    program = (
        "import sys, generator.cli; print(*{'httpx', 'jinja2', 'lxml', 'numpy', 'scipy', 'uvicorn'} & {*sys.modules})"
    )

    said = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert said.stdout == "\n"
    assert callable(commands.serve.run)
    assert not hasattr(commands, "brew")


def test_serve_says_the_port_it_listens_at(capsys: pytest.CaptureFixture[str]) -> None:
    """The port that help tells of is the one there is."""
    run("serve", "--help")

    assert f"{commands.serve.PORT}, or the next free one" in " ".join(capsys.readouterr().out.split())


def test_every_command_is_listed_with_one_line_and_there_are_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` is enough to begin."""
    assert run("--help") == 0

    said = capsys.readouterr().out
    commands = said.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert [line.split()[0] for line in commands] == list(cli.broadsheet.commands)
    assert not [line for line in commands if line.endswith("...")]
    assert said.count("  broadsheet ") == 2


@pytest.mark.parametrize(
    "arguments",
    [["fly"], ["--fly"], ["build", "--now", "yesterday"], ["import"], ["fetch", "--date", "2026-02-30"],
     ["fetch", "--week", "6"], ["check", "nothing"], ["serve", "--port", "70000"]],
)  # fmt: skip
def test_wrong_usage_is_2(archive: str, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """And it is said what is wrong, without a traceback."""
    assert run("-C", archive, *arguments) == 2
    assert "rror: " in (said := capsys.readouterr().err)
    assert "Traceback" not in said


def test_a_folder_without_settings_is_2_and_leads_to_init(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first thing anybody does wrong."""
    assert run("-C", str(tmp_path), "build") == 2
    assert capsys.readouterr().err == (
        f"error: {tmp_path}: there is no archive.yml here\n"
        "       begin an archive with: broadsheet init, or name its folder with -C\n"
    )


def test_all_mistakes_in_settings_are_said(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One error each, and unknown keys as warnings; 2."""
    file = Path(archive, "archive.yml")
    file.write_text("site: {base_url: here}\nlists: {page_size: many}\nfeeds: {limit: 3}\n")

    assert run("-C", archive, "build") == 2
    assert capsys.readouterr().err == (
        f'warning: {file}:3: unknown key "feeds.limit"; did you mean "feeds.items"?\n'
        f'error: {file}:1: site.base_url must be an absolute http or https address, got "here"\n'
        "       write it as https://example.org/papers/\n"
        f'error: {file}:2: lists.page_size must be a whole number above 0, got "many"\n'
    )


def test_runners_put_errors_beside_the_file(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    """On GitHub an error is also an annotation."""
    file = Path(archive, "archive.yml")
    file.write_text("site: {base_url: 'https://example.org/'}\nlists: {page_size: many}\n")

    assert run("-C", archive, "build", GITHUB_ACTIONS="true") == 2
    assert (
        f'::error file={file},line=2::lists.page_size must be a whole number above 0, got "many"'
        in capsys.readouterr().err.splitlines()
    )


def test_content_that_cannot_be_read_is_1(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The error names the page, and there is no site."""
    page = Path(archive, "content/pages/bad.md")
    page.write_text("---\ntitle: [\n---\n")

    assert run("-C", archive, "build") == 1
    assert f"error: {page}" in capsys.readouterr().err
    assert not Path(archive, "site").exists()


def test_a_source_that_refuses_is_3(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The service's fault is not a bug."""
    with served(Replay(canned=[Canned(403)])) as service:
        assert run("-C", archive, "fetch", *LIST, BROADSHEET_HF_URL=service.url) == 3

    assert "Traceback" not in capsys.readouterr().err


def test_nothing_new_is_0_unless_new_is_required(archive: str) -> None:
    """An empty list is an answer like any other; a schedule may want to know."""
    with served(Replay()) as service:
        assert run("-C", archive, "fetch", *LIST, BROADSHEET_HF_URL=service.url) == 0
        assert run("-C", archive, "fetch", *LIST, "--require-new", BROADSHEET_HF_URL=service.url) == 4


def test_an_output_that_is_not_ours_is_5(archive: str, tmp_path: Path) -> None:
    """A folder that somebody filled is left alone."""
    (tmp_path / "o").mkdir()
    (tmp_path / "o/mine.txt").write_text("mine")

    assert run("-C", archive, "build", "-o", str(tmp_path / "o")) == 5
    assert [path.name for path in (tmp_path / "o").iterdir()] == ["mine.txt"]


def test_a_second_build_is_5_and_says_who_is_at_work(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Two builds never mix."""
    with held(Path(archive, ".broadsheet/build.lock"), "build"):
        assert run("-C", archive, "build") == 5

    assert f"broadsheet build (process {os.getpid()}) is at work here" in capsys.readouterr().err


def test_being_interrupted_is_130(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C is no bug."""
    assert run("-C", archive, "build", clock=failing(KeyboardInterrupt())) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_a_bug_shows_where_and_asks_for_a_report(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Only bugs have a traceback, which is kept in the archive's cache; the same bug has the same name each time."""
    said = []
    for _ in range(2):
        assert run("-C", archive, "build", clock=failing(ZeroDivisionError("ours"))) == 1
        said.append(capsys.readouterr().err)
    [log] = Path(archive, ".broadsheet").glob("bug-*.txt")
    name = log.stem.removeprefix("bug-")

    assert "ZeroDivisionError: ours" in said[0]
    for each in said:
        assert f"this is a bug in Broadsheet {__version__} ({name}), not something you did\n" in each
        assert each.endswith(f"with the command you gave and {log}\n")
    assert "ZeroDivisionError: ours" in log.read_text()


def test_a_disk_that_refuses_is_5(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What the system says of a file is no bug."""
    assert run("-C", archive, "build", clock=failing(OSError(28, "No space left on device", "/disk/file"))) == 5
    assert capsys.readouterr().err.endswith("error: /disk/file: No space left on device\n")


def test_content_that_cannot_be_written_is_5(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is no fault of the content."""
    Path(archive, "content/published.txt").mkdir()

    assert run("-C", archive, "addresses") == 1  # cannot even be read
    Path(archive, "content/published.txt").rmdir()
    Path(archive, "content/.published.txt.draft").mkdir()
    assert run("-C", archive, "addresses") == 5
    assert "published.txt: cannot be written" in capsys.readouterr().err


def test_offline_refuses_the_network(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is asked; what is kept can still be read, and doctor looks at the rest."""
    assert run("-C", archive, "--offline", "fetch", *LIST) == 2
    assert "--offline refuses it" in capsys.readouterr().err
    assert run("-C", archive, "--offline", "fetch", "--from-cache") == 3
    assert "no answer is kept" in capsys.readouterr().err
    assert run("-C", archive, "--offline", "doctor") == 0
    assert "can be reached" not in capsys.readouterr().out


def test_yes_answers_before_it_is_asked(tmp_path: Path) -> None:
    """As an option of all commands."""
    assert run("--yes", "init", str(tmp_path / "new")) == 0
    assert (tmp_path / "new" / "archive.yml").is_file()


def test_logs_can_be_json(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One object a line on standard error, whatever happens; the result stays what it is."""
    with Path(archive, "archive.yml").open("a") as file:
        file.write("zzz: 1\n")
    assert run("--log-format", "json", "-C", archive, "build") == 0
    assert run("--log-format", "json", "-C", archive, "build", "--fly") == 2
    assert run("--log-format", "json", "-C", f"{archive}/nowhere", "build") == 2

    out, err = capsys.readouterr()
    said = [msgspec.json.decode(line) for line in err.splitlines()]
    assert out.startswith(f"{archive}/site: ")
    assert [each["level"] for each in said] == ["warning", "info", "info", "info", "error", "error"]
    assert [each["step"] for each in said[1:4]] == ["load", "plan", "write"]
    assert said[0]["message"] == 'unknown key "zzz"'
    assert "--fly" in said[4]["message"]
    assert said[5].keys() == {"level", "message", "where", "hint"}


def test_vv_adds_a_traceback(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    """For whoever wants to know more about an error than its message."""
    assert run("-vv", "-C", f"{archive}/nowhere", "build") == 2
    assert "SettingsError" in capsys.readouterr().err


def test_results_and_progress_go_different_ways(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output has the result, standard error the steps; quiet, only the result is left."""
    run("-C", archive, "build")
    loud = capsys.readouterr()
    run("-q", "-C", archive, "build")
    quiet = capsys.readouterr()

    assert loud.out.startswith(f"{archive}/site: ")
    assert [line.split()[0] for line in loud.err.splitlines()] == ["load", "plan", "write"]
    assert quiet.out.startswith(f"{archive}/site: ")
    assert quiet.err == ""


def test_json_is_one_report(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`build --json` can be read by a program."""
    run("-C", archive, "build", "--json")

    report = msgspec.json.decode(capsys.readouterr().out)
    assert report["papers"] == 0
    assert report["published"]["removed"] == 0


@pytest.mark.parametrize(
    "moment", ["2025-12-31", "2025-12-31T00:00:00Z", "2025-12-31T01:00:00+01:00", "SOURCE_DATE_EPOCH"]
)
def test_a_build_can_be_of_any_moment(archive: str, moment: str) -> None:
    """All ways to name one moment give the same bytes, whatever the clock says; another moment gives others."""
    disk.write_paper(Path(archive, "content"), paper_of(day="2025-12-31"))
    environment = {"SOURCE_DATE_EPOCH": "1767139200"} if moment == "SOURCE_DATE_EPOCH" else {}
    flags = [] if environment else ["--now", moment]

    cli.run(["-C", archive, "build", "-o", f"{archive}/said", *flags], environment=environment, clock=lambda: NOW)
    run("-C", archive, "build", "-o", f"{archive}/same", clock=lambda: datetime(2025, 12, 31, tzinfo=UTC))
    run("-C", archive, "build", "-o", f"{archive}/later")

    assert tree(archive, "said") == tree(archive, "same") != tree(archive, "later")


def test_a_wrong_epoch_is_2(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And is blamed on the variable."""
    assert run("-C", archive, "build", SOURCE_DATE_EPOCH="soon") == 2
    assert "error: SOURCE_DATE_EPOCH: " in capsys.readouterr().err


def test_the_address_can_be_said_on_the_command_line(archive: str) -> None:
    """A flag wins over the environment, which wins over the file."""
    run("-C", archive, "build", "--base-url", "https://flag.example/", BROADSHEET_BASE_URL="https://env.example/")

    sitemap = Path(archive, "site/sitemap.xml").read_text()
    assert "https://flag.example/" in sitemap
    assert "env.example" not in sitemap


def test_settings_can_lie_elsewhere(archive: str, tmp_path: Path) -> None:
    """`--config` names the file, `-C` still the archive."""
    Path(archive, "archive.yml").rename(tmp_path / "other.yml")

    assert run("-C", archive, "--config", str(tmp_path / "other.yml"), "build") == 0
    assert Path(archive, "site/index.html").is_file()
