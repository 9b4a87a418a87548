"""The search page in a browser: it finds, loads little, keeps its state in its address, runs nothing it was given."""

import re
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from html5lib import HTMLParser
from playwright.sync_api import Browser, BrowserContext, Page, expect

from generator.model import Author
from tests.servers import running
from tests.support import bytes_of, paper_of, site

SETTINGS = "site: {title: The Archive, description: Papers of engines, base_url: 'https://example.org/papers/'}\n"
ROOT = "/papers/"
HOSTILE = '<img src=x onerror="window.ran=1"> grounding'


@pytest.fixture(scope="module")
def files() -> Mapping[str, bytes]:
    """Return the files of an archive with forty papers of its own kind, and some that queries look for."""
    many = [
        paper_of(
            f"2602.1{n:04}",
            day=f"2026-01-{n % 28 + 1:02}",
            title=f"Agents that remember, part {n}",
            abstract=f"A memory of agents. {'More of it. ' * 60}",
        )
        for n in range(40)
    ]
    few = [
        paper_of(
            "2602.00001",
            title="Contextual Grounding",
            abstract="In-context learning grounds words. Reward hacking is none.",
            code="https://github.com/a/b",
            subjects=("cs.CL",),
        ),
        paper_of(
            "2602.00002",
            title=HOSTILE,
            authors=(Author(name="José <b>Schrödinger</b>"),),
            abstract="Wörter 上下文学习 & <script>window.ran=1</script>",
        ),
        paper_of("2602.00003", title="Diffusion for video", abstract="Hacking a reward.", day="2025-06-01"),
    ]
    made = site(*many, *few, settings=SETTINGS)
    return bytes_of(made)


class _Host:
    """A host that serves files under a sub-path and notes what it was asked for; what matches `broken` is missing."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.asked: list[str] = []
        self.broken = ""
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = unquote(urlsplit(self.path).path).removeprefix(ROOT)
                host.asked.append(path)
                name = f"{path}index.html" if path.endswith("/") or not path else path
                found = None if host.broken and re.search(host.broken, path) else files.get(name)
                self.send_response(200 if found is not None else 404)
                kinds = {
                    "html": "text/html; charset=utf-8",
                    "css": "text/css",
                    "js": "text/javascript",
                    "svg": "image/svg+xml",
                }
                self.send_header("Content-Type", kinds.get(name.rpartition(".")[2], "application/octet-stream"))
                self.send_header("Content-Length", str(len(found or b"")))
                self.send_header("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT")  # as static hosts do
                self.end_headers()
                self.wfile.write(found or b"")

            def do_HEAD(self) -> None:
                path = unquote(urlsplit(self.path).path).removeprefix(ROOT)
                self.send_response(200 if path in files else 404)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self.server.server_port}{ROOT}"


@pytest.fixture
def host(files: Mapping[str, bytes]) -> Iterator[_Host]:
    """Return a running host of the archive."""
    made = _Host(files)
    with running(made.server):
        yield made


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a tab, which must end without an error of a script."""
    context = browser.new_context()
    tab, errors = context.new_page(), list[str]()
    tab.on("pageerror", lambda error: errors.append(str(error)))
    yield tab
    assert tab.url.startswith("file:") or tab.evaluate("window.ran") is None
    context.close()
    assert not errors


def _search(page: Page, host: _Host, query: str, more: str = "") -> None:
    page.goto(f"{host.root}search/?q={quote(query)}{more}")
    _settle(page)


def _settle(page: Page) -> None:
    expect(page.locator("#count")).not_to_have_text(re.compile("^(Searching.*)?$"))
    expect(page.locator("#results .coming")).to_have_count(0)


