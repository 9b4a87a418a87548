"""What a search costs a visitor: `python -m benchmarks.search.browser 10000 100000 [--corpus LINES] [--archive SITE]`.

For each number of papers, taken from LINES (JSON lines: id, title, abstract, authors, date, org, keywords, upvotes,
comments, github) or made up, and for the finished site in SITE: a Chromium and a host on loopback that packs text as
static hosts do, and is as far away as on slow 4G: 150 ms to the first byte of every answer, 1.6 Mb/s for all together.
(The host keeps the pace, because the tools of a browser slow down the page alone and not its workers.) Prints bytes and
requests of a first query (page, styles, scripts, index, ten cards) and of a later one, seconds until the papers are
shown, the longest task of the page's thread, and the memory of its scripts and its worker's.
"""

import gzip
import json
import re
import statistics
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.search.cost import asked, percentile
from benchmarks.synthetic import papers as made_up
from generator.cli import kinds
from generator.commands.build import Content, edition_of, site_of
from generator.config import load
from generator.model import Aliases, Author, Featured, Notes, Organisation, Paper
from generator.outputs import Output, assets, search
from generator.pages.search import PAGES
from generator.search.reader import Reader
from generator.urls import SEARCH
from tests.browser import installed
from tests.conftest import QUIET

_LATENCY = 0.15
_BYTES_A_SECOND = 200_000
_PIECE = 4_000
PACKED = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
_WATCH = """
window.longest = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
}).observe({ type: "longtask", buffered: true });
"""
_SHOWN = """() => !document.querySelector('#results > .coming')
  && document.querySelector('#results > li, #hints:not([hidden])')"""
QUERIES = 200
SHORT = 50


class Measured(NamedTuple):
    """One query in the browser: seconds, bytes, requests, milliseconds of the longest task, bytes of memory."""

    seconds: float
    size: float
    requests: float
    longest: float
    heap: float


_UNITS = Measured(1, 1e-3, 1, 1, 1e-6)
_NAMES = Measured("seconds", "KB", "requests", "ms of the longest task", "MB of memory")  # type: ignore[arg-type]


class Host:
    """A host of files, far away or near; what it sends is counted in `size` and `requests`."""

    def __init__(self, read: Callable[[str], bytes], *, ranges: bool = True, is_far: bool = True) -> None:
        self.size = self.requests = 0
        self._is_far = is_far
        self._free = 0.0
        self._lock = threading.Lock()
        packed = lru_cache(lambda name: gzip.compress(read(name), 9))
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                self._answer(b"", 404)

            def do_GET(self) -> None:
                path = unquote(urlsplit(self.path).path).removeprefix("/")
                name = f"{path}index.html" if path.endswith("/") else path
                kind = PACKED.get(Path(name).suffix)
                try:
                    data = packed(name) if kind else read(name)
                except (KeyError, OSError):
                    self._answer(b"", 404)
                    return
                wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"] or "")
                if wanted and ranges and int(wanted[1]) < len(data):
                    first, last = int(wanted[1]), min(int(wanted[2]), len(data) - 1)
                    self._answer(data[first : last + 1], 206, ("Content-Range", f"bytes {first}-{last}/{len(data)}"))
                else:
                    self._answer(data, 200, *([("Content-Type", kind), ("Content-Encoding", "gzip")] if kind else []))

            def _answer(self, data: bytes, status: int, *headers: tuple[str, str]) -> None:
                if is_far:
                    time.sleep(_LATENCY)
                self.send_response(status)
                for header in (*headers, ("Content-Length", str(len(data))), ("Cache-Control", "max-age=600")):
                    self.send_header(*header)
                host.sent(sum(len(line) for line in self._headers_buffer))  # type: ignore[attr-defined,misc]
                self.end_headers()
                with suppress(ConnectionError):  # a tab that was closed
                    for start in range(0, len(data), _PIECE):
                        piece = data[start : start + _PIECE]
                        host.wait(len(piece))
                        self.wfile.write(piece)
                host.sent(len(data), 1)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.root = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def sent(self, size: int, requests: int = 0) -> None:
        """Count what was sent."""
        with self._lock:
            self.size += size
            self.requests += requests

    def wait(self, size: int) -> None:
        """Wait until `size` bytes have passed the line, which all answers share."""
        if not self._is_far:
            return
        with self._lock:
            self._free = max(self._free, time.monotonic()) + size / _BYTES_A_SECOND
            free = self._free
        time.sleep(max(0.0, free - time.monotonic()))

    def counted(self) -> tuple[int, int]:
        """Return bytes and answers since the last time."""
        with self._lock:
            found = self.size, self.requests
            self.size = self.requests = 0
        return found


