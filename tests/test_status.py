"""What fetches came to, and what a reader is told of it."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import feedparser
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.language import ENGLISH
from generator.status import (
    Health,
    Incident,
    Outcome,
    Standing,
    State,
    Status,
    Watched,
    after,
    expected,
    notice,
    status_of,
)
from generator.store import codec
from tests.support import SETTINGS, files_of, paper_of, site

FRIDAY = date(2025, 12, 12)
NOW = datetime(2025, 12, 12, 17, 43, tzinfo=UTC)
HF = "hf-daily"


def listed(day: date) -> bool:
    """Tell whether there is a list: on working days."""
    return day.weekday() < 5


def days_later(count: int) -> datetime:
    """Return a moment some days after now."""
    return NOW + timedelta(days=count)


FINE = Outcome(source=HF, late="", newest=FRIDAY)
FAILED = Outcome(source=HF, failed="answered 503 five times for 2025-12-12")
LATE = Outcome(source=HF, late="has no list of 2025-12-11", newest=date(2025, 12, 10))


@pytest.mark.parametrize(
    ("today", "due"),
    [(FRIDAY, date(2025, 12, 11)), (date(2025, 12, 14), FRIDAY), (date(2025, 12, 15), FRIDAY)],
)
def test_what_is_due(today: date, due: date) -> None:
    """Yesterday's list, or that of the last working day; today's may still be on its way."""
    assert expected(today, listed) == due
    assert expected(today, lambda _: False) is None


def test_nothing_new_is_not_written_down() -> None:
    """Until a week has passed: then the file says that somebody is still at work."""
    state = after(State(), [FINE], now=NOW, changed=True)

    assert state.sources[HF] == Health(checked=NOW, newest=FRIDAY)
    assert after(state, [FINE], now=days_later(1), changed=False) is state
    assert after(state, [FINE], now=days_later(1), changed=True).sources[HF].checked == days_later(1)
    assert after(state, [FINE], now=days_later(7), changed=False).sources[HF].checked == days_later(7)


@pytest.mark.parametrize("trouble", [FAILED, LATE])
def test_an_incident_begins_lasts_and_ends(trouble: Outcome) -> None:
    """It is written down when it begins and when it ends, not in between."""
    begun = after(State(), [trouble], now=NOW, changed=False)
    lasting = after(begun, [trouble], now=days_later(1), changed=False)
    ended = after(lasting, [FINE], now=days_later(2), changed=False)

    assert begun.incident(HF) and lasting is begun
    assert ended.incident(HF) is None
    assert [(each.since, each.until) for each in ended.incidents] == [(NOW, days_later(2))]


def test_what_is_over_on_its_day_was_nothing() -> None:
    """A later run of the same day leaves no trace of an earlier one."""
    fine = after(State(), [FINE], now=NOW, changed=True)

    assert after(after(State(), [FAILED], now=NOW, changed=False), [FINE], now=NOW, changed=True) == fine


def test_a_late_source_is_late_until_its_list_is_there() -> None:
    """An answer about something else does not end it."""
    late = after(State(), [LATE], now=NOW, changed=False)
    other = Outcome(source=HF, newest=date(2025, 12, 10))

    assert after(late, [other], now=days_later(1), changed=False).incident(HF) == late.incident(HF)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([FINE, FAILED, LATE, Outcome(source="arxiv"), Outcome(source="arxiv", failed="x: 'y' #")]),
            st.integers(0, 40),
            st.booleans(),
        )
    )
)
def test_any_history_can_be_written_and_read(history: list[tuple[Outcome, int, bool]]) -> None:
    """The file means what the state was; nobody is in two incidents at once."""
    state, now = State(), NOW
    for outcome, hours, changed in history:
        now += timedelta(hours=hours)
        state = after(state, [outcome], now=now, changed=changed)

    assert codec.decode_status(codec.encode_status(state), "status.yml") == state
    assert sum(each.source == HF and each.until is None for each in state.incidents) <= 1


def status(today: date, newest: date, *, checked: datetime = NOW, incident: Incident | None = None) -> Status:
    """Return the status of an archive whose newest list is `newest`."""
    state = State(sources={HF: Health(checked=checked, newest=newest)}, incidents=(incident,) if incident else ())
    watched = [Watched(source="arxiv", label="arxiv"), Watched(source=HF, label="huggingface", listed=listed)]
    return status_of(state, watched, counts={newest: 24}, today=today, schedule="every three hours")


@pytest.mark.parametrize(
    ("today", "newest", "said"),
    [
        (FRIDAY, FRIDAY, ""),
        (date(2025, 12, 13), FRIDAY, "No papers are featured at weekends. The last list is Friday, 12 December 2025."),
        (
            FRIDAY,
            date(2025, 12, 11),
            "Today’s list has not arrived yet. Last checked 17:43 UTC; we look again every three hours.",
        ),
        (
            FRIDAY,
            date(2025, 12, 10),
            "The source still shows the list of 10 December 2025. We keep that page until it changes.",
        ),
        (
            date(2026, 3, 3),
            FRIDAY,
            "Nothing has been fetched since 12 December 2025. There may be newer papers.",
        ),
    ],
)
def test_what_the_front_page_says(today: date, newest: date, said: str) -> None:
    """Why the list is not today's."""
    assert notice(status(today, newest), today, ENGLISH) == said


