"""The reader's own tools in a browser: papers saved, cited, kept and exported, without a server and without a loss."""

import json
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.servers import running
from tests.support import bytes_of, paper_of, site

SETTINGS = "site: {title: The Archive, description: Papers of engines, base_url: 'https://example.org/papers/'}\n"
LIST = "broadsheet:list:/papers/"
HOSTILE = "<img src=x onerror=window.ran=1>"
SMALL = """[...document.querySelectorAll("button, select, textarea, dialog label, .own")]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44 && !each.closest(".seek"))
  .map((each) => each.outerHTML)"""
KINDS = {"html": "text/html; charset=utf-8", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@pytest.fixture(scope="module")
def files() -> Mapping[str, bytes]:
    """Return the files of an archive with two days, and an old id."""
    made = site(
        paper_of("2602.00001", title="Contextual Grounding", day="2026-02-02", topics=("engines",)),
        paper_of("2602.00002", title=HOSTILE, day="2026-02-03", topics=("engines",)),
        paper_of("hep-th/9901001", title="Strings", day="2026-02-03", topics=("engines",)),
        settings=SETTINGS + "feeds: {min_papers: 1}\n",
    )
    return bytes_of(made)


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

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as address:
        yield f"{address}papers/"


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
    text = page.evaluate(f"localStorage.getItem('{LIST}')")
    return [paper["id"] for paper in json.loads(text or '{"papers": []}')["papers"]]


def _keep(page: Page, name: str, **value: object) -> None:
    page.evaluate("([name, text]) => localStorage.setItem(name, text)", [name, json.dumps({"version": 1, **value})])


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
    for name in ("BibTeX", "RIS", "CSL-JSON", "Markdown", "JSON"):
        page.get_by_role("button", name=name, exact=True).focus()
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        text = Path(download.value.path()).read_text()
        assert "2602.00001" in text, name
        assert "JSON" not in name or json.loads(text)


def test_every_key_does_what_the_list_of_keys_says(context: BrowserContext, root: str) -> None:
    """Keys move among cards and pages, mark, fold and open; with another key held, or while typing, they do nothing."""
    page = context.new_page()
    page.goto(f"{root}week/2026-W06/")
    titles = page.locator(".papers .card :is(h2, h3) a")

    for key, place in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(titles.nth(place)).to_be_focused()
    fold = page.locator(".papers .card").nth(1).locator("details.fold")
    page.keyboard.press("x")
    expect(fold).to_have_attribute("open", "")
    page.keyboard.press("Control+m")
    expect(page.locator(".is-read")).to_have_count(0)
    page.keyboard.press("m")
    expect(page.locator(".is-read")).to_have_count(1)
    page.keyboard.press("/")
    expect(page.locator(".seek input")).to_be_focused()
    page.keyboard.type("jms?")
    expect(page.locator("dialog")).to_have_count(0)
    titles.nth(1).focus()
    address = titles.nth(1).get_attribute("href") or ""
    week = "week/2026-W06/"
    for key, url in (("o", address.lstrip("./")), ("u", week), ("d", "day/2026-02-02/"), ("w", week), ("t", "")):
        page.keyboard.press(key)
        page.wait_for_url(f"{root}{url}")


def test_tabs_agree_and_colours_are_there_before_the_page(context: BrowserContext, root: str) -> None:
    """What one tab chooses holds in another at once, and on the next page before any deferred script has run."""
    one, other = context.new_page(), context.new_page()
    one.goto(root)
    other.goto(f"{root}day/2026-02-02/")

    one.locator("button.theme").click()
    one.locator("button.theme").click()
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")
    one.get_by_role("button", name="Save: Strings").click()
    expect(other.locator(".masthead .more")).to_contain_text("My list (1)")

    context.route("**/*.js", lambda route: route.abort())
    other.reload()
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")
    assert not other.locator("button.theme").is_visible()


@pytest.mark.parametrize(
    "state",
    [
        f"localStorage.setItem('{LIST}', '{{broken'); localStorage.setItem('broadsheet:reader', '[7]')",
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError') } })",
    ],
    ids=["corrupt", "full", "closed"],
)
def test_a_store_that_fails_stops_nothing(context: BrowserContext, root: str, state: str) -> None:
    """With a corrupt, full or closed store a paper can be saved, and what could not be read is not lost."""
    page = context.new_page()
    page.add_init_script(f"if (!window.name) {{ {state}; window.name = 'begun'; }}")
    page.goto(root)

    page.get_by_role("button", name="Save: Strings").click()

    expect(page.get_by_role("button", name="Saved: Strings")).to_have_count(1)
    expect(page.locator("button.theme")).to_be_visible()
    if "broken" in state:
        assert page.evaluate(f"localStorage.getItem('{LIST}:unreadable')") == "{broken"
        assert page.evaluate("localStorage.getItem('broadsheet:reader:unreadable')") == "[7]"
        assert _saved(page) == ["hep-th/9901001"]
    else:
        expect(page.locator(".told")).to_contain_text("full or closed")


def test_what_a_later_version_kept_stays(context: BrowserContext, root: str) -> None:
    """Names this version does not know survive, and so does the version; entries it cannot use are put aside."""
    page = context.new_page()
    page.goto(root)
    papers = [{"id": "2602.00001", "title": "Kept", "note": "mine"}, {"id": ".."}, 7]
    _keep(page, LIST, version=9, papers=papers, stars=[1])
    page.reload()

    page.get_by_role("button", name="Save: Strings").click()

    kept = json.loads(page.evaluate(f"localStorage.getItem('{LIST}')"))
    assert kept["version"] == 9
    assert kept["stars"] == [1]
    assert kept["papers"][0] == papers[0]
    assert _saved(page) == ["2602.00001", "hep-th/9901001"]
    assert json.loads(page.evaluate(f"localStorage.getItem('{LIST}:unreadable')"))["papers"] == papers


def test_another_archive_of_the_same_host_has_its_own_list(context: BrowserContext, root: str) -> None:
    """Choices are the reader's everywhere on a host; the list is the archive's."""
    page = context.new_page()
    page.goto(root)
    _keep(page, "broadsheet:list:/other/", papers=["9999.00001"])
    _keep(page, "broadsheet:reader", theme="dark")
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator(".masthead .more a", has_text="My list")).to_have_text("My list")


