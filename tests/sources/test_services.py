"""Services that are asked: what is asked for, page after page, and what their moods lead to. Over a real connection."""

from collections.abc import Callable, Iterator
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from generator.client import Client
from generator.errors import SourceError
from generator.model import Record
from generator.sources import Day, Get, Papers, Period, Rejected, Wanted
from tests.replay import Canned, Replay, served
from tests.sources import answers
from tests.sources.reading import SOURCES, sound

DAY = date(2025, 12, 11)
WEEK = Period(kind="days", name="x", first=date(2025, 12, 8), last=DAY)
Answers = list[Record | Rejected]
Ask = Callable[..., Answers]


@pytest.fixture
def replay() -> Iterator[Replay]:
    """Return a server that gives the answers it is given."""
    with served(Replay()) as found:
        yield found


@pytest.fixture
def ask(replay: Replay) -> Iterator[Ask]:
    """Return a function that asks a source for something, and gets some answers in turn."""
    with Client(sleep=lambda _: None) as client:

        def asked(
            source: str, wanted: Wanted, *bodies: str, query: str = "", status: int = 200
        ) -> list[Record | Rejected]:
            replay.canned[:] = [Canned(status, each.encode()) for each in bodies]
            get: Get = client.service(replay.url, pace=0)
            fetch = SOURCES[source].fetch
            assert fetch
            return list(sound(fetch(get, wanted, query)))

        yield asked


def questions(replay: Replay) -> list[dict[str, str]]:
    """Return the parameters of the requests so far."""
    return [{name: values[0] for name, values in parse_qs(urlsplit(each).query).items()} for each in replay.asked]


def page(number: int, token: str, stamp: str = "2025-12-11") -> str:
    """Return a page of a list."""
    raw = answers.RAW.replace("2512.00001", f"2512.0000{number}") % ("9kb", "")
    record = answers.oai_record(raw, f"arXiv.org:2512.0000{number}").replace("2025-12-11", stamp)
    return answers.oai(f"<ListRecords>{record}<resumptionToken>{token}</resumptionToken></ListRecords>")


def test_a_set_is_read_to_its_last_page(ask: Ask, replay: Replay) -> None:
    """With the token alone, until it is empty; what changed after the last day is not taken."""
    found = ask("arxiv-oai", WEEK, page(1, "a"), page(2, "b", "2025-12-12"), page(3, ""), query="cs:cs:CL")

    assert [each.id for each in found if isinstance(each, Record)] == ["2512.00001", "2512.00003"]
    first = {"verb": "ListRecords", "metadataPrefix": "arXivRaw", "set": "cs:cs:CL", "from": "2025-12-08"}
    rest = [{"verb": "ListRecords", "resumptionToken": token} for token in "ab"]
    assert questions(replay) == [first, *rest]


def test_a_token_that_comes_again_ends_the_list(ask: Ask, replay: Replay) -> None:
    """A server that goes round in circles is left."""
    assert len(ask("arxiv-oai", Day(DAY), page(1, "a"), page(2, "a"), query="cs")) == 2
    assert len(replay.asked) == 2


@pytest.mark.parametrize("code", ["badResumptionToken", "badArgument"])
def test_what_was_read_before_an_error_counts(ask: Ask, code: str) -> None:
    """The error is raised after the records of earlier pages."""
    with pytest.raises(SourceError, match=code):
        ask("arxiv-oai", WEEK, page(1, "a"), answers.oai(f'<error code="{code}"/>'), query="cs")


def test_no_match_is_no_failure(ask: Ask) -> None:
    """Nothing changed; the feed of a weekend is empty; without a query nobody is asked."""
    assert ask("arxiv-oai", WEEK, answers.oai('<error code="noRecordsMatch"/>'), query="cs") == []
    assert ask("arxiv-rss", Day(DAY), answers.NEWS % "", query="cs.CL") == []
    assert ask("arxiv-oai", WEEK) == ask("arxiv-rss", Day(DAY)) == ask("arxiv-rss", Papers(("1",)), query="x") == []


def test_papers_by_id(ask: Ask, replay: Replay) -> None:
    """One by one; an unknown id is a rejection and no failure."""
    known = answers.oai(f"<GetRecord>{answers.oai_record(answers.RAW % ('9kb', ''))}</GetRecord>")
    unknown = answers.oai('<error code="idDoesNotExist">no</error>')
    found = ask("arxiv-oai", Papers(("2512.00001", "2512.99999", "x")), known, unknown)

    assert [getattr(each, "id", None) or each for each in found] == [
        "2512.00001",
        Rejected("2512.99999", "arXiv does not know it"),
        Rejected("x", "not an id of arXiv's"),
    ]
    assert questions(replay)[0]["identifier"] == "oai:arXiv.org:2512.00001"


def test_todays_feed_is_taken_for_its_day_only(ask: Ask, replay: Replay) -> None:
    """Yesterday cannot be asked for any more; categories are put together."""
    feed = answers.NEWS % (answers.news("2512.00001v1", "new") + answers.news("2512.00002v1", "new", "2025-12-10"))
    [found] = ask("arxiv-rss", Day(DAY), feed, query="cs.CL cs.LG")

    assert isinstance(found, Record) and found.featured and found.featured.day == DAY
    assert replay.asked == ["/atom/cs.CL+cs.LG"]


def test_linked_artefacts_are_asked_for_paper_by_paper(ask: Ask, replay: Replay) -> None:
    """Hugging Face has no page for some papers, which is no failure."""
    found = ask("hf-papers", Papers(("2512.00001", "local-1")), answers.HF_PAPER)
    assert isinstance(found[0], Record) and found[0].models and found[0].models.total == 12
    assert found[1] == Rejected("local-1", "not an id of arXiv's")
    assert replay.asked == ["/api/papers/2512.00001"]
    assert ask("hf-papers", Papers(("2512.00002",)), "{}", status=404) == [
        Rejected("2512.00002", "Hugging Face has no page for it")
    ]
    assert ask("hf-papers", Day(DAY)) == []


@pytest.mark.parametrize("body", ["", "not XML", "{}", "<html/>", "1", "<feed/>"])
@pytest.mark.parametrize(
    ("source", "wanted"), [("arxiv-oai", WEEK), ("arxiv-rss", WEEK), ("hf-papers", Papers(("2512.00001",)))]
)
def test_an_answer_that_is_none_is_told(ask: Ask, source: str, wanted: Wanted, body: str) -> None:
    """As a failure of the service, or as a rejection, and never as a fault of ours."""
    try:
        found = ask(source, wanted, body, query="cs")
    except SourceError as error:
        found = [Rejected(error.where, error.message)]

    assert all(isinstance(each, Rejected) for each in found)
