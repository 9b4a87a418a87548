"""Daily Papers, in every form it was ever seen in."""

import gzip
import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.errors import SourceError
from generator.model import Author, Featured, Organisation, Record
from generator.sources import Answer, Day, Document, Papers, Period, Rejected
from generator.sources.hf_daily import fetch, parse, recognises


def entry(id_: str = "2512.00001", *, top: Mapping[str, Any] | None = None, **paper: object) -> dict[str, Any]:
    """Return an entry of a list as the service sends it."""
    inside = {
        "id": id_,
        "title": "A  study\n  of nothing",
        "summary": "We study.",
        "authors": [{"name": "Ada"}],
        **paper,
    }
    return {"paper": inside, "title": "A study of nothing", "numComments": 2, **(top or {})}


def read(*values: object) -> list[Record | Rejected]:
    """Return what `parse` makes of some JSON values."""
    return list(parse(Document(f"file:{line}", json.dumps(value).encode()) for line, value in enumerate(values, 1)))


def record(value: object) -> Record:
    """Return the one record in `value`."""
    (found,) = read(value)
    assert isinstance(found, Record), found
    return found


def ranks(found: list[Record | Rejected]) -> list[int]:
    """Return the places of all records that have one."""
    return [each.featured.rank for each in found if isinstance(each, Record) and each.featured]


def archived(day: str, *entries: object) -> dict[str, object]:
    """Return an answer as archives keep it."""
    return {"date": day, "captured": f"{day}T17:06:41+00:00", "response": list(entries)}


def test_an_entry_becomes_a_record() -> None:
    """Every field that is known finds its place; one line where one line is meant."""
    found = record(
        archived(
            "2025-12-11",
            entry(
                upvotes=7,
                publishedAt="2025-12-09T23:59:00.000Z",
                ai_keywords=["agents", "", " tools ", "agents"],
                ai_summary="It studies.",
                ai_summary_model="some/model",
                githubRepo="https://github.com/a/b/",
                githubStars=3,
                projectPage=" https://a.example/",
                organization={"name": "acme", "fullname": "ACME Inc."},
                top={"submittedBy": {"fullname": "Jo", "name": "jo"}},
            ),
        )
    )

    assert found == Record(
        id="2512.00001",
        source="hf-daily",
        seen=date(2025, 12, 11),
        title="A study of nothing",
        authors=(Author(name="Ada"),),
        abstract="We study.",
        published=date(2025, 12, 9),
        organisation=Organisation(slug="acme", name="ACME Inc."),
        topics=("agents", "tools"),
        summary="It studies.",
        summary_by="some/model",
        code="https://github.com/a/b/",
        stars=3,
        project="https://a.example/",
        featured=Featured(day=date(2025, 12, 11), rank=1, upvotes=7, comments=2, by="Jo"),
    )


@pytest.mark.parametrize(
    ("top", "paper", "day"),
    [
        # Until November 2024 the time of submission, in UTC.
        ({"publishedAt": "2024-03-19T03:16:09.386Z"}, {}, date(2024, 3, 19)),
        ({"publishedAt": "2024-11-28T12:31:36.320Z"}, {}, date(2024, 11, 28)),
        # Then by the clocks of New York, marked as UTC: five hours behind, four in summer.
        ({"publishedAt": "2024-12-04T21:30:00.000Z"}, {}, date(2024, 12, 5)),
        ({"publishedAt": "2025-03-09T19:30:00.000Z"}, {}, date(2025, 3, 9)),
        ({"publishedAt": "2025-03-07T19:30:00.000Z"}, {}, date(2025, 3, 8)),
        # Then arXiv's date, which says nothing about the list.
        ({"publishedAt": "2025-03-05T10:33:52.000Z", "summary": "We study."}, {}, None),
        # And since March 2025 the day has a field of its own.
        (
            {"publishedAt": "2025-12-08T20:00:00.000Z", "summary": "We study."},
            {"submittedOnDailyAt": "2025-12-11T00:52:38.341Z"},
            date(2025, 12, 11),
        ),
    ],
)
def test_the_day_of_a_list_is_told_by_the_entry(top: dict[str, str], paper: dict[str, str], day: date | None) -> None:
    """Without the date that was asked for, the three meanings of `publishedAt` are told apart."""
    found = record([entry(top=top, **paper)])

    assert (found.featured.day if found.featured else None) == day


def test_the_date_that_was_asked_for_counts_most() -> None:
    """Whatever the times in an entry say, it was on the list of the day that was asked for."""
    found = record(archived("2025-03-11", entry(top={"publishedAt": "2025-03-05T10:33:52.000Z", "summary": "x"})))

    assert found.featured and found.featured.day == date(2025, 3, 11)


def test_places_count_each_day_by_itself() -> None:
    """In a month's answer, or one entry a line, the place is that among the entries of the same day."""
    days = ["2025-12-11", "2025-12-10", "2025-12-11"]
    entries = [entry(f"2512.0000{n}", submittedOnDailyAt=f"{day}T01:00:00Z") for n, day in enumerate(days)]

    for found in (read(entries), read(*entries)):
        assert ranks(found) == [1, 1, 2]


