"""The default theme: what its pages promise to every reader."""

import gzip
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import html
from lxml.html import HtmlElement
from playwright.sync_api import Browser, Page, Route

from generator.model import Author, Featured, Note, Notes, Paper, Version
from generator.render.engine import _FILTERS
from generator.render.policy import digest
from generator.render.theme import theme_of
from tests.conftest import serving
from tests.support import SETTINGS, files_of, html_pages, paper_of, site

BASE = "https://example.org/papers/"
LONG = "Incomprehensibilities" * 12


def nasty() -> tuple[Paper, ...]:
    """Return papers that look like nothing a designer would think of."""
    return (
        paper_of("2602.00001"),
        paper_of("2602.00002", rank=2, title="A long road: " + "and then another turn of it, " * 12 + "and home"),
        paper_of("2602.00003", rank=3, title="ورقة بحثية عن التعلم العميق", authors=(Author(name="محمد علي"),)),
        paper_of("2602.00004", rank=4, title=r"$\int_0^\infty e^{-x^2}\,dx$", abstract=f"So ${'a + ' * 40}b$ is it."),
        paper_of("2602.00005", rank=5, title=LONG, authors=(Author(name=LONG),), abstract=LONG, topics=(LONG,)),
        Paper(id="2602.00006", title="Nothing is known", featured=(Featured(day=date(2026, 2, 2), rank=6),)),
        paper_of(
            "hep-ex/0406020",
            rank=7,
            title="An old one & <b>marked</b>",
            authors=tuple(Author(name=f"Person {number}", affiliation="CERN") for number in range(664)),
            withdrawn="an error in section 3",
            doi="10.1000/182",
            journal="Phys. Rev. D 76 (2007) 013009",
            comment="37 pages",
            licence="http://creativecommons.org/licenses/by/4.0/",
            subjects=("hep-ex", "hep-ph"),
            updated=date(2026, 2, 1),
            versions=(Version(number=1, date=date(2026, 1, 30)), Version(number=2, date=date(2026, 2, 1))),
            code="https://example.org/code",
            stars=1234,
            abstract_by="the editors",
            summary="In short.",
            summary_by="a language model",
        ),
        paper_of("2602.00008", day="2026-01-29", topics=("engines",), title="Earlier, by others"),
        paper_of(
            "2602.00009",
            title="On two days",
            featured=(Featured(day=date(2026, 1, 28), rank=1), Featured(day=date(2026, 1, 29), rank=2)),
        ),
        Paper(id="0704.0001", title="On no list", authors=(Author(name="Ada Lovelace"),), published=date(2007, 4, 2)),
    )


@pytest.fixture(scope="module")
def files() -> Mapping[str, str]:
    """Return the files of an archive of nasty papers, in pages of four."""
    notes = Notes(
        pages=(Note(name="about", title="About", body="What *this* is.", menu=1),),
        days={date(2026, 2, 2): Note(name="2026-02-02", title="", body="A word from the editor.")},
    )
    return files_of(site(*nasty(), settings=SETTINGS + "lists: {page_size: 4}\n", notes=notes))


@pytest.fixture(scope="module")
def pages(files: Mapping[str, str]) -> Mapping[str, HtmlElement]:
    """Return every page by its path."""
    return {path: html.document_fromstring(text) for path, text in html_pages(files)}


def texts(element: HtmlElement, path: str) -> list[str]:
    """Return the text of every element at the XPath `path`, blanks made one."""
    return [" ".join(found.text_content().split()) for found in element.xpath(path)]


def card(files: Mapping[str, str], title: str, where: str = "day/2026-02-02/index.html") -> HtmlElement:
    """Return the card of the paper with `title`."""
    articles = html.document_fromstring(files[where]).iter("article")
    return next(article for article in articles if texts(article, "h2") == [title])


# --- every page ------------------------------------------------------------------------------------------------------


