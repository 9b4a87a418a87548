"""Fetching from a real server on loopback."""

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from generator import cli
from generator.client import Client
from generator.commands import import_
from generator.commands.fetch import NOTHING_NEW, run
from generator.commands.wanted import Options, plan
from generator.config import Settings, load
from generator.errors import BroadsheetError, SourceError, UsageError
from generator.model import Paper
from generator.progress import Progress
from generator.sources import Papers, Period
from generator.store import disk, quarantine
from tests.replay import Canned, Replay, served

TODAY = date(2025, 12, 14)
NOW = datetime(2025, 12, 14, 6, 43, tzinfo=UTC)
Fetch = Callable[..., int]


def entry(id_: str, day: str = "2025-12-11", **paper: object) -> dict[str, Any]:
    """Return an entry of a list."""
    inside = {"id": id_, "submittedOnDailyAt": f"{day}T00:00:00Z", "upvotes": 1, **paper}
    return {"paper": inside, "title": "A study", "summary": "We study."}


def atom(id_: str) -> str:
    """Return an entry of arXiv's."""
    return f'<entry><id>http://arxiv.org/abs/{id_}v1</id><title>A study</title><category term="cs.CL"/></entry>'


@pytest.fixture
def replay() -> Iterator[Replay]:
    """Return a running server with lists on two days, and what arXiv says about two of the three papers."""
    days = {"2025-12-11": [entry("2512.00001"), entry("2512.00002")], "2025-12-12": [entry("2512.00003", "2025-12-12")]}
    with served(Replay(days, {each: atom(each) for each in ("2512.00001", "2512.00003")}, prefix="/up")) as running:
        yield running


@pytest.fixture
def fetch(replay: Replay, tmp_path: Path) -> Fetch:
    """Return a function that fetches from the server and returns the exit code."""

    def fetched(*, query: str = "", today: date = TODAY, **options: Any) -> int:
        with Client(sleep=lambda _: None) as client:
            archive = settings(tmp_path, replay, query)
            return run(
                archive, Options(**options), now=NOW + (today - TODAY), today=today, client=client, progress=Progress()
            )

    return fetched


def settings(root: Path, replay: Replay, query: str = "") -> Settings:
    """Return the settings of an archive that asks the server for everything."""
    text = (
        "site: {base_url: 'https://example.org/'}\nsources:\n"
        f"- {{kind: hf-daily, url: '{replay.url}'}}\n- {{kind: arxiv, url: '{replay.url}', query: '{query}'}}"
    )
    return load(text, root=root, kinds=("arxiv", "hf-daily"), warn=lambda *_: None)


def days_asked(replay: Replay) -> list[str]:
    """Return the days whose lists were asked for."""
    return [each.partition("date=")[2][:10] for each in replay.asked if "date=" in each]


def papers(root: Path) -> dict[str, Paper]:
    """Return the papers of an archive."""
    return {paper.id: paper for paper in disk.read_papers(root / "content")}


