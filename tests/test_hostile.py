"""Nothing that a source sends runs, leads astray or breaks a file: hostile strings in every field, in every sink."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from time import process_time
from typing import cast
from urllib.parse import unquote, urlsplit

import feedparser
import html5lib
import msgspec
import pytest
from lxml import etree
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Frame, Request, Route

from generator import urls, verbatim
from generator.commands.check.host import ODD
from generator.errors import ContentError
from generator.merge import merge
from generator.model import Author, Featured, Paper, Record, Version
from generator.outputs import markdown_twin
from generator.render import markdown
from generator.shipped import theme_folder
from generator.sources import web_address
from generator.store import codec
from generator.text import FORBIDDEN
from tests import hostile
from tests.support import SETTINGS, bytes_of, paper_of, site

# As browsers find it: they leave out tabs and line ends wherever they stand (https://url.spec.whatwg.org/#url-parsing).
SCHEME = re.compile(r"[\x00-\x20]*([a-zA-Z][a-zA-Z0-9+.\-\t\n\r]*):")
HOST = "https://example.org"
TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "json": "application/json"}
ROOM = SETTINGS + "topics: {min_papers: 1}\nfeeds: {min_papers: 1}\nlists: {page_size: 100}\n"


HANDLED = {"http", "https", "mailto"}


@pytest.fixture(scope="module")
def papers() -> Sequence[Paper]:
    """Return hostile papers, as content files bring them in; what no file can hold is refused."""
    found = []
    for paper in hostile.papers():
        with suppress(UnicodeEncodeError, ContentError):
            found.append(codec.decode(codec.encode(paper), paper.id))
    assert len(found) == len(hostile.STRINGS) - 1  # half a character
    return found


@pytest.fixture(scope="module")
def files(papers: Sequence[Paper]) -> Mapping[str, bytes]:
    """Return the files of an archive of hostile papers."""
    return bytes_of(site(*papers, settings=ROOM))


def texts(files: Mapping[str, bytes], *endings: str) -> Iterator[tuple[str, str]]:
    """Yield the files whose names have one of `endings`, as text."""
    yield from ((path, data.decode()) for path, data in sorted(files.items()) if path.endswith(endings))


# The scripts that the theme sets inside its pages; the policy of each names their digest.
OURS = {path.read_text() for path in (theme_folder() / "default" / "inline").glob("*.js")}


def dangers(tree: etree._Element) -> Iterator[str]:
    """Yield what could run or lead astray in some HTML."""
    for element in tree.iter(etree.Element):
        tag = str(element.tag).rpartition("}")[2]
        if tag in {"iframe", "object", "embed", "base", "style", "applet", "frame", "img", "video", "audio"}:
            yield f"<{tag}>"
        is_data = element.get("type") in ("application/ld+json", "application/json")
        if tag == "script" and not (element.get("src") or is_data or element.text in OURS):
            yield f"script {(element.text or '')[:80]}"
        for name, value in cast("list[tuple[str, str]]", element.items()):
            if name.startswith("on") or name in {"style", "srcdoc", "formaction"}:
                yield f"{tag} {name}={value[:80]}"
            scheme = SCHEME.match(value) if name in {"href", "src", "action"} else None
            if scheme and scheme[1].lower() not in HANDLED:
                yield f"{tag} {name}={value[:80]}"


# --- files -----------------------------------------------------------------------------------------------------------


def test_no_page_holds_what_runs(files: Mapping[str, bytes]) -> None:
    """As a browser reads it: no handler, no frame, no script inside but the theme's, schemes of web and mail only."""
    for path, text in texts(files, ".html"):
        tree = html5lib.parse(text, namespaceHTMLElements=False, treebuilder="lxml")
        assert not list(dangers(tree.getroot())), path


def test_no_file_has_a_character_that_misleads(files: Mapping[str, bytes]) -> None:
    """No control, no override of direction, no lone half, in whatever is text."""
    for path, text in texts(files, ".html", ".xml", ".json", ".md", ".bib", ".ris", ".opml", ".csv", ".txt"):
        found = FORBIDDEN.search(text.replace("\r\n", "\n"))
        assert not found, (path, found)


def test_every_xml_and_json_file_parses(files: Mapping[str, bytes]) -> None:
    """Strictly; and feeds hold all papers that were not withdrawn."""
    for path, data in sorted(files.items()):
        if path.endswith((".xml", ".opml", ".svg")):
            etree.fromstring(data)
        elif path.endswith((".json", ".webmanifest")):
            json.loads(data)
        if path.endswith(("feed.xml", "atom.xml")):
            assert not feedparser.parse(data).bozo, path
    main = feedparser.parse(files["feed.xml"])
    assert len(main.entries) > 50


