"""The doctor sees what is wrong, and says what to do."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from generator import cli
from generator.client import Client
from generator.commands import fetch
from generator.commands.wanted import Options
from generator.config import SourceSettings, load
from generator.progress import Progress
from generator.status import Health, Incident, State
from generator.store import disk, quarantine
from tests.replay import Canned, Replay, served
from tests.support import paper_of

NOW = datetime(2026, 2, 3, 12, tzinfo=UTC)
Doctor = Callable[..., tuple[int, str]]


@pytest.fixture
def doctor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """Return a way to ask the doctor about an archive in which all is well."""
    (tmp_path / "archive.yml").write_text(
        "site: {base_url: 'https://papers.example/'}\nfetch: {contact: a@papers.example}\nsources: [{kind: hf-daily}]\n"
    )
    disk.write_paper(tmp_path / "content", paper_of(day="2026-02-02"))
    written(tmp_path, State(sources={"hf-daily": Health(checked=NOW, newest=None)}))

    def asked(*arguments: str, now: datetime = NOW, url: str = "") -> tuple[int, str]:
        environment = {"BROADSHEET_HF_URL": url} if url else {}
        command = ["-C", str(tmp_path), "doctor", *([] if url else ["--offline"]), *arguments]
        code = cli.run(command, environment=environment, clock=lambda: now)
        return code, capsys.readouterr().out

    return asked


def written(root: Path, state: State) -> None:
    """Write down how the sources are doing."""
    disk.write_status(root / "content", state)


def test_a_healthy_archive(doctor: Doctor) -> None:
    """Nothing to do, code 0; the same as JSON."""
    code, said = doctor()

    assert (code, "warning" in said, "error" in said) == (0, False, False)
    assert "hf-daily    last good answer just now, newest list 2026-02-02" in said
    findings = json.loads(doctor("--json")[1])
    assert {each["grade"] for each in findings} == {"ok"}


def test_a_list_that_is_missing(doctor: Doctor) -> None:
    """The newest that should be there, and gaps before it."""
    code, said = doctor(now=NOW + timedelta(days=3))

    assert code == 0
    assert (
        "warning  hf-daily    last good answer 3 days ago, newest list 2026-02-02; 2026-02-05 should be there" in said
    )


def test_gaps(doctor: Doctor, tmp_path: Path) -> None:
    """Days between the first and the newest without a paper are gaps, unless they were asked for; weekends are not."""
    disk.write_paper(tmp_path / "content", paper_of("2601.00001", day="2026-01-28"))
    assert "warning  gaps        2 days without a list, 2026-01-30 the last of them" in doctor()[1]

    with served(Replay()) as replay:
        options = Options(missing=True)
        settings = load(
            (tmp_path / "archive.yml").read_text(), root=tmp_path, kinds=("hf-daily",), warn=lambda *_: None
        )
        settings = replace(settings, sources=(SourceSettings(kind="hf-daily", url=replay.url),))
        later = NOW + timedelta(days=14)
        with Client(sleep=lambda _: None) as client:
            fetch.run(settings, options, now=later, today=later.date(), client=client, progress=Progress(quiet=True))
        assert {"2026-01-29", "2026-01-30"} <= {each.partition("date=")[2][:10] for each in replay.asked}
    assert "ok       gaps        none between 2026-01-28 and 2026-02-02" in doctor()[1]


def test_a_source_that_fails(doctor: Doctor, tmp_path: Path) -> None:
    """Since when, and why."""
    incident = Incident(source="hf-daily", kind="failed", since=NOW, message="answered 503 five times for 2026-02-03")
    written(tmp_path, State(sources={"hf-daily": Health(checked=NOW)}, incidents=(incident,)))

    code, said = doctor()

    assert code == 1
    assert "since 3 February 2026, 12:00 UTC it answered 503 five times for 2026-02-03" in said


def test_what_cannot_be_read(doctor: Doctor, tmp_path: Path) -> None:
    """Records in quarantine, pages, the file of the status itself."""
    bad = quarantine.Quarantined(
        what="2602.00009", source="hf-daily", reason="no title", record=quarantine.shown(b"{}")
    )
    quarantine.keep(tmp_path / ".broadsheet" / "quarantine", bad)
    (tmp_path / "content/papers/2602/2602.00002.md").write_text("no header")
    (tmp_path / "content/status.yml").write_text("sources: [")

    code, said = doctor()

    assert code == 1
    assert "warning  quarantine  1 record that could not be read, 2602.00009 for one: no title" in said
    assert "error    content     1 paper, 1 unreadable" in said
    assert "error    status" in said


def test_a_clock_that_is_wrong(doctor: Doctor) -> None:
    """It is never before the last fetch."""
    code, said = doctor(now=NOW - timedelta(days=30))

    assert code == 1
    assert "error    time        UTC, 4 January 2026, 12:00 UTC: before the last fetch, 3 February 2026" in said


@pytest.mark.parametrize(("days", "grade"), [(3, "ok"), (50, "warning"), (61, "error")])
def test_a_schedule_that_is_about_to_be_switched_off(doctor: Doctor, tmp_path: Path, days: int, grade: str) -> None:
    """Sixty days without a commit end it."""
    when = (NOW - timedelta(days=days)).isoformat()
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    subprocess.run(
        ["git", "-C", str(tmp_path), *identity, "commit", "--quiet", "--allow-empty", "--message=x"],
        check=True,
        env={"GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": when, "PATH": "/usr/bin:/bin"},
    )

    code, said = doctor()

    assert code == (grade == "error")
    assert f"{grade:<9}activity    last commit {days} days ago" in said


def test_sources_are_reached_or_not(doctor: Doctor) -> None:
    """Each is asked once, and not at all with --offline."""
    with served(Replay(canned=[Canned(503)])) as replay:
        code, said = doctor(url=replay.url)
        assert (code, len(replay.asked)) == (1, 1)
        assert f"error    hf-daily    {replay.url}: answered 503 once" in said
        assert doctor(url=replay.url)[0] == 0


def test_what_is_still_the_examples(doctor: Doctor, tmp_path: Path) -> None:
    """An address that is nobody's, and nobody to write to."""
    (tmp_path / "archive.yml").write_text("site: {base_url: 'https://example.org/'}\nsources: [{kind: hf-daily}]\n")

    code, said = doctor()

    assert code == 0
    assert "site.base_url is still the example’s" in said
    assert "set fetch.contact in archive.yml" in said