def test_each_archived_answer_is_a_list_of_its_own() -> None:
    """Two captures of one day in one file both begin with the first place."""
    assert ranks(read(*[archived("2025-12-11", entry(), entry("2512.00002"))] * 2)) == [1, 2, 1, 2]


def test_a_rejected_entry_keeps_its_place() -> None:
    """The paper in third place is in third place even where the second could not be read."""
    found = read(archived("2025-12-11", entry(), {"paper": {"id": "2512.00002"}}, entry("2512.00003")))

    assert found[1] == Rejected("2512.00002", 'no field "title"', b'{"paper": {"id": "2512.00002"}}')
    assert isinstance(found[2], Record) and found[2].featured and found[2].featured.rank == 3


def test_a_paper_alone_is_on_no_list() -> None:
    """What `/api/papers/{id}` sends has no place and no comments."""
    assert record(entry()["paper"] | {"upvotes": 3, "submittedOnDailyAt": "2025-12-11T00:00:00Z"}).featured is None


@pytest.mark.parametrize(
    ("place", "name"), [("paper", "organization"), ("top", "organization"), ("top", "submitterOrganization")]
)
def test_organisations_were_in_three_places(place: str, name: str) -> None:
    """Wherever it stands, the organisation is found; without a full name it goes by its short one."""
    said = {name: {"name": "acme"}}
    value = entry()
    (value["paper"] if place == "paper" else value).update(said)
    found = record([value])

    assert found.organisation == Organisation(slug="acme", name="acme")


def test_arxivs_title_is_preferred() -> None:
    """At the top stands the title with its mathematics; in the paper it was lost."""
    assert record([entry(title="Synth^2", top={"title": "Synth$^2$"})]).title == "Synth$^2$"
    assert record([entry(title="TeX's\n  na\\\"ive", top={"title": None})]).title == "TeX's naïve"


def test_null_and_nothing_are_the_same() -> None:
    """A field that is null says no more than one that is missing."""
    names = ("summary", "authors", "publishedAt", "upvotes", "ai_keywords", "githubRepo", "organization")

    value = entry()
    value["paper"] |= dict.fromkeys(names)

    assert record([value]) == record([{"paper": {"id": "2512.00001"}, "title": "A study of nothing"}])


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "/a/b", "https://", "https://a b", "file:///etc/passwd", "http://[::"]
)
def test_only_web_addresses_are_links(link: str) -> None:
    """Other schemes, and what is no address at all, are left out; the rest of the record stays."""
    found = record([entry(githubRepo=link, projectPage=link)])

    assert (found.code, found.project) == (None, None)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (entry(publishedAt="11 Dec"), 'field "paper.publishedAt": "11 Dec" is not a date'),
        (entry(upvotes="many"), "Expected `int | null`, got `str` - at `$.paper.upvotes`"),
        (entry("../../x"), "field \"id\": '../../x' is not the id of a paper"),
        (entry("", title="x"), 'no field "id"'),
        (7, "Expected `object`, got `int`"),
        ("{'paper': {'id': '2412.07730'}}", "this is the text of a Python object, not JSON: its archive is broken"),
    ],
)
def test_one_bad_entry_is_named_and_the_rest_go_on(broken: object, reason: str) -> None:
    """A rejection says which entry, and why."""
    first, second = read([broken, entry("2512.00002")])

    assert isinstance(first, Rejected) and first.reason == reason
    assert isinstance(second, Record)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"error":"Sorry, no such page."}', "Hugging Face says: Sorry, no such page."),
        (b"1", "not a list of papers, but '1'"),
        (b'{"status":"no_data"}', "not a list of papers, but an object with 'status'"),
        (b"<html>", "not JSON: JSON is malformed: invalid character (byte 0)"),
        (b"", "not JSON: Input data was truncated"),
    ],
)
def test_a_body_that_is_no_list_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    """In a file it is a rejection of that line; from the service it is an error."""
    assert list(parse([Document("x:3", body)])) == [Rejected("x:3", reason)]
    with pytest.raises(SourceError) as caught:
        list(fetch(lambda *_: Answer("http://x", 200, body), Day(date(2025, 12, 11)), ""))
    assert caught.value.message == reason and caught.value.where == "http://x"


class Service:
    """A service of `count` papers that sends pages of at most `most`, or all at once if it is `deaf`."""

    def __init__(self, count: int, *, most: int = 100, deaf: bool = False) -> None:
        self.entries = [entry(f"2512.{number:05}") for number in range(count)]
        self.most, self.deaf = most, deaf
        self.asked: list[Mapping[str, str]] = []

    def __call__(self, path: str, query: Mapping[str, str] | None = None, /) -> Answer:
        """Answer one question."""
        asked = dict(query or {})
        self.asked.append(asked | {"path": path})
        size = min(int(asked["limit"]), self.most)
        start = int(asked["p"]) * size
        page = self.entries if self.deaf else self.entries[start : start + size]
        return Answer(f"http://x{path}", 200, json.dumps(page).encode())


