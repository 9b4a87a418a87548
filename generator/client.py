"""The one HTTP client: it says who it is, takes its turn at every host, is patient, and never reads without end."""

import re
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import httpx
from httpx_retries import Retry, RetryTransport

from generator import __version__
from generator.errors import SourceError
from generator.sources import Answer, Get

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_MOST_BYTES = 64 * 2**20
_MOST_REDIRECTS = 5
_TRIES = 4
_LONGEST_WAIT = 300.0
# A service in trouble, or one that wants to be left alone for a while: asked again, and never an answer.
_AGAIN = frozenset({429, 500, 502, 503, 504})
_REFUSED = frozenset({401, 403, 407, 451})
# RateLimit: "api";r=0;t=117 (draft-ietf-httpapi-ratelimit-headers), as Hugging Face sends it.
_RESET = re.compile(r"(?:^|;)\s*t=(\d+)")


class Client:
    """Asks services over HTTP, one request at a time.

    `contact` is an address of the owner, for the service's operators. `sleep` and `clock` are the only notion of time.
    `backoff` is the first wait, in seconds, before a failed request is made again; each further one is twice as long.
    """

    def __init__(
        self,
        *,
        contact: str = "",
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        backoff: float = 1.0,
        most_bytes: int = _MOST_BYTES,
    ) -> None:
        retry = _Patience(
            pause=sleep,
            total=_TRIES,
            backoff_factor=backoff,
            backoff_jitter=0.5,
            max_backoff_wait=_LONGEST_WAIT,
            status_forcelist=_AGAIN,
        )
        turns = _Turns(sleep=sleep, clock=clock, most_bytes=most_bytes)
        self._http = httpx.Client(
            transport=RetryTransport(transport=turns, retry=retry),
            headers={"User-Agent": f"broadsheet/{__version__}" + (f" (+{contact})" if contact else "")},
            follow_redirects=True,
            max_redirects=_MOST_REDIRECTS,
        )

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Close all connections."""
        self._http.close()

    def service(self, address: str, *, pace: float) -> Get:
        """Return a function that asks the service at `address`, at most every `pace` seconds."""

        def get(path: str, query: Mapping[str, str] | None = None, /) -> Answer:
            return self.get(_url(address, path, query or {}), pace=pace)

        return get

    def get(self, url: str, *, pace: float = 0.0) -> Answer:
        """Return the answer to a GET of `url`; an answer such as 404 is one.

        Raises `SourceError` where there is none after some tries, where the service refuses, or says too much.
        """
        try:
            response = self._http.get(url, extensions={"pace": pace})
        except httpx.TooManyRedirects as error:
            raise SourceError("leads from one address to the next without end", where=url) from error
        except httpx.TimeoutException as error:
            raise SourceError("did not answer in time", where=url, hint=_LATER) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = str(error) or type(error).__name__
            hint = "is the network there, and the address right?"
            raise SourceError(f"could not be reached: {why}", where=url, hint=hint) from error
        status = response.status_code
        if status in _AGAIN:
            raise SourceError(f"answered {status}, {_TRIES + 1} times", where=url, hint=_LATER)
        if status in _REFUSED:
            raise SourceError(f"refused to answer ({status})", where=url, hint="does it know you, and want you to ask?")
        return Answer(url=url, status=status, body=response.content)


_LATER = "nothing was lost; try again later"


def _url(address: str, path: str, query: Mapping[str, str]) -> str:
    """Return the address of a request. `address` may have a path of its own, which stays in front."""
    return address.rstrip("/") + path + (f"?{urlencode(query)}" if query else "")


class _TooMuch(httpx.TransportError):
    """A body that is larger than anything a service has reason to send."""


class _Turns(httpx.BaseTransport):
    """Sends requests, but not before it is their turn, and reads each answer whole: a broken one is tried again.

    The extension `pace` of a request is the time in seconds between the end of one request to a host and the next.
    """

    def __init__(self, *, sleep: Callable[[float], None], clock: Callable[[], float], most_bytes: int) -> None:
        # A client of its own finds proxies and certificates as the environment names them.
        self._http = httpx.Client(timeout=_TIMEOUT, follow_redirects=False)
        self._sleep = sleep
        self._clock = clock
        self._most_bytes = most_bytes
        self._free_at: dict[str, float] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer to `request`, read whole."""
        pace = float(request.extensions.get("pace", 0.0))
        wait = self._free_at.get(request.url.host, 0.0) - self._clock()
        if wait > 0:
            self._sleep(wait)
        try:
            # The extensions of this request are the outer client's; the inner one has its own time limits.
            answer = self._http.build_request(request.method, request.url, headers=request.headers)
            response = self._http.send(answer, stream=True)
            try:
                body = self._read(response)
            finally:
                response.close()
        finally:
            self._free_at[request.url.host] = self._clock() + pace
        return httpx.Response(response.status_code, headers=_without_coding(response.headers), content=body)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def _read(self, response: httpx.Response) -> bytes:
        parts = bytearray()
        for part in response.iter_bytes():
            parts += part
            if len(parts) > self._most_bytes:
                raise _TooMuch(f"the answer is larger than {self._most_bytes:,} bytes")
        return bytes(parts)


def _without_coding(headers: httpx.Headers) -> list[tuple[str, str]]:
    """Return `headers` as they are true of a body that has been decoded and is whole."""
    gone = {"content-encoding", "content-length", "transfer-encoding"}
    return [(name, value) for name, value in headers.multi_items() if name not in gone]


class _Patience(Retry):
    """Waits as long as the service asks for, or longer each time; `pause` does the waiting."""

    def __init__(self, *, pause: Callable[[float], None] = time.sleep, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.pause = pause

    def increment(self) -> Retry:
        """Return the state after one more try."""
        following = super().increment()
        if isinstance(following, _Patience):
            following.pause = self.pause
        return following

    def sleep(self, response: httpx.Response | Exception) -> None:
        """Wait before the next try."""
        told = self._told(response.headers) if isinstance(response, httpx.Response) else None
        self.pause(min(self.backoff_strategy() if told is None else told, self.max_backoff_wait))

    def _told(self, headers: httpx.Headers) -> float | None:
        """Return how many seconds the service asks us to wait, if it does."""
        try:
            return self.parse_retry_after(headers["Retry-After"])
        except (KeyError, ValueError):
            reset = _RESET.search(headers.get("RateLimit", ""))
            return float(reset[1]) if reset else None
