"""Asking what the archive links to: politely, once in a while, and nobody who is not public."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import cli
from generator.client import Client, is_public
from generator.commands.check import external
from generator.errors import SourceError
from generator.store import disk
from tests.servers import running
from tests.support import NOW, SETTINGS, paper_of


class Web:
    """A server on loopback: `answers` are status and location by path; `asked` are method and path, in order."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, str]] = {}
        self.asked: list[tuple[str, str]] = []
        self.url = ""


@contextmanager
def web() -> Iterator[Web]:
    """Serve on a free port; what is not known is there, packed. HEAD is not understood below /old/."""
    made = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append((self.command, self.path))
            status, location = made.answers.get(self.path, (200, ""))
            if self.command == "HEAD" and self.path.startswith("/old/"):
                status = 405
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            elif self.command == "HEAD":
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()

        do_HEAD = do_GET  # noqa: N815  The library's name.

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as address:
        made.url = address.rstrip("/")
        yield made


def asking(content: Path, now: datetime = NOW, **said: object) -> tuple[list[str], int, int]:
    """Return what is found of the links in `content`, without waiting."""
    with Client(tries=1, sleep=lambda _: None) as client:
        found, count, left = external.findings(content, content.parent / "l.json", client, now=now, **said)  # type: ignore[arg-type]
    return sorted(f"{Path(each.file).name}:{each.line} {each.message}" for each in found), count, left


def test_what_does_not_answer_is_told_with_its_line(tmp_path: Path) -> None:
    """Gone, gone after a redirect, or nobody there; not what refuses programs, or knows no HEAD."""
    content = tmp_path / "content"
    with web() as server:
        server.answers = {
            "/gone": (404, ""),
            "/gone2": (404, ""),
            "/moved": (301, "/gone"),
            "/shy": (403, ""),
            "/old/gone": (410, ""),
            "/round": (302, "/round"),
        }
        gone, moved, shy, old = (f"{server.url}/{name}" for name in ("gone", "moved", "shy", "old/gone"))
        disk.write_paper(content, paper_of(code=gone, project=moved, url=shy, pdf=old))
        disk.write_paper(content, paper_of("2602.00002", url=f"{server.url}/fine", pdf=f"{server.url}/old/fine"))
        disk.write_paper(content, paper_of("2602.00003", url="http://127.0.0.1:1/", code=f"{server.url}/round"))
        (content / "pages").mkdir()
        (content / "pages" / "about.md").write_text(
            f"---\ntitle: A\n---\nSee [it]({server.url}/gone), {server.url}/fine2.\n"
        )
        (content / "topics").mkdir()
        (content / "topics" / "engines.md").write_text(f"---\nlink: {server.url}/gone2\n---\nSee {server.url}/fine3.\n")

        found, count, left = asking(content)

        page = disk.path_of(content, "2602.00001").read_text().splitlines()
        line = {
            key: next(n for n, text in enumerate(page, 1) if text.startswith(key)) for key in ("code", "pdf", "pro")
        }
        assert found[:3] == sorted(
            f"2602.00001.md:{line[key]} {url} answers {status}"
            for key, url, status in (("code", gone, 404), ("pdf", old, 410), ("pro", moved, 404))
        )
        assert "leads from one address to the next without end" in found[3]
        assert "http://127.0.0.1:1/ could not be reached" in found[4]
        assert found[5] == f"engines.md:2 {server.url}/gone2 answers 404"
        assert (len(found), count, left) == (6, 11, 0)
        assert ("GET", "/fine") not in server.asked
        assert ("GET", "/old/fine") in server.asked


def test_answers_are_kept_and_asked_again_when_they_are_old(tmp_path: Path) -> None:
    """What answered for a month, what did not for a day; both are told of meanwhile. A damaged memory is none."""
    content = tmp_path / "content"
    with web() as server:
        server.answers = {"/gone": (404, "")}
        disk.write_paper(content, paper_of(code=f"{server.url}/gone", url=f"{server.url}/fine"))
        asked = [asking(content, NOW + timedelta(days=days)) for days in (0, 0.5, 2, 31)]
        assert [len(found) for found, *_ in asked] == [1, 1, 1, 1]
        heads = [path for method, path in server.asked if method == "HEAD"]
        assert (heads.count("/fine"), heads.count("/gone")) == (2, 3)
        (tmp_path / "l.json").write_text("{")
        assert len(asking(content, NOW + timedelta(days=31))[0]) == 1


def test_what_is_skipped_is_not_asked(tmp_path: Path) -> None:
    """A host, whatever is below it, or the beginning of an address."""
    content = tmp_path / "content"
    with web() as server:
        disk.write_paper(content, paper_of(code=f"{server.url}/a", url=f"{server.url}/b/c"))
        assert asking(content, skip=("127.0.0.1",))[1:] == (0, 0)
        assert asking(content, skip=(f"{server.url}/b",))[1:] == (1, 0)
        assert asking(content, skip=("0.0.1",))[1] == 0
        assert asking(content, skip=(".0.1", "27.0.0.1", ""))[1] == 2
        assert [path for _, path in server.asked] == ["/a", "/b/c"]