def test_a_list_is_searched_ordered_noted_and_taken_from(context: BrowserContext, root: str) -> None:
    """Search finds names and notes; a note is kept; Delete takes a paper away, focus goes on, Undo brings it back."""
    page = context.new_page()
    for path in ("day/2026-02-02/", "paper/2602.00002/"):
        page.goto(root + path)
        page.get_by_role("button", name="Save: ").first.click()
    page.goto(f"{root}list/")
    titles = page.locator("#my-list h2")
    expect(titles).to_have_text([HOSTILE, "Contextual Grounding"])

    page.get_by_label("Note on Contextual Grounding").fill("read on Monday")
    page.get_by_label("Order").select_option("title")
    expect(titles).to_have_text([HOSTILE, "Contextual Grounding"])
    page.get_by_label("Search my list").fill("monday")
    expect(titles).to_have_text(["Contextual Grounding"])
    expect(page.locator("#my-list .total")).to_contain_text("1 of 2 papers")
    page.get_by_label("Search my list").fill("")
    titles.nth(0).locator("a").focus()
    page.keyboard.press("Delete")
    expect(titles).to_have_text(["Contextual Grounding"])
    expect(titles.nth(0).locator("a")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(titles).to_have_count(2)
    page.reload()
    expect(page.get_by_label("Note on Contextual Grounding")).to_have_value("read on Monday")


def test_a_shared_list_is_shown_and_taken_over(context: BrowserContext, root: str) -> None:
    """A link of ids shows the papers as text and says what is not here; "Add all" saves those that are; Undo undoes."""
    page = context.new_page()
    page.goto(f"{root}list/#ids=2602.00002,hep-th%2F9901001,9999.99999,..,%E0%A4%A")

    expect(page.locator("#my-list li")).to_have_count(3)
    expect(page.locator("#my-list")).to_contain_text(HOSTILE)
    expect(page.locator("#my-list .badge")).to_have_text("9999.99999 is no longer in this archive")
    assert _saved(page) == []
    page.get_by_role("button", name="Add all to mine").click()
    expect(page.locator("#my-list .total")).to_contain_text("2 papers")
    assert _saved(page) == ["2602.00002", "hep-th/9901001"]

    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#my-list .total")).to_have_text("Nothing saved yet.")
    assert _saved(page) == []
    page.get_by_role("button", name="Undo").click()
    assert _saved(page) == ["2602.00002", "hep-th/9901001"]


def test_a_list_is_imported_exported_and_shared(context: BrowserContext, root: str, tmp_path: Path) -> None:
    """What is exported as JSON comes back whole; another file is refused; a link holds no note."""
    page = context.new_page()
    page.goto(f"{root}list/")
    papers = [{"id": "2602.00001", "title": "Contextual Grounding", "when": "2026-02-02T00:00:00Z", "note": "secret"}]
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps({"version": 1, "papers": papers}))
    bad.write_text('{"papers": 5}')

    page.get_by_label("Import").set_input_files(bad)
    expect(page.locator(".told")).to_contain_text("This file is no list of papers")
    page.get_by_label("Import").set_input_files(good)
    expect(page.locator("#my-list h2")).to_have_text(["Contextual Grounding"])
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON", exact=True).click()
    page.get_by_role("button", name="Copy a link to share").click()
    expect(page.locator(".told")).to_contain_text("Link copied")

    assert json.loads(Path(download.value.path()).read_text())["papers"] == papers
    assert page.evaluate("navigator.clipboard.readText()") == f"{root}list/#ids=2602.00001"


