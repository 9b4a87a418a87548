"""Everything a service can do wrong, injected by a real server on loopback: nothing is lost, and all of it heals."""

import gzip
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from generator.client import Client
from generator.commands import fetch
from generator.commands.wanted import Options
from generator.config import load
from generator.errors import BroadsheetError, SourceError
from generator.progress import Progress
from generator.store import disk, quarantine
from tests.replay import Canned, Replay, served
from tests.support import files_below

BEFORE = datetime(2025, 12, 11, 17, 43, tzinfo=UTC)
NOW = datetime(2025, 12, 12, 17, 43, tzinfo=UTC)
DAYS = ("2025-12-09", "2025-12-10", "2025-12-11", "2025-12-12")
FAULTY = "date=2025-12-11"
LASTING = 60


def entry(number: int, day: str, votes: int) -> dict[str, Any]:
    """Return an entry of the list of `day`."""
    paper = {
        "id": f"{day[2:4]}{day[5:7]}.{day[8:]}{number:03}",
        "submittedOnDailyAt": f"{day}T00:00:00Z",
        "upvotes": votes,
    }
    return {"paper": paper, "title": f"Study {number}", "summary": "We study.", "numComments": votes % 3}


def lists(*days: str, votes: int) -> dict[str, list[dict[str, Any]]]:
    """Return lists of five papers."""
    return {day: [entry(number, day, votes + number) for number in range(1, 6)] for day in days}


def catalogue() -> dict[str, str]:
    """Return what arXiv knows of all papers."""
    ids = [each["paper"]["id"] for day in lists(*DAYS, votes=0).values() for each in day]
    return {
        id_: f'<entry><id>http://arxiv.org/abs/{id_}v1</id><title>Study</title><category term="cs.CL"/></entry>'
        for id_ in ids
    }


@dataclass(frozen=True)
class Came:
    """What a run came to."""

    code: int
    said: str


@dataclass(frozen=True)
class Archive:
    """An archive in a folder that asks a server."""

    root: Path
    url: str

    def fetch(self, now: datetime = NOW, *, patience: float = 5.0, **options: Any) -> Came:
        """Fetch as of `now`, without waiting for real."""
        text = (
            "site: {base_url: 'https://example.org/'}\nsources:\n"
            f"- {{kind: arxiv, url: '{self.url}'}}\n- {{kind: hf-daily, url: '{self.url}'}}"
        )
        settings = load(text, root=self.root, kinds=("arxiv", "hf-daily"), warn=lambda *_: None)
        said = StringIO()
        with (
            redirect_stderr(said),
            redirect_stdout(said),
            Client(sleep=lambda _: None, now=lambda: now, patience=patience, most_bytes=1 << 20) as client,
        ):
            progress = Progress()
            try:
                code = fetch.run(
                    settings, Options(**options), now=now, today=now.date(), client=client, progress=progress
                )
            except BroadsheetError as error:
                progress.error(error)
                code = error.exit_code
        return Came(code, said.getvalue())

    def content(self) -> Mapping[str, bytes]:
        """Return every file of the content folder."""
        return files_below(self.root / "content")

    def copied(self, root: Path) -> "Archive":
        """Return a copy in the folder `root`."""
        shutil.copytree(self.root, root)
        return Archive(root, self.url)


@dataclass(frozen=True)
class World:
    """A server, an archive as it was yesterday, and the content it has today if nothing goes wrong."""

    replay: Replay
    yesterday: Archive
    healthy: Mapping[str, bytes]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a world in which votes have grown since yesterday, and today's list is there."""
    folder = tmp_path_factory.mktemp("world")
    with served(Replay(lists(*DAYS[:3], votes=3), catalogue())) as replay:
        yesterday = Archive(folder / "yesterday", replay.url)
        yesterday.fetch(BEFORE)
        replay.days = lists(*DAYS, votes=20)
        healthy = yesterday.copied(folder / "healthy")
        assert healthy.fetch().code == 0
        assert len(disk.read_papers(healthy.root / "content")) == 20
        yield World(replay, yesterday, healthy.content())


