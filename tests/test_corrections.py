"""Corrections last: what an editor renames, merges, splits or withdraws still answers, and /changes/ says why."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from lxml import html

from generator.cli import run
from generator.model import Author, Paper
from generator.store import disk
from tests.support import SETTINGS, files_of, paper_of, site

NOW = datetime(2026, 2, 3, 12, tzinfo=UTC)


class Desk:
    """An archive on disk, as an editor keeps it."""

    def __init__(self, root: Path, *papers: Paper) -> None:
        self.root = root
        (root / "archive.yml").write_text(SETTINGS + "topics: {min_papers: 1}\nfeeds: {min_papers: 1}\n")
        for paper in papers:
            disk.write_paper(root / "content", paper)

    def does(self, *arguments: str) -> int:
        """Run a command."""
        return run(["-C", str(self.root), "-q", *arguments], environment=dict(os.environ), clock=lambda: NOW)

    def publish(self) -> None:
        """Note the addresses, and build, as the workflow does."""
        assert self.does("addresses") == 0
        assert self.does("build") == 0

    def writes(self, name: str, text: str) -> None:
        """Write a file of content."""
        file = self.root / "content" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def page(self, url: str) -> str:
        """Return the words of a page, whatever answers there."""
        text = (self.root / "site" / url / "index.html").read_text()
        return " ".join(str(html.document_fromstring(text).xpath("string()")).split())

    def leads(self, url: str) -> str:
        """Return where a redirect leads."""
        text = (self.root / "site" / url / "index.html").read_text()
        found = html.document_fromstring(text).xpath("string(//link[@rel='canonical']/@href)")
        return str(found).removeprefix("https://example.org/papers/")

    def addresses(self) -> set[str]:
        """Return every page there is."""
        root = self.root / "site"
        return {file.parent.relative_to(root).as_posix() for file in root.rglob("index.html")}

    def news(self) -> list[str]:
        """Return the titles of the feed of changes."""
        return [item.title for item in feedparser.parse((self.root / "site/changes/feed.xml").read_bytes()).entries]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return an archive of three papers that was published once."""
    made = Desk(
        tmp_path,
        paper_of("2602.00001", authors=(Author(name="Wei Wang"), Author(name="Ada Lovelace")), topics=("LLMs",)),
        paper_of("2602.00002", authors=(Author(name="Wei Wang"),), topics=("large language models",), rank=2),
        paper_of("2602.00003", authors=(Author(name="A. Lovelace"),), topics=("notes",), day="2026-01-30"),
    )
    made.publish()
    return made


def test_acceptance_walk(desk: Desk) -> None:
    """Rename an author, merge two topics, withdraw a paper: old links answer, and the changes feed says why."""
    before = desk.addresses()
    desk.writes(
        "aliases.yml",
        """authors:
  Ada King: {names: [Ada Lovelace, A. Lovelace], date: 2026-02-01, reason: She changed her name.}
topics:
  large language models: {names: [LLMs], date: 2026-02-02, reason: One thing.}
""",
    )
    desk.writes(
        "overrides/2602.00003.yml",
        "reason: Its authors found an error.\ndate: 2026-02-03\nset: {withdrawn: an error in section 3}\n",
    )
    desk.publish()

    assert before <= desk.addresses()
    assert desk.leads("author/ada-lovelace") == desk.leads("author/a-lovelace") == "author/ada-king/"
    assert desk.leads("topic/llms") == "topic/large-language-models/"
    assert "Withdrawn: an error in section 3" in desk.page("paper/2602.00003")
    assert desk.news() == [
        "Withdrawal: Paper 2602.00003",
        "Merged names: large language models",
        "Merged names: Ada King",
    ]
    said = desk.page("changes")
    assert all(words in said for words in ("She changed her name.", "One thing.", "Its authors found an error."))
    assert "2602.00003" not in (desk.root / "site/feed.xml").read_text()
    assert desk.does("check") == 0


def test_who_subscribed_to_a_name_keeps_its_feed(desk: Desk) -> None:
    """Readers of feeds follow no page: the old address gives the feed of the name that stays."""
    desk.writes("aliases.yml", "topics: {large language models: [LLMs]}\n")
    desk.publish()
    topics = desk.root / "site/topic"
    old = feedparser.parse((topics / "llms/feed.xml").read_bytes())
    new = feedparser.parse((topics / "large-language-models/feed.xml").read_bytes())

    assert [item.id for item in old.entries] == [item.id for item in new.entries]
    assert len(old.entries) == 2


