"""A fetch that is killed at any moment is made good by the next one, byte for byte.

As a command it tries as often as it is told: python -m tests.commands.test_fetch_killed 100 [folder of months]
"""

import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.replay import Replay, served

SINCE, UNTIL = date(2026, 4, 1), date(2026, 5, 30)
PAPERS = 6
# Noon on the second of June 2026: a few of the days are still open.
EPOCH = "1780401600"


def lists() -> dict[str, list[dict[str, Any]]]:
    """Return sixty days of lists; some days have more papers than a page of the API."""
    days = (SINCE + timedelta(days=number) for number in range((UNTIL - SINCE).days + 1))
    return {
        day.isoformat(): [_entry(day, number) for number in range(55 if day.day == 15 else PAPERS)]
        for day in days
        if day.weekday() < 5
    }


def _entry(day: date, number: int) -> dict[str, Any]:
    id_ = f"{day:%y%m}.{day.day:02}{number:03}"
    paper = {"id": id_, "submittedOnDailyAt": f"{day}T00:00:00Z", "upvotes": 90 - number, "ai_keywords": ["agents"]}
    return {"paper": paper, "title": f"Study {id_}", "summary": "We study.\n\nAt length.", "numComments": 1}


def catalogue(days: Mapping[str, list[dict[str, Any]]]) -> dict[str, str]:
    """Return what arXiv knows: all but some of the papers."""
    ids = [each["paper"]["id"] for day in days.values() for each in day]
    return {
        id_: f'<entry><id>http://arxiv.org/abs/{id_}v2</id><title>Study</title><category term="cs.CL"/></entry>'
        for id_ in ids
        if not id_.endswith("3")
    }


def real(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the stored lists of the sixty days, as far as there are."""
    lines = [
        json.loads(line)
        for file in sorted(folder.glob("2026-0[45].jsonl.gz"))
        for line in gzip.decompress(file.read_bytes()).splitlines()
    ]
    return {line["date"]: line["response"] for line in lines if SINCE <= date.fromisoformat(line["date"]) <= UNTIL}


class Fetch:
    """The command, run in an empty archive that asks a server."""

    def __init__(self, root: Path, url: str) -> None:
        root.mkdir(parents=True)
        (root / "archive.yml").write_text(
            "site: {base_url: 'https://example.org/'}\n"
            f"sources: [{{kind: arxiv, url: '{url}', pace: 0}}, {{kind: hf-daily, url: '{url}', pace: 0}}]\n"
        )
        self.root = root

    def start(self) -> subprocess.Popen[bytes]:
        """Begin to fetch the sixty days."""
        command = [sys.executable, "-m", "generator", "-q", "-C", str(self.root), "fetch", f"--since={SINCE}"]
        return subprocess.Popen(
            [*command, f"--until={UNTIL}"],
            env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def finish(self) -> str:
        """Fetch to the end, and return what was said."""
        process = self.start()
        said, _ = process.communicate(timeout=300)
        assert process.returncode == 0, said.decode()
        return said.decode()

    def content(self) -> dict[str, bytes]:
        """Return every file of the content folder."""
        folder = self.root / "content"
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def tried(folder: Path, replay: Replay, kills: int, seed: int) -> list[float]:
    """Kill a fetch at random moments, let another finish it, compare; return when it was killed, in shares of its time.

    Every other time the second fetch is killed, too.
    """
    chance = random.Random(seed)
    whole = Fetch(folder / "whole", replay.url)
    started = time.perf_counter()
    whole.finish()
    takes = time.perf_counter() - started
    expected = whole.content()
    moments = []
    for number in range(kills):
        archive = Fetch(folder / "killed", replay.url)
        for _ in range(1 + number % 2):
            moment = chance.uniform(0.0, 1.0)
            moments.append(moment)
            process = archive.start()
            time.sleep(moment * takes)
            process.send_signal(signal.SIGKILL)
            process.communicate()
        archive.finish()
        assert archive.content() == expected, f"after kills at {moments[-2:]}"
        shutil.rmtree(archive.root)
    return moments


def test_what_was_killed_is_made_good(tmp_path: Path) -> None:
    """Each time from nothing, at moments that differ from run to run of the suite."""
    days = lists()
    with served(Replay(days, catalogue(days))) as replay:
        moments = tried(tmp_path, replay, kills=2, seed=random.SystemRandom().randrange(1 << 30))

    assert len(moments) == 3


def test_what_was_read_is_not_asked_for_again(tmp_path: Path) -> None:
    """A fetch goes on where it was: final days that came in are taken from the cache."""
    days = lists()
    with served(Replay(days, catalogue(days))) as replay:
        archive = Fetch(tmp_path / "archive", replay.url)
        archive.finish()
        first = [each for each in replay.asked if "daily_papers" in each]
        replay.asked.clear()
        archive.finish()

    asked = {each.partition("date=")[2][:10] for each in replay.asked if "daily_papers" in each}
    assert len(first) == len(days) + 2
    assert asked == {"2026-05-26", "2026-05-27", "2026-05-28", "2026-05-29"}


def main() -> None:
    """Try as often as the first argument says, with the lists in the folder that the second one names."""
    days = real(Path(sys.argv[2])) if len(sys.argv) > 2 else lists()
    with served(Replay(days, catalogue(days))) as replay, TemporaryDirectory() as folder:
        moments = tried(Path(folder), replay, kills=int(sys.argv[1]), seed=1)
    spread = ", ".join(f"{sum(low / 10 <= moment < (low + 1) / 10 for moment in moments)}" for low in range(10))
    papers = sum(map(len, days.values()))
    print(f"{len(days)} lists, {papers:,} papers; killed {len(moments)} times, by tenths of the time: {spread}")


if __name__ == "__main__":
    main()
