"""The one HTTP client: it says who it is, takes its turn at every host, is patient, and never reads without end."""

import asyncio
import re
import time
import zlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import SOCK_STREAM
from types import TracebackType
from typing import NoReturn, Self, TypeAlias
from urllib.parse import urlencode

import httpx
from httpx_retries import Retry, RetryTransport

from generator import __version__
from generator.dates import duration
from generator.errors import SourceError
from generator.sources import Answer, Get
from generator.text import plural

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_PATIENCE = 90.0
_MOST_BYTES = 64 * 2**20
_MOST_REDIRECTS = 5
_TRIES = 5
_LONGEST_WAIT = 600.0
# A service in trouble, or one that wants to be left alone for a while: asked again, and never an answer.
_AGAIN = frozenset({429, 500, 502, 503, 504})
_REFUSED = frozenset({401, 403, 407, 451})
_NOTHING_THERE = 400
# RateLimit: "api";r=0;t=117, RateLimit-Policy: "fixed window";"api";q=500;w=300
# (draft-ietf-httpapi-ratelimit-headers), as Hugging Face sends them.
_PARAMETER = re.compile(r";\s*([rtqw])=(\d{1,9})\b")
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
# Whatever zlib unpacks: its own format or gzip's.
_ANY_HEADER = 47
# An IPv4 address inside of an IPv6 one, for networks without the former (RFC 6052).
_NAT64 = IPv6Network("64:ff9b::/96")

Address: TypeAlias = IPv4Address | IPv6Address


class Client:
    """Asks services over HTTP, one request at a time.

    `contact` is an address of the owner, for the service's operators. `sleep`, `clock` (seconds) and `now` are the only
    notion of time. A request is made at most `tries` times; `backoff` is the first wait between two, in seconds, and
    each further one is twice as long. `patience` is the time that one answer may take, however steadily it drips;
    `limit` the time for all that this client is ever asked, waiting included. Both are in seconds. `may_reach` tells
    of an address whether it may be connected to; without it, any may. It is asked anew for every redirect.
    """

    def __init__(
        self,
        *,
        contact: str = "",
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        backoff: float = 1.0,
        tries: int = _TRIES,
        patience: float = _PATIENCE,
        limit: float = float("inf"),
        most_bytes: int = _MOST_BYTES,
        may_reach: Callable[[Address], bool] | None = None,
    ) -> None:
        self._clock = clock
        self._now = now
        self._backoff = backoff
        self._tries = tries
        self._turns = _Turns(
            sleep=sleep,
            clock=clock,
            patience=patience,
            ends_at=clock() + limit,
            most_bytes=most_bytes,
            may_reach=may_reach,
        )
        self._http = httpx.Client(
            transport=RetryTransport(transport=self._turns),
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
            return self.get(url_of(address, path, query), pace=pace)

        return get

    def get(self, url: str, *, pace: float = 0.0, known: Answer | None = None) -> Answer:
        """Return the answer to a GET of `url`; an answer such as 404 is one.

        `known` is an earlier answer: the service is asked whether it still holds (RFC 9110, 13.1), and answers 304 and
        nothing else if it does. Raises `SourceError` where there is no answer after some tries or in time, where the
        service refuses, or says too much.
        """
        response = self._ask("GET", url, pace, known)
        status = response.status_code
        if status in _REFUSED:
            raise SourceError(
                f"refused to answer ({status})", where=url, hint="see whether it knows you, and wants you to ask"
            )
        return Answer(
            url=url,
            status=status,
            body=response.content,
            etag=response.headers.get("ETag", ""),
            modified=response.headers.get("Last-Modified", ""),
        )

    def reach(self, url: str, *, pace: float = 0.0) -> int:
        """Return the status that `url` answers with: to a HEAD, or to a GET where that says that nothing is there.

        Raises `SourceError` where there is no answer after some tries or in time.
        """
        status = self._ask("HEAD", url, pace).status_code
        return status if status < _NOTHING_THERE else self._ask("GET", url, pace).status_code

    @property
    def is_over(self) -> bool:
        """Whether the time for all is over, or something was not asked because there was too little left."""
        return self._turns.is_over or self._clock() >= self._turns.ends_at

    def _ask(self, method: str, url: str, pace: float, known: Answer | None = None) -> httpx.Response:
        """Return the last answer to a request, after redirects and tries. Raises `SourceError` where there is none."""
        effort = _Effort(self._clock() + _LONGEST_WAIT)
        patience = _Patience(turns=self._turns, effort=effort, total=self._tries - 1, backoff_factor=self._backoff)
        try:
            response = self._http.request(
                method, url, headers=_conditions(known), extensions={"pace": pace, "retry": patience}
            )
        except _TooLong as error:
            self._give_up(error.reason, url, error.wait)
        except httpx.TooManyRedirects as error:
            raise SourceError("leads from one address to the next without end", where=url) from error
        except httpx.TimeoutException as error:
            said = f"did not answer in time, {_times(effort.tries)}{effort.said}"
            raise SourceError(said, where=url, hint=_LATER) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = str(error) or type(error).__name__
            hint = "see whether the network is there and the address right"
            raise SourceError(f"could not be reached: {why}", where=url, hint=hint) from error
        status = response.status_code
        if status in _AGAIN:
            self._give_up(f"answered {status} {_times(effort.tries)}{effort.said}", url, _told(response.headers))
        return response

    def _give_up(self, message: str, url: str, wait: float | None) -> NoReturn:
        """Raise an error that says when to try again, as far as the service has told."""
        if wait is None:
            raise SourceError(message, where=url, hint=_LATER)
        # Rounded up: a minute early would be too early.
        when = self._now().astimezone(UTC) + timedelta(seconds=min(wait, _FOREVER) + 59)
        day = f"{when:%Y-%m-%d} " if wait > _A_DAY else ""
        raise SourceError(message, where=url, hint=f"try again after {day}{when:%H:%M} UTC")


_LATER = "try again later"
_A_DAY = 86_400.0
_FOREVER = 365 * _A_DAY


def url_of(address: str, path: str, query: Mapping[str, str] | None = None) -> str:
    """Return the address of a request. `address` may have a path of its own, which stays in front."""
    return address.rstrip("/") + path + (f"?{urlencode(query)}" if query else "")


def _conditions(known: Answer | None) -> dict[str, str]:
    """Return the headers that ask whether an earlier answer still holds."""
    if known is None:
        return {}
    said = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: value for name, value in said.items() if value and value.isascii()}