def test_a_day_comes_in_and_arxiv_adds_to_it(fetch: Fetch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The list gives the papers, arXiv what it knows of them; each step is said."""
    assert fetch(day=date(2025, 12, 11)) == 0

    found = papers(tmp_path)
    assert [each.day for paper in found.values() for each in paper.featured] == [date(2025, 12, 11)] * 2
    assert found["2512.00001"].subjects == ("cs.CL",)
    said = capsys.readouterr()
    assert "fetch    huggingface   2025-12-11   2 received, 2 new, 0 updated, 0 skipped" in said.err
    assert "fetch    arxiv         details      1 of 2" in said.err
    assert "2512.00002: arXiv does not know it" in said.err
    assert said.out == "done   2 new papers, 0 updated, newest day 2025-12-11\n"


def test_days_without_a_list_are_not_asked_for(
    fetch: Fetch, replay: Replay, capsys: pytest.CaptureFixture[str]
) -> None:
    """Within a span weekends are named and left out; a day that was named itself is asked for."""
    fetch(since=date(2025, 12, 11), until=date(2025, 12, 14), source="hf-daily")
    assert days_asked(replay) == ["2025-12-11", "2025-12-12"]
    assert "2025-12-13   weekend, nothing expected" in capsys.readouterr().err

    fetch(day=date(2025, 12, 13), source="hf-daily")
    assert len(replay.asked) == 3
    assert "2025-12-13   weekend, nothing expected" in capsys.readouterr().err


def test_without_options_it_goes_on_from_the_newest_day(fetch: Fetch, replay: Replay) -> None:
    """An empty archive begins with the last seven days, another with its newest, or the first that is still open."""
    fetch(source="hf-daily")
    assert days_asked(replay) == [f"2025-12-{day:02}" for day in (8, 9, 10, 11, 12)]

    replay.asked.clear()
    fetch(source="hf-daily", today=date(2026, 3, 3))
    assert days_asked(replay)[:2] == ["2025-12-12", "2025-12-15"]

    replay.asked.clear()
    fetch(source="hf-daily")
    assert days_asked(replay) == [f"2025-12-{day:02}" for day in (8, 9, 10, 11, 12)]


@pytest.mark.parametrize("period", [{"week": "2025-W50"}, {"month": "2025-12"}])
def test_a_period_is_one_question_with_the_days_of_its_entries(
    fetch: Fetch, replay: Replay, tmp_path: Path, period: dict[str, str]
) -> None:
    """A week's or a month's answer puts each paper on its own day."""
    fetch(source="hf-daily", **period)

    assert len(replay.asked) == 1
    assert {id_: paper.featured[0].day.day for id_, paper in papers(tmp_path).items()} == {
        "2512.00001": 11,
        "2512.00002": 11,
        "2512.00003": 12,
    }


def test_papers_by_id(fetch: Fetch, tmp_path: Path) -> None:
    """A paper can be had without its list; then it is on no day."""
    fetch(ids=("2512.00003v2",))

    (paper,) = papers(tmp_path).values()
    assert (paper.id, paper.featured, paper.subjects) == ("2512.00003", (), ("cs.CL",))


def test_a_query_curates(fetch: Fetch, replay: Replay, tmp_path: Path) -> None:
    """One question to arXiv covers all days of a span, in words of the settings."""
    fetch(query="cat:cs.CL", source="arxiv", since=date(2025, 12, 8), until=date(2025, 12, 14))

    assert sorted(papers(tmp_path)) == ["2512.00001", "2512.00003"]
    assert "submittedDate%3A%5B202512080000+TO+202512142359%5D" in replay.asked[0]
    assert len(replay.asked) == 1


@pytest.mark.parametrize("down", ["/api/query", "/api/daily_papers"])
def test_one_source_down_never_blocks_the_other(fetch: Fetch, replay: Replay, tmp_path: Path, down: str) -> None:
    """What could be had is kept, and the failure is the exit code."""
    replay.down = (down,)

    with pytest.raises(BroadsheetError) as caught:
        fetch(query="cat:cs.CL", since=date(2025, 12, 11), until=date(2025, 12, 12))

    assert caught.value.exit_code == SourceError.exit_code
    assert len(papers(tmp_path)) == (3 if down == "/api/query" else 2)


def test_a_source_that_keeps_failing_is_left_alone(fetch: Fetch, replay: Replay) -> None:
    """After two failures in a row the other days are not tried."""
    replay.down = ("/api/daily_papers",)

    with pytest.raises(BroadsheetError, match="503"):
        fetch(source="hf-daily", since=date(2025, 12, 8), until=date(2025, 12, 12))

    assert set(days_asked(replay)) == {"2025-12-08", "2025-12-09"}


def test_a_strange_answer_costs_one_day(fetch: Fetch, replay: Replay, tmp_path: Path) -> None:
    """An error in the middle of a span leaves the days around it whole."""
    replay.canned = [Canned(200, b'{"error": "Sorry"}')]

    with pytest.raises(SourceError, match="Sorry") as caught:
        fetch(source="hf-daily", since=date(2025, 12, 11), until=date(2025, 12, 12))

    assert "date=2025-12-11" in caught.value.hint
    assert list(papers(tmp_path)) == ["2512.00003"]


def test_nothing_new_may_be_a_failure(fetch: Fetch) -> None:
    """A scheduled run can tell that the list is not out yet."""
    assert fetch(day=date(2025, 12, 11), require_new=True) == 0
    assert fetch(day=date(2025, 12, 11), require_new=True) == NOTHING_NEW
    assert fetch(day=date(2025, 12, 11)) == 0


def test_a_rehearsal_writes_nothing(fetch: Fetch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It asks, and says what it would do."""
    assert fetch(day=date(2025, 12, 11), dry_run=True) == 0
    assert "2 new papers" in capsys.readouterr().out
    assert not (tmp_path / "content").exists()


def test_a_second_fetch_changes_no_file(fetch: Fetch, tmp_path: Path) -> None:
    """No news, no writing."""
    fetch(since=date(2025, 12, 11))
    before = {page: page.stat().st_mtime_ns for page in (tmp_path / "content").rglob("*.md")}
    fetch(since=date(2025, 12, 11))

    assert {page: page.stat().st_mtime_ns for page in (tmp_path / "content").rglob("*.md")} == before


def test_limit_bounds_each_question(fetch: Fetch, tmp_path: Path) -> None:
    """A quick look takes the first of each list."""
    fetch(since=date(2025, 12, 11), limit=1, source="hf-daily")

    assert sorted(papers(tmp_path)) == ["2512.00001", "2512.00003"]


def test_fetched_or_imported_a_list_is_the_same(real_data: Path, tmp_path: Path) -> None:
    """The pages of a month that was fetched equal those of the same month from a file, byte for byte."""
    file = real_data / "hf_daily_papers" / "months" / "2026-04.jsonl.gz"
    with gzip.open(file) as lines:
        days = {line["date"]: line["response"] for line in map(json.loads, lines)}
    with served(Replay(days)) as replay, Client(sleep=lambda _: None) as client:
        fetched = settings(tmp_path / "fetched", replay)
        options = Options(since=date(2026, 4, 1), until=date(2026, 4, 30), source="hf-daily")
        run(fetched, options, now=NOW, today=date(2026, 11, 24), client=client, progress=Progress(quiet=True))
        imported = settings(tmp_path / "imported", replay)
        import_.run(imported, [file], today=date(2026, 11, 24), progress=Progress(quiet=True))

    def pages(root: Path) -> dict[Path, bytes]:
        return {page.relative_to(root): page.read_bytes() for page in (root / "content").rglob("*.md")}

    assert pages(tmp_path / "fetched") == pages(tmp_path / "imported")
    assert len(pages(tmp_path / "fetched")) > 300


@pytest.mark.parametrize(
    "options",
    [
        {"day": TODAY, "since": TODAY},
        {"week": "2025-W50", "month": "2025-12"},
        {"ids": ("2512.00001",), "days": 3},
        {"since": date(2025, 12, 2), "until": date(2025, 12, 1)},
        {"since": TODAY, "days": 3},
        {"days": 0},
        {"limit": 0},
        {"week": "2025-W54"},
        {"week": "50"},
        {"month": "2025-13"},
        {"ids": ("../x",)},
    ],
)
def test_options_that_mean_nothing_are_refused(options: dict[str, Any]) -> None:
    """Before anything is asked or written."""
    with pytest.raises(UsageError):
        plan(Options(**options), today=TODAY, known=tuple)


@pytest.mark.parametrize("source", ["arxiv", "openalex"])
def test_a_source_that_cannot_be_asked_is_refused(fetch: Fetch, source: str) -> None:
    """One that is not in the settings, and one that has no list of its own and no query."""
    with pytest.raises(UsageError):
        fetch(source=source, day=TODAY)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"days": 3}, (date(2025, 12, 12), TODAY)),
        ({"days": 3, "until": date(2025, 12, 3)}, (date(2025, 12, 1), date(2025, 12, 3))),
        ({"since": date(2025, 12, 1)}, (date(2025, 12, 1), TODAY)),
        ({"until": date(2025, 12, 1)}, (date(2025, 12, 1), date(2025, 12, 1))),
        ({"week": "2026-W01"}, (date(2025, 12, 29), date(2026, 1, 4))),
        ({"month": "2024-02"}, (date(2024, 2, 1), date(2024, 2, 29))),
        ({}, (date(2025, 12, 9), TODAY)),
    ],
)
def test_options_become_days(options: dict[str, Any], expected: tuple[date, date]) -> None:
    """Both ends are included; weeks are those of ISO 8601."""
    wanted = plan(Options(**options), today=TODAY, known=lambda: [date(2025, 12, 9)])

    assert isinstance(wanted, Period)
    assert (wanted.first, wanted.last) == expected