def _await(page: Page, condition: str) -> None:
    """Wait until `condition` holds; the tool's own waiting is against the page's policy."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never: {condition}")


def _titles(page: Page) -> list[str]:
    return page.locator("#results h2").all_inner_texts()


def test_nothing_of_search_loads_before_it_is_used(page: Page, host: _Host) -> None:
    """Other pages ask for no file of search; the search page, before anything is typed, for scripts and index.bin."""
    page.goto(host.root)
    page.wait_for_load_state("networkidle")
    assert not [path for path in host.asked if "search" in path]

    page.goto(f"{host.root}search/")
    page.wait_for_load_state("networkidle")
    assert [path for path in host.asked if path.endswith(".bin")] == ["search/index.bin"]
    assert [path.rpartition("/")[2] for path in host.asked if "js/search" in path] == ["search.js"]
    assert page.locator("#start").is_visible()


@pytest.mark.parametrize("start", ["", "day/2026-02-02/", "paper/2602.00001/", "archive/"])
def test_box_of_every_page_leads_to_results(page: Page, host: _Host, start: str) -> None:
    """The box in the header searches from every depth; "/" goes to it."""
    page.goto(host.root + start)
    page.keyboard.press("/")
    page.keyboard.type("contextual grounding")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{host.root}search/?q=contextual+grounding")
    _settle(page)

    assert _titles(page)[0] == "Contextual Grounding"


def test_hit_is_the_card_with_its_words_marked(page: Page, host: _Host) -> None:
    """A hit is a card: its links work, its abstract is open, the words asked for are marked."""
    _search(page, host, "in-context grounding")
    first = page.locator("#results > li").first

    assert first.locator(".abstract").is_visible()
    assert {"Grounding", "In-context"} <= set(first.locator("mark").all_inner_texts())
    first.locator("h2 a").click()
    page.wait_for_url(f"{host.root}paper/2602.00001/")


def test_state_is_in_the_address(page: Page, host: _Host) -> None:
    """Query, order, filters and page number make an address; Back and Forward go through them."""
    _search(page, host, "agents")
    expect(page.locator("#count")).to_contain_text("40 papers for “agents” (0.")
    page.get_by_role("link", name="Next").click()
    _settle(page)
    assert "page=2" in page.url
    assert page.locator("#results > li").first.get_attribute("value") == "11"
    page.get_by_label("Order").select_option("newest")
    _settle(page)
    assert page.url.endswith("?q=agents&sort=newest")
    page.go_back()
    _settle(page)
    assert "page=2" in page.url
    assert page.get_by_label("Order").input_value() == "relevance"
    page.go_back()
    _settle(page)
    assert page.locator("#results > li").first.get_attribute("value") == "1"
    assert page.locator("#q").input_value() == "agents"


def test_filters_narrow(page: Page, host: _Host) -> None:
    """Period and code keep only papers that have them, alone as well as with words."""
    _search(page, host, "reward hacking", "&code=1")
    assert _titles(page) == ["Contextual Grounding"]
    page.goto(f"{host.root}search/?to=2025-12")
    _settle(page)
    assert _titles(page) == ["Diffusion for video"]


def test_subjects_are_offered_and_narrow(page: Page, host: _Host) -> None:
    """The filter of subjects offers those that papers have; a chosen one leaves its papers."""
    page.set_viewport_size({"width": 1280, "height": 800})
    _search(page, host, "reward hacking")
    page.get_by_label("Subject").focus()
    expect(page.locator("#subjects option")).to_have_attribute("value", "cs.CL")
    page.get_by_label("Subject").fill("cs.CL")
    page.get_by_label("Subject").press("Enter")
    page.wait_for_url("**subject=cs.CL*")
    _settle(page)

    assert _titles(page) == ["Contextual Grounding"]


def test_author_narrows_and_leads_to_their_page_and_feed(page: Page, host: _Host) -> None:
    """A chosen author leaves their papers, and the page tells of all of them and of the feed where there is one."""
    page.goto(f"{host.root}search/?author=Ada+Lovelace")
    _settle(page)

    assert len(_titles(page)) == 10 and HOSTILE not in _titles(page)
    note = page.locator("#notes")
    expect(note).to_have_text("All papers of Ada Lovelace as a feed")
    assert note.get_by_role("link", name="a feed").evaluate("link => link.href").endswith("/ada-lovelace/feed.xml")


def test_results_come_while_one_types(page: Page, host: _Host) -> None:
    """What is typed is searched for after a pause, under one address: Back leaves the search."""
    page.goto(host.root)
    page.goto(f"{host.root}search/")
    page.locator("#q").press_sequentially("grounding", delay=20)
    expect(page.locator("#results h2").first).to_have_text("Contextual Grounding")

    assert page.url.endswith("?q=grounding")
    page.go_back()
    page.wait_for_url(host.root)


def test_back_goes_to_the_place_one_left(page: Page, host: _Host) -> None:
    """Back from a paper shows the results scrolled as they were."""
    _search(page, host, "agents")
    page.evaluate("scrollTo(0, 900)")
    _await(page, "history.state?.top === 900")
    page.locator("#results h2 a").nth(4).evaluate("link => link.click()")
    page.wait_for_url("**/paper/**")
    page.go_back()

    _await(page, "scrollY === 900")


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("schrodinger", HOSTILE),
        ("Schrödinger", HOSTILE),
        ("上下文", HOSTILE),
        ("contextual grounding", "Contextual Grounding"),
        ("diffuson", "Diffusion for video"),
        ("diffu*", "Diffusion for video"),
        ("title:video", "Diffusion for video"),
        ('"reward hacking"', "Contextual Grounding"),
    ],
)
def test_query_finds(page: Page, host: _Host, query: str, title: str) -> None:
    """What a person types finds the paper they mean."""
    _search(page, host, query)

    assert _titles(page)[0] == title


def test_list_of_the_reader_is_a_filter_where_there_is_one(page: Page, host: _Host) -> None:
    """The papers of the list that the reader's tools keep narrow the results; without them nothing is offered."""
    page.goto(f"{host.root}search/")
    assert not page.locator("#mine").is_visible()

    page.evaluate(
        "localStorage.setItem('broadsheet:list:/papers/', "
        """'{"papers": [{"id": "2602.00003"}, {"id": "2602.00001"}, {"id": 5}], "version": 1}')"""
    )
    _search(page, host, "reward hacking", "&list=1")
    assert set(_titles(page)) == {"Contextual Grounding", "Diffusion for video"}
    page.evaluate("localStorage.setItem('broadsheet:list:/papers/', '{broken')")
    _search(page, host, "reward hacking")
    assert not page.locator("#mine").is_visible()


