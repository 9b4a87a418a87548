"""How much a site says: less in a larger archive, and never a paper or a day without its page."""

import pytest

from generator.commands.weight import MANY_FILES, MANY_OF_A_FILE, MOST_BYTES, weight_of
from generator.extents import BARE, CORE, EXTENTS, FULL, LEAN, extent_of
from generator.publish.files import Kept
from tests.support import SETTINGS, files_of, paper_of, site


def built(extent: str) -> dict[str, str]:
    """Return the files of a small archive that is made as one of `extent`."""
    papers = [
        paper_of(f"2602.{number:05}", day=f"2026-02-{number % 20 + 1:02}", rank=number) for number in range(1, 40)
    ]
    return files_of(site(*papers, settings=f"{SETTINGS}size: {{extent: {extent}}}\n"))


def test_a_larger_archive_says_less() -> None:
    """Each extent asks more of a name than the one before, and makes fewer files of it."""
    assert [extent_of(papers).name for papers in (0, 5_000, 5_001, 15_000, 15_001, 25_000, 25_001, 10**7)] == [
        *("full", "full", "lean", "lean", "bare", "bare", "core", "core")
    ]
    for more, less in ((FULL, LEAN), (LEAN, BARE), (BARE, CORE)):
        assert all(more.least[kind] < less.least[kind] for kind in more.least)
        assert more.feed_least < less.feed_least
        assert set(less.beside_papers) < set(more.beside_papers)
        assert set(less.kinds) <= set(more.kinds)


@pytest.mark.parametrize("extent", EXTENTS)
def test_every_paper_and_period_has_its_page(extent: str) -> None:
    """What is left out is said in another format, or again: every paper, day, week, month and year has a page."""
    files, full = built(extent), built("full")

    pages = {path for path in full if path.endswith("/index.html") and path.startswith(("paper/", "day/", "week/"))}
    assert pages <= files.keys()
    assert "month/2026-02/index.html" in files
    assert "year/2026/index.html" in files


@pytest.mark.parametrize("extent", EXTENTS)
def test_no_page_names_a_file_that_is_not_made(extent: str) -> None:
    """The head of a page and its list of formats hold what there is."""
    files = built(extent)
    home = "https://example.org/papers/"

    for path in ("paper/2602.00001/", "day/2026-02-02/", "month/2026-02/"):
        page = files[f"{path}index.html"]
        for name in ("papers.bib", "papers.ris", "papers.csl.json", "index.json", "index.md"):
            assert (f'href="./{name}"' in page) == (path + name in files), (path, name)
    assert "latest.json" in files
    assert (f"{home}day/2026-02-02/index.json" in files["day/index.json"]) == ("day/2026-02-02/index.json" in files)


@pytest.mark.parametrize("extent", EXTENTS)
def test_my_list_offers_what_it_can_collect(extent: str) -> None:
    """A format that is put together from the files of papers is offered where papers have them."""
    files = built(extent)
    offered = {name: f'value="{name}"' in files["list/index.html"] for name in ("BibTeX", "RIS", "CSL-JSON")}

    assert offered == {
        name: f"paper/2602.00001/{file}" in files
        for name, file in (("BibTeX", "papers.bib"), ("RIS", "papers.ris"), ("CSL-JSON", "papers.csl.json"))
    }


def test_smaller_extents_are_smaller() -> None:
    """Bytes and files fall from one extent to the next."""
    sizes = [(len(files), sum(map(len, files.values()))) for files in map(built, EXTENTS)]

    assert sizes == sorted(sizes, reverse=True)


def test_a_heavy_site_is_warned_of() -> None:
    """Near a limit of hosts the build says so, and which folders and files weigh most."""

    def kept(size: int) -> Kept:
        return Kept(b"", b"", size, 0, 0)

    light = weight_of({"a/b": kept(5), "a/c/d": kept(6), "e": kept(7)})
    assert (light.size, light.files, light.warnings) == (18, 3, ())
    assert [(part.path, part.files, part.size) for part in light.folders] == [("a/", 2, 11)]
    assert [part.path for part in light.largest] == ["e", "a/c/d", "a/b"]
    assert "GB" in weight_of({f"{n}": kept(MOST_BYTES // 40) for n in range(38)}).warnings[0]
    assert "files" in weight_of({f"{n}": kept(1) for n in range(MANY_FILES)}).warnings[0]
    assert "x has" in weight_of({"x": kept(MANY_OF_A_FILE + 1)}).warnings[0]