def _times(count: int) -> str:
    words = ("", "once", "twice", "three times", "four times", "five times")
    return words[count] if count < len(words) else plural(count, "time")


def _told(headers: httpx.Headers) -> float | None:
    """Return how many seconds a service asks us to wait, if it does: Retry-After (RFC 9110), else RateLimit."""
    try:
        return Retry().parse_retry_after(headers["Retry-After"])
    except (KeyError, ValueError):
        return _Rate(headers).reset


class _Rate:
    """What a service says about how often it may be asked: `left` requests for `reset` seconds, `pace` between two."""

    def __init__(self, headers: httpx.Headers) -> None:
        limits = [dict(_PARAMETER.findall(item)) for item in headers.get("RateLimit", "").split(",")]
        # Of several limits the one that is nearest counts; where two are used up, the one that lasts longer.
        limit = min(limits, key=lambda each: (int(each.get("r", "0")), -int(each.get("t", "0"))))
        self.left = int(limit["r"]) if "r" in limit else None
        self.reset = float(limit["t"]) if "t" in limit else None
        policies = [dict(_PARAMETER.findall(item)) for item in headers.get("RateLimit-Policy", "").split(",")]
        paces = [int(each["w"]) / int(each["q"]) for each in policies if "w" in each and int(each.get("q", "0"))]
        self.pace = min(max(paces, default=0.0), _LONGEST_WAIT)