@pytest.mark.parametrize(("count", "requests"), [(0, 1), (49, 1), (50, 2), (51, 2), (120, 3)])
def test_it_pages_until_a_page_is_short(count: int, requests: int) -> None:
    """No paper is lost, none comes twice, and places go on from page to page."""
    service = Service(count)
    found = list(fetch(service, Day(date(2025, 12, 11)), ""))

    assert ranks(found) == list(range(1, count + 1))
    assert len(service.asked) == requests
    assert {asked["date"] for asked in service.asked} == {"2025-12-11"}


def test_a_server_that_ignores_pages_is_not_asked_for_ever() -> None:
    """A page that brings nothing new is the last one."""
    service = Service(60, deaf=True)

    assert len(list(fetch(service, Day(date(2025, 12, 11)), ""))) == 60
    assert len(service.asked) == 2


def test_a_period_is_one_question() -> None:
    """Weeks and months are asked for by their names."""
    service = Service(1)
    week = Period(kind="week", name="2025-W50", first=date(2025, 12, 8), last=date(2025, 12, 14))
    list(fetch(service, week, ""))

    assert service.asked == [{"path": "/api/daily_papers", "week": "2025-W50", "limit": "50", "p": "0"}]


def test_a_paper_it_does_not_know_is_named() -> None:
    """No page at Hugging Face is no failure of Hugging Face."""
    found = list(fetch(lambda *_: Answer("http://x", 404, b"{}"), Papers(("2512.00001",)), ""))

    assert found == [Rejected("2512.00001", "Hugging Face has no page for it")]


def test_every_real_answer_is_read(real_data: Path) -> None:
    """All papers of all lists, none lost, each on the day that was asked for."""
    days: Counter[date] = Counter()
    ids = set()
    for file in sorted((real_data / "hf_daily_papers" / "months").glob("*.jsonl.gz")):
        with gzip.open(file) as lines:
            for found in parse(Document(str(number), line) for number, line in enumerate(lines, 1)):
                assert isinstance(found, Record) and found.featured and found.abstract and found.authors, found
                assert "\n" not in (found.title or "")
                days[found.featured.day] += 1
                ids.add(found.id)

    assert (days.total(), len(ids), len(days)) == (6714, 6713, 419)


def test_the_day_is_right_in_every_era(real_data: Path) -> None:
    """Without the date that was asked for, only one entry of 6,714 is put on a wrong day, and 26 on none."""
    outcomes: Counter[str] = Counter()
    for file in (real_data / "hf_daily_papers" / "months").glob("*.jsonl.gz"):
        with gzip.open(file) as lines:
            for line in map(json.loads, lines):
                for found in read(line["response"]):
                    assert isinstance(found, Record)
                    day = found.featured.day.isoformat() if found.featured else "none"
                    outcomes["right" if day == line["date"] else "none" if day == "none" else "wrong"] += 1

    assert outcomes == {"right": 6687, "none": 26, "wrong": 1}


def test_samples_of_every_schema_are_recognised(real_data: Path) -> None:
    """Each file is known for what it is, and its entries are on its day."""
    for file in sorted((real_data / "hf_daily_papers" / "samples").glob("*.json")):
        data = file.read_bytes()
        found = list(parse([Document(file.name, data)]))

        assert recognises(data[:8192])
        days = [each.featured.day.isoformat() for each in found if isinstance(each, Record) and each.featured]
        assert days == [file.stem] * len(found)


def test_odd_bodies_are_rejected_one_by_one(real_data: Path) -> None:
    """What an archive broke, and what the service said instead of a list, loses nothing but itself."""
    folder = real_data / "hf_daily_papers" / "odd_bodies"
    found = {file.name: list(parse([Document(file.name, file.read_bytes())])) for file in folder.glob("*.json")}

    assert [len(each) for _, each in sorted(found.items())] == [26, 1]
    assert all(isinstance(each, Rejected) for several in found.values() for each in several)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["paper", "id", "response"]), inner),
    max_leaves=6,
)
TIMES = st.sampled_from(["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00", "2024-12-31", "", "2025-W01"])


@given(
    JSON
    | st.builds(
        lambda id_, paper, top: [{"paper": {"id": id_, "title": "x"} | paper, "title": "x"} | top],
        st.sampled_from(["2512.00001", "a..b", "x" * 200]) | st.text(max_size=4),
        st.dictionaries(st.sampled_from(["publishedAt", "submittedOnDailyAt"]), TIMES),
        st.dictionaries(st.just("publishedAt"), TIMES),
    )
    | st.builds(lambda date, captured: {"response": [], "date": date, "captured": captured}, TIMES, TIMES)
)
@example("\ud800")
def test_no_value_is_too_strange(value: object) -> None:
    """Whatever a document holds becomes records and rejections, never an exception."""
    assert all(isinstance(found, Record | Rejected) for found in read(value))


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"paper":' * 100_000,
        b'{"response":' * 900 + b"[]" + b"}" * 900,
        b"\xff\xfe",
        b'["\\ud800"]',
        b"[1e999]",
    ],
)
def test_no_document_is_too_strange(data: bytes) -> None:
    """Depth and broken characters are no exceptions either."""
    assert all(isinstance(found, Record | Rejected) for found in parse([Document("x", data)]))