def test_what_feeds_show_as_html_is_harmless(files: Mapping[str, bytes]) -> None:
    """Readers of feeds put it into pages of their own."""
    for item in json.loads(files["feed.json"])["items"]:
        tree = html5lib.parse(item["content_html"], namespaceHTMLElements=False, treebuilder="lxml")
        assert not list(dangers(tree.getroot())), item["id"]
        assert urlsplit(item.get("external_url", "https://x")).scheme in {"http", "https"}


def test_data_in_a_script_stays_data(files: Mapping[str, bytes]) -> None:
    """JSON-LD is JSON, and nothing in it could end or nest its element."""
    for path, text in texts(files, ".html"):
        for data in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL):
            assert json.loads(data) and "<" not in data, path


def test_a_name_never_leaves_its_folder(files: Mapping[str, bytes]) -> None:
    """Every file is where its kind belongs, under a name that every system takes."""
    for path in files:
        parts = path.split("/")
        assert not {"", ".", ".."} & set(parts) and not ODD.search(path), path
        assert max(len(part.encode()) for part in parts) <= 255, path


def test_a_citation_is_one_entry(files: Mapping[str, bytes]) -> None:
    """No field closes its entry or opens another; no line of RIS is anybody's but a tag's."""
    for path, text in texts(files, ".bib"):
        if path.startswith("paper/"):
            assert len(re.findall(r"(?m)^@", text)) == 1, path
            bare = re.sub(r"\\[{}]", "", text)
            assert bare.count("{") == bare.count("}"), path
    for path, text in texts(files, ".ris"):
        assert not [line for line in text.splitlines() if line and not re.match(r"[A-Z][A-Z0-9]  - ", line)], path


def test_a_markdown_twin_shows_names_as_they_are(papers: Sequence[Paper]) -> None:
    """Also in a program that lets raw HTML through."""
    plain = [msgspec.structs.replace(paper, abstract=verbatim.markdown(paper.title)) for paper in papers]
    for twin in markdown_twin.OUTPUT.files(site(*plain, settings=ROOM)):
        shown = MarkdownIt("commonmark", {"html": True}).render(twin.data.decode())
        tree = html5lib.parse(shown, namespaceHTMLElements=False, treebuilder="lxml")
        assert not list(dangers(tree.getroot())), twin.path


# --- borders ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", hostile.URLS)
def test_only_addresses_of_the_web_become_links(url: str) -> None:
    """Whatever else is text at most."""
    assert urls.web(url) == "" == (web_address(url) or "")


@pytest.mark.parametrize(
    "url", ["https://a.org", "http://a.org:8080/b?c=d#e", "https://例え.jp/ü", "https://[::1]/x(1)"]
)
def test_addresses_of_the_web_stay(url: str) -> None:
    """In every script, with ports and brackets."""
    assert urls.web(url) == url


@pytest.mark.parametrize(
    "header",
    [
        "a: &a [x]\nb: [*a, *a]",
        "title: !!python/object/apply:os.system [x]",
        "title: !x y",
        "<<: {title: y}",
        "topics: " + "[" * 100_000,
        "extra: " + "{a: " * 900 + "}" * 900,
        "summary: " + "x" * 5_000_000,
        "title: " + "x" * 30_000,
        'summary: "\\ud800"',
        "topics: [" + "x, " * 30_000 + "]",
        "versions: [{number: 9999999999, date: 2026-01-01}]" + "\n#" + "x" * 20_000,
        "stars: " + "9" * 5_000,
        "published: 99999-01-01",
    ],
)
def test_a_header_that_means_harm_is_refused_at_once(header: str) -> None:
    """With its file, in bounded time and memory; nothing that it names is loaded."""
    title = "" if header.startswith("title") else "title: x\n"
    started = process_time()
    with pytest.raises(ContentError) as caught:
        codec.decode(f"---\nid: '1'\n{title}{header}\n---\n".encode(), "x.md")

    assert caught.value.where.startswith("x.md")
    assert process_time() - started < 5


@pytest.mark.parametrize(
    "said",
    [
        {"title": "x" * 3_000},
        {"abstract": "x" * 200_000},
        {"authors": (Author(name="x"),) * 30_000},
        {"authors": (Author(name="x" * 3_000),)},
        {"versions": (Version(number=10**9, date=date(2026, 1, 1)),)},
        {"stars": -1},
        {"published": date(1, 1, 1)},
        {"featured": Featured(day=date(9999, 1, 1), rank=1)},
        {"featured": Featured(day=date(2026, 2, 2), rank=1, upvotes=10**30)},
        {"title": "half \ud800"},
    ],
)
def test_a_record_beyond_all_bounds_is_rejected(said: dict[str, object]) -> None:
    """With the reason; the paper stays as it was."""
    record = Record(**({"id": "2602.1", "source": "x", "title": "x"} | said))  # type: ignore[arg-type]
    with pytest.raises(ContentError, match=r"more than|not from|no date|not been made|half"):
        merge(None, [record], trust=(), today=date(2026, 2, 3), freeze_after_days=7)


