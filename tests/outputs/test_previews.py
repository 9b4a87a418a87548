"""Pictures for shared links."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from PIL import Image

from generator.outputs import previews
from generator.outputs.previews.drawing import SIZE, png
from generator.outputs.previews.preview import Preview
from tests.support import SETTINGS, paper_of, site

PAPERS = (paper_of(title="On $\\pi_0$"), paper_of("2602.00002", rank=2))


def pictures(chosen: str) -> dict[str, bytes]:
    """Return the pictures of a small site with the setting `chosen`."""
    made = site(*PAPERS, settings=f"{SETTINGS}previews: {{pages: {chosen}}}\n")
    return {str(file.path): file.data for file in previews.OUTPUT.files(made)}


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("none", []),
        ("archive", ["preview.png"]),
        ("days", ["day/2026-02-02/preview.png", "preview.png"]),
        (
            "papers",
            [
                "day/2026-02-02/preview.png",
                "paper/2602.00001/preview.png",
                "paper/2602.00002/preview.png",
                "preview.png",
            ],
        ),
    ],
)
def test_an_owner_says_which_pages_have_a_picture(chosen: str, expected: list[str]) -> None:
    """Each step of the setting adds to the one before."""
    assert sorted(pictures(chosen)) == expected


@pytest.mark.parametrize("chosen", ["archive", "days", "papers"])
def test_every_page_names_a_picture_that_exists(chosen: str) -> None:
    """With its address in full, its size, and words for who does not see it."""
    made = site(*PAPERS, settings=f"{SETTINGS}previews: {{pages: {chosen}}}\n")
    files = pictures(chosen)

    for page in made.pages:
        if page.template == "redirect.html":
            continue
        tags = {tag.get("property"): tag.get("content") for tag in html.fromstring(made.html(page)).iterfind(".//meta")}
        assert (tags["og:image"] or "").removeprefix("https://example.org/papers/") in files
        assert tags["og:image:alt"]


def test_without_pictures_no_page_names_one() -> None:
    """The setting `none` means none."""
    made = site(*PAPERS, settings=f"{SETTINGS}previews: {{pages: none}}\n")

    assert not [page.url for page in made.pages if "og:image" in made.html(page)]


def test_a_picture_is_drawn_again_only_where_it_says_something_else() -> None:
    """Its key is another one where its words are, and only there."""
    keys, fewer, again = (
        {file.path: file.key for file in previews.files(site(*papers))}
        for papers in (PAPERS, PAPERS[:1], tuple(reversed(PAPERS)))
    )

    assert keys == again
    assert not set(keys.values()) & set(fewer.values())


@settings(max_examples=30)
@given(above=st.text(max_size=200), headline=st.text(max_size=1000), below=st.text(max_size=500))
def test_any_text_makes_a_picture(above: str, headline: str, below: str) -> None:
    """However long and in whatever script: always a PNG of one size, small enough for those who fetch it."""
    data = png(Preview(above=above, headline=headline, below=below, name="The Archive"))

    image = Image.open(BytesIO(data))
    assert (image.format, image.size) == ("PNG", SIZE)
    assert len(data) < 60_000


@pytest.mark.parametrize("text", ["W" * 5000, "word " * 2000, "李明" * 300])
def test_long_texts_end_in_an_ellipsis(text: str) -> None:
    """A text that does not fit is cut, not drawn over the edge: the last columns stay paper."""
    image = Image.open(BytesIO(png(Preview(above=text, headline=text, below=text, name=text)))).convert("RGB")

    edge = image.crop((SIZE[0] - 60, 0, SIZE[0], SIZE[1]))
    assert len(edge.getcolors() or []) == 1