def listed(*entries: dict[str, Any]) -> bytes:
    """Return an answer."""
    return json.dumps(entries).encode()


TODAYS = lists(*DAYS, votes=20)["2025-12-11"]
WHOLE = listed(*TODAYS)
BOMB = gzip.compress(bytes(1 << 26), 1)
HTML = Canned(200, b"<!DOCTYPE html><title>Maintenance</title>", {"Content-Type": "text/html"})

LAST_FOR_EVER = {
    "429 with Retry-After": (
        Canned(429, headers={"Retry-After": "50"}),
        r"""error: huggingface answered 429 five times for 2025-12-11 \(waited 3 min 20 s\)
       Nothing was changed\. Try again after 17:44 UTC, or run with --from-cache\.
""",
    ),
    "429 with RateLimit": (
        Canned(429, headers={"RateLimit": '"api";r=0;t=117', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'}),
        r"answered 429 five times for 2025-12-11 \(waited 7 min 48 s\)\n.*Try again after 17:4[56] UTC",
    ),
    "500": (
        Canned(500),
        r"answered 500 five times for 2025-12-11 \(waited \d+ s\)\n.*Try again later",
    ),
    "503": (Canned(503), "answered 503 five times for 2025-12-11"),
    "refused": (Canned(403), r"refused to answer \(403\) for 2025-12-11"),
    "time-out": (Canned(200, WHOLE, drip=9.0), "did not answer in time, five times for 2025-12-11"),
    "slow drip": (Canned(200, WHOLE, drip=0.02, drip_from=200), "did not answer in time, five times for 2025-12-11"),
    "truncated": (Canned(200, WHOLE[:-40]), "sent an answer for 2025-12-11 that cannot be used: not JSON"),
    "broken off": (Canned(200, WHOLE[:-40], cut=40), "could not be reached: .* for 2025-12-11"),
    "HTML": (HTML, "sent an answer for 2025-12-11 that cannot be used: not JSON"),
    "an error": (Canned(200, b'{"error": "Sorry"}'), "cannot be used: Hugging Face says: Sorry"),
    "1": (Canned(200, b"1"), "cannot be used: not a list of papers, but '1'"),
    "nothing": (Canned(200, b""), "cannot be used: not JSON"),
    "an empty list": (Canned(200, b"[]"), "only 0 of the 5 papers it had for 2025-12-11\n.*--allow-shrink"),
    "deep": (Canned(200, b"[" * 100_000), "cannot be used: not JSON"),
    "redirects": (
        Canned(302, headers={"Location": "?date=2025-12-11"}),
        "leads from one address to the next",
    ),
    "reset": (Canned(reset=True), "could not be reached: .* for 2025-12-11"),
    "no UTF-8": (Canned(200, b"\xff\xfe[\x00]"), "cannot be used: not JSON"),
    "gzip bomb": (Canned(200, BOMB, {"Content-Encoding": "gzip"}), "larger than 1,048,576 bytes"),
    "bomb in a bomb": (Canned(200, BOMB, {"Content-Encoding": "gzip, gzip"}), "nobody asked for"),
    "shrunken": (
        Canned(200, listed(*TODAYS[:2])),
        "only 2 of the 5 papers it had for 2025-12-11\n.*--allow-shrink",
    ),
    "a later day": (
        Canned(200, listed(*lists("2025-12-12", votes=20)["2025-12-12"])),
        "answered with the list of 2025-12-12 for 2025-12-11",
    ),
}


@pytest.mark.parametrize("name", LAST_FOR_EVER)
def test_a_fault_that_lasts_costs_one_day_and_heals(name: str, world: World, tmp_path: Path) -> None:
    """Exit code 3 and a message; other days come in; the next run ends in the content of a run without faults."""
    fault, message = LAST_FOR_EVER[name]
    archive = world.yesterday.copied(tmp_path / "archive")
    world.replay.instead = {FAULTY: [fault] * LASTING}

    came = archive.fetch(patience=0.2)

    assert came.code == SourceError.exit_code
    assert re.search(message, came.said), came.said
    check_untouched(archive, world, day=date(2025, 12, 11))
    world.replay.instead = {}
    assert archive.fetch().code == 0
    assert archive.content() == world.healthy


@pytest.mark.parametrize("name", ["429 with Retry-After", "429 with RateLimit", "500", "503", "broken off", "reset"])
def test_a_fault_that_passes_is_not_seen(name: str, world: World, tmp_path: Path) -> None:
    """What a service asks to be asked again for is asked again, at once or after as long as it says."""
    archive = world.yesterday.copied(tmp_path / "archive")
    world.replay.instead = {FAULTY: [LAST_FOR_EVER[name][0]] * 3}

    came = archive.fetch()

    assert (came.code, "error" in came.said) == (0, False)
    assert archive.content() == world.healthy


@pytest.mark.parametrize("name", ["503", "HTML", "reset", "gzip bomb", "an empty list", "truncated"])
def test_one_source_down_is_one_source_down(name: str, world: World, tmp_path: Path) -> None:
    """Without arXiv the lists come in; the next run asks arXiv for what is missing."""
    archive = world.yesterday.copied(tmp_path / "archive")
    world.replay.instead = {"/api/query": [LAST_FOR_EVER[name][0]] * LASTING}

    came = archive.fetch()

    assert came.code == SourceError.exit_code
    assert "error: arxiv" in came.said
    assert len(disk.read_papers(archive.root / "content")) == 20
    world.replay.instead = {}
    assert archive.fetch().code == 0
    assert archive.content() == world.healthy


def test_yesterdays_list_is_a_late_source(world: World, tmp_path: Path) -> None:
    """Of today it means nothing; of yesterday it is a warning and an incident that is gone when the list comes."""
    archive = Archive(tmp_path / "archive", world.replay.url)
    archive.fetch(datetime(2025, 12, 10, 6, 43, tzinfo=UTC), since=date(2025, 12, 9))
    healthy = archive.copied(tmp_path / "healthy")
    healthy.fetch()
    stale = Canned(200, listed(*lists("2025-12-10", votes=20)["2025-12-10"]))
    world.replay.instead = {FAULTY: [stale] * 9, "date=2025-12-12": [stale] * 9}

    came = archive.fetch()

    assert came.code == 0
    assert "warning: huggingface still serves the list of 2025-12-10." in came.said
    assert 'The day is left open. The status page will say "source late".' in came.said
    assert "2025-12-12   not there yet, still the list of 2025-12-10" in came.said
    assert archive.fetch(require_new=True).code == fetch.NOTHING_NEW
    incident = disk.read_status(archive.root / "content").incident("hf-daily")
    assert incident and (incident.kind, incident.message) == ("late", "still serves the list of 2025-12-10")
    world.replay.instead = {}
    assert archive.fetch().code == 0
    assert archive.content() == healthy.content()


def test_an_empty_list_of_today_is_no_failure(world: World, tmp_path: Path) -> None:
    """It has not arrived yet."""
    archive = world.yesterday.copied(tmp_path / "archive")
    world.replay.instead = {"date=2025-12-12": [Canned(200, b"[]")]}

    came = archive.fetch()

    assert (came.code, "2025-12-12   not there yet" in came.said) == (0, True)
    assert archive.fetch().code == 0
    assert archive.content() == world.healthy


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({**TODAYS[2], "paper": {**TODAYS[2]["paper"], "publishedAt": "11 Dec"}}, '"11 Dec" is not a date'),
        (entry(3, "2025-12-10", 9), "it is of the list of 2025-12-10, but came with that of 2025-12-11"),
        ({"paper": 3}, "Expected `object`"),
    ],
)
def test_one_bad_record_costs_one_record(bad: dict[str, Any], reason: str, world: World, tmp_path: Path) -> None:
    """It goes to quarantine; when it comes well it is let go."""
    archive = world.yesterday.copied(tmp_path / "archive")
    folder = archive.root / ".broadsheet" / "quarantine"
    answer = Canned(200, listed(*TODAYS[:2], bad, *TODAYS[3:]))
    world.replay.instead = {FAULTY: [answer] * 2}

    came = archive.fetch()

    assert came.code == 0
    assert "error: 1 of 5 records could not be read and was put in quarantine: " in came.said
    assert "See .broadsheet/quarantine/hf-daily/" in came.said
    (kept,) = quarantine.kept(folder)
    assert reason in kept.reason and kept.what in came.said
    assert archive.fetch(strict=True).code == BroadsheetError.exit_code
    assert archive.fetch().code == 0
    assert archive.content() == world.healthy
    assert [each.what for each in quarantine.kept(folder)] in ([], [each.what for each in (kept,) if "/" in kept.what])