def test_a_failure_is_ours() -> None:
    """It comes before anything else."""
    incident = Incident(source=HF, kind="failed", since=days_later(-1), message="answered 503")
    said = notice(status(FRIDAY, date(2025, 12, 10), incident=incident), FRIDAY, ENGLISH)

    assert said == "The last update failed. This page shows the list fetched on 12 December 2025."


def test_an_archive_that_was_never_fetched_says_nothing() -> None:
    """Imported papers are nobody's list of today."""
    watched = [Watched(source=HF, label="huggingface", listed=listed)]

    assert (
        notice(status_of(State(), watched, counts={FRIDAY: 3}, today=date(2026, 3, 3)), date(2026, 3, 3), ENGLISH) == ""
    )


def test_numbers_of_a_source() -> None:
    """What came, what usually comes, and how often there was trouble lately."""
    counts = {date(2025, 12, day): 20 + day for day in range(1, 13)}
    incidents = (
        Incident(source=HF, kind="late", since=days_later(-1), until=NOW, message="late"),
        Incident(source=HF, kind="failed", since=days_later(-40), until=days_later(-30), message="failed"),
    )
    state = State(sources={HF: Health(checked=NOW, newest=FRIDAY)}, incidents=incidents)
    watched = [Watched(source=HF, label="huggingface", listed=listed)]

    assert status_of(state, watched, counts=counts, today=FRIDAY).standings == (
        Standing(
            label="huggingface",
            lists=True,
            checked=NOW,
            newest=FRIDAY,
            due=date(2025, 12, 11),
            awaited=True,
            received=32,
            usual=26,
            failures=2,
        ),
    )


@pytest.fixture(scope="module")
def made() -> Mapping[str, str]:
    """Return the files of a site that had an incident and is in another one."""
    incidents = (
        Incident(source=HF, kind="failed", since=datetime(2026, 2, 3, 6, 43, tzinfo=UTC), message="<b>503</b>"),
        Incident(source=HF, kind="late", since=days_later(0), until=days_later(2), message="has no list"),
    )
    state = State(sources={HF: Health(checked=days_later(50), newest=date(2026, 2, 2))}, incidents=incidents)
    settings = (
        f"{SETTINGS}sources: [{{kind: arxiv}}, {{kind: hf-daily}}]\nfetch: {{schedule: on weekdays at 06:43 UTC}}\n"
    )
    return files_of(site(paper_of(), settings=settings, status=state))


def test_the_site_says_it(made: Mapping[str, str]) -> None:
    """On the front page, on a page of its own with anchors, in a file for monitors."""
    assert "The last update failed. This page shows the list fetched on 31 January 2026." in made["index.html"]
    page = made["status/index.html"]
    assert "Failed: &lt;b&gt;503&lt;/b&gt;" in page
    assert 'id="2026-02-03-0643-huggingface"' in page
    assert "12 December 2025, 17:43 UTC" in page
    assert "They are asked on weekdays at 06:43 UTC." in page
    told = msgspec.json.decode(made["status.json"])
    assert (told["ok"], [each["name"] for each in told["sources"]]) == (False, ["arxiv", "huggingface"])
    assert "status/" not in made["sitemap.xml"]


@pytest.mark.parametrize("name", ["feed.xml", "atom.xml"])
def test_incidents_have_a_feed(made: Mapping[str, str], name: str) -> None:
    """One item when it begins, one when it is over."""
    parsed = feedparser.parse(made[f"status/{name}"])

    assert not parsed.bozo
    assert [each.title for each in parsed.entries] == [
        "huggingface: failed: <b>503</b>",
        "huggingface: late: over",
        "huggingface: late: has no list",
    ]
    assert parsed.entries[0].link == "https://example.org/papers/status/#2026-02-03-0643-huggingface"


@pytest.mark.parametrize(
    ("now", "day", "said"),
    [
        ("2026-02-03T12:00Z", "2026-02-03", "Today’s list has not arrived yet. Last checked 11:43 UTC."),
        ("2026-02-02T12:00Z", "2026-02-02", "This list may still grow. Last checked 11:43 UTC."),
        ("2026-02-08T12:00Z", "2026-02-08", "No papers are featured at weekends."),
        ("2026-02-05T12:00Z", "2026-02-04", "The source still shows the list of 2 February 2026."),
    ],
)
def test_each_day_up_to_today_says_how_its_list_is_doing(now: str, day: str, said: str) -> None:
    """It is there before its list, and where the list never comes; what it says is true on that day only."""
    today = datetime.fromisoformat(now)
    state = State(sources={HF: Health(checked=today - timedelta(minutes=17), newest=date(2026, 2, 2))})

    pages = files_of(site(paper_of(), status=state, now=today))

    assert said in pages[f"day/{day}/index.html"]
    assert said not in pages["day/2026-02-02/index.html"] or day == "2026-02-02"
    assert f"day/{today.date() + timedelta(days=1)}/index.html" not in pages


def test_a_day_without_a_list_is_next_to_one_with() -> None:
    """Arrows lead to lists; what lies between them has a smaller link."""
    pages = files_of(site(paper_of(day="2026-01-30"), paper_of("2602.00002", day="2026-02-02")))

    friday = pages["day/2026-01-30/index.html"]
    assert re.findall(r'Next to it, without a list:.*?href="\.\./([^"]*)"', friday, re.DOTALL) == ["2026-01-31/"]
    assert '<link rel="next" href="../2026-02-02/">' in friday
