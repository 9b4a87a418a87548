"""Files in, pages out."""

import gzip
import json
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from generator.commands.import_ import Options, run
from generator.config import Settings, load
from generator.errors import Several, UsageError
from generator.progress import Progress
from generator.store import disk
from tests.sources.answers import KAGGLE

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

    def imported(*files: Path, today: date = TODAY, **options: Any) -> int:
        return run(settings, files, Options(**options), today=today, progress=Progress())

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


def test_a_day_that_is_still_to_come_has_no_list(
    bring: Import, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would be the newest there is, and hide that nothing comes any more. In the far east it is tomorrow already."""
    days = ("2025-12-12", "2025-12-13", "2025-12-14", "2125-12-12")
    entries = (entry(f"2512.0000{n}", submittedOnDailyAt=f"{day}T00:00:00Z") for n, day in enumerate(days))

    bring(write(tmp_path / "some.jsonl", lines(*entries)))

    said = capsys.readouterr().err
    assert all(f"is on the list of {day}, a day that is still to come" in said for day in days[2:])
    assert pages(settings).keys() == {f"content/papers/2512/2512.0000{number}.md" for number in (0, 1)}


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
    assert bring(*files, today=date(2026, 11, 25), strict=True) == 0
    assert capsys.readouterr().out == (
        "6,714 records of 6,713 papers on 419 days: "
        "6,714 read, 6,713 new, 1 merged, 0 unchanged, 0 ambiguous, 0 rejected\n"
    )
    before = {page: page.stat().st_mtime_ns for page in (settings.root / "content").rglob("*.md")}

    assert bring(*files, today=date(2026, 11, 25)) == 0
    assert {page: page.stat().st_mtime_ns for page in (settings.root / "content").rglob("*.md")} == before
    assert len(before) == 6713


SEED = """Dec 11

{title}

{abstract}

  • 2 authors
·
Dec 8 2
"""
TITLE = "On the Weaving of Algebraic Patterns by Machines"
ABSTRACT = "We weave cloth on looms that cards tell what to do, so that no hand need ever touch the thread again."


def pages(settings: Settings) -> dict[str, bytes]:
    """Return all files of the content folder, and the review file."""
    found = [*(settings.root / "content").rglob("*.*"), *settings.root.glob("review.yml")]
    return {str(each.relative_to(settings.root)): each.read_bytes() for each in found}


def write(path: Path, text: str | bytes) -> Path:
    """Write a file and return it."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_pasted_page_finds_its_papers_or_waits_for_them(bring: Import, settings: Settings, tmp_path: Path) -> None:
    """A known paper is told by its title; an unknown one gets a page that takes its real id when that comes."""
    page = write(tmp_path / "page.txt", SEED.format(title=TITLE, abstract=ABSTRACT))
    listed = write(tmp_path / "list.json", json.dumps([entry("2512.00001", title=TITLE, summary=ABSTRACT)]))

    assert bring(page, date_year=2025) == 0
    [first] = disk.read_papers(settings.root / "content")
    assert bring(listed) == 0
    [second] = disk.read_papers(settings.root / "content")
    assert (second.id, second.published, second.author_count) == ("2512.00001", date(2025, 12, 8), 2)
    assert second.identifiers == (first.id.replace("-", ":"),)

    before = pages(settings)
    assert bring(page, listed, date_year=2025) == 0
    assert pages(settings) == before


def test_an_override_follows_its_paper(bring: Import, settings: Settings, tmp_path: Path) -> None:
    """A correction of a page that takes another id stays a correction of that page."""
    bring(write(tmp_path / "page.txt", SEED.format(title=TITLE, abstract=ABSTRACT)))
    [paper] = disk.read_papers(settings.root / "content")
    overrides = settings.root / "content" / "overrides"
    overrides.mkdir()
    write(overrides / f"{paper.key}.yml", "reason: x\ndate: 2025-12-12\nset: {title: T}\n")

    bring(write(tmp_path / "list.json", json.dumps([entry("2512.00001", title=TITLE, summary=ABSTRACT)])))

    assert [each.name for each in overrides.iterdir()] == ["2512.00001.yml"]


def own(id_: str, source: str = "me", **facts: object) -> bytes:
    """Return a record of our own."""
    return lines({"id": id_, "source": source, "title": "Editorial", **facts})


def test_what_is_in_doubt_waits_for_a_person(
    bring: Import, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is written to the review file once, and taken in when somebody has decided."""
    known = write(tmp_path / "known.jsonl", own("2512.00001") + own("2512.00002"))
    doubtful = write(tmp_path / "doubtful.jsonl", own("local-1", "they", comment="9 pages") + own("local-2", "they"))
    bring(known, doubtful, doubtful)
    review = settings.root / "review.yml"
    assert "may be about papers that are here already" in capsys.readouterr().err
    assert review.read_text().count("paper: ''") == 2
    before = pages(settings)
    assert bring(review) == 0
    assert pages(settings) == before

    write(review, review.read_text().replace("paper: ''", "paper: 2512.00002", 1).replace("paper: ''", "paper: new", 1))
    assert bring(review) == 0

    assert not review.exists()
    papers = {paper.id: paper for paper in disk.read_papers(settings.root / "content")}
    assert sorted(papers) == ["2512.00001", "2512.00002", "local-2"]
    assert (papers["2512.00002"].comment, papers["2512.00002"].identifiers) == ("9 pages", ("local:1",))
    before = pages(settings)
    assert bring(known, doubtful) == 0
    assert pages(settings) == before


def test_a_decision_that_cannot_be_is_told_and_kept(
    bring: Import, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A paper that is not there cannot be meant."""
    bring(
        write(tmp_path / "known.jsonl", own("2512.00001")), write(tmp_path / "doubtful.jsonl", own("local-1", "they"))
    )
    review = settings.root / "review.yml"
    write(review, review.read_text().replace("paper: ''", "paper: '9'"))

    assert bring(review) == 1
    assert "there is no paper 9" in capsys.readouterr().err
    assert review.exists()


def test_ids_alone_may_decide(bring: Import, settings: Settings, tmp_path: Path) -> None:
    """With --match id the same title is no reason."""
    bring(write(tmp_path / "a", own("2512.00001", title=TITLE) + own("local-1", "they", title=TITLE)), match="id")

    assert len(disk.read_papers(settings.root / "content")) == 2


@pytest.mark.parametrize(("on_conflict", "comment"), [("update", "new"), ("keep", "old")])
def test_what_is_known_may_be_kept(
    bring: Import, settings: Settings, tmp_path: Path, on_conflict: str, comment: str
) -> None:
    """Gaps are filled all the same."""
    bring(write(tmp_path / "a", own("2512.00001", comment="old")))
    bring(write(tmp_path / "b", own("2512.00001", comment="new", journal="J")), on_conflict=on_conflict)

    [paper] = disk.read_papers(settings.root / "content")
    assert (paper.comment, paper.journal) == (comment, "J")


def test_conflicts_are_put_to_the_owner(settings: Settings, tmp_path: Path) -> None:
    """One question for each fact that would change; without anybody to ask it is wrong usage."""
    asked: list[str] = []

    def ask(question: str) -> bool:
        asked.append(question)
        return "comment" not in question

    options = Options(on_conflict="ask")
    for data in (
        own("2512.00001", comment="old", journal="I"),
        own("2512.00001", comment="new", journal="J", doi="10.1/x"),
    ):
        run(settings, [write(tmp_path / "a", data)], options, today=TODAY, progress=Progress(), ask=ask)

    [paper] = disk.read_papers(settings.root / "content")
    assert (paper.comment, paper.journal, paper.doi) == ("old", "J", "10.1/x")
    assert [question.splitlines()[0] for question in asked] == ["2512.00001: journal", "2512.00001: comment"]
    with pytest.raises(UsageError, match="nobody to ask"):
        run(settings, [tmp_path / "a"], options, today=TODAY, progress=Progress())


def test_one_rejection_is_told_with_the_count(
    bring: Import, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line says where, why, and how much came in."""
    page = SEED.format(title=TITLE, abstract=ABSTRACT) + "\nOn Rays\n\nWe glow.\n"

    assert bring(write(tmp_path / "page.txt", page)) == 0
    assert (
        f"error: {tmp_path}/page.txt:11: block ends without a date line; 1 record rejected, 1 imported.\n"
        in capsys.readouterr().err
    )


def test_many_rejections_are_told_in_part(bring: Import, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Twenty of a file, and how many there were."""
    bring(write(tmp_path / "a.csv", "title,abstract\n" + ",x\n" * 50))
    said = capsys.readouterr()

    assert said.err.count("there is no title") == 20
    assert "50 records rejected, 0 imported. (20 of them are shown; -v shows all)" in said.err
    assert "50 read, 0 new, 0 merged, 0 unchanged, 0 ambiguous, 50 rejected" in said.out


def test_the_format_and_the_columns_may_be_told(bring: Import, settings: Settings, tmp_path: Path) -> None:
    """A mapping makes a table of a file that nobody would know; a format is taken as said, or refused."""
    data = write(tmp_path / "a.csv", "Titel,Wer\nWebstühle,Ada Lovelace\n")
    mapping = write(tmp_path / "map.yml", "title: Titel\nauthors: Wer\n")

    assert bring(data, map=mapping) == 0
    assert [paper.title for paper in disk.read_papers(settings.root / "content")] == ["Webstühle"]
    assert bring(data, format="ris") == 0
    for options in ({"format": "nonsense"}, {"map": write(tmp_path / "bad.yml", "title: a\nhue: b\n")}):
        with pytest.raises(UsageError, match="unknown"):
            bring(data, **options)


def test_a_snapshot_of_any_size_takes_no_more_memory(settings: Settings, tmp_path: Path) -> None:
    """Papers come one a line, and go again: of a file of 24 MB next to nothing is held at any time."""
    paper = json.loads(KAGGLE) | {"abstract": "we weave and spin " * 330}
    few, many = tmp_path / "few.jsonl", tmp_path / "many.jsonl"
    for file, count in ((few, 100), (many, 4_000)):
        with file.open("w") as out:
            for number in range(count):
                out.write(json.dumps(paper | {"id": f"1001.{number:05}"}) + "\n")
    # What is loaded when it is first needed is no part of what a file takes.
    run(settings, [few], Options(dry_run=True), today=TODAY, progress=Progress(quiet=True))
    tracemalloc.start()
    run(settings, [many], Options(dry_run=True), today=TODAY, progress=Progress(quiet=True))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert many.stat().st_size > 24e6
    assert peak < 4e6