def test_one_wrong_date_makes_no_page_for_each_day_of_a_century() -> None:
    """Within a year without lists there are no pages for days."""
    pages = [page for page in site(paper_of(), paper_of("2602.00002", day="1926-02-02")).pages if page.kind == "day"]

    assert len(pages) == 2


@pytest.mark.parametrize("text", [text for text in hostile.STRINGS if "$" in text or "\\" in text])
def test_tex_is_bounded(text: str) -> None:
    """Macros that call themselves, and nesting without end, are text in no time."""
    started = process_time()
    shown = markdown.inline(text * 20) + markdown.html(text * 20)

    assert "ran()" not in re.findall(r"<[^>]*>", shown)
    assert process_time() - started < 10


# --- a visitor -------------------------------------------------------------------------------------------------------


class Watch:
    """A host that serves files from memory, and everything that a page does which it should not."""

    def __init__(self, browser: Browser, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.wrong: list[str] = []
        self.context = browser.new_context()
        self.context.route("**/*", self._answer)
        self.context.on("request", self._asked)
        self.context.on("dialog", self._asked_the_visitor)
        self.context.add_init_script(
            "window.ran = () => console.error('RAN');"
            "document.addEventListener('securitypolicyviolation', e => console.error('POLICY ' + e.violatedDirective +"
            " ' ' + e.blockedURI + ' ' + e.sample));"
        )
        self.page = self.context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self._note(f"error {error}"))
        self.page.on("framenavigated", self._went)

    def open(self, path: str) -> None:
        """Open the page in the file at `path`, as a visitor does, with everything folded open."""
        self.page.goto(f"{HOST}/papers/{path.removesuffix('index.html')}", wait_until="load")
        if b'http-equiv="refresh"' not in self.files[path]:
            self.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")

    def _note(self, what: str) -> None:
        self.wrong.append(f"{self.page.url}: {what}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note(message.text)

    def _went(self, frame: Frame) -> None:
        if not frame.url.startswith(HOST):
            self._note(f"went {frame.url}")

    def _asked_the_visitor(self, dialog: Dialog) -> None:
        self._note(f"dialog {dialog.message}")
        dialog.dismiss()

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(f"{HOST}/papers/"):
            self._note(f"asked {request.url}")

    def _answer(self, route: Route) -> None:
        path = unquote(urlsplit(route.request.url).path).removeprefix("/papers/")
        path = f"{path}index.html" if path.endswith("/") or not path else path
        if path not in self.files:
            route.fulfill(status=404, body="")
            return
        kind = TYPES.get(path.rpartition(".")[2], "application/octet-stream")
        route.fulfill(body=self.files[path], content_type=f"{kind}; charset=utf-8")


@pytest.fixture
def watch(browser: Browser, files: Mapping[str, bytes]) -> Iterator[Watch]:
    """Return a watched visitor of the hostile archive."""
    watched = Watch(browser, files)
    yield watched
    watched.context.close()


def chosen(files: Mapping[str, bytes], step: int = 5) -> Iterator[str]:
    """Yield the pages to open: each that is one of its kind, and of papers and names every fifth."""
    seen: Counter[str] = Counter()
    for path in sorted(path for path in files if path.endswith(".html")):
        kind = path.partition("/")[0]
        seen[kind] += 1
        if kind not in {"author", "org", "topic", "paper"} or seen[kind] % step == 1 or step == 1:
            yield path


def test_pages_run_nothing_ask_nobody_and_keep_their_policy(watch: Watch, files: Mapping[str, bytes]) -> None:
    """Opened one by one: no script, no dialog, no other host, nothing that the policy had to stop."""
    for path in chosen(files):
        watch.open(path)

    assert watch.wrong == []


@pytest.mark.parametrize("policy", ["", "<meta http-equiv='Content-Security-Policy' content=\"script-src 'self'\">"])
def test_the_watch_would_see_it(browser: Browser, policy: str) -> None:
    """A script that runs is seen, and so is one that only the policy stopped, a dialog, and a call to another host."""
    bad = f"<!doctype html>{policy}<script>ran()</script><img src=https://evil.example/x onerror=alert(1)>"
    watched = Watch(browser, {"x/index.html": bad.encode()})
    watched.open("x/index.html")
    watched.page.wait_for_timeout(200)
    seen = "\n".join(watched.wrong)
    watched.context.close()

    assert "asked https://evil.example/x" in seen
    assert ("POLICY script-src" in seen) if policy else ("RAN" in seen and "dialog" in seen)