def test_every_page_says_once_what_it_is(pages: Mapping[str, HtmlElement]) -> None:
    """One <h1>, one title, a language, one main part with a way to skip to it."""
    for path, page in pages.items():
        assert len(page.xpath("//h1")) == 1, path
        assert page.xpath("string(//title)").endswith("The Archive"), path
        assert page.get("lang") == "en", path
        assert len(page.xpath("//main")) == 1, path
        assert "redirect" in page.xpath("//body/@data-page") or page.xpath("//body/a[1]/@href") == ["#main"], path


def test_pages_hold_no_style_script_or_handler_of_their_own(pages: Mapping[str, HtmlElement]) -> None:
    """But scripts whose digest the content security policy names, and data, which no browser runs."""
    for path, page in pages.items():
        assert not page.xpath("//style | //@style | //@*[starts-with(name(), 'on')]"), path
        inline = page.xpath("//script[not(@src)][not(@type='application/ld+json' or @type='application/json')]")
        allowed = page.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
        assert not [script for script in inline if digest(script.text) not in allowed], path


def test_pages_load_nothing_from_elsewhere(pages: Mapping[str, HtmlElement]) -> None:
    """Style sheet, script and icon are the site's own."""
    for path, page in pages.items():
        loaded = page.xpath("//@src | //link[@rel='stylesheet' or @rel='icon']/@href")
        assert loaded and not [url for url in loaded if "//" in url], path


def test_no_two_elements_share_an_id(pages: Mapping[str, HtmlElement]) -> None:
    """An anchor leads to one place."""
    for path, page in pages.items():
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), path


def test_every_link_leads_somewhere(files: Mapping[str, str], pages: Mapping[str, HtmlElement]) -> None:
    """Files exist for all internal addresses, and ids for all anchors."""
    links = [(path, url) for path, page in pages.items() for url in page.xpath("//*[not(@rel='preload')]/@href")]

    assert not [(path, url) for path, url in links if not _leads(url, path, files, pages)]


def _leads(url: str, path: str, files: Mapping[str, str], pages: Mapping[str, HtmlElement]) -> bool:
    whole = urljoin(BASE + path, url.replace("/papers/", BASE, 1) if url.startswith("/") else url)
    address, anchor = urldefrag(whole.partition("?")[0])
    if not address.startswith(BASE):
        return "//" in url
    target = unquote(address.removeprefix(BASE))
    target += "index.html" if not target or target.endswith("/") else ""
    if anchor:
        return bool(pages[target].xpath(f'//*[@id="{unquote(anchor)}"]'))
    return target in files


def test_what_is_unknown_is_not_shown(pages: Mapping[str, HtmlElement]) -> None:
    """No page says "None", "null", "0 comments" or "0 votes", and no label stands alone."""
    for path, page in pages.items():
        shown = " ".join(page.text_content().split())
        assert not [word for word in ("None", "null", " 0 comments", " 0 votes", "undefined") if word in shown], path
        # The search page's script fills two of its own.
        filled = "@class='facts' or @role='status' or @id='printed' or @id='where'"
        told = f"(//dd | //li | //h1 | //h2 | //h3 | //p)[not({filled})]"
        assert "" not in texts(page, told), path


def test_every_file_is_light(files: Mapping[str, str]) -> None:
    """A day of thirty papers weighs less than 100 KB compressed, style sheet included, and the style less than 20."""
    many = files_of(site(*(paper_of(f"2602.{n:05}", rank=n, abstract=f"{n} words " * 250) for n in range(1, 31))))
    style = next(text for path, text in files.items() if path.endswith("site.css"))

    assert len(gzip.compress(style.encode())) < 20_000
    assert len(gzip.compress((many["day/2026-02-02/index.html"] + style).encode())) < 100_000


# --- the head --------------------------------------------------------------------------------------------------------