@pytest.mark.parametrize(
    ("form", "begins"),
    [("txt", "2602.00001\n"), ("md", "- [Contextual Grounding](<http"), ("bib", "@")],
)
def test_results_are_saved_as_a_file(page: Page, host: _Host, form: str, begins: str) -> None:
    """Ids, Markdown and BibTeX of the results are a download that the browser makes."""
    _search(page, host, "contextual grounding")
    with page.expect_download() as waiting:
        page.locator(f"#save button[value={form}]").click()

    assert waiting.value.suggested_filename == f"papers.{form}"
    assert Path(waiting.value.path()).read_text("utf-8").startswith(begins)


def test_keys_go_through_the_results(page: Page, host: _Host) -> None:
    """J and k move among the results, Enter opens one: keys are the reader's tools', which come after the results."""
    _search(page, host, "agents")
    expect(page.locator("button.theme.ready")).to_have_count(1)
    page.locator("body").press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.closest('li').id") == "p2"
    page.keyboard.press("Enter")
    page.wait_for_url("**/paper/*/")


def test_passages_show_where_the_words_are(page: Page, host: _Host) -> None:
    """Instead of abstracts their passages can be shown, and that is remembered."""
    _search(page, host, "reward hacking")
    page.locator("#abstracts").select_option("passages")
    _search(page, host, "grounds words")

    assert page.locator("#abstracts").input_value() == "passages"
    assert "grounds words" in page.locator("#results p.abstract").first.inner_text()


def test_slip_is_told(page: Page, host: _Host) -> None:
    """A word that no paper has is replaced, and the page says so."""
    _search(page, host, "diffuson")

    expect(page.locator("#notes")).to_contain_text("No paper has “diffuson”; these have “diffusion”.")


def test_id_alone_opens_its_paper(page: Page, host: _Host) -> None:
    """An id leads to the page of its paper, and Back does not return to the search that leads there again."""
    page.goto(host.root)
    page.goto(f"{host.root}search/")
    page.locator("#q").fill("arXiv:2602.00003v1")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{host.root}paper/2602.00003/")


