"""RSS, Atom and JSON Feed."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from generator.model import Author, Featured, Paper
from generator.outputs import feeds
from generator.outputs.feeds.feed import paper_id
from tests.support import SETTINGS, paper_of, site

ZURICH = SETTINGS.replace("}", ", timezone: Europe/Zurich, curator: Jo}")
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
ATOM = "{http://www.w3.org/2005/Atom}"
DIGESTS = ("day/latest/", "week/latest/")
UGLY = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


def feeds_of(*papers: Paper, **given_: Any) -> dict[str, bytes]:
    """Return every feed of papers of the site of `papers` by its path; news and digests are no such feeds."""
    made = {str(artifact.path): artifact.data for artifact in feeds.OUTPUT.files(site(*papers, **given_))}
    return {path: data for path, data in made.items() if not path.startswith(("changes/", "status/", *DIGESTS))}


def ids(files: Mapping[str, bytes], folder: str = "") -> dict[str, list[str]]:
    """Return the ids of the papers in the three feeds of a page."""
    rss, atom = (etree.fromstring(files[folder + name]) for name in ("feed.xml", "atom.xml"))
    return {
        "rss": [guid.text or "" for guid in rss.iter("guid")],
        "atom": [entry.findtext(f"{ATOM}id", "") for entry in rss_entries(atom)],
        "json": [item["id"] for item in json.loads(files[f"{folder}feed.json"])["items"]],
    }


def rss_entries(atom: etree._Element) -> list[etree._Element]:
    """Return the entries of an Atom feed."""
    return list(atom.iter(f"{ATOM}entry"))


def listed(count: int, *, days: int, first: str = "2026-01-05", **fields: object) -> list[Paper]:
    """Return `count` papers, each on one of `days` days in turn."""
    start = date.fromisoformat(first)
    return [
        paper_of(f"2601.{n:05}", day=str(start + timedelta(days=n % days)), rank=n // days + 1, **fields)
        for n in range(count)
    ]


def test_the_three_formats_hold_the_same_papers() -> None:
    """In order of day and rank, whatever the format."""
    found = ids(feeds_of(*listed(8, days=2)))

    assert found["rss"] == [f"oai:arXiv.org:2601.{n:05}" for n in (1, 3, 5, 7, 0, 2, 4, 6)]
    assert found["atom"] == found["json"] == found["rss"]


def test_a_feed_has_its_number_of_papers_or_three_full_days() -> None:
    """Who reads a feed once in three days misses nothing."""
    few = SETTINGS + "feeds: {items: 4}\n"

    assert len(ids(feeds_of(*listed(40, days=20), settings=few))["rss"]) == 6
    assert len(ids(feeds_of(*listed(40, days=40), settings=few))["rss"]) == 4
    assert len(ids(feeds_of(*listed(40, days=4), settings=few))["rss"]) == 30


def test_withdrawn_papers_are_in_no_feed() -> None:
    """What was withdrawn is not news."""
    found = ids(feeds_of(paper_of(), paper_of("2602.00002", withdrawn="by its authors")))

    assert found["rss"] == found["atom"] == found["json"] == ["oai:arXiv.org:2602.00001"]


def test_a_paper_that_was_on_no_list_comes_when_it_was_published() -> None:
    """An archive without days has a feed all the same; a paper without any date is in none."""
    files = feeds_of(paper_of(featured=()), paper_of("2602.00002", featured=(), published=None))

    assert ids(files)["rss"] == ["oai:arXiv.org:2602.00001"]
    assert b"<pubDate>Fri, 30 Jan 2026 00:00:00 +0000</pubDate>" in files["feed.xml"]


def test_ids_do_not_depend_on_the_address() -> None:
    """An archive that moves shows no paper twice, and stays the same feed."""
    moved = SETTINGS.replace("https://example.org/papers/", "https://elsewhere.example/")
    here, there = (feeds_of(paper_of(), paper_of("local-1"), settings=text) for text in (SETTINGS, moved))

    assert ids(here) == ids(there)
    names = [etree.fromstring(files["atom.xml"]).findtext(f"{ATOM}id") for files in (here, there)]
    assert names[0] == names[1]


def test_ids_are_for_ever() -> None:
    """These very ids are in readers' databases: a change would show every paper once more."""
    assert paper_id(paper_of("2512.07783")) == "oai:arXiv.org:2512.07783"
    assert paper_id(paper_of("hep-ex/0406020")) == "oai:arXiv.org:hep-ex/0406020"
    assert paper_id(paper_of("local-1")) == "urn:uuid:eb32fe7f-069d-55ea-9c24-91574520e69a"


