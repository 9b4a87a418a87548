"""Reading without a network, in a browser whose network is cut: what was read is there, and nothing else stays."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

from tests.servers import running
from tests.support import bytes_of, paper_of, site

SETTINGS = "site: {title: The Archive, base_url: 'https://example.org/papers/'}\n"
KINDS = {"html": "text/html; charset=utf-8", "css": "text/css", "js": "text/javascript", "json": "application/json"}
KEPT = """(async () => {
  const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  const kept = (await Promise.all(caches_.map((cache) => cache.keys()))).flat();
  return kept.map(({ url }) => new URL(url).pathname);
})()"""


def files_with(settings: str) -> dict[str, bytes]:
    """Return the files of an archive of three days under `settings`."""
    papers = [paper_of(f"2602.0000{number}", title=f"Paper {number}", day=f"2026-02-0{number}") for number in (2, 3, 4)]
    made = site(*papers, settings=SETTINGS + settings)
    return bytes_of(made)


@pytest.fixture(scope="module")
def kept() -> dict[str, bytes]:
    """Return the files of an archive of which browsers keep three pages."""
    return files_with("offline: {pages: 3}\n")


class Host(ThreadingHTTPServer):
    """Serves `files` under /papers/, which a test may change."""

    files: dict[str, bytes]
    root: str
    pause: float = 0
    status: int = 200


@pytest.fixture
def host(kept: dict[str, bytes]) -> Iterator[Host]:
    """Return a running host of the archive."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path).removeprefix("/papers/")
            name = f"{path}index.html" if path.endswith("/") or not path else path
            found = server.files.get(name)
            if name.endswith("html"):
                time.sleep(server.pause)
            self.send_response(server.status if found is not None else 404)
            data = b"<h1>Gone</h1>" if found is None else found
            kind = "html" if found is None else name.rpartition(".")[2]
            self.send_header("Content-Type", KINDS.get(kind, "application/octet-stream"))
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(data)

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = Host(("127.0.0.1", 0), Handler)
    server.files = dict(kept)
    with running(server) as address:
        server.root = f"{address}papers/"
        yield server


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Return a browser of one reader, in which no script of a page may fail."""
    made = browser.new_context()
    errors = list[str]()
    made.on("weberror", lambda error: errors.append(str(error.error)))
    yield made
    made.close()
    assert not errors


def until(page: Page, condition: str) -> None:
    """Wait until `condition`, JavaScript, holds on the page, whose policy forbids Playwright's own way to wait."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never: {condition}")


def begun(context: BrowserContext, host: Host) -> Page:
    """Return a page of `host` whose service worker is at work."""
    page = context.new_page()
    page.goto(host.root)
    until(page, "navigator.serviceWorker.controller !== null")
    return page


def read(page: Page, address: str) -> None:
    """Open a page, and wait until the worker has kept it."""
    page.goto(address)
    wanted = address.partition("?")[0]
    until(page, f"caches.match('{wanted}').then((found) => found !== undefined)")


