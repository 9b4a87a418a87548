"""The preview: what it answers, and how the browser follows a change."""

import asyncio
import re
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from signal import SIGINT
from subprocess import PIPE, Popen

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from generator.commands import serve
from generator.commands.serve import Preview, application, content_type
from generator.errors import UsageError
from generator.progress import Progress

PAGE = '<!doctype html><html lang="en"><head><title>T</title></head><body><h1>{text}</h1></body></html>'

# A build small enough to see through: content/page.txt becomes the page, "broken" becomes an error.
PROGRAM = f"""
import sys
from pathlib import Path
from generator.commands.serve import run
from generator.errors import ContentError
from generator.progress import Progress

root = Path(sys.argv[1])

def build(folder, url):
    text = (root / "content/page.txt").read_text()
    if "broken" in text:
        raise ContentError("it is <b>broken</b>", where="content/page.txt:1", hint="mend it")
    (folder / "css").mkdir(parents=True, exist_ok=True)
    name = "a" + str(len(list((root / "theme").glob("*.css")))) + ".css"
    (folder / "css" / name).write_text("h1 {{ color: rgb(1, 2, 3) }}" if "1" in name else "")
    link = f'<link rel="stylesheet" href="css/{{name}}">'
    (folder / "index.html").write_text({PAGE!r}.replace("<title>", link + "<title>").replace("{{text}}", text))
    (folder / "404.html").write_text({PAGE!r}.replace("{{text}}", "Not here"))
    return 2

run(root, build, progress=Progress(), port=0, base_path=sys.argv[2])
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return the folder of a small finished site."""
    files = {
        "index.html": PAGE.format(text="Home"),
        "404.html": PAGE.format(text="Not here"),
        "day/2026-02-03/index.html": PAGE.format(text="A day"),
        "author/李明/index.html": PAGE.format(text="李明"),
        "search.bin": "0123456789",
        "feed.xml": "<rss/>",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


class Client:
    """Asks a preview without a network in between."""

    def __init__(self, preview: Preview, base_path: str = "/", *, reload: bool = True) -> None:
        self.transport = httpx.ASGITransport(application(preview, base_path, reload=reload))

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Return the answer for `path`; redirects are not followed."""

        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=self.transport, base_url="http://preview") as client:
                return await client.get(f"http://preview{path}", headers=headers)

        return asyncio.run(ask())


@pytest.fixture
def client(site: Path) -> Client:
    """Return a client of a preview of the small site."""
    return Client(Preview(site, version=1, pages=1))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return the folder of an archive that `PROGRAM` can build."""
    for name in ("content", "theme"):
        (tmp_path / name).mkdir()
    (tmp_path / "archive.yml").write_text("")
    (tmp_path / "content/page.txt").write_text("First")
    return tmp_path


@contextmanager
def running(archive: Path, base_path: str = "/") -> Iterator[tuple[Popen[str], str]]:
    """Run a preview of `archive`, and give the process and the address."""
    with Popen(
        [sys.executable, "-c", PROGRAM, str(archive), base_path], stdout=PIPE, stderr=PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.search(r"http://\S+", line)
            assert found, line + process.stderr.read() if process.stderr else line
            yield process, found[0]
        finally:
            process.kill()


@contextmanager
def open_page(browser: Browser, url: str) -> Iterator[Page]:
    """Open `url` in a browser window of its own."""
    page = browser.new_page()
    try:
        page.goto(url)
        yield page
    finally:
        page.close()


def eventually(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("path", "text"), [("/", "Home"), ("/day/2026-02-03/", "A day"), ("/author/%E6%9D%8E%E6%98%8E/", "李明")]
)
def test_addresses_are_folders(client: Client, path: str, text: str) -> None:
    """A folder's address shows its index page, in every script."""
    assert f"<h1>{text}</h1>" in client.get(path).text


def test_a_folder_without_its_slash_leads_to_the_folder(client: Client) -> None:
    """Relative links on the page need the slash."""
    answer = client.get("/day/2026-02-03")

    assert (answer.status_code, answer.headers["location"]) == (307, "/day/2026-02-03/")


def test_what_is_missing_gets_the_sites_own_page(client: Client) -> None:
    """404.html is served with status 404."""
    answer = client.get("/nothing/")

    assert answer.status_code == 404
    assert "Not here" in answer.text


@pytest.mark.parametrize("path", ["/../secret", "/%2e%2e/secret", "/..%2fsecret", "//etc/passwd", "/day/%00"])
def test_nothing_outside_the_site_is_served(site: Path, path: str) -> None:
    """No way of writing an address leads out of the folder."""
    (site / "secret").write_text("secret")
    inner = site / "day"

    answer = Client(Preview(inner, version=1)).get(path)

    assert answer.status_code == 404
    assert answer.text.startswith("Not found")


def test_parts_of_files_can_be_asked_for(client: Client) -> None:
    """Byte ranges work, as on real hosts."""
    answer = client.get("/search.bin", Range="bytes=2-4")

    assert (answer.status_code, answer.text) == (206, "234")


@pytest.mark.parametrize("path", ["/", "/feed.xml", "/nothing/", "/_preview/reload.js"])
def test_nothing_is_kept_by_the_browser(client: Client, path: str) -> None:
    """A reload always shows what is there now."""
    assert client.get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("feed.xml", "application/rss+xml"),
        ("atom.xml", "application/atom+xml"),
        ("feed.json", "application/feed+json"),
        ("sitemap.xml", "application/xml"),
        ("index.json", "application/json"),
        ("plain.js", "text/javascript"),
        ("site.css", "text/css"),
        ("unknown.unheard", "application/octet-stream"),
    ],
)
def test_files_have_the_type_that_readers_expect(name: str, kind: str) -> None:
    """Feeds above all are told from other XML and JSON."""
    assert content_type(name) == kind