@pytest.mark.parametrize("name", ["deaf", "overlapping", "invalid UTF-8 in a title"])
def test_strange_but_harmless(name: str, world: World, tmp_path: Path) -> None:
    """Pages that come twice or overlap bring each paper once; bytes that are no text cost their record."""
    archive = world.yesterday.copied(tmp_path / "archive")
    many = [entry(number, "2025-12-11", 90 - number) for number in range(1, 76)]
    broken = WHOLE.replace(b"Study 4", b"Study \xff")
    answers: Mapping[str, Sequence[Canned]] = {
        "deaf": [Canned(200, listed(*many[:50]))] * 3,
        "overlapping": [Canned(200, listed(*many[:50])), Canned(200, listed(*many[40:]))],
        "invalid UTF-8 in a title": [Canned(200, broken)],
    }
    world.replay.instead = {FAULTY: list(answers[name])}

    came = archive.fetch()

    expected = {"deaf": 50, "overlapping": 75, "invalid UTF-8 in a title": 5}[name]
    assert came.code == 0
    day = date(2025, 12, 11)
    papers = [paper for paper in disk.read_papers(archive.root / "content") if paper.featured[0].day == day]
    assert len(papers) == expected
    if expected > 5:
        assert sorted(paper.featured[0].rank for paper in papers) == list(range(1, expected + 1))
    world.replay.instead = {}


