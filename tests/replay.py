"""A server on loopback that answers as Daily Papers and arXiv did: a real one, for tests of fetching."""

import json
import socket
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.servers import running

Entry = Mapping[str, Any]

_FEED = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"'
    ' xmlns="http://www.w3.org/2005/Atom">\n  <id>https://arxiv.org/api/x</id>\n%s\n</feed>\n'
)


@dataclass(frozen=True)
class Canned:
    """An answer that is given whatever was asked."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int = 0
    """How many bytes of the body are promised and not sent."""
    drip: float = 0.0
    """How many seconds pass before each byte from the one with the number `drip_from`, head included."""
    drip_from: int = 0
    reset: bool = False
    """Whether the connection is reset instead."""


@dataclass
class Replay:
    """What the server knows and how it behaves; `asked` fills with the requests it got.

    `days` are the lists of Daily Papers, `feed` the entries of arXiv by id, as XML. `canned` answers are given first,
    one after the other, and those of `instead` to requests that contain its key; `down` are paths that answer 503.
    `most` is the largest page, `deaf` makes paging be ignored, `tags` gives each answer an ETag. `headers` are those
    that came with the requests.
    """

    days: Mapping[str, Sequence[Entry]] = field(default_factory=dict)
    feed: Mapping[str, str] = field(default_factory=dict)
    canned: list[Canned] = field(default_factory=list)
    instead: Mapping[str, list[Canned]] = field(default_factory=dict)
    down: tuple[str, ...] = ()
    prefix: str = ""
    most: int = 100
    deaf: bool = False
    tags: bool = True
    url: str = ""
    asked: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    @property
    def agents(self) -> list[str]:
        """Who asked."""
        return [each.get("User-Agent", "") for each in self.headers]

    def answer(self, target: str, tag: str = "") -> Canned:
        """Return the answer to a request for `target`; who names the `tag` of the same answer gets 304 instead."""
        self.asked.append(target)
        if self.canned:
            return self.canned.pop(0)
        for part, answers in self.instead.items():
            if part in target and answers:
                return answers.pop(0)
        answer = self._usual(target)
        current = f'"{sha256(answer.body).hexdigest()[:16]}"'
        if answer.status == HTTPStatus.OK and self.tags:
            if tag == current:
                return Canned(HTTPStatus.NOT_MODIFIED, headers={"ETag": current})
            return replace(answer, headers={**answer.headers, "ETag": current})
        return answer

    def _usual(self, target: str) -> Canned:
        parts = urlsplit(target)
        if not parts.path.startswith(f"{self.prefix}/api/"):
            return _json({"error": "not here"}, 404)
        path = parts.path.removeprefix(self.prefix)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if any(path.startswith(each) for each in self.down):
            return Canned(503)
        if path == "/api/daily_papers":
            return self._list(query)
        if path == "/api/query":
            return self._feed(query)
        return self._paper(unquote(path.rpartition("/")[2]))

    def _list(self, query: Mapping[str, str]) -> Canned:
        chosen = [day for day in sorted(self.days) if _is_in(day, query)]
        entries = [entry for day in chosen for entry in self.days[day]]
        size, page = min(int(query.get("limit", "50")), self.most), int(query.get("p", "0"))
        return _json(entries if self.deaf else entries[page * size : (page + 1) * size])

    def _paper(self, id_: str) -> Canned:
        for entries in self.days.values():
            for entry in entries:
                if entry["paper"]["id"] == id_:
                    return _json(entry["paper"])
        return _json({"error": "Paper not found"}, 404)

    def _feed(self, query: Mapping[str, str]) -> Canned:
        ids = query["id_list"].split(",") if "id_list" in query else list(self.feed)
        start, size = int(query.get("start", "0")), int(query.get("max_results", "10"))
        entries = [self.feed[each] for each in ids if each in self.feed][start : start + size]
        return Canned(200, (_FEED % "\n".join(entries)).encode(), {"Content-Type": "application/atom+xml"})


def _is_in(day: str, query: Mapping[str, str]) -> bool:
    # A week's and a month's answer were seen to hold the Friday before the week and the day before the month, too.
    return query.get("date") == day or ("month" in query and day.startswith(query["month"])) or "week" in query


def _json(value: object, status: int = 200) -> Canned:
    return Canned(status, json.dumps(value).encode(), {"Content-Type": "application/json; charset=utf-8"})


@contextmanager
def served(replay: Replay) -> Iterator[Replay]:
    """Serve `replay` on a free port of loopback while the block runs; `replay.url` is the address, prefix and all."""
    ended = Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # Head and body in one packet: without this each answer waits for an acknowledgement.

        def do_GET(self) -> None:
            replay.headers.append(dict(self.headers))
            answer = replay.answer(self.path, self.headers.get("If-None-Match", ""))
            with suppress(ConnectionError):  # Who asked may have had enough.
                self.answer(answer)

        def answer(self, answer: Canned) -> None:
            body = b"" if answer.status == HTTPStatus.NOT_MODIFIED else answer.body
            if answer.reset:
                # Nothing is said before the connection is broken off, hard.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) + answer.cut))
            whole = b"".join(self._headers_buffer) + b"\r\n" + body
            self._headers_buffer: list[bytes] = []
            at_once = answer.drip_from if answer.drip else len(whole)
            self.wfile.write(whole[:at_once])
            for byte in whole[at_once:]:
                self.wfile.flush()
                if ended.wait(answer.drip):
                    break
                self.wfile.write(bytes([byte]))
            self.close_connection = bool(answer.cut or answer.drip)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing: those who ask may go away in the middle, or be killed."""

    with running(Server(("127.0.0.1", 0), Handler)) as address:
        replay.url = address.rstrip("/") + replay.prefix
        try:
            yield replay
        finally:
            ended.set()