def test_pages_that_are_not_for_search_engines_say_so(pages: Mapping[str, HtmlElement]) -> None:
    """A day without papers has no canonical address but `noindex`; a day with papers the other way round."""
    empty, day = pages["day/2026-02-01/index.html"], pages["day/2026-02-02/index.html"]

    assert empty.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert not empty.xpath("//link[@rel='canonical']")
    assert day.xpath("//link[@rel='canonical']/@href") == [BASE + "day/2026-02-02/"]
    assert not day.xpath("//meta[@name='robots']")


def test_reference_managers_find_every_author(pages: Mapping[str, HtmlElement]) -> None:
    """A paper's page carries title, all authors and ids for them, and nothing that is not known."""
    old, bare = pages["paper/hep-ex-0406020/index.html"], pages["paper/2602.00006/index.html"]

    def said(page: HtmlElement, name: str) -> list[str]:
        return list(page.xpath(f"//meta[@name='citation_{name}']/@content"))

    assert said(old, "title") == ["An old one & <b>marked</b>"]
    assert said(old, "author") == [f"Person {number}" for number in range(664)]
    assert said(old, "publication_date") == ["2026/01/30"]
    assert said(old, "doi") == ["10.1000/182"]
    assert said(old, "pdf_url") == ["https://arxiv.org/pdf/hep-ex/0406020"]
    assert not said(bare, "author") + said(bare, "publication_date") + said(bare, "doi")


# --- cards and lists -------------------------------------------------------------------------------------------------


def test_few_authors_are_named_and_many_are_counted(files: Mapping[str, str]) -> None:
    """Up to three names stand on the card; more open from their number, and forty are the most a card names."""
    crowd = card(files, "An old one & <b>marked</b>", "day/2026-02-02/page/2/index.html")

    assert not card(files, "Paper 2602.00001").xpath(".//div[@class='by']/details")
    assert texts(crowd, ".//div[@class='by']//summary") == ["664 authors"]
    assert len(crowd.xpath(".//div[@class='by']//details//a[contains(@href, '/author/')]")) == 40
    assert texts(crowd, ".//div[@class='by']//details//a[last()]") == ["624 more"]


def test_a_description_that_is_not_the_abstract_says_so(files: Mapping[str, str]) -> None:
    """Who wrote it is named beside it, on the card and on the page."""
    crowd = card(files, "An old one & <b>marked</b>", "day/2026-02-02/page/2/index.html")
    page = html.document_fromstring(files["paper/hep-ex-0406020/index.html"])

    assert texts(crowd, ".//p[@class='source']") == ["Description by the editors, not the paper’s abstract."]
    assert "Description by the editors, not the paper’s abstract." in texts(page, "//p[@class='source']")
    assert "Summary by a language model." in texts(page, "//p[@class='source']")


def test_numbers_go_on_across_pages_and_can_be_linked(pages: Mapping[str, HtmlElement]) -> None:
    """The fifth paper of a day is `#p5` on the second page."""
    second = pages["day/2026-02-02/page/2/index.html"]

    assert second.xpath("//ol[contains(@class, 'papers')]/li/@id") == ["p5", "p6", "p7"]
    assert second.xpath("//ol[contains(@class, 'papers')]/li/a/@href") == ["#p5", "#p6", "#p7"]
    assert texts(second, "//nav[@class='pager']//li") == ["First", "Previous", "Page 2 of 2", "All on one page"] * 2


def test_a_paper_on_two_days_tells_of_both(pages: Mapping[str, HtmlElement]) -> None:
    """The card on one day leads to the other."""
    assert texts(pages["day/2026-01-28/index.html"], "//p[@class='also']") == ["Also featured on 29 Jan 2026"]


def test_a_day_without_papers_says_why_and_leads_on(pages: Mapping[str, HtmlElement]) -> None:
    """The reason is on the page, with the nearest lists before and after."""
    empty = pages["day/2026-02-01/index.html"]

    assert texts(empty, "//p[@class='empty']")[0].startswith("No papers are featured at weekends.")
    assert empty.xpath("//nav[@class='steps']/a/@href") == ["../2026-01-29/", "../2026-02-02/"]


