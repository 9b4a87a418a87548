"""The client is polite, patient and bounded."""

import gzip
from collections.abc import Iterator

import pytest

from generator import __version__
from generator.client import Client
from generator.errors import SourceError
from tests.replay import Canned, Replay, served


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
    with Client(contact="owner@example.org", sleep=clock.sleep, clock=clock.read, most_bytes=1000) as made:
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
        ({"Retry-After": "999999"}, 300.0),
    ],
)
def test_it_waits_as_long_as_it_is_told(client: Client, clock: Clock, headers: dict[str, str], seconds: float) -> None:
    """A service that says when to come back is obeyed, within reason."""
    with served(Replay(canned=[Canned(429, headers=headers), Canned(200, b"ok")])) as replay:
        client.get(replay.url)

    assert clock.slept == [seconds]


def test_it_gives_up(client: Client) -> None:
    """After five tries the failure is an error that names the address."""
    with served(Replay(canned=[Canned(503)] * 9)) as replay, pytest.raises(SourceError) as caught:
        client.get(replay.url)

    assert len(replay.asked) == 5
    assert caught.value.where == replay.url
    assert "503" in caught.value.message


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
