"""The reader's own tools in a browser: saved, cited, kept and exported without a server, and without losing anything."""

import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

import generator.outputs
from generator.outputs import Output
from generator.registry import discover
from tests.support import paper_of, site

SETTINGS = "site: {title: The Archive, description: Papers of engines, base_url: 'https://example.org/papers/'}\n"
HOSTILE = "<img src=x onerror=window.ran=1>"
KINDS = {"html": "text/html; charset=utf-8", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@pytest.fixture(scope="module")
def files() -> Mapping[str, bytes]:
    """Return the files of an archive with two days, and an old id."""
    made = site(
        paper_of("2602.00001", title="Contextual Grounding", day="2026-02-02"),
        paper_of("2602.00002", title=HOSTILE, day="2026-02-03"),
        paper_of("hep-th/9901001", title="Strings", day="2026-02-03"),
        settings=SETTINGS,
    )
    outputs = discover(generator.outputs, "OUTPUT", Output).values()
    return {str(artifact.path): artifact.data for output in outputs for artifact in output.files(made)}


@pytest.fixture(scope="module")
def root(files: Mapping[str, bytes]) -> Iterator[str]:
    """Return the address of a running host of the archive."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path).removeprefix("/papers/")
            name = f"{path}index.html" if path.endswith("/") or not path else path
            found = files.get(name)
            self.send_response(200 if found is not None else 404)
            self.send_header("Content-Type", KINDS.get(name.rpartition(".")[2], "application/octet-stream"))
            self.send_header("Content-Length", str(len(found or b"")))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(found or b"")

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/papers/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Return a browser of one reader, in which no script may fail and none from a source run."""
    made = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    errors = list[str]()
    made.on("weberror", lambda error: errors.append(str(error.error)))
    yield made
    assert not [tab.url for tab in made.pages if tab.evaluate("window.ran") is not None]
    made.close()
    assert not errors


def _saved(page: Page) -> list[str]:
    return [paper["id"] for paper in json.loads(page.evaluate("localStorage.getItem('broadsheet:list') ?? '[]'"))]


def test_find_save_cite_and_export_by_keys_alone(context: BrowserContext, root: str) -> None:
    """A paper of a past day goes by keys from its list into the reader's list and out of it."""
    page = context.new_page()
    page.goto(f"{root}day/2026-02-03/")

    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/day/2026-02-02/")
    page.keyboard.press("j")
    page.keyboard.press("s")
    page.keyboard.press("c")
    expect(page.locator(".told")).to_have_text("BibTeX copied.")
    assert "Contextual Grounding" in page.evaluate("navigator.clipboard.readText()").replace("{", "").replace("}", "")
    page.locator(".masthead .more a", has_text="My list (1)").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/list/")
    page.get_by_role("button", name="BibTeX").focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")

    assert "2602.00001" in Path(download.value.path()).read_text()


def test_tabs_agree_and_colours_are_there_before_the_page(context: BrowserContext, root: str) -> None:
    """What one tab chooses holds in another at once, and on the next page before any deferred script has run."""
    one, other = context.new_page(), context.new_page()
    one.goto(root)
    other.goto(f"{root}day/2026-02-02/")

    one.locator("button.theme").click()
    one.locator("button.theme").click()
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")
    one.get_by_role("button", name="Save", exact=True).first.click()
    expect(other.locator(".masthead .more")).to_contain_text("My list (1)")

    context.route("**/*.js", lambda route: route.abort())
    other.reload()
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")
    assert not other.locator("button.theme").is_visible()


@pytest.mark.parametrize(
    "state",
    [
        "localStorage.setItem('broadsheet:list', '{broken'); localStorage.setItem('broadsheet:reader', '[7]')",
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('closed', 'SecurityError') } })",
    ],
    ids=["corrupt", "full", "closed"],
)
def test_a_store_that_fails_stops_nothing(context: BrowserContext, root: str, state: str) -> None:
    """With a corrupt, full or closed store a paper can be saved, and what could not be read is not lost."""
    page = context.new_page()
    page.add_init_script(f"if (!sessionStorage.begun) {{ {state}; }}")
    page.goto(root)

    page.get_by_role("button", name="Save", exact=True).first.click()

    expect(page.get_by_role("button", name="Saved", exact=True)).to_have_count(1)
    if "broken" in state:
        assert page.evaluate("localStorage.getItem('broadsheet:list:unreadable')") == "{broken"
    else:
        expect(page.locator(".told")).to_contain_text("full or closed")


def test_a_shared_list_is_shown_and_taken_over(context: BrowserContext, root: str) -> None:
    """A link of ids shows the papers as text and says what is not here; "Add all" saves those that are; Undo undoes."""
    page = context.new_page()
    page.goto(f"{root}list/#ids=2602.00002,hep-th%2F9901001,9999.99999")

    expect(page.locator(".mine li")).to_have_count(3)
    expect(page.locator(".mine")).to_contain_text(HOSTILE)
    expect(page.locator(".mine .badge")).to_have_text("9999.99999 is no longer in this archive")
    assert _saved(page) == []
    page.get_by_role("button", name="Add all to mine").click()
    expect(page.locator(".total")).to_contain_text("2 papers")
    assert _saved(page) == ["2602.00002", "hep-th/9901001"]

    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Clear").click()
    assert _saved(page) == []
    page.get_by_role("button", name="Undo").click()
    assert _saved(page) == ["2602.00002", "hep-th/9901001"]


def test_the_dialog_and_what_is_chosen_in_it(context: BrowserContext, root: str) -> None:
    """`?` opens a dialog, Esc closes it and focus returns; muted papers fold; keys can be switched off."""
    page = context.new_page()
    page.goto(f"{root}day/2026-02-03/")
    page.keyboard.press("j")
    page.keyboard.press("?")

    page.get_by_label("Muted words").fill("strings")
    page.get_by_label("Keys", exact=True).uncheck()
    page.keyboard.press("Escape")

    expect(page.locator("dialog")).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('.card') !== null")
    expect(page.locator(".papers .card:visible")).to_have_count(1)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".papers .card:visible")).to_have_count(2)
    page.keyboard.press("s")
    page.keyboard.press("?")
    assert _saved(page) == []
    expect(page.locator("dialog")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_tools_are_accessible_and_nothing_moves(browser: Browser, root: str, scheme: str, width: int) -> None:
    """axe finds nothing, no page scrolls sideways, and what the scripts add moves nothing that is there."""
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light", viewport={"width": width, "height": 800}, bypass_csp=True
    )
    context.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach((each) => moved += each.value))"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    page = context.new_page()
    saved = json.dumps([{"id": "2602.00002", "title": HOSTILE, "when": "2026-02-03T00:00:00Z"}])
    page.goto(root)
    page.evaluate("(text) => localStorage.setItem('broadsheet:list', text)", saved)
    for path in ("", "day/2026-02-03/", "paper/2602.00001/", "list/"):
        page.goto(root + path)
        page.wait_for_load_state("networkidle")
        if path == "day/2026-02-03/":
            page.keyboard.press("?")
        report = Axe().run(page)
        assert not report.response["violations"], report.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if path != "list/":
            assert page.evaluate("moved") < 0.01, path
    context.close()