def test_ids_are_asked_for_once() -> None:
    """However often they are given, with a version or without."""
    wanted = plan(Options(ids=("2512.00001", "2512.00001v2")), today=TODAY, known=tuple)

    assert wanted == Papers(("2512.00001",))


def test_the_command_line_takes_the_address_from_the_environment(replay: Replay, tmp_path: Path) -> None:
    """A server on loopback can stand in for the services, path prefix and all; a failure is exit code 3."""
    (tmp_path / "archive.yml").write_text(
        "site: {base_url: 'https://example.org/'}\nsources: [{kind: hf-daily}, {kind: arxiv, pace: 0}]\n"
    )
    environment = {"BROADSHEET_HF_URL": replay.url, "BROADSHEET_ARXIV_URL": replay.url}

    def broadsheet(*arguments: str) -> int:
        return cli.run(
            ["-C", str(tmp_path), "fetch", *arguments],
            environment=environment,
            clock=lambda: datetime(2025, 12, 14, tzinfo=UTC),
        )

    assert broadsheet("--date", "2025-12-11", "--require-new") == 0
    assert broadsheet("--date", "2025-12-11", "--require-new") == NOTHING_NEW
    assert broadsheet("--id", "2512.00003") == 0
    assert sorted(papers(tmp_path)) == ["2512.00001", "2512.00002", "2512.00003"]
    replay.canned = [Canned(403)]
    assert broadsheet("--date", "2025-12-12") == SourceError.exit_code
    assert broadsheet("--date", "12.12.2025") == broadsheet("--days", "0") == UsageError.exit_code


def test_a_record_that_cannot_be_read_goes_to_quarantine(fetch: Fetch, replay: Replay, tmp_path: Path) -> None:
    """The others go on; when it comes well, it leaves."""
    whole = replay.days
    replay.days = {"2025-12-11": [entry("2512.00001", publishedAt="11 Dec"), entry("2512.00002")]}
    fetch(day=date(2025, 12, 11), source="hf-daily")

    (kept,) = quarantine.kept(tmp_path / ".broadsheet" / "quarantine")
    assert (kept.what, kept.reason) == ("2512.00001", 'field "paper.publishedAt": "11 Dec" is not a date')
    assert list(papers(tmp_path)) == ["2512.00002"]

    replay.days = whole
    fetch(day=date(2025, 12, 11), source="hf-daily")
    assert quarantine.kept(tmp_path / ".broadsheet" / "quarantine") == ()
    assert list(papers(tmp_path)) == ["2512.00001", "2512.00002"]