def test_the_script_is_only_added_on_the_way_out(client: Client, site: Path) -> None:
    """The browser gets it inside of the body, the built file does not, and without reloading nobody does."""
    sent = client.get("/").text
    plain = Client(Preview(site, version=1), reload=False).get("/").text

    assert re.search(r'<script src="/_preview/reload.js"[^>]*></script></body></html>$', sent)
    assert plain == (site / "index.html").read_text() == PAGE.format(text="Home")


def test_a_first_build_that_fails_shows_why(tmp_path: Path) -> None:
    """Without a last good page there is the error, as text."""
    preview = Preview(tmp_path, error="title is <b>bad</b>")

    answer = Client(preview).get("/")

    assert answer.status_code == 503
    assert "title is &lt;b&gt;bad&lt;/b&gt;" in answer.text
    assert "reload.js" in answer.text


def test_below_a_base_path(site: Path) -> None:
    """The site is at the base path; the root and the path without its slash lead there."""
    client = Client(Preview(site, version=1), "/papers/")

    assert "<h1>A day</h1>" in client.get("/papers/day/2026-02-03/").text
    assert client.get("/").headers["location"] == "/papers/"
    assert client.get("/papers").headers["location"].endswith("/papers/")
    assert client.get("/day/2026-02-03/").status_code == 404


def test_a_port_that_is_wanted_and_taken_is_an_error(tmp_path: Path) -> None:
    """Who asked for a port does not get another one."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken, pytest.raises(UsageError, match="in use"):
        serve.run(tmp_path, lambda *_: 0, progress=Progress(), port=taken.getsockname()[1])


def test_interrupting_ends_well(archive: Path) -> None:
    """Ctrl-C is how a preview ends: code 0, at once, even while a page waits for news."""
    with running(archive) as (process, url), httpx.stream("GET", f"{url}_preview/events") as events:
        assert next(events.iter_lines()).startswith("data: ")
        process.send_signal(SIGINT)
        started = time.monotonic()

        assert process.wait(10) == 0
        assert time.monotonic() - started < 3


def test_the_terminal_says_what_was_built_and_why(archive: Path) -> None:
    """Each rebuild names the address and what changed."""
    with running(archive) as (process, url):
        (archive / "content/page.txt").write_text("Second")

        assert process.stdout
        line = process.stdout.readline()

    assert re.fullmatch(rf"serving {url}  \(rebuilt 2 files in \d\.\d s: content/page\.txt\)\n", line)


def test_errors_stand_in_the_terminal(archive: Path) -> None:
    """The terminal says where, what and what next."""
    with running(archive) as (process, _):
        (archive / "content/page.txt").write_text("broken")

        assert process.stderr
        lines = [process.stderr.readline() for _ in range(2)]

    assert lines == ["error: content/page.txt:1: it is <b>broken</b>\n", "       mend it\n"]


def test_settings_are_watched_although_editors_replace_them(archive: Path) -> None:
    """A file that is renamed into place counts, every time."""
    with running(archive) as (process, _):
        for number in range(2):
            (archive / "archive.yml.new").write_text(str(number))
            (archive / "archive.yml.new").rename(archive / "archive.yml")

            assert process.stdout
            assert process.stdout.readline().endswith("archive.yml)\n")


def test_the_browser_follows_a_change(archive: Path, browser: Browser) -> None:
    """The page is reloaded by itself, below a base path too."""
    with running(archive, "/papers/") as (_, url), open_page(browser, url) as page:
        expect(page.locator("h1")).to_have_text("First")

        (archive / "content/page.txt").write_text("Second")

        expect(page.locator("h1")).to_have_text("Second")


def test_style_sheets_change_without_a_reload(archive: Path, browser: Browser) -> None:
    """The reader's place on the page survives a change of CSS."""
    with running(archive) as (_, url), open_page(browser, url) as page:
        page.evaluate("window.before = true")

        (archive / "theme/mine.css").write_text("")

        expect(page.locator("h1")).to_have_css("color", "rgb(1, 2, 3)")
        assert page.evaluate("window.before")


def test_an_error_lies_over_the_last_good_page_until_it_is_mended(archive: Path, browser: Browser) -> None:
    """The overlay shows the error as text, the page below stays, and all is well again after the fix."""
    with running(archive) as (_, url), open_page(browser, url) as page:
        (archive / "content/page.txt").write_text("broken")

        overlay = page.get_by_role("alert")
        expect(overlay).to_contain_text("content/page.txt:1: it is <b>broken</b>")
        expect(overlay).to_contain_text("mend it")
        expect(page.locator("h1")).to_have_text("First")

        (archive / "content/page.txt").write_text("Mended")

        expect(page.locator("h1")).to_have_text("Mended")
        expect(overlay).to_have_count(0)
