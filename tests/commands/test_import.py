"""Files in, pages out."""

import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from generator.commands.import_ import Options, run
from generator.config import Settings, load
from generator.errors import Several
from generator.progress import Progress
from generator.store import disk

TODAY = date(2025, 12, 12)
Import = Callable[..., int]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the settings of an empty archive."""
    text = "site: {base_url: 'https://example.org/'}"
    return load(text, root=tmp_path / "archive", kinds=("arxiv", "hf-daily"), warn=lambda *_: None)


@pytest.fixture
def bring(settings: Settings) -> Import:
    """Return a function that imports files and returns the exit code."""

    def imported(*files: Path, **options: Any) -> int:
        return run(settings, files, Options(**options), today=TODAY, progress=Progress())

    return imported


def entry(id_: str, *, title: str = "A study", **paper: object) -> dict[str, object]:
    """Return an entry of a list."""
    return {"paper": {"id": id_, "submittedOnDailyAt": "2025-12-11T00:00:00Z", **paper}, "title": title}


def lines(*values: object) -> bytes:
    """Return JSON lines."""
    return "".join(json.dumps(value) + "\n" for value in values).encode()


ENTRIES = [entry("2512.00001"), entry("2512.00002")]
WRAPPED = {"date": "2025-12-11", "captured": "2025-12-11T17:00:00+00:00", "response": ENTRIES}
ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><id>http://arxiv.org/api/x</id>
<entry><id>http://arxiv.org/abs/2512.00001v1</id><title>A</title></entry>
<entry><id>http://arxiv.org/abs/2512.00002v1</id><title>B</title></entry></feed>"""


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(ENTRIES).encode(),
        json.dumps(ENTRIES, indent=2).encode(),
        json.dumps(ENTRIES, indent=0).encode(),
        b"\xef\xbb\xbf" + json.dumps(ENTRIES).encode(),
        lines(*ENTRIES),
        lines(WRAPPED),
        b"\n" + lines(*([entry] for entry in ENTRIES)),
        lines(*({"id": f"2512.0000{number}", "source": "me", "title": "A"} for number in (1, 2))),
        ATOM,
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_the_format_is_found_out(bring: Import, settings: Settings, tmp_path: Path, data: bytes, packed: bool) -> None:
    """One answer, many; in one line, on many; packed or not: whatever the name of the file."""
    file = tmp_path / "some.file"
    file.write_bytes(gzip.compress(data) if packed else data)

    assert bring(file) == 0
    assert [paper.id for paper in disk.read_papers(settings.root / "content")] == ["2512.00001", "2512.00002"]


def test_every_rejection_is_named(bring: Import, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A broken line and a broken record cost nothing but themselves; --strict makes them the exit code."""
    file = tmp_path / "some.jsonl"
    file.write_bytes(lines(ENTRIES[0]) + b'{"paper": {\n' + lines(entry("2512.00002", upvotes="x"), ENTRIES[1]))

    assert bring(file) == 0
    said = capsys.readouterr()
    assert f"{file}:2: not JSON" in said.err
    assert "2512.00002: Expected `int | null`, got `str` - at `$.paper.upvotes`" in said.err
    assert "4 records of 2 papers on 1 day: 4 read, 2 new, 0 merged, 0 unchanged, 0 ambiguous, 2 rejected" in said.out
    assert bring(file, strict=True) == 1


def test_a_record_without_a_day_is_kept_and_that_is_said(
    bring: Import, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nobody knows the day of the list, none is made up."""
    file = tmp_path / "some.json"
    file.write_text(json.dumps([entry("2512.00001", submittedOnDailyAt=None)]))

    assert bring(file) == 0
    assert "1 record without the day of a list" in capsys.readouterr().err
    assert [paper.featured for paper in disk.read_papers(settings.root / "content")] == [()]


def test_one_bad_file_does_not_stop_the_next(bring: Import, settings: Settings, tmp_path: Path) -> None:
    """All that can be read is, then every bad file is named."""
    good, strange, cut, missing = (tmp_path / name for name in ("good", "strange", "cut", "missing"))
    good.write_bytes(lines(ENTRIES[0]))
    strange.write_text("dear diary")
    many = lines(*(entry(f"2511.{number:05}", summary=str(number) * 40) for number in range(999)))
    cut.write_bytes(gzip.compress(many)[:-9])

    with pytest.raises(Several) as caught:
        bring(strange, cut, missing, tmp_path, good)

    assert [error.where for error in caught.value.errors] == [str(each) for each in (strange, cut, missing, tmp_path)]
    assert disk.read_paper(settings.root / "content", "2512.00001")
    assert disk.read_paper(settings.root / "content", "2511.00000")


def test_nothing_but_rejections_is_no_success(bring: Import, tmp_path: Path) -> None:
    """An error page that was stored in place of a list is a problem."""
    file = tmp_path / "list.json"
    file.write_text('{"error": "Sorry"}')

    assert bring(file) == 1


def test_a_rehearsal_writes_nothing(
    bring: Import, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says the same and leaves the content folder alone."""
    file = tmp_path / "list.json"
    file.write_text(json.dumps(ENTRIES))

    assert bring(file, dry_run=True) == 0
    assert "2 new" in capsys.readouterr().out
    assert not (settings.root / "content").exists()


def test_a_page_somebody_broke_is_left_alone(
    bring: Import, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page that cannot be read is never written over."""
    file = tmp_path / "list.json"
    file.write_text(json.dumps(ENTRIES))
    page = disk.path_of(settings.root / "content", "2512.00001")
    page.parent.mkdir(parents=True)
    page.write_text("my notes")

    assert bring(file) == 0
    assert page.read_text() == "my notes"
    assert str(page) in capsys.readouterr().err


def test_two_captures_of_one_day(bring: Import, settings: Settings, real_data: Path, tmp_path: Path) -> None:
    """A list grew from 14 papers to 16 over night, and its votes with it."""
    captures = sorted((real_data / "hf_daily_papers" / "revisions").glob("2024-06-12.*.json"))
    answers = [json.loads(each.read_bytes()) for each in captures]
    times = ("2024-06-12T17:06:41Z", "2024-06-13T11:50:01Z")
    file = tmp_path / "captures.jsonl"
    envelope = {"date": "2024-06-12"}
    file.write_bytes(
        lines(*(envelope | {"captured": time, "response": answer} for time, answer in zip(times, answers, strict=True)))
    )
    bring(file)
    papers = disk.read_papers(settings.root / "content")
    newest = {each["paper"]["id"]: each["paper"]["upvotes"] for each in answers[1]}

    assert {paper.id: paper.featured[0].upvotes for paper in papers} == newest


def test_all_real_lists_come_in_and_a_second_time_changes_nothing(
    bring: Import, settings: Settings, real_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """6,713 papers on 419 days; importing the same again touches no file."""
    files = sorted((real_data / "hf_daily_papers" / "months").glob("*.jsonl.gz"))
    assert bring(*files, strict=True) == 0
    assert capsys.readouterr().out == (
        "6,714 records of 6,713 papers on 419 days: "
        "6,714 read, 6,713 new, 1 merged, 0 unchanged, 0 ambiguous, 0 rejected\n"
    )
    before = {page: page.stat().st_mtime_ns for page in (settings.root / "content").rglob("*.md")}

    assert bring(*files) == 0
    assert {page: page.stat().st_mtime_ns for page in (settings.root / "content").rglob("*.md")} == before
    assert len(before) == 6713
