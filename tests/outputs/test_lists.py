"""Lists for machines: sitemap, robots.txt, OPML."""

import json
from datetime import date

from lxml import etree

from generator.model import Artifact, Author, Draft
from generator.outputs import citations, feeds, opml, robots, sitemap
from generator.pages import plan
from generator.pages.view import Page
from generator.site import Site
from tests.support import SETTINGS, files_of, paper_of, site

BASE = "https://example.org/papers/"
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def sitemaps(made: Site) -> dict[str, etree._Element]:
    """Return the sitemap files of `made` by path."""
    return {str(artifact.path): etree.fromstring(artifact.data) for artifact in sitemap.OUTPUT.files(made)}


def locations(root: etree._Element) -> dict[str, str]:
    """Return the dates in a sitemap file by address; the date may be missing."""
    return {item.findtext(f"{NAMESPACE}loc", ""): item.findtext(f"{NAMESPACE}lastmod", "") for item in root}


def with_pages(count: int) -> Site:
    """Return a site of `count` pages."""
    pages = plan(
        edition := site().edition,
        {},
        pages=(
            Page(url=f"p/{n}/", kind="paper", template="", title="", heading="", modified=date(2026, 1, 1 + n % 28))
            for n in range(count)
        ),
    )
    return Site(key=lambda _: b"", masthead=site().masthead, edition=edition, pages=pages, html=lambda _: "")


def test_the_sitemap_names_every_page_that_may_be_found() -> None:
    """With the date of its data; pages that say "noindex" are not in it."""
    changed = paper_of(day="2026-01-30", updated=date(2026, 2, 3))
    made = site(changed, paper_of("2602.00002", day="2026-02-02", authors=(Author(name="李明"),)))

    [(path, root)] = sitemaps(made).items()
    found = locations(root)

    assert path == "sitemap.xml"
    assert len(found) == sum(page.indexed for page in made.pages)
    assert found[f"{BASE}paper/2602.00001/"] == "2026-02-03"
    assert BASE in found
    assert f"{BASE}day/2026-01-31/" not in found
    assert f"{BASE}404.html" not in found
    assert all(url.isascii() for url in found)


def test_a_large_sitemap_comes_in_parts() -> None:
    """No file has more than fifty thousand addresses, and the first names all others."""
    files = sitemaps(with_pages(50_001))

    parts = locations(files["sitemap.xml"])
    assert files["sitemap.xml"].tag == f"{NAMESPACE}sitemapindex"
    assert parts == {f"{BASE}sitemap-1.xml": "2026-01-28", f"{BASE}sitemap-2.xml": "2026-01-04"}
    assert [len(files[url.removeprefix(BASE)]) for url in parts] == [50_000, 1]
    assert sitemaps(with_pages(50_000)).keys() == {"sitemap.xml"}


def test_robots_may_read_everything() -> None:
    """And learn where the sitemap is."""
    [file] = robots.OUTPUT.files(site())

    assert str(file.path) == "robots.txt"
    assert file.data.decode().splitlines() == ["User-agent: *", "Allow: /", "", f"Sitemap: {BASE}sitemap.xml"]


def test_opml_lists_every_feed_by_group() -> None:
    """Each in its group; what has no feed has no group."""
    papers = [
        paper_of(f"2602.{n:05}", rank=n, topics=('"C" & <D>',), organisation=None, authors=(Author(name="Ada"),))
        for n in range(10)
    ]
    made = site(*papers)
    files = {str(file.path): file.data for file in opml.OUTPUT.files(made)}
    body = etree.fromstring(files["feeds.opml"]).find("body")

    assert body is not None
    assert [group.get("title") for group in body] == ["Main", "Topics", "People"]
    assert [outline.get("title") for outline in body.iter("outline") if outline.get("xmlUrl")] == [
        "The Archive",
        "Daily digest",
        "Weekly digest",
        "Trending",
        "Changes",
        "Status",
        '"C" & <D>',
        "Ada",
    ]
    addresses = {outline.get("xmlUrl", "").removeprefix(BASE) for outline in body.iter("outline")} - {""}
    assert addresses == {str(feed.path) for feed in feeds.OUTPUT.files(made) if str(feed.path).endswith("feed.xml")}
    assert files.keys() == {"feeds.opml", "feeds/topics.opml", "feeds/people.opml"}
    alone = etree.fromstring(files["feeds/topics.opml"])
    assert [outline.get("title") for outline in alone.iter("outline")] == ["Topics", '"C" & <D>']


def test_browsers_learn_to_search_here_and_phones_to_keep_it() -> None:
    """The way of the search page, the name cut at a word; a picture that is there."""
    long = SETTINGS.replace("The Archive", "The Archive of Things <b>")
    files = files_of(site(paper_of(), settings=long))
    root = etree.fromstring(files["opensearch.xml"].encode())
    told = json.loads(files["manifest.webmanifest"])

    assert root.findtext("{*}ShortName") == "The Archive of"
    [way] = root.iter("{*}Url")
    assert way.get("template") == f"{BASE}search/?q={{searchTerms}}"
    assert told["name"] == "The Archive of Things <b>"
    assert [icon["src"] in files for icon in told["icons"]] == [True]


def test_the_page_about_feeds_offers_them_all_at_once() -> None:
    """Only that page, so that readers offer the feeds of other pages first."""
    made = site(paper_of())

    assert [page.url for page in made.pages if opml.OUTPUT.links(made.edition, page)] == ["feeds/"]


def test_a_citation_is_made_again_only_where_its_paper_or_key_changed() -> None:
    """The files of two sites that have one key are the same; what another paper changes is not theirs."""
    papers = [paper_of(f"2602.{n:05}", rank=n, title=f"Engine {n}", topics=(f"t{n % 2}",)) for n in range(8)]
    before = {file.path: file for file in citations.OUTPUT.files(site(*papers))}
    now = {file.path: file for file in citations.OUTPUT.files(site(*papers[:-1], paper_of("2602.00007", title="Loom")))}

    same = [path for path in now if path in before and key_of(now[path]) == key_of(before[path])]

    assert "paper/2602.00001/papers.bib" in same
    assert "paper/2602.00007/papers.ris" not in same
    assert all(now[path].data == before[path].data for path in same)


def key_of(file: Artifact | Draft) -> bytes:
    """Return the key of a draft."""
    assert isinstance(file, Draft)
    return file.key