def test_a_name_of_several_is_a_choice(desk: Desk) -> None:
    """Papers go to the part that claims them; who follows an old link chooses."""
    desk.writes(
        "aliases.yml",
        """authors:
  Wei Wang:
    date: 2026-02-01
    reason: Two people.
    split:
      Wei Wang (Tsinghua): {papers: ['2602.00001']}
      Wei Wang (MIT): {organisations: [analytical]}
""",
    )
    desk.publish()

    assert "Two people." in desk.page("author/wei-wang")
    assert "Wei Wang (Tsinghua) 1 paper Wei Wang (MIT) 1 paper" in desk.page("author/wei-wang")
    assert "Not to be confused with Wei Wang (MIT)" in desk.page("author/wei-wang-tsinghua")
    assert desk.news() == ["Split name: Wei Wang"]
    assert desk.does("check") == 0


def test_papers_that_no_part_claims_stay(desk: Desk) -> None:
    """Nobody's guess moves a paper."""
    desk.writes("aliases.yml", "authors: {Wei Wang: {split: {Wei Wang (MIT): {papers: ['2602.00001']}}}}\n")
    desk.publish()

    assert "1 paper" in desk.page("author/wei-wang")
    assert "Not to be confused with Wei Wang (MIT)" in desk.page("author/wei-wang")


def test_a_duplicate_leads_to_the_paper_that_stays(desk: Desk) -> None:
    """The days of both lists have it; the record itself is kept."""
    desk.writes("overrides/2602.00003.yml", "reason: The same paper.\ndate: 2026-02-03\nduplicate_of: '2602.00001'\n")
    desk.publish()

    assert desk.leads("paper/2602.00003") == "paper/2602.00001/"
    assert "Paper 2602.00001" in desk.page("day/2026-01-30")
    assert desk.news() == ["Duplicate: Paper 2602.00001"]
    assert (desk.root / "content/papers/2602/2602.00003.md").is_file()
    assert desk.does("check") == 0


@pytest.mark.parametrize("other", ["2602.09999", "2602.00003"])
def test_a_duplicate_of_nothing_is_an_error(desk: Desk, other: str) -> None:
    """Or of itself."""
    desk.writes("overrides/2602.00003.yml", f"reason: x\ndate: 2026-02-03\nduplicate_of: '{other}'\n")

    assert desk.does("build") == 1


def test_whatever_was_published_answers(desk: Desk) -> None:
    """A paper is deleted, an author misspelt no longer, a topic met no more: each address says what happened."""
    before = desk.addresses()
    (desk.root / "content/papers/2602/2602.00003.md").unlink()
    desk.publish()

    assert before <= desk.addresses()
    assert "The paper 2602.00003 was in this archive once" in desk.page("paper/2602.00003")
    assert "No paper is filed under it any more" in desk.page("author/a-lovelace")
    assert desk.does("check") == 0
    assert "2602.00003" not in (desk.root / "site/sitemap.xml").read_text()


def test_a_name_that_had_a_page_keeps_it(tmp_path: Path) -> None:
    """Also where it has fewer papers than others need."""
    made = site(paper_of(topics=("engines",)), published=frozenset({"topic/engines/"}))

    assert "topic/engines/index.html" in files_of(made)
    assert "topic/engines/index.html" not in files_of(site(paper_of(topics=("engines",))))


def test_parts_of_lists_and_versions_lead_on() -> None:
    """The list or the paper is still there."""
    files = files_of(site(paper_of(), published=frozenset({"author/ada-lovelace/page/7/", "paper/2602.00001v9/"})))

    assert "papers/author/ada-lovelace/" in files["author/ada-lovelace/page/7/index.html"]
    assert "papers/paper/2602.00001/" in files["paper/2602.00001v9/index.html"]


def test_a_site_that_lost_too_much_is_refused(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Compared with what the last one said of itself."""
    told = json.loads((desk.root / "site/site.json").read_text())
    last = desk.root / "last.json"
    last.write_text(json.dumps(told | {"papers": 100, "newest": "2026-02-09"}))

    assert desk.does("check", "site", "--against", str(desk.root / "site/site.json")) == 0
    assert desk.does("check", "site", "--against", str(last)) == 1
    said = capsys.readouterr().out
    assert "97 papers of 100 would be lost, more than 5 %" in said
    assert "go back from 2026-02-09 to 2026-02-02" in said
    assert desk.does("check", "site", "--against", str(desk.root / "archive.yml")) == 2


@pytest.mark.parametrize(
    ("harm", "rule"),
    [
        (lambda root: (root / "index.html").unlink(), "part"),
        (lambda root: (root / "day/2026-02-02/index.html").unlink(), "part"),
        (lambda root: (root / "author/ada-lovelace/index.html").unlink(), "vanished"),
        (lambda root: (root / "x").symlink_to(root / "day"), "path"),
        (lambda root: (root / "a:b").write_text(""), "path"),
        (lambda root: os.truncate((root / "robots.txt"), 60_000_000), "size"),
    ],
)
def test_a_site_that_no_host_should_get(
    desk: Desk, harm: Callable[[Path], object], rule: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each thing that must not be published names itself."""
    harm(desk.root / "site")
    desk.does("check", "site")

    assert f" {rule}  " in capsys.readouterr().out