def test_the_dialog_and_what_is_chosen_in_it(context: BrowserContext, root: str) -> None:
    """`?` opens a dialog, Esc closes it and focus returns; muted papers fold; keys can be switched off."""
    page = context.new_page()
    page.goto(f"{root}day/2026-02-03/")
    page.keyboard.press("j")
    page.keyboard.press("?")

    page.get_by_label("Muted words").fill("save, strings")
    page.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")

    expect(page.locator("dialog")).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('.card') !== null")
    expect(page.locator(".papers .card:visible")).to_have_count(1)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".papers .card:visible")).to_have_count(2)
    for key in "s?/":
        page.keyboard.press(key)
    assert _saved(page) == []
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator(".seek input")).not_to_be_focused()


def test_a_topic_is_muted_on_its_page_and_a_favourite_wins(context: BrowserContext, root: str) -> None:
    """The button on the page of a topic mutes its papers; one that is a favourite too is shown and marked."""
    page = context.new_page()
    page.goto(f"{root}topic/engines/")
    page.get_by_role("button", name="Mute: engines").click()
    page.goto(f"{root}day/2026-02-03/")
    expect(page.locator(".papers .card:visible")).to_have_count(0)

    page.keyboard.press("?")
    page.get_by_label("Favourite words").fill("strings")
    page.keyboard.press("Escape")

    expect(page.locator(".papers .card.favourite:visible")).to_have_count(1)


def test_abstracts_are_shown_as_chosen(context: BrowserContext, root: str) -> None:
    """Lists show titles only, or every abstract, on all pages from then on."""
    page = context.new_page()
    page.goto(f"{root}week/2026-W06/")
    folds = page.locator(".papers details.fold")
    expect(page.locator(".papers details.fold[open]")).to_have_count(0)

    page.get_by_label("What to show").select_option("full")
    page.reload()
    expect(page.locator(".papers details.fold[open]")).to_have_count(folds.count())
    page.get_by_label("What to show").select_option("compact")
    page.goto(f"{root}day/2026-02-03/")
    expect(page.locator(".papers .abstract:visible")).to_have_count(0)


def test_what_is_new_since_the_last_visit(context: BrowserContext, root: str) -> None:
    """Where a visit has ended, its newest list parts the new papers from those seen before; nothing is new at first."""
    page = context.new_page()
    page.goto(f"{root}week/2026-W06/")
    expect(page.locator(".divider")).to_have_count(0)
    _keep(page, "broadsheet:visit:/papers/", seen="2026-02-02", at=1)

    page.reload()
    expect(page.locator(".divider")).to_have_count(1)
    expect(page.locator(".divider")).to_have_text("2 papers here are new since your last visit")
    page.goto(f"{root}day/2026-02-03/")
    expect(page.locator(".divider")).to_have_count(1)