def is_public(address: Address) -> bool:
    """Tell whether `address` is one of the public internet: not of this machine, a private network or nobody's."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


class _NotThere(httpx.TransportError):
    """A host that must not be asked."""


class _TooMuch(httpx.TransportError):
    """A body that is larger than anything a service has reason to send."""


class _TooLong(Exception):
    """A wait that is longer than there is time for. `wait` is in seconds, or not known."""

    def __init__(self, reason: str, wait: float | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait


class _Turns(httpx.BaseTransport):
    """Sends requests, but not before it is their turn, and reads each answer whole: a broken one is tried again.

    The extension `pace` of a request is the time in seconds between the end of one request to a service and the next;
    all hosts of one domain are one service. The requests run in an event loop, because only there a limit in time holds
    for whatever a server does.
    """

    def __init__(
        self,
        *,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
        patience: float,
        ends_at: float,
        most_bytes: int,
        may_reach: Callable[[Address], bool] | None,
    ) -> None:
        # A client of its own finds proxies and certificates as the environment names them.
        self._http = httpx.AsyncClient(
            timeout=_TIMEOUT, follow_redirects=False, headers={"Accept-Encoding": "gzip, deflate"}
        )
        self._loop = asyncio.Runner()
        self._sleep = sleep
        self._patience = patience
        self._most_bytes = most_bytes
        self._may_reach = may_reach
        self._free_at: dict[str, float] = {}
        self.clock = clock
        self.ends_at = ends_at
        self.is_over = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer to `request`, read whole."""
        pace = float(request.extensions.get("pace", 0.0))
        service = _service(request.url.host)
        self.wait(self._free_at.get(service, 0.0) - self.clock())
        left = self.ends_at - self.clock()
        try:
            response = self._loop.run(self._answer(request, min(self._patience, left)))
        finally:
            self._free_at[service] = self.clock() + pace
        rate = _Rate(response.headers)
        if response.status_code not in _AGAIN:
            wait = rate.reset if rate.left == 0 and rate.reset else 0.0
            self._free_at[service] = self.clock() + max(pace, rate.pace, wait)
        return response

    def wait(self, seconds: float) -> None:
        """Let `seconds` pass. Raises `_TooLong` where there is no time left for that."""
        if seconds > _LONGEST_WAIT:
            raise _TooLong("was not asked: it wants to be left alone", seconds)
        if self.clock() + max(seconds, 0.0) >= self.ends_at:
            self.is_over = True
            raise _TooLong("was not asked: the time for this fetch is over", None)
        if seconds > 0:
            self._sleep(seconds)

    def close(self) -> None:
        """Close all connections."""
        self._loop.run(self._http.aclose())
        self._loop.close()

    async def _answer(self, request: httpx.Request, seconds: float) -> httpx.Response:
        """Return the answer to `request`, which may take `seconds` from the first byte sent to the last one read."""
        # The extensions of this request are the outer client's; the inner one has its own time limits.
        asked = self._http.build_request(request.method, request.url, headers=request.headers)
        asked.headers["Accept-Encoding"] = self._http.headers["Accept-Encoding"]
        try:
            async with asyncio.timeout(seconds):
                if self._may_reach:
                    # To the very address that was looked at: a name may lead elsewhere when it is asked again.
                    asked.url = request.url.copy_with(host=await self._reachable(request.url))
                    asked.extensions["sni_hostname"] = request.url.host
                response = await self._http.send(asked, stream=True)
                try:
                    # The headers of an answer to HEAD describe a body that does not come.
                    body = b"" if request.method == "HEAD" else await self._read(response)
                finally:
                    await response.aclose()
        except TimeoutError as error:
            raise httpx.ReadTimeout(f"no whole answer within {seconds:.0f} s") from error
        return httpx.Response(response.status_code, headers=_without_coding(response.headers), content=body)

    async def _reachable(self, url: httpx.URL) -> str:
        """Return the address of the host of `url`. Raises `_NotThere` where any address of it is not allowed."""
        port = url.port or {"http": 80}.get(url.scheme, 443)
        try:
            found = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(str(error)) from error
        addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
        if not all(map(self._may_reach or is_public, addresses)):
            raise _NotThere("it leads into a private network")
        return str(addresses[0])

    async def _read(self, response: httpx.Response) -> bytes:
        """Return the body of a response, unpacked; it never takes more memory than it may have bytes."""
        unpack = _unpacker(response.headers)
        body = bytearray()
        async for part in response.aiter_raw():
            body += unpack(part, self._most_bytes + 1 - len(body))
            if len(body) > self._most_bytes:
                raise _TooMuch(f"the answer is larger than {self._most_bytes:,} bytes")
        if not unpack.whole:
            raise httpx.RemoteProtocolError("the answer is packed, and breaks off")
        return bytes(body)