def test_dates_are_those_of_the_data_where_the_archive_is() -> None:
    """A paper came at midnight of its day; what changed later says so, and only then."""
    old = paper_of(day="2026-02-02")
    new = paper_of("2602.00002", day="2026-02-02", updated=date(2026, 7, 1))
    files = feeds_of(old, new, settings=ZURICH)
    atom = rss_entries(etree.fromstring(files["atom.xml"]))

    assert b"<pubDate>Mon, 02 Feb 2026 00:00:00 +0100</pubDate>" in files["feed.xml"]
    assert b"<lastBuildDate>Wed, 01 Jul 2026 00:00:00 +0200</lastBuildDate>" in files["feed.xml"]
    assert [entry.findtext(f"{ATOM}updated") for entry in atom] == [
        "2026-02-02T00:00:00+01:00",
        "2026-07-01T00:00:00+02:00",
    ]
    assert {entry.findtext(f"{ATOM}published") for entry in atom} == {"2026-02-02T00:00:00+01:00"}
    assert json.loads(files["feed.json"])["items"][1]["date_modified"] == "2026-07-01T00:00:00+02:00"


def test_an_item_says_all_that_readers_can_show() -> None:
    """One creator an author, one category a subject and topic, the whole abstract as text and as HTML."""
    paper = paper_of(subjects=("cs.CL",), title="On $x^2$", abstract="First *part*.\n\nSecond with $y$.", doi="10.1/x")
    files = feeds_of(paper)
    item = etree.fromstring(files["feed.xml"]).find("channel/item")

    assert item is not None
    assert item.findtext("title") == "On x²"
    assert [creator.text for creator in item.iter(f"{DC}creator")] == ["Ada Lovelace", "李明"]
    assert [category.text for category in item.iter("category")] == ["cs.CL", "engines", "notes"]
    assert item.findtext("description") == "First part.\n\nSecond with y."
    content = item.findtext(CONTENT, "")
    assert "<em>part</em>" in content
    assert "<math" in content
    assert 'href="https://example.org/papers/paper/2602.00001/"' in content
    assert 'href="https://doi.org/10.1/x"' in content
    [made] = json.loads(files["feed.json"])["items"]
    assert made["external_url"] == "https://arxiv.org/abs/2602.00001"
    assert made["_broadsheet"] == {"id": "2602.00001", "doi": "10.1/x"}


def test_every_item_of_json_feed_has_an_author() -> None:
    """Services that register papers refuse an item without one: who made the paper, or the archive, stands in."""
    files = feeds_of(paper_of(authors=()), paper_of("2602.00002", authors=(), organisation=None, rank=2))

    authors = [item["authors"] for item in json.loads(files["feed.json"])["items"]]

    assert authors == [[{"name": "Analytical Society"}], [{"name": "The Archive"}]]


@pytest.mark.parametrize(
    ("days", "skipped"), [(["2026-02-06", "2026-02-09"], True), (["2026-02-07"], False), ([], False)]
)
def test_weekends_are_skipped_where_they_are_empty(days: list[str], skipped: bool) -> None:
    """Readers need not ask on days that never have a list."""
    papers = [paper_of(f"2602.{n:05}", day=day) for n, day in enumerate(days)]

    assert (b"<day>Sunday</day>" in feeds_of(*papers)["feed.xml"]) == skipped


def test_names_with_enough_papers_have_feeds() -> None:
    """A topic, an organisation, a person: each with its own papers, none below the number the settings ask for."""
    files = feeds_of(*listed(10, days=5), paper_of("2602.00009", topics=("rare",), authors=(), organisation=None))

    folders = {path.rpartition("feed.xml")[0] for path in files if path.endswith("feed.xml")}
    assert folders == {
        "",
        "trending/",
        "topic/engines/",
        "topic/notes/",
        "org/analytical/",
        "author/ada-lovelace/",
        "author/李明/",
    }
    assert all(len(found) == 10 for found in ids(files, "topic/engines/").values())


def test_pages_name_their_own_feeds_first() -> None:
    """A page about a topic offers its feeds, then those of everything; other pages only the latter."""
    made = site(*listed(10, days=5))
    found = {
        page.url: [link.url for link in feeds.OUTPUT.links(made.edition, page) if link.type.endswith("rss+xml")]
        for page in made.pages
    }

    assert found["topic/engines/"] == ["topic/engines/feed.xml", "feed.xml"]
    assert found["paper/2601.00001/"] == found[""] == ["feed.xml"]
    assert found["day/2026-01-05/"] == ["day/latest/feed.xml", "feed.xml"]
    assert found["week/2026-W02/"] == ["week/latest/feed.xml", "feed.xml"]