def test_when_time_is_over_the_rest_is_left(tmp_path: Path) -> None:
    """And comes first the next time."""
    content = tmp_path / "content"
    with web() as server:
        for number in range(1, 5):
            disk.write_paper(content, paper_of(f"2602.0000{number}", url=f"{server.url}/{number}"))
        slept: list[float] = []
        with Client(tries=1, sleep=slept.append, clock=lambda: sum(slept), limit=1.5) as client:
            found = external.findings(content, tmp_path / "l.json", client, now=NOW)
        assert found == ([], 4, 2)
        assert [path for _, path in server.asked] == ["/1", "/2"]
        assert asking(content, NOW + timedelta(days=40)) == ([], 4, 0)
        assert [path for _, path in server.asked[2:]] == ["/3", "/4", "/1", "/2"]


@given(
    st.sets(st.tuples(st.sampled_from("abc"), st.integers(0, 5)), max_size=12),
    st.dictionaries(st.tuples(st.sampled_from("abc"), st.integers(0, 5)), st.integers(1, 9)),
)
def test_hosts_take_turns_and_nobody_is_left_out(due: set[tuple[str, int]], known: dict[tuple[str, int], int]) -> None:
    """Whatever was never asked comes first; among those, each host once before one comes a second time."""
    url = "https://{}.org/{}".format
    answers = {url(*key): external.Asked(when=datetime.fromtimestamp(when, UTC)) for key, when in known.items()}
    order = external.in_turn([url(*key) for key in due], answers)

    assert sorted(order) == sorted(url(*key) for key in due)
    new = [each for each in order if each not in answers]
    assert order[: len(new)] == new
    if not answers:
        turns: dict[str, int] = defaultdict(int)
        rounds = []
        for each in order:
            rounds.append(turns[urlsplit(each).netloc])
            turns[urlsplit(each).netloc] += 1
        assert rounds == sorted(rounds)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_nobody_private_is_asked(host: str) -> None:
    """However the address is written; the server hears nothing."""
    with web() as server, Client(tries=1, may_reach=is_public) as client:
        port = urlsplit(server.url).port
        with pytest.raises(SourceError, match=r"leads into a private network|could not be reached"):
            client.reach(f"http://{host}:{port}/")
        assert server.asked == []


def test_a_redirect_leads_nowhere_private() -> None:
    """Each step is looked at anew."""
    with web() as server, Client(tries=1, may_reach=lambda address: str(address) == "127.0.0.1") as client:
        port = urlsplit(server.url).port
        server.answers = {"/door": (302, f"http://127.0.0.2:{port}/inside"), "/round": (302, "/fine")}
        assert client.reach(f"{server.url}/round") == 200
        with pytest.raises(SourceError, match="leads into a private network"):
            client.reach(f"{server.url}/door")
        assert ("HEAD", "/inside") not in server.asked


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("255.255.255.255", False),
        ("2606:4700::1111", True), ("::1", False), ("fe80::1", False), ("fc00::1", False), ("ff02::1", False),
        ("::ffff:10.0.0.1", False), ("::ffff:8.8.8.8", True), ("64:ff9b::7f00:1", False), ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
    ],
)  # fmt: skip
def test_what_is_public(address: str, *, public: bool) -> None:
    """Addresses of version 4 inside of version 6 are what they are inside."""
    assert is_public(ip_address(address)) is public


def check(root: Path, *arguments: str) -> int:
    """Run `broadsheet check` in the archive at `root`."""
    return cli.run(["-C", str(root), *arguments], environment={}, clock=lambda: NOW)


def test_a_schedule_never_breaks_by_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 0 unless warnings are to fail; offline it is refused, and so is one word without the other."""
    with web() as server:
        server.answers = {"/gone": (404, "")}
        disk.write_paper(tmp_path / "content", paper_of(url=f"{server.url}/gone"))
        (tmp_path / "archive.yml").write_text(SETTINGS + "check: {private_links: true}\n")

        assert check(tmp_path, "check", "links", "--external") == 0
        assert capsys.readouterr().out.splitlines()[-1] == "0 errors, 1 warning in 1 link"
        assert check(tmp_path, "check", "links", "--external", "--fail-on", "warning") == 1
        (tmp_path / "archive.yml").write_text(SETTINGS)
        (tmp_path / ".broadsheet" / "links.json").unlink()
        assert check(tmp_path, "check", "links", "--external") == 0
        assert "leads into a private network" in capsys.readouterr().out
        assert len(server.asked) == 2
        assert check(tmp_path, "--offline", "check", "links", "--external") == 2
        assert check(tmp_path, "check", "links") == 2
        assert check(tmp_path, "check", "--external") == 2
