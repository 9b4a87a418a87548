"""The client is polite, patient and bounded."""

import gzip
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from time import perf_counter

import pytest

from generator import __version__
from generator.client import Client
from generator.errors import SourceError
from tests.replay import Canned, Replay, served

NOW = datetime(2025, 12, 11, 6, 45, 41, tzinfo=UTC)


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def read(self) -> float:
        """Return the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    """Return a clock that nobody waits for."""
    return Clock()


@pytest.fixture
def client(clock: Clock) -> Iterator[Client]:
    """Return a client that takes no real time."""
    with Client(
        contact="owner@example.org", sleep=clock.sleep, clock=clock.read, now=lambda: NOW, most_bytes=1000
    ) as made:
        yield made


def test_it_says_who_it_is(client: Client) -> None:
    """Operators of a service can see which program asks, and whom to write to."""
    with served(Replay()) as replay:
        client.get(replay.url)

    assert replay.agents == [f"broadsheet/{__version__} (+owner@example.org)"]


def test_requests_to_one_host_are_spaced(client: Client, clock: Clock) -> None:
    """Between two requests to a service lies its pace, whether or not the first one was answered well."""
    with served(Replay(canned=[Canned(404), Canned(200, b"a"), Canned(200, b"b")])) as replay:
        get = client.service(replay.url, pace=3.0)
        answers = [get("/one"), get("/two"), get("/three")]

    assert [answer.body for answer in answers] == [b"", b"a", b"b"]
    assert clock.slept == [3.0, 3.0]


def test_the_path_of_an_address_stays(client: Client) -> None:
    """A service may live below a path; query values are encoded."""
    with served(Replay(prefix="/some/where")) as replay:
        client.service(f"{replay.url}/", pace=0)("/api/query", {"search_query": "cat:cs.CL AND x"})

    assert replay.asked == ["/some/where/api/query?search_query=cat%3Acs.CL+AND+x"]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_service_in_trouble_is_asked_again(client: Client, clock: Clock, status: int) -> None:
    """Waits grow, and never all of them are alike for all clients."""
    with served(Replay(canned=[Canned(status), Canned(status), Canned(200, b"at last")])) as replay:
        answer = client.get(replay.url)

    assert answer.body == b"at last"
    first, second = clock.slept
    assert 1.0 <= first <= 2.0
    assert 2.0 <= second <= 4.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17.0),
        ({"RateLimit": '"api";r=0;t=42'}, 42.0),
        ({"Retry-After": "5", "RateLimit": '"api";r=0;t=42'}, 5.0),
    ],
)
def test_it_waits_as_long_as_it_is_told(client: Client, clock: Clock, headers: dict[str, str], seconds: float) -> None:
    """A service that says when to come back is obeyed to the second."""
    with served(Replay(canned=[Canned(429, headers=headers), Canned(200, b"ok")])) as replay:
        client.get(replay.url)

    assert clock.slept == [seconds]


@pytest.mark.parametrize("headers", [{"Retry-After": "86000"}, {"RateLimit": '"api";r=0;t=86000'}])
def test_it_does_not_come_back_too_early(client: Client, clock: Clock, headers: dict[str, str]) -> None:
    """Who wants to be left alone for hours is left alone, and the owner hears until when."""
    with served(Replay(canned=[Canned(429, headers=headers)])) as replay, pytest.raises(SourceError) as caught:
        client.get(replay.url)

    assert (len(replay.asked), clock.slept) == (1, [])
    assert caught.value.message == "answered 429 once"
    assert caught.value.hint == "try again after 06:40 UTC"


def test_a_quota_that_is_used_up_is_waited_for(client: Client, clock: Clock) -> None:
    """The next request comes when the window is over, not to be refused; policies set the pace (draft ratelimit)."""
    spent = {"RateLimit": '"api";r=0;t=42, "pages";r=9;t=7', "RateLimit-Policy": '"fixed window";"api";q=100;w=300'}
    with served(
        Replay(canned=[Canned(200, headers={**spent, "RateLimit": '"api";r=5;t=42'}), Canned(200, headers=spent)])
    ) as replay:
        for _ in range(3):
            client.get(replay.url)

    assert clock.slept == [3.0, 42.0]


def test_all_time_together_is_bounded(clock: Clock) -> None:
    """However many requests and waits there are; what cannot be waited for is not begun."""
    replayed = Replay(canned=[Canned(200), Canned(503, headers={"Retry-After": "70"}), Canned(200)])
    with Client(sleep=clock.sleep, clock=clock.read, limit=100) as client, served(replayed) as replay:
        client.get(replay.url, pace=40)
        with pytest.raises(SourceError, match="answered 503 once"):
            client.get(replay.url, pace=40)
        clock.now += 100
        with pytest.raises(SourceError, match="the time for this fetch is over"):
            client.get(replay.url)

    assert clock.slept == [40]
    assert len(replay.asked) == 2


def test_one_pace_for_all_hosts_of_a_service(client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """ArXiv asks for one request in three seconds over all its interfaces, which have hosts of their own."""
    with served(Replay()) as replay:
        # The server stands in as a proxy for both hosts, so that their names need not exist.
        monkeypatch.setenv("HTTP_PROXY", replay.url)
        with Client(sleep=clock.sleep, clock=clock.read) as proxied:
            for host in ("export.arxiv.org", "rss.arxiv.org", "example.org"):
                proxied.get(f"http://{host}/", pace=3.0)

    assert clock.slept == [3.0]


def test_it_asks_whether_an_answer_still_holds(client: Client) -> None:
    """By the tag and the date of the earlier answer (RFC 9110, 13.1)."""
    headers = {"ETag": '"v1"', "Last-Modified": "Thu, 11 Dec 2025 06:00:00 GMT"}
    with served(Replay(canned=[Canned(200, b"list", headers), Canned(304)])) as replay:
        known = client.get(replay.url)
        answer = client.get(replay.url, known=known)

    assert (answer.status, answer.body) == (304, b"")
    assert replay.headers[1]["If-None-Match"] == '"v1"'
    assert replay.headers[1]["If-Modified-Since"] == headers["Last-Modified"]


def test_it_gives_up(client: Client) -> None:
    """After five tries the failure is an error that names the address."""
    with served(Replay(canned=[Canned(503)] * 9)) as replay, pytest.raises(SourceError) as caught:
        client.get(replay.url)

    assert len(replay.asked) == 5
    assert caught.value.where == replay.url
    assert caught.value.message.startswith("answered 503 five times (waited ")


def test_a_refusal_is_final(client: Client) -> None:
    """Where a service refuses, it is not asked again."""
    with served(Replay(canned=[Canned(403)])) as replay, pytest.raises(SourceError, match="403"):
        client.get(replay.url)

    assert len(replay.asked) == 1


def test_a_broken_answer_is_asked_for_again(client: Client) -> None:
    """An answer that ends too early is no answer."""
    with served(Replay(canned=[Canned(200, b"ha", cut=5), Canned(200, b"half")])) as replay:
        answer = client.get(replay.url)

    assert answer.body == b"half"


@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "gzip"}])
def test_an_answer_has_bounds(client: Client, headers: dict[str, str]) -> None:
    """Neither a large answer nor a packed one that unfolds to a large one is read to its end."""
    body = b"x" * 1_000_000
    packed = gzip.compress(body) if headers else body
    replayed = Replay(canned=[Canned(200, packed, headers)])
    with served(replayed) as replay, pytest.raises(SourceError, match="larger than 1,000 bytes"):
        client.get(replay.url)


def test_packed_answers_are_unpacked(client: Client) -> None:
    """What comes back is what the service meant."""
    packed = Canned(200, gzip.compress(b"plain"), {"Content-Encoding": "gzip"})
    with served(Replay(canned=[packed])) as replay:
        answer = client.get(replay.url)

    assert answer.body == b"plain"


def test_redirects_are_followed_within_bounds(client: Client) -> None:
    """One redirect leads on; a circle is an error."""
    with served(Replay(canned=[Canned(302, headers={"Location": "/there"}), Canned(200, b"here")])) as replay:
        assert client.get(replay.url).body == b"here"
    circle = Replay(canned=[Canned(302, headers={"Location": "/again"})] * 9)
    with served(circle) as replay, pytest.raises(SourceError, match="without end"):
        client.get(replay.url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://", "ftp://127.0.0.1/", "http://[::1"])
def test_nobody_there_is_an_error_of_ours(client: Client, url: str) -> None:
    """No exception of the library comes through."""
    with pytest.raises(SourceError, match="could not be reached"):
        client.get(url)


def test_what_is_not_there_is_an_answer(client: Client) -> None:
    """404 says something about the question, and is for the source to judge."""
    with served(Replay(canned=[Canned(404, b"no")])) as replay:
        answer = client.get(replay.url)

    assert (answer.status, answer.body, answer.url) == (404, b"no", replay.url)


def test_a_bomb_takes_no_memory(clock: Clock) -> None:
    """What unfolds to a gigabyte, once or twice, is not unfolded."""
    bomb = gzip.compress(bytes(1 << 30), 1)
    answers = [Canned(200, bomb, {"Content-Encoding": "gzip"}), Canned(200, bomb, {"Content-Encoding": "gzip, gzip"})]
    with served(Replay(canned=answers)) as replay, Client(sleep=clock.sleep, most_bytes=1 << 20) as client:
        tracemalloc.start()
        try:
            with pytest.raises(SourceError, match="larger than 1,048,576 bytes"):
                client.get(replay.url)
            with pytest.raises(SourceError, match="which nobody asked for"):
                client.get(replay.url)
            assert tracemalloc.get_traced_memory()[1] < 1 << 23
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("cut", [5, 40])
def test_a_packed_answer_that_breaks_off_is_asked_for_again(client: Client, cut: int) -> None:
    """Be it in the middle or at the end."""
    packed = gzip.compress(b"plain " * 20)
    headers = {"Content-Encoding": "gzip"}
    answers = [Canned(200, packed[:-cut], headers), Canned(200, b"no gzip", headers), Canned(200, packed, headers)]
    with served(Replay(canned=answers)) as replay:
        answer = client.get(replay.url)

    assert answer.body == b"plain " * 20
    assert len(replay.asked) == 3


@pytest.mark.parametrize("head", [0, 60])
def test_a_slow_drip_is_not_waited_for(clock: Clock, head: int) -> None:
    """A byte now and then, in the head or the body, resets no limit: an answer has a time to be whole."""
    drip = Canned(200, b"x" * 1000, drip=0.02, drip_from=head)
    started = perf_counter()
    with (
        served(Replay(canned=[drip] * 5)) as replay,
        Client(sleep=clock.sleep, patience=0.2) as client,
        pytest.raises(SourceError, match="did not answer in time, five times"),
    ):
        client.get(replay.url)

    assert perf_counter() - started < 10