@pytest.mark.parametrize(
    "query",
    [
        "<img src=x onerror=window.ran=1>",
        "zzzzqqqq",
        "x" * 5000,
        '"' * 99,
        "constructor __proto__",
        "(((*~^:+-",
        "\u202e\u0000",
        "𝒳" * 50,
    ],
)
def test_anything_is_harmless(page: Page, host: _Host, query: str) -> None:
    """Nothing that is typed runs or fails; what finds nothing says what to do."""
    page.goto(f"{host.root}search/")
    page.locator("#q").fill(query)
    page.locator("#q").press("Enter")
    _settle(page)

    assert page.evaluate("window.ran") is None
    assert page.locator("#results > li").count() or page.locator("#hints").is_visible()


def test_title_is_text(page: Page, host: _Host) -> None:
    """Markup in a title or a name is shown, not obeyed."""
    _search(page, host, "schrodinger")

    assert _titles(page) == [HOSTILE]
    assert page.locator("#results img").count() == 0


def test_words_are_offered_while_typing(page: Page, host: _Host) -> None:
    """The words of the archive that begin as typed are offered behind what stands before."""
    page.goto(f"{host.root}search/")
    page.locator("#q").press_sequentially("agents dif")

    expect(page.locator("#offers option").first).to_have_attribute("value", "agents diffusion")
    page.keyboard.press("Escape")
    assert page.locator("#q").input_value() == ""


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("index.bin$", "did not load"),
        ("recent/", "index for 2025–2026. Papers may be missing"),
        ("cards/", "did not come"),
    ],
)
def test_part_that_does_not_come_is_told(page: Page, host: _Host, broken: str, said: str) -> None:
    """A part that fails to load leaves a page that says so, and a way to try again."""
    host.broken = broken
    page.goto(f"{host.root}search/?q=agents")

    expect(page.locator(".list")).to_contain_text(said)


def test_page_asks_no_other_host(page: Page, host: _Host) -> None:
    """All of search comes from the site's own address."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    _search(page, host, "agents memory")

    assert asked
    assert not [url for url in asked if not url.startswith(host.root)]


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_while_results_come(page: Page, host: _Host, width: int) -> None:
    """Cards come in any order and have any height (https://web.dev/articles/cls)."""
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => {"
        " for (const entry of list.getEntries()) window.moved += entry.value;"
        "}).observe({ type: 'layout-shift', buffered: true })"
    )
    page.goto(f"{host.root}search/?q=memory")
    expect(page.locator("#results > li.coming")).to_have_count(0)
    expect(page.locator("#results > li")).to_have_count(10)
    page.wait_for_timeout(100)

    assert page.evaluate("window.moved") == 0


def test_first_query_is_light(page: Page, host: _Host) -> None:
    """A query asks for a file once."""
    _search(page, host, "agents memory")
    parts = [path for path in host.asked if path.endswith((".bin", ".js"))]

    assert len(parts) == len(set(parts))
    assert len(parts) <= 20


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "?q=in-context+grounding", "?q=zzzzqqqq"])
def test_page_is_accessible(browser: Browser, host: _Host, width: int, scheme: str, query: str) -> None:
    """Checked by axe, nothing is wrong, and no page is wider than the screen."""
    context: BrowserContext = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{host.root}search/{query}")
    if query:
        _settle(page)
    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_page_is_valid(files: Mapping[str, bytes]) -> None:
    """A strict parser reads the search page."""
    HTMLParser(strict=True).parse(files["search/index.html"].decode())


def test_page_without_scripts_says_where_to_look(browser: Browser, host: _Host, files: Mapping[str, bytes]) -> None:
    """Without scripts there are links, and a form to a general search engine limited to this site."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{host.root}search/?q=agents")

    assert page.locator("#ways a").first.is_visible()
    assert not page.locator("#search").is_visible()
    context.close()
    advice = " ".join(re.findall(r"(?s)<noscript>(.*?)</noscript>", files["search/index.html"].decode()))
    assert "needs JavaScript" in advice
    assert 'action="https://duckduckgo.com/"' in advice


def test_plain_folder_says_what_to_do(page: Page, files: Mapping[str, bytes], tmp_path: Path) -> None:
    """Opened from a folder, where a browser lets no script read files, the page says how to search."""
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    page.goto((tmp_path / "day/2026-01-05/index.html").as_uri())
    page.locator(".seek input").fill("agents")
    page.locator(".seek input").press("Enter")
    page.wait_for_url("**/search/index.html?q=agents")

    assert page.get_by_text("broadsheet serve").is_visible()
    assert page.locator("#ways a").first.is_visible()
