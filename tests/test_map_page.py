"""The map in a browser: it draws, tells and opens papers by mouse and keys, and is words without a script."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import html
from playwright.sync_api import Browser, Page, expect

from tests.conftest import serving
from tests.support import bytes_of, files_of, paper_of, site

FIELDS = (
    ("robot arm grasp gripper torque joint motor", "robotics"),
    ("galaxy star telescope redshift quasar halo", "astronomy"),
)
COUNT = 60


@pytest.fixture(scope="module")
def files() -> Mapping[str, bytes]:
    """Return the files of an archive of two fields."""
    papers = []
    for number in range(COUNT):
        words, topic = FIELDS[number % 2]
        few = words.split()
        text = " ".join(few[(number // 2 + step) % len(few)] for step in range(4))
        papers.append(
            paper_of(
                f"2602.{number:05}",
                day=f"2026-01-{number % 28 + 1:02}",
                title=f"On {text} {number} <b>& more</b>",
                abstract=f"The {text}.",
                topics=(topic,),
            )
        )
    return bytes_of(site(*papers))


@pytest.fixture(scope="module")
def address(files: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the archive, and return its address."""
    folder = tmp_path_factory.mktemp("map")
    for path, data in files.items():
        target = folder / Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    with serving(folder) as root:
        yield root


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Return the map, drawn."""
    context = browser.new_context(viewport={"width": 1000, "height": 900}, reduced_motion="reduce")
    shown = context.new_page()
    shown.goto(f"{address}map/")
    expect(shown.locator("#map[data-ready]")).to_be_visible()
    yield shown
    context.close()


INKED = """() => {
  const { width, height } = map;
  const seen = map.getContext("2d").getImageData(0, 0, width, height).data;
  let dots = 0;
  for (let i = 3; i < seen.length; i += 4) dots += seen[i] > 60;
  return dots;
}"""


def test_points_names_and_titles_are_those_of_the_archive(files: Mapping[str, bytes]) -> None:
    """Four bytes a paper, its title where its point says, the topics where their papers are."""
    index = json.loads(files["map/index.json"])
    titles = json.loads(files["map/titles/0.json"])

    assert len(files["map/points.bin"]) == 4 * COUNT == 4 * index["papers"]
    assert [line[2] for line in titles] == sorted(line[2] for line in titles)
    assert all(f"paper/{line[1]}/index.html" in files for line in titles)
    assert {region["title"] for region in index["regions"]} == {"robotics", "astronomy"}
    assert index["fresh"] == sum(line[2] > "2026-01-21" for line in titles)


def test_the_words_lead_where_the_map_does(files: Mapping[str, bytes]) -> None:
    """Each topic is a heading with papers of its own."""
    tree = html.document_fromstring(files["map/index.html"].decode())
    sections = [each for each in tree.iter("section") if each.find("h3") is not None]

    assert len(sections) == 2
    for section in sections:
        links = [str(link.get("href")) for link in section.iter("a")]
        parity = 0 if "topic/robotics" in links[0] else 1
        assert len(links) == 6
        assert all(int(link.rstrip("/")[-5:]) % 2 == parity for link in links[1:])


def test_a_small_archive_has_no_map_yet() -> None:
    """It says so, and how many papers it takes."""
    files = files_of(site(paper_of()))

    assert "Not enough papers yet (1)" in files["map/index.html"]
    assert not [path for path in files if path.startswith("map/") and path != "map/index.html"]


def test_a_mouse_tells_and_opens_a_paper(page: Page, files: Mapping[str, bytes]) -> None:
    """Over a point its title is told; a click opens its page."""
    assert page.evaluate(INKED) > COUNT
    data = files["map/points.bin"]
    x, y = (int.from_bytes(data[start : start + 2], "little") / 65535 for start in (0, 2 * COUNT))
    box = page.locator("#map").bounding_box()
    assert box is not None
    width, height = box["width"] - 2, box["height"] - 2
    place = (
        box["x"] + box["width"] / 2 + (x - 0.5) * min(width, 1.7 * height) * 0.94,
        box["y"] + box["height"] / 2 + (y - 0.5) * min(height, 1.7 * width) * 0.94,
    )

    page.mouse.move(*place)
    expect(page.locator("#told a")).to_contain_text("<b>& more</b>")
    told = page.locator("#told a").get_attribute("href")
    with page.expect_navigation():
        page.mouse.click(*place)

    assert page.url == told


def test_keys_move_zoom_and_open(page: Page) -> None:
    """Who has no pointer goes to a topic, closer, around, and opens what is in the middle."""
    button = page.get_by_role("button", name="Show robotics on the map")
    button.press("Enter")
    expect(page.locator("#map")).to_be_focused()
    before = page.evaluate("map.toDataURL()")
    page.keyboard.press("+")
    page.keyboard.press("-")
    expect(page.locator("#told a")).to_contain_text("On ")
    assert page.evaluate("map.toDataURL()") != before
    told = page.locator("#told a").get_attribute("href")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.url == told


def test_the_wheel_belongs_to_the_page_until_the_map_is_chosen(page: Page) -> None:
    """Who scrolls past is not held; who chose the map zooms."""
    page.mouse.move(500, 500)
    page.mouse.wheel(0, 300)
    page.wait_for_function("scrollY > 0")
    page.evaluate("scrollTo(0, 0)")
    page.locator("#map").focus()
    page.mouse.move(500, 500)
    before = page.evaluate("[scrollY, map.toDataURL()]")
    page.mouse.wheel(0, -300)
    page.wait_for_function("before => map.toDataURL() !== before", arg=before[1])

    assert page.evaluate("scrollY") == before[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["map/", "stats/", "trending/"])
def test_no_barriers(browser: Browser, address: str, path: str, scheme: str) -> None:
    """Axe finds nothing, on a phone, in both schemes."""
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
    )
    shown = context.new_page()
    shown.goto(address + path)
    if path == "map/":
        expect(shown.locator("#map[data-ready]")).to_be_visible()

    found = Axe().run(shown)

    assert not found.response["violations"], found.generate_report()
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_without_a_script_everything_is_words_and_figures(browser: Browser, address: str) -> None:
    """The map is a list, and statistics are drawn as ever."""
    context = browser.new_context(java_script_enabled=False)
    shown = context.new_page()
    shown.goto(f"{address}map/")
    expect(shown.locator("#map")).to_be_hidden()
    expect(shown.get_by_role("link", name="robotics")).to_be_visible()
    assert shown.locator("button:visible[data-map]").count() == 0
    shown.goto(f"{address}stats/")
    expect(shown.get_by_role("img", name="Papers per month")).to_be_visible()
    context.close()