def digests_of(kind: str, today: str) -> dict[str, tuple[str, ...]]:
    """Return the items of the digests of `kind` on the day `today`, in all three formats: ids by titles."""
    made = site(*listed(8, days=7), now=datetime.fromisoformat(f"{today}T08:00Z"))
    data = {str(each.path): each.data for each in feeds.OUTPUT.files(made)}
    folder = f"{kind}/latest/"
    rss, atom = (etree.fromstring(data[folder + name]) for name in ("feed.xml", "atom.xml"))
    found = [
        {item.findtext("title", ""): item.findtext("guid", "") for item in rss.iter("item")},
        {entry.findtext(f"{ATOM}title", ""): entry.findtext(f"{ATOM}id", "") for entry in rss_entries(atom)},
        {item["title"]: item["id"] for item in json.loads(data[f"{folder}feed.json"])["items"]},
    ]
    assert found[0] == found[1] == found[2]
    return {title: tuple(re.findall(r"paper/([\d.]+)/", data[f"{folder}feed.xml"].decode())) for title in found[0]}


def test_a_digest_is_a_list_that_is_over() -> None:
    """One item a day or week, and none of one that may still grow; it links to each of its papers."""
    assert list(digests_of("day", "2026-01-07")) == [
        "Tuesday, 6 January 2026: 1 paper",
        "Monday, 5 January 2026: 2 papers",
    ]
    assert digests_of("week", "2026-01-11") == {}
    [(title, papers)] = digests_of("week", "2026-01-12").items()
    assert title == "Week 2, 2026: 8 papers"
    assert len(set(papers)) == 8


def test_a_feed_stays_below_a_megabyte() -> None:
    """Readers refuse larger ones: the oldest papers are left out."""
    files = feeds_of(*listed(90, days=1, abstract="word " * 4000))

    assert all(len(data) <= 1_000_000 for data in files.values())
    assert ids(files)["rss"][0] == "oai:arXiv.org:2601.00000"


def test_no_link_is_relative() -> None:
    """A reader knows nothing of the page that a link came from; no other scheme than the web's is passed on."""
    paper = paper_of(abstract="See [there](../x/), https://example.com/a and [b](/c).", code="javascript:alert(1)")

    for path, data in feeds_of(paper).items():
        text = data.decode().replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace('\\"', '"')
        assert not re.findall(r'(?:href|src)="(?!https?://)[^"]*"', text), path
        assert "javascript" not in text, path


@settings(max_examples=40, deadline=None)
@given(title=UGLY, name=UGLY, abstract=UGLY, topic=UGLY)
def test_any_text_makes_feeds_that_a_strict_parser_reads(title: str, name: str, abstract: str, topic: str) -> None:
    """Text from anywhere breaks no feed, in an archive whose address holds what no comment may."""
    papers = [
        paper_of(f"2602.{n:05}", rank=n, title=title, authors=(Author(name=name),), abstract=abstract, topics=(topic,))
        for n in range(5)
    ]
    dashes = SETTINGS.replace("papers/", "papers--x/").replace("The Archive", "'A -- B]]>'")

    for path, data in feeds_of(*papers, settings=dashes).items():
        if path.endswith(".json"):
            assert json.loads(data)["items"]
            continue
        etree.fromstring(data)
        read = feedparser.parse(data)
        assert not read.bozo
        assert {entry.id for entry in read.entries} == {f"oai:arXiv.org:2602.{n:05}" for n in range(5)}


def test_an_archive_without_papers_has_feeds() -> None:
    """An address that was given to a reader answers from the first day."""
    files = feeds_of()

    names = ["atom.xml", "feed.json", "feed.xml"]
    assert sorted(files) == [*names, *(f"trending/{name}" for name in names)]
    assert ids(files) == {"rss": [], "atom": [], "json": []}


def test_a_paper_is_featured_again_under_the_same_id() -> None:
    """Its first day is the date that readers saw, whatever comes later."""
    again = (Featured(day=date(2026, 1, 5), rank=1), Featured(day=date(2026, 2, 2), rank=1))

    files = feeds_of(paper_of(featured=again))

    assert ids(files)["rss"] == ["oai:arXiv.org:2602.00001"]
    assert b"<pubDate>Mon, 05 Jan 2026" in files["feed.xml"]