def test_hits_of_the_search_can_be_saved(context: BrowserContext, root: str) -> None:
    """The search page's hits have what cards have, in a place kept for it; "In my list" finds what is saved."""
    page = context.new_page()
    page.goto(f"{root}search/?q=strings")
    card = page.locator("#results .card")
    expect(card).to_be_visible()
    height = card.evaluate("(each) => each.getBoundingClientRect().height")
    expect(page.get_by_role("button", name="Save: Strings")).to_be_visible()
    assert card.evaluate("(each) => each.getBoundingClientRect().height") == height

    page.locator("#count").focus()
    page.keyboard.press("j")
    page.keyboard.press("s")

    expect(page.get_by_role("button", name="Saved: Strings")).to_be_visible()
    page.goto(f"{root}search/?list=1")
    expect(page.locator("#results .card")).to_have_count(1)


def test_a_plain_folder_keeps_a_list_too(browser: Browser, files: Mapping[str, bytes], tmp_path: Path) -> None:
    """Opened without a server the pages save, mark and move."""
    for name, data in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    page = browser.new_page()
    page.goto(f"file://{tmp_path}/day/2026-02-03/index.html")

    page.keyboard.press("j")
    page.keyboard.press("s")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/day/2026-02-02/index.html")
    page.locator(".masthead .more a", has_text="My list (1)").click()

    expect(page.locator("#my-list h2")).to_have_count(1)
    page.close()


@pytest.mark.parametrize("path", ["people/", "feeds/"])
def test_a_box_narrows_a_list_of_names(context: BrowserContext, root: str, path: str) -> None:
    """To those with what one types in them; parts without any are not shown; nothing typed, everything is there."""
    page = context.new_page()
    page.goto(root + path)
    names = page.locator(".narrow ~ * li:visible")
    total = names.count()

    page.get_by_label("Narrow this page to names with").fill("LOVE")
    expect(names.filter(has_text="Ada Lovelace")).to_have_count(names.count())
    expect(page.locator("output")).to_contain_text(f"/ {total}")
    page.get_by_label("Narrow this page to names with").fill("")
    expect(names).to_have_count(total)


def test_names_and_links_of_cards_are_large_on_a_phone(browser: Browser, root: str) -> None:
    """A finger needs 44 pixels."""
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{root}day/2026-02-03/")
    height = "(all) => Math.min(...all.map((each) => each.getBoundingClientRect().height))"

    assert page.locator(".by a, .by summary, .links a, .own button").evaluate_all(height) >= 44
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_tools_are_accessible_and_nothing_moves(browser: Browser, root: str, scheme: str, width: int) -> None:
    """Axe finds nothing, targets are large, no page scrolls sideways, and what scripts add moves nothing."""
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light", viewport={"width": width, "height": 800}, bypass_csp=True
    )
    context.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach((each) => moved += each.value))"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    page = context.new_page()
    page.goto(root)
    _keep(page, LIST, papers=[{"id": "2602.00002", "title": HOSTILE, "when": "2026-02-03T00:00:00Z", "note": "?"}])
    _keep(page, "broadsheet:visit:/papers/", seen="2026-02-02", at=1)
    _keep(page, "broadsheet:reader", muted=["grounding"], favourites=["strings"], density="full")
    shared = "list/#ids=2602.00001"
    for path in ("", "day/2026-02-03/", "week/2026-W06/", "paper/2602.00001/", "topic/engines/", "list/", shared):
        page.goto(root + path)
        page.wait_for_load_state("networkidle")
        if path == "day/2026-02-03/":
            page.keyboard.press("?")
        report = Axe().run(page)
        assert not report.response["violations"], report.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(SMALL) == []
        if not path.startswith("list/"):
            assert page.evaluate("moved") < 0.01, path
    context.close()