def test_an_empty_archive_says_how_to_begin() -> None:
    """Its owner sees the two commands; nothing is blank, nothing fails."""
    home = html.document_fromstring(files_of(site())["index.html"])

    assert texts(home, "//p[@class='empty']") == [
        "This archive is empty. Run broadsheet fetch or broadsheet import to add papers."
    ]


def test_the_current_section_is_marked(pages: Mapping[str, HtmlElement]) -> None:
    """The menu says where one is."""
    expected = {
        "day/2026-02-02/index.html": ["Day"],
        "author/ada-lovelace/index.html": ["People"],
        "people/index.html": ["People"],
        "about/index.html": ["About"],
        "year/2026/index.html": ["Archive"],
        "paper/2602.00001/index.html": [],
    }

    assert {path: texts(pages[path], "//nav[@aria-label='Main']//a[@aria-current]") for path in expected} == expected


# --- child themes ----------------------------------------------------------------------------------------------------


def test_a_child_theme_is_one_template_or_one_token(tmp_path: Path) -> None:
    """One file changes the way a card looks everywhere, one line a colour; all else stays the default's."""
    child = tmp_path / "theme" / "evening"
    (child / "templates" / "partials").mkdir(parents=True)
    (child / "theme.yml").write_text("extends: default\ntokens: {light: {accent: '#123456'}}\n")
    (child / "templates" / "partials" / "card.html").write_text("<article>{{ card.paper.title|inline }}!</article>\n")

    files = files_of(site(paper_of(title="One"), settings=SETTINGS + "theme: {name: evening}\n", root=tmp_path))
    style = next(text for path, text in files.items() if path.endswith("site.css"))

    assert "<article>One!</article>" in files["index.html"]
    assert "<article>One!</article>" in files["author/ada-lovelace/index.html"]
    assert "--accent:#123456;" in style and ".masthead" in style


def test_a_child_template_may_build_on_the_one_it_replaces(tmp_path: Path) -> None:
    """`{% extends "default/…" %}` reaches it, and a block replaces a part."""
    child = tmp_path / "theme" / "evening"
    (child / "templates").mkdir(parents=True)
    (child / "theme.yml").write_text("extends: default\n")
    (child / "templates" / "day.html").write_text(
        '{% extends "default/day.html" %}{% block skip %}Skip to the list{% endblock %}'
    )

    files = files_of(site(paper_of(), settings=SETTINGS + "theme: {name: evening}\n", root=tmp_path))
    day = files["day/2026-02-02/index.html"]

    assert "Skip to the list" in day and "Paper 2602.00001" in day


def test_the_contract_is_written_down() -> None:
    """docs/themes.md names every template, filter and token there is."""
    repository = Path(__file__).parent.parent
    default, text = repository / "theme" / "default", (repository / "docs" / "themes.md").read_text()
    names = {*_FILTERS, *re.findall(r"--([\w-]+):", stylesheet().partition("\n")[0])}
    names |= {file.name for file in (default / "templates").rglob("*.html")}

    assert not [name for name in sorted(names) if not re.search(rf"[`/]{re.escape(name)}[`(]", text)]


def stylesheet() -> str:
    """Return the style sheet of the default theme."""
    theme = theme_of("default", [Path(__file__).parent.parent / "theme"])
    return next(asset.data.decode() for asset in theme.assets if asset.path.name == "site.css")


