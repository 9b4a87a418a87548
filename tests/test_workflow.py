"""What the scheduled workflow decides by itself: its scripts, with stand-ins for what only GitHub's runners have."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import REPOSITORY

OURS = REPOSITORY / ".github" / "workflows" / "update.yml"
THEIRS = REPOSITORY / "generator" / "starter" / "update.yml"
JOBS: Mapping[str, Any] = yaml.safe_load(THEIRS.read_text())["jobs"]


def script(job: str, name: str) -> str:
    """Return the script of a step of the workflow that `init` writes."""
    return str(next(step["run"] for step in JOBS[job]["steps"] if step.get("name") == name))


def ran(folder: Path, text: str, programs: Mapping[str, str], **environment: str) -> tuple[int, str]:
    """Run a script as the runner does, with `programs` in reach; return its end, and how they were called."""
    tools, calls = folder / "tools", folder / "calls.txt"
    tools.mkdir(exist_ok=True)
    calls.write_text("")
    for name, body in programs.items():
        (tools / name).write_text(f'#!/bin/bash\necho "{name} $*" >> {calls}\n{body}\n')
        (tools / name).chmod(0o755)
    given = {name: str(folder / name.lower()) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    where = {"PATH": f"{tools}:{os.environ['PATH']}", "RUNNER_TEMP": str(folder), **given, **environment}
    done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", text], cwd=folder, env=where, check=False)
    return done.returncode, calls.read_text()


REPORT = script("report", "One issue after three failures in a row, closed when all is well")


def reported(folder: Path, *, failed: str = "false", unreachable: str = "0", issue: str = "", before: int = 0) -> str:
    """Return what is done about the issue."""
    answers = f'case "$1 $2" in "issue list") echo "{issue}" ;; "run list") echo {before} ;; esac'
    settled = {"FAILED": failed, "UNREACHABLE": unreachable, "TITLE": "It fails", "RUN": "https://run"}
    code, calls = ran(folder, REPORT, {"gh": answers}, **settled)

    assert code == 0
    return "".join(line for line in calls.splitlines() if "issue list" not in line and "run list" not in line)


def test_one_issue_is_opened_kept_and_closed(tmp_path: Path) -> None:
    """After three failures in a row, never a second one; a single failure is no news."""
    assert reported(tmp_path) == ""
    assert reported(tmp_path, failed="true", before=1) == ""
    assert reported(tmp_path, failed="true", before=2).startswith("gh issue create --title It fails")
    assert reported(tmp_path, failed="true", before=2, issue="7").startswith("gh issue edit 7")
    assert reported(tmp_path, failed="true", before=0, issue="7") == ""
    assert reported(tmp_path, unreachable="2") == ""
    assert "in the last 3 runs" in reported(tmp_path, unreachable="3")
    assert reported(tmp_path, issue="7").startswith("gh issue close 7")


@pytest.mark.parametrize(
    ("ends", "code", "unreachable"),
    [((0,), 0, "0"), ((3,), 0, "1"), ((3, 3, 3), 0, "3"), ((3, 0), 0, "0"), ((2,), 2, "")],
)
def test_a_source_out_of_reach_is_no_failure(
    tmp_path: Path, ends: tuple[int, ...], code: int, unreachable: str
) -> None:
    """It is counted from run to run; wrong settings fail at once."""
    for end in ends:
        (tmp_path / "github_output").write_text("")
        found, calls = ran(
            tmp_path, script("fetch", "Fetch"), {"broadsheet": f"exit {end}"}, SINCE="", UNTIL="2026-02-03"
        )

    assert found == code
    assert calls == "broadsheet fetch --days 7 --until 2026-02-03\n"
    assert (tmp_path / "github_output").read_text() == (f"unreachable={unreachable}\n" if unreachable else "")


@pytest.mark.parametrize(("status", "against"), [("200", True), ("404", False), ("000", False)])
def test_a_new_site_is_compared_with_the_one_that_is_there(tmp_path: Path, status: str, *, against: bool) -> None:
    """Where there is one that answers; a failed check fails the step."""
    text = script("build", "Check it, also against the site that is there now")
    settled = {"BROADSHEET_BASE_URL": "https://a.example/b", "MOST_LOST": "5"}
    programs = {"curl": f"echo {status}", "broadsheet": "echo 0 errors"}
    code, calls = ran(tmp_path, text, programs, **settled)

    assert code == 0
    assert "https://a.example/b/site.json" in calls
    assert (f"broadsheet check --against {tmp_path}/last.json --most-lost 5\n" in calls) == against
    assert ran(tmp_path, text, programs | {"broadsheet": "exit 1"}, **settled)[0] == 1


@pytest.mark.parametrize(
    ("job", "name", "end", "log"),
    [
        ("fetch", "Fetch", 5, "fetch.txt"),
        ("build", "Build", 1, "build.txt"),
        ("build", "Check it, also against the site that is there now", 1, "check.txt"),
    ],
)
def test_what_a_failure_is_understood_by_is_kept(tmp_path: Path, job: str, name: str, end: int, log: str) -> None:
    """The step fails, what was said is in a file, and the job's last resort takes that file along."""
    programs = {"broadsheet": f"echo said; echo why >&2; exit {end}", "curl": "echo 404"}
    settled = {"BROADSHEET_BASE_URL": "https://a.example/", "MOST_LOST": "5", "SINCE": "", "UNTIL": ""}
    kept = [step for step in JOBS[job]["steps"] if step.get("if") == "failure()"]

    assert ran(tmp_path, script(job, name), programs, **settled)[0] == end
    assert (tmp_path / log).read_text() == "said\nwhy\n"
    assert [step["uses"].split("@")[0] for step in kept] == ["actions/upload-artifact"]
    assert f"${{{{ runner.temp }}}}/{log}\n" in kept[0]["with"]["path"]
    assert JOBS[job]["steps"].index(kept[0]) > [step.get("name") for step in JOBS[job]["steps"]].index(name)


def test_the_two_workflows_differ_in_how_broadsheet_comes_only() -> None:
    """This repository runs its own checkout; an archive installs the release."""
    ours = OURS.read_text().replace("make install", "INSTALL").replace(".venv/bin/broadsheet", "broadsheet")

    assert ours == THEIRS.read_text().replace("python -m pip install 'broadsheet==BROADSHEET_VERSION'", "INSTALL")