class _Plain:
    """What is not packed need not be unpacked."""

    whole = True

    def __call__(self, data: bytes, most: int) -> bytes:
        """Return the first `most` bytes of `data`."""
        return data[:most]


class _Unpacker:
    """Unpacks gzip and zlib piece by piece. httpx does that too, but as large as it comes."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_ANY_HEADER)

    @property
    def whole(self) -> bool:
        """Whether the end has come."""
        return self._member.eof

    def __call__(self, data: bytes, most: int) -> bytes:
        """Return the first `most` bytes of what `data` holds; the rest is lost. Raises `httpx.RemoteProtocolError`."""
        found = bytearray()
        try:
            while data and len(found) < most:
                if self._member.eof:
                    self._member = zlib.decompressobj(_ANY_HEADER)
                found += self._member.decompress(data, most - len(found))
                data = self._member.unused_data
        except zlib.error as error:
            raise httpx.RemoteProtocolError(f"the answer cannot be unpacked: {error}") from error
        return bytes(found)


def _unpacker(headers: httpx.Headers) -> _Plain | _Unpacker:
    """Return what unpacks a body; packed twice, or in a way that was not asked for, it is refused."""
    codings = [coding.strip().lower() for coding in headers.get("Content-Encoding", "").split(",")]
    named = [coding for coding in codings if coding not in {"", "identity"}]
    if not named:
        return _Plain()
    if len(named) == 1 and named[0] in _PACKED:
        return _Unpacker()
    raise _TooMuch(f"the answer is packed as {', '.join(named)[:80]}, which nobody asked for")


def _service(host: str) -> str:
    """Return what all hosts of one service share: arxiv.org for export.arxiv.org and rss.arxiv.org."""
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        return ".".join(host.lower().split(".")[-2:])


def _without_coding(headers: httpx.Headers) -> list[tuple[str, str]]:
    """Return `headers` as they are true of a body that has been decoded and is whole."""
    gone = {"content-encoding", "content-length", "transfer-encoding"}
    return [(name, value) for name, value in headers.multi_items() if name not in gone]


class _Effort:
    """What one answer has cost so far: `tries`, and seconds `waited` between them."""

    def __init__(self, until: float) -> None:
        self.until = until
        self.tries = 1
        self.waited = 0.0

    @property
    def said(self) -> str:
        """The waiting in words."""
        return f" (waited {duration(self.waited)})" if self.waited >= 1 else ""


class _Patience(Retry):
    """Waits as long as the service asks for, exactly; or longer each time, and never as long as another client."""

    def __init__(self, *, turns: _Turns, effort: _Effort, total: int, backoff_factor: float, made: int = 0) -> None:
        super().__init__(
            total=total,
            backoff_factor=backoff_factor,
            backoff_jitter=0.5,
            max_backoff_wait=_LONGEST_WAIT,
            status_forcelist=_AGAIN,
            attempts_made=made,
        )
        self.turns = turns
        self.effort = effort

    def increment(self) -> Retry:
        """Return the state after one more try."""
        return _Patience(
            turns=self.turns,
            effort=self.effort,
            total=self.total,
            backoff_factor=self.backoff_factor,
            made=self.attempts_made + 1,
        )

    def sleep(self, response: httpx.Response | Exception) -> None:
        """Wait before the next try. Raises `_TooLong` where the service wants to be left alone for too long."""
        told = _told(response.headers) if isinstance(response, httpx.Response) else None
        wait = self.backoff_strategy() if told is None else told
        if isinstance(response, httpx.Response) and self.turns.clock() + wait > min(
            self.effort.until, self.turns.ends_at
        ):
            reason = f"answered {response.status_code} {_times(self.effort.tries)}{self.effort.said}"
            raise _TooLong(reason, wait)
        self.turns.wait(wait)
        self.effort.waited += wait
        self.effort.tries += 1