def main() -> None:
    """Measure each archive."""
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sizes", nargs="*", type=int, help="numbers of papers")
    parser.add_argument("--corpus", type=Path, help="papers as JSON lines")
    parser.add_argument("--archive", type=Path, help="folder of a finished site")
    parser.add_argument("--whole-files", action="store_true", help="the host does not know Range")
    parser.add_argument("--queries", type=int, default=QUERIES, help="pairs of queries")
    chosen = parser.parse_args()
    if chosen.archive:
        files: Callable[[str], bytes] = lambda name: (chosen.archive / name).read_bytes()  # noqa: E731
        _measured(str(chosen.archive), files, chosen.queries, ranges=not chosen.whole_files)
    for size in chosen.sizes:
        papers = islice(_read(chosen.corpus), size) if chosen.corpus else made_up(size)
        made = site_files(tuple(papers))
        _measured(f"{size:,} papers", made.__getitem__, chosen.queries, ranges=not chosen.whole_files)


def _read(corpus: Path) -> Iterator[Paper]:
    with corpus.open(encoding="utf-8") as lines:
        for line in lines:
            each = json.loads(line)
            day, org = date.fromisoformat(each["date"][:10]), each["org"]
            yield Paper(
                id=each["id"],
                title=each["title"],
                abstract=each["abstract"],
                authors=tuple(Author(name=name) for name in each["authors"]),
                organisation=Organisation(slug=re.sub(r"\W+", "-", str(org).lower()), name=str(org)) if org else None,
                published=day,
                featured=(Featured(day=day, rank=1, upvotes=each["upvotes"], comments=each["comments"]),),
                topics=tuple(each["keywords"]),
                code=each["github"] or "",
            )


def site_files(papers: tuple[Paper, ...]) -> Mapping[str, bytes]:
    """Return what a search asks for: the index, the search page, styles and scripts."""
    settings = load("site: {title: Papers, base_url: 'https://example.org/'}", root=Path(), kinds=kinds(), warn=print)
    content = Content(
        papers=papers, overrides={}, aliases=Aliases(), notes=Notes(), redirects={}, published=frozenset()
    )
    edition = edition_of(settings, content, datetime.now(UTC))
    site = site_of(settings, edition, {"search": search.OUTPUT}, {"search": PAGES})
    outputs: tuple[Output, ...] = (search.OUTPUT, assets.OUTPUT)
    files = {str(artifact.path): artifact.data for output in outputs for artifact in output.files(site)}
    page = next(page for page in site.pages if page.url == SEARCH)
    return files | {f"{SEARCH}index.html": site.html(page).encode()}


def _measured(name: str, read: Callable[[str], bytes], queries: int, *, ranges: bool) -> None:
    host = Host(read, ranges=ranges)
    pairs = asked(Reader(lambda file: read(SEARCH + file)), queries)
    firsts, laters = measured(host, SEARCH, pairs)
    host.server.shutdown()
    print(f"\n{name}{'' if ranges else ', a host without Range'}: median (95th percentile)")
    for title, found in ((f"first of {SHORT}", firsts[:SHORT]), ("first", firsts), ("later", laters)):
        print(f"  {title:<12}", end="")
        for values, unit, what in zip(zip(*found, strict=True), _UNITS, _NAMES, strict=True):
            scaled = [value * unit for value in values]
            print(f" {statistics.median(scaled):.4g} ({percentile(scaled):.4g}) {what}", end=";")
        print(flush=True)


def measured(host: Host, path: str, pairs: Sequence[tuple[str, str]]) -> tuple[list[Measured], list[Measured]]:
    """Return what the first and the later query of each pair cost on the search page at `path`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=QUIET)
        both = [_pair(browser, host, path, *pair) for pair in pairs]
        browser.close()
    return [first for first, _ in both], [later for _, later in both]


@contextmanager
def tab() -> Iterator[Page]:
    """Give a tab of a fresh browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=QUIET)
        yield browser.new_page()
        browser.close()


def _pair(browser: Browser, host: Host, path: str, first: str, later: str) -> tuple[Measured, Measured]:
    """Return what `first` costs in a fresh browser, and `later` after it."""
    context = browser.new_context(bypass_csp=True)  # the tools look into the page with scripts of their own
    page = context.new_page()
    page.add_init_script(_WATCH)
    host.counted()

    def shown(began: float) -> Measured:
        page.wait_for_function(_SHOWN, timeout=120_000)
        seconds = time.perf_counter() - began
        page.wait_for_timeout(300)  # what still comes counts, too
        heap = page.evaluate("performance.memory.usedJSHeapSize")
        heap += sum(worker.evaluate("performance.memory?.usedJSHeapSize ?? 0") for worker in page.workers)
        longest = page.evaluate("[longest, longest = 0][0]")
        return Measured(seconds, *host.counted(), longest, heap)

    began = time.perf_counter()
    page.goto(f"{host.root}{path}?q={quote(first)}", wait_until="commit")
    one = shown(began)
    page.evaluate("text => { results.replaceChildren(); hints.hidden = true; q.value = text }", later)
    began = time.perf_counter()
    page.locator("#q").press("Enter")
    two = shown(began)
    context.close()
    return one, two


if __name__ == "__main__":
    main()