def test_what_was_read_is_there_without_a_network(context: BrowserContext, host: Host) -> None:
    """With its age, its style and its scripts; what was not read is said, with what there is instead."""
    page = begun(context, host)
    read(page, f"{host.root}day/2026-02-03/")
    read(page, f"{host.root}paper/2602.00003/?utm=x")
    context.set_offline(True)

    page.goto(f"{host.root}day/2026-02-03/")
    expect(page.locator("main .stored")).to_contain_text("Offline copy of")
    expect(page.get_by_role("button", name="Save: Paper 3")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.vh')).position") == "absolute"
    page.locator(".papers .card h2 a").click()
    expect(page.locator("h1")).to_have_text("Paper 3")

    page.goto(f"{host.root}paper/2602.00004/")
    expect(page.locator("h1")).to_have_text("Read offline")
    expect(page.get_by_role("link", name="Try again")).to_have_attribute("href", f"{host.root}paper/2602.00004/")
    expect(page.locator("#kept h2")).to_have_text(["Days", "Papers"])
    expect(page.locator("#kept a", has_text="Paper 3")).to_have_count(1)

    context.set_offline(False)
    page.goto(f"{host.root}day/2026-02-03/")
    expect(page.locator("main .stored")).to_have_count(0)


def test_only_pages_and_the_theme_are_kept_and_not_too_many(context: BrowserContext, host: Host) -> None:
    """No feed, no export, no page that is not there; the oldest pages go; other caches of the host are left alone."""
    page = begun(context, host)
    page.evaluate("caches.open('another')")
    for path in ("day/2026-02-02/", "day/2026-02-03/", "day/2026-02-04/", "paper/2602.00002/"):
        read(page, host.root + path)
    page.evaluate("fetch('../../feed.xml')")
    page.goto(f"{host.root}paper/9999.99999/")
    page.goto(f"{host.root}latest.json")
    page.goto(host.root + "paper/2602.00002/")

    paths = [path.removeprefix("/papers/") for path in page.evaluate(KEPT)]
    pages = [path for path in paths if not path.startswith("assets/") and path != "offline/"]
    assert sorted(pages) == ["day/2026-02-03/", "day/2026-02-04/", "paper/2602.00002/"]
    assert "another" in page.evaluate("caches.keys()")


def test_a_month_is_kept_on_request_and_survives_what_is_read_later(context: BrowserContext, host: Host) -> None:
    """After a question that tells its size."""
    page = begun(context, host)
    page.goto(f"{host.root}month/2026-02/")
    asked = list[str]()

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.on("dialog", agree)

    page.get_by_role("button", name="Keep this month offline").click()
    expect(page.locator(".told")).to_have_text("This month can be read offline.")
    assert "4 pages" in asked[0] and "MB" in asked[0]
    for number in (2, 3, 4):
        read(page, f"{host.root}paper/2602.0000{number}/")
    read(page, host.root + "archive/")
    context.set_offline(True)
    page.goto(f"{host.root}day/2026-02-02/")
    expect(page.locator(".papers .card")).to_have_count(1)

    page.goto(f"{host.root}month/2026-02/")
    page.get_by_role("button", name="Remove this month").click()
    expect(page.get_by_role("button", name="Keep this month offline")).to_be_visible()


def test_search_answers_from_what_it_used_before(context: BrowserContext, host: Host) -> None:
    """The same query finds the same without a network; another one says what is missing, and ends."""
    page = begun(context, host)
    read(page, f"{host.root}search/?q=weaves")
    expect(page.locator("#results h2")).to_have_count(3)
    found = page.locator("#results h2").all_text_contents()
    context.set_offline(True)

    page.goto(f"{host.root}search/?q=weaves")
    expect(page.locator("#results h2")).to_have_text(found)
    page.goto(f"{host.root}search/?q=weaves&sort=votes")
    expect(page.locator("#notes")).to_contain_text("What did not come: the votes.")
    expect(page.locator("#results h2")).to_have_count(3)


def test_a_new_build_replaces_the_old(context: BrowserContext, host: Host) -> None:
    """Pages come from the network; a theme that changed takes the place of the old; old pages still look right."""
    page = begun(context, host)
    read(page, f"{host.root}day/2026-02-02/")
    folder = next(path.split("/")[1] for path in host.files if path.startswith("assets/"))
    host.files = {
        path.replace(folder, "0123456789ab"): data.replace(folder.encode(), b"0123456789ab").replace(
            b"Paper 3", b"Paper III"
        )
        for path, data in host.files.items()
    }

    page.goto(f"{host.root}day/2026-02-03/")
    expect(page.locator(".papers h2")).to_have_text("Paper III")
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    until(page, "caches.keys().then((names) => names.some((name) => name.endsWith('0123456789ab')))")
    until(page, f"caches.keys().then((names) => !names.some((name) => name.endsWith('{folder}')))")
    context.set_offline(True)
    page.goto(f"{host.root}day/2026-02-02/")
    expect(page.get_by_role("button", name="Save: Paper 2")).to_be_visible()


def test_turned_off_it_removes_itself(context: BrowserContext, host: Host) -> None:
    """The next visit ends the worker and empties its caches, and no others; nothing registers it again."""
    page = begun(context, host)
    read(page, f"{host.root}day/2026-02-02/")
    page.evaluate("caches.open('another')")
    host.files = files_with("")

    page.goto(f"{host.root}day/2026-02-03/")
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")

    until(page, "caches.keys().then((names) => names.join() === 'another')")
    until(page, "navigator.serviceWorker.getRegistrations().then((all) => all.length === 0)")
    page.goto(f"{host.root}day/2026-02-02/")
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    assert "offline/index.html" not in host.files


def test_a_host_that_is_slow_or_fails_is_not_waited_for(context: BrowserContext, host: Host) -> None:
    """A copy is shown after three seconds, or where the host has an error; where it has no such page any more, that."""
    page = begun(context, host)
    read(page, f"{host.root}day/2026-02-02/")
    host.pause = 6.0
    started = monotonic()
    page.goto(f"{host.root}day/2026-02-02/", wait_until="commit")
    assert 2.5 < monotonic() - started < 6
    expect(page.locator("main .stored")).to_be_visible()
    host.pause, host.status = 0.0, 502
    page.goto(f"{host.root}day/2026-02-02/")
    expect(page.locator("main .stored")).to_be_visible()

    host.status, host.files = 404, {}
    page.goto(f"{host.root}day/2026-02-02/")
    expect(page.locator("h1")).to_have_text("Gone")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_offline_page_shuts_nobody_out(browser: Browser, host: Host, width: int) -> None:
    """Axe finds nothing on the list of what is kept."""
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    page = begun(context, host)
    read(page, f"{host.root}day/2026-02-02/")
    page.goto(f"{host.root}offline/")
    expect(page.locator("#kept h2").first).to_be_visible()

    report = Axe().run(page)

    assert not report.response["violations"], report.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