def test_a_list_may_shrink_if_the_owner_says_so(world: World, tmp_path: Path) -> None:
    """Then what is no longer on it leaves the day, and keeps its page."""
    archive = world.yesterday.copied(tmp_path / "archive")
    world.replay.instead = {FAULTY: [Canned(200, listed(*TODAYS[:2]))]}

    came = archive.fetch(allow_shrink=True)

    papers = disk.read_papers(archive.root / "content")
    assert (came.code, len(papers)) == (0, 20)
    assert sum(not paper.featured for paper in papers) == 3
    world.replay.instead = {}


def test_the_cache_alone_makes_the_same_content(world: World, tmp_path: Path) -> None:
    """Without asking anybody, whatever became of the last answer, damaged files and all."""
    archive = world.yesterday.copied(tmp_path / "archive")
    archive.fetch()
    world.replay.instead = {FAULTY: [HTML]}
    archive.fetch()
    for path in (archive.root / "content" / "papers").iterdir():
        shutil.rmtree(path)
    (archive.root / ".broadsheet/answers/hf-daily/2025-12-09/x.gz").write_bytes(b"damaged")
    asked = len(world.replay.asked)
    world.replay.instead = {}

    came = archive.fetch(from_cache=True)

    assert (came.code, len(world.replay.asked)) == (0, asked)
    papers = {name: data for name, data in archive.content().items() if name != "status.yml"}
    assert papers == {name: data for name, data in world.healthy.items() if name != "status.yml"}


def check_untouched(archive: Archive, world: World, *, day: date) -> None:
    """Nothing is half done: papers of `day` are as they were yesterday, all others as they will be."""
    faulty = f"papers/2512/2512.{day:%d}"
    before, after = world.yesterday.content(), archive.content()
    for name, data in after.items():
        if name != "status.yml":
            assert data == (before if name.startswith(faulty) else world.healthy)[name], name
    assert after.keys() >= before.keys()
    assert disk.read_status(archive.root / "content").incident("hf-daily")