def _luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_colour_of_text_can_be_read(mode: str) -> None:
    """Ink, soft ink and accent stand out from both grounds by 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    light_part, _, dark_part = stylesheet().partition("prefers-color-scheme:dark")
    part = dark_part.partition("}")[0] if mode == "dark" else light_part
    colours = dict(re.findall(r"--(\w+):(#\w{6});", part))

    for text in ("ink", "soft", "accent"):
        for ground in ("sheet", "wash"):
            light, dark = sorted((_luminance(colours[text]), _luminance(colours[ground])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


# --- in a browser ----------------------------------------------------------------------------------------------------

SHOWN = (
    "",
    "day/2026-02-02/",
    "day/2026-02-02/page/2/",
    "day/2026-02-01/",
    "week/2026-W05/",
    "month/2026-02/",
    "year/2026/",
    "archive/",
    "paper/2602.00001/",
    "paper/2602.00002/",
    "paper/2602.00003/",
    "paper/2602.00004/",
    "paper/2602.00005/",
    "paper/hep-ex-0406020/",
    "author/ada-lovelace/",
    "org/analytical/",
    "topic/engines/",
    "people/",
    "topics/",
    "feeds/",
    "list/",
    "about/",
    "404.html",
    "day/2026-02-02/all/",
    "archive/unlisted/",
    "trending/",
    "stats/",
    "map/",
    "changes/",
    "search/",
    "status/",
)


@pytest.fixture(scope="module")
def folder(files: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder the site lies in, below another one."""
    root = tmp_path_factory.mktemp("site") / "papers"
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Return the address of the site on a server, under a sub-path."""
    with serving(folder.parent) as root:
        yield f"{root}papers/"


def test_every_kind_of_page_is_looked_at(files: Mapping[str, str], pages: Mapping[str, HtmlElement]) -> None:
    """What the browser is shown below leaves no kind of page out but those that only lead elsewhere."""
    shown = {f"{path}index.html" if path.endswith("/") or not path else path for path in SHOWN}
    kinds = {path: page.xpath("string(//body/@data-page)") for path, page in pages.items()}

    assert shown <= files.keys()
    assert {*kinds.values()} - {"redirect"} == {kinds[path] for path in shown}


@pytest.mark.parametrize("width", [320, 390, 640])
def test_no_page_scrolls_sideways(browser: Browser, address: str, width: int) -> None:
    """Not on the narrowest phone, and not on a screen of 1280 pixels at 200 %."""
    page = browser.new_page(viewport={"width": width, "height": 700})
    wide = [path for path in SHOWN if _width(page, address + path) > width]
    page.close()

    assert not wide


def _width(page: Page, url: str) -> int:
    page.goto(url)
    return int(page.evaluate("document.scrollingElement.scrollWidth"))


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_shuts_anybody_out(
    browser: Browser, address: str, scheme: Literal["light", "dark"], width: int
) -> None:
    """Axe finds nothing to complain about, in light and dark, on a phone and on a desk."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page, axe, found = context.new_page(), Axe(), []
    for path in SHOWN:
        page.goto(address + path)
        found += [(path, rule["id"], rule["nodes"][0]["html"]) for rule in axe.run(page).response["violations"]]
    context.close()

    assert not found


@pytest.mark.parametrize("width", [390, 1280])
def test_everything_is_in_reach_without_javascript(browser: Browser, address: str, width: int) -> None:
    """From home to topics by the menu, and every abstract and name list opens."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(address)
    if page.locator(".more summary").is_visible():
        page.locator(".more summary").click()
    page.get_by_role("link", name="Topics", exact=True).click()
    topics = page.locator("h1").inner_text()
    page.goto(address + "topic/engines/")
    page.get_by_text("Abstract", exact=True).first.click()
    abstract = page.locator(".abstract").first.is_visible()
    context.close()

    assert (topics, abstract) == ("Topics", True)


def test_names_beside_a_day_narrow_its_list(browser: Browser, address: str) -> None:
    """A topic and an organisation leave the papers that have both; one click shows all again, in another order."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address + "day/2026-02-02/all/")
    shown = page.locator(".papers > li:visible")
    before = shown.count()
    for name in ("engines", "Analytical Society"):
        page.locator(".facets").get_by_role("link", name=name, exact=True).click()
    status = page.locator(".narrowing").inner_text()
    kept = shown.count()
    page.get_by_role("button", name=f"Show all {before} papers").click()
    after = shown.count()
    page.get_by_label("Order").select_option("title")
    titles = [title.partition(":")[0] for title in page.locator(".papers h2").all_inner_texts()]
    page.close()

    assert status.startswith(f"{kept} of {before} papers: engines and Analytical Society.")
    assert 0 < kept < before == after
    assert titles.index("A long road") < titles.index("Nothing is known") < titles.index("Paper 2602.00001")


def test_a_date_opens_its_list(browser: Browser, address: str) -> None:
    """The box of the archive leads to the day that was chosen."""
    page = browser.new_page()
    page.goto(address + "archive/")
    page.get_by_label("Go to the list of").fill("2026-01-28")
    page.get_by_role("button", name="Open").click()
    page.wait_for_url("**/day/2026-01-28/")
    page.close()


@pytest.mark.parametrize(
    ("asked", "said", "target"),
    [
        ("day/2031-05-05/", "The nearest day of this archive is 2026-02-02.", "day/2026-02-02/"),
        ("month/1999-13/", "The nearest day of this archive is 2026-01-28.", "day/2026-01-28/"),
        ("week/2026-W05/x", "The nearest day of this archive is 2026-01-28.", "day/2026-01-28/"),
        ("day/2026-02-30/", "The nearest day of this archive is 2026-02-02.", "day/2026-02-02/"),
        ("abs/2602.00001v7", "Perhaps you mean 2602.00001.", "paper/2602.00001/"),
        ("abs/hep-ex/0406020v2", "Perhaps you mean hep-ex/0406020.", "paper/hep-ex-0406020/"),
        (
            "paper/1706.03762/",
            "1706.03762 is not in this archive. See it at arXiv.",
            "https://arxiv.org/abs/1706.03762",
        ),
        ("author/grace-hopper/", "Search for “grace hopper”.", "search/?q=grace%20hopper"),
        ("author/100%25/a%2/", "Search for “a%2”.", "search/?q=a%252"),
    ],
)
def test_the_404_page_says_what_comes_nearest(
    browser: Browser, folder: Path, asked: str, said: str, target: str
) -> None:
    """A date leads to a day, an id to its paper or its source, a name to a search; at any depth."""
    page = browser.new_page()
    page.route("**/*", lambda route: _answer(route, folder))
    page.goto(f"{BASE}{asked}")
    help_ = page.locator("#meant a")
    help_.wait_for()
    told, href = page.locator("#meant").inner_text(), help_.get_attribute("href")
    page.close()

    assert told == said
    assert href == (target if "://" in target else f"/papers/{target}")


def _answer(route: Route, folder: Path) -> None:
    """Answer like a static host: a file, or the page for what is missing."""
    path = unquote(urlsplit(route.request.url).path).removeprefix("/papers/")
    file = folder / (f"{path}index.html" if path.endswith("/") or not path else path)
    is_there = file.is_file()
    route.fulfill(status=200 if is_there else 404, path=file if is_there else folder / "404.html")


def test_the_site_works_from_a_plain_folder(browser: Browser, folder: Path) -> None:
    """Opened as a file, one comes from home to a day to a paper to its author, and back."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((folder / "index.html").as_uri())
    way = []
    for name in ("Day", "Paper 2602.00001", "Ada Lovelace", "The Archive"):
        page.get_by_role("link", name=name, exact=True).first.click()
        page.wait_for_url(lambda url: url.endswith("/index.html"))
        way.append(page.locator("h1").inner_text())
    page.close()

    assert way == ["Monday, 2 February 2026", "Paper 2602.00001", "Ada Lovelace", "Papers of Monday, 2 February 2026"]


def test_print_is_for_paper(browser: Browser, address: str) -> None:
    """Black on white, abstracts open, no navigation, even for a reader who prefers the dark."""
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(address + "week/2026-W06/")
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    navigation = [nav for nav in page.locator("nav").all() if nav.is_visible()]
    abstract = page.locator(".abstract").first.is_visible()
    context.close()

    assert (ground, navigation, abstract) == ("rgb(255, 255, 255)", [], True)
