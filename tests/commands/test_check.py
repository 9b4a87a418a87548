"""Checking content and site."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import generator.outputs
from generator import cli
from generator.commands import check_data, check_site
from generator.commands.finding import Finding
from generator.model import Artifact, Author, Draft, Featured, Version
from generator.outputs import Output
from generator.publish import publish
from generator.registry import discover
from generator.store import disk
from tests.support import NOW, SETTINGS, paper_of, site

BASE = "https://example.org/papers/"


def check(root: Path, *arguments: str) -> int:
    """Run `broadsheet check` in the archive at `root`."""
    return cli.run(["-C", str(root), "check", *arguments], environment={}, clock=lambda: NOW)


def rules(found: list[Finding]) -> set[str]:
    """Return the rules that were broken."""
    return {finding.rule for finding in found}


@pytest.fixture(scope="module")
def artifacts() -> list[Artifact | Draft]:
    """Return every file of a small site, with an empty weekend, a redirect and pages of several parts."""
    papers = [paper_of(f"2601.{n:05}", day="2026-01-30", rank=n, abstract="With $x^2$.") for n in range(1, 60)]
    made = site(*papers, paper_of(topics=("engines", "C++")), redirects={"old/": "paper/2602.00001/"})
    return [one for output in discover(generator.outputs, "OUTPUT", Output).values() for one in output.files(made)]


@pytest.fixture
def built(tmp_path: Path, artifacts: list[Artifact | Draft]) -> Path:
    """Return a folder with that site."""
    publish(artifacts, tmp_path / "site")
    return tmp_path / "site"


def test_a_built_site_has_nothing_wrong(built: Path) -> None:
    """What the build makes passes every rule."""
    found, pages = check_site.findings(built, BASE)

    assert found == []
    assert pages == len(list(built.rglob("*.html")))


def replaced(pattern: str, text: str) -> Callable[[str], str]:
    """Return what changes the first `pattern` of a page into `text`, which must change it."""

    def change(page: str) -> str:
        changed = re.sub(pattern, text, page, count=1)
        assert changed != page
        return changed

    return change


@pytest.mark.parametrize(
    ("file", "change", "rule", "message"),
    [
        ("index.html", replaced("</main>", '<a href="paper/9/">x</a></main>'), "link", "'paper/9/' leads to no file"),
        ("404.html", replaced("</main>", '<a href="/papers/no/">x</a></main>'), "link", "leads to no file"),
        ("404.html", replaced("</main>", '<a href="/elsewhere/">x</a></main>'), "link", "leads to no file"),
        ("paper/2602.00001/index.html", replaced("</main>", '<a href="../../../x">x</a></main>'), "link", "no file"),
        ("index.html", replaced("</main>", f'<link rel="x" href="{BASE}no/"></main>'), "link", "to no file"),
        ("index.html", replaced("</main>", '<a href="#nowhere">x</a></main>'), "anchor", "no #nowhere on this page"),
        ("index.html", replaced("</main>", '<a href="imprint/#x">x</a></main>'), "link", "leads to no file"),
        ("index.html", replaced("</main>", '<a href="feeds/#x">x</a></main>'), "anchor", "no #x in feeds/index.html"),
        ("index.html", replaced("</main>", '<p id="main">x</p></main>'), "duplicate-id", "2 elements have"),
        ("index.html", replaced("</main>", '<img src="latest.md"></main>'), "alt", "no alternative text"),
        ("index.html", replaced('<link rel="canonical"[^>]*>', ""), "canonical", "has none"),
        ("feeds/index.html", replaced("/feeds/", "/topics/"), "canonical", f"has {BASE}topics/"),
        ("feed.xml", replaced("</channel>", ""), "feed", "channel"),
        ("feed.xml", replaced("<guid.*?</guid>", "<guid>oai:arXiv.org:2601.00001</guid>"), "feed", "2 papers have"),
        ("feed.xml", replaced(f"<link>{BASE}", "<link>/"), "feed", "not absolute"),
        ("feed.xml", replaced(f"<link>{BASE}paper", f"<link>{BASE}sheet"), "link", "leads to no file"),
        ("atom.xml", replaced("<feed", "<!DOCTYPE x [<!ENTITY a 'b'>]><feed"), "", ""),
        ("feed.json", replaced("{", "{{"), "feed", ""),
        ("latest.json", replaced("{", "{{"), "syntax", ""),
        ("feeds.opml", replaced("/feed.xml", "/food.xml"), "link", "leads to no file"),
        ("sitemap.xml", replaced(f"<loc>{BASE}<", f"<loc>{BASE}no/<"), "link", "leads to no file"),
        ("sitemap.xml", replaced(f"<loc>{BASE}<", "<loc>https://example.com/<"), "sitemap", "not an address of this"),
        ("sitemap.xml", replaced(f"<loc>{BASE}<", f"<loc>{BASE}404.html<"), "sitemap", "is not to be found"),
        ("sitemap.xml", replaced(f"<loc>{BASE}feeds/<", f"<loc>{BASE}<"), "sitemap", "does not name this page"),
    ],
)
def test_each_fault_is_found(built: Path, file: str, change: Callable[[str], str], rule: str, message: str) -> None:
    """One change to one file breaks one rule, and the finding names that file."""
    path = built / file
    path.write_text(change(path.read_text()))

    found, _ = check_site.findings(built, BASE)

    hits = [finding for finding in found if finding.rule == rule and message in finding.message]
    assert bool(hits) == bool(rule)
    assert rules(found) <= {rule, "sitemap", "feed"}
    if rule and "does not name" not in message and "not to be found" not in message:
        assert str(path) in {finding.file for finding in hits}


def test_a_link_is_found_with_its_line(built: Path) -> None:
    """An editor jumps to file and line."""
    path = built / "index.html"
    lines = path.read_text().splitlines()
    lines.insert(5, '<link rel="prev" href="nowhere/">')
    path.write_text("\n".join(lines))

    [found] = check_site.findings(built, BASE)[0]

    assert (found.file, found.line) == (str(path), 6)


def test_a_missing_file_is_found_wherever_it_is_named(built: Path) -> None:
    """Whatever takes a file away, each page, list and feed that leads to it is told."""
    (built / "paper" / "2602.00001" / "index.html").unlink()

    found, _ = check_site.findings(built, BASE)

    files = {Path(finding.file).relative_to(built).as_posix() for finding in found}
    assert files >= {"index.html", "day/2026-02-02/index.html", "feed.xml", "atom.xml", "sitemap.xml", "old/index.html"}


@pytest.mark.parametrize(
    ("fields", "rule", "key"),
    [
        ({"published": date(2026, 2, 9)}, "date-order", "published:"),
        ({"updated": date(2025, 1, 1)}, "date-order", "updated:"),
        (
            {"versions": (Version(number=1, date=date(2026, 1, 9)), Version(number=2, date=date(2026, 1, 1)))},
            "date-order",
            "versions:",
        ),
        ({"title": "ATTENTION IS ALL YOU NEED"}, "title-capitals", "title:"),
        ({"abstract": "Abstract: we show."}, "abstract-label", "---"),
        ({"abstract": r"We show $\frac{1$ here."}, "tex", "---"),
        ({"title": "The cafÃ© problem"}, "encoding", "title:"),
        ({"summary": "Tom &amp; Jerry"}, "encoding", "summary:"),
        ({"extra": {"auther": "Jo"}}, "unknown-key", "auther:"),
    ],
)
def test_suspicious_values_are_warned_of(tmp_path: Path, fields: dict[str, Any], rule: str, key: str) -> None:
    """With the file and the line of the header on which they stand."""
    paper = paper_of(**fields)
    disk.write_paper(tmp_path, paper)

    [found], papers = check_data.findings(tmp_path)

    path = disk.path_of(tmp_path, paper.key)
    assert (found.rule, found.warning, found.file, papers) == (rule, True, str(path), 1)
    assert path.read_text().splitlines()[found.line - 1].startswith(key)


def test_what_is_in_order_is_not_warned_of(tmp_path: Path) -> None:
    """A title of one word in capitals, a formula, an ampersand, a paper that is featured on its first day."""
    day = (Featured(day=date(2026, 1, 30), rank=1),)
    for number, title in enumerate(["BERT", "GPT-4 & R&D", "On $x^2$", "Ein Maß für Übung"]):
        disk.write_paper(tmp_path, paper_of(f"2602.{number:05}", title=title, featured=day, abstract="Abstract art."))

    assert check_data.findings(tmp_path) == ([], 4)


def test_two_papers_of_one_title_are_told(tmp_path: Path) -> None:
    """However it is spelled."""
    disk.write_paper(tmp_path, paper_of(title="An Engine"))
    disk.write_paper(tmp_path, paper_of("2602.00002", title="An  engine!"))

    [found], _ = check_data.findings(tmp_path)

    assert (found.rule, found.file) == ("duplicate-title", str(disk.path_of(tmp_path, "2602.00002")))
    assert "2602.00001" in found.message


def test_what_belongs_to_nothing_is_told(tmp_path: Path) -> None:
    """A correction of no paper, an alias of no name, words about a day outside the archive."""
    disk.write_paper(tmp_path, paper_of(authors=(Author(name="A. Lovelace"),)))
    for name in ("overrides", "days"):
        (tmp_path / name).mkdir()
    (tmp_path / "overrides" / "2602.00009.yml").write_text("reason: x\ndate: 2026-02-03\nset: {title: X}\n")
    (tmp_path / "days" / "2020-01-01.md").write_text("---\n---\n\nWords.\n")
    (tmp_path / "aliases.yml").write_text(
        "authors:\n  Ada Lovelace: [A. Lovelace, Adda Lovelace]\n  Charles Babbage: [C. Babage]\n"
    )

    found, _ = check_data.findings(tmp_path)

    assert rules(found) == {"override", "note", "alias"}
    assert all(finding.warning for finding in found)
    assert ["Charles Babbage" in finding.message for finding in found if finding.rule == "alias"] == [True]


def test_every_unreadable_file_is_an_error(tmp_path: Path) -> None:
    """A page, a correction and the aliases, all in one run."""
    (tmp_path / "papers" / "2602").mkdir(parents=True)
    (tmp_path / "papers" / "2602" / "2602.00001.md").write_text("no header")
    (tmp_path / "papers" / "2602" / "2602.00002.md").write_text("---\nid: '2602.00002'\ntitle: [\n---\n")
    (tmp_path / "overrides").mkdir()
    (tmp_path / "overrides" / "2602.00009.yml").write_text("set: {}\n")
    (tmp_path / "aliases.yml").write_text("people: {}\n")

    found, papers = check_data.findings(tmp_path)

    assert papers == 0
    assert {(Path(finding.file).name, finding.rule, finding.warning) for finding in found} == {
        (name, "content", False) for name in ("2602.00001.md", "2602.00002.md", "2602.00009.yml", "aliases.yml")
    }


@pytest.fixture
def archive(tmp_path: Path, artifacts: list[Artifact | Draft]) -> Path:
    """Return the folder of an archive with a site."""
    (tmp_path / "archive.yml").write_text(SETTINGS)
    disk.write_paper(tmp_path / "content", paper_of())
    publish(artifacts, tmp_path / "site")
    return tmp_path


def test_the_last_line_is_the_totals(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Warnings alone are no failure; one error is."""
    disk.write_paper(archive / "content", paper_of("2602.00002", title="ATTENTION IS ALL YOU NEED"))
    assert check(archive, "data") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 errors, 1 warning in 2 records"

    home = archive / "site" / "index.html"
    home.write_text(home.read_text().replace("</main>", '<a href="nowhere/">x</a></main>'))
    pages = len(list((archive / "site").rglob("*.html")))
    assert check(archive) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == f"1 error, 1 warning in 2 records and {pages} pages"
    assert re.fullmatch(r".*2602\.00002\.md:\d+ title-capitals  warning: the title is in capitals", said[0])
    assert re.fullmatch(r".*site/index\.html:\d+ link  error: 'nowhere/' leads to no file of the site", said[1])


def test_an_address_from_data_may_be_on_our_own_host(built: Path) -> None:
    """Pages lead to each other by relative links; a paper's project may live beside the archive."""
    page = built / "index.html"
    page.write_text(page.read_text().replace("</main>", f'<a href="{BASE}project/">x</a></main>'))

    found, _ = check_site.findings(built, BASE)

    assert not found


def test_a_site_that_was_never_built_can_only_be_asked_for_in_vain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a site, content is checked; who asks for the site learns how to make one."""
    (tmp_path / "archive.yml").write_text(SETTINGS)
    disk.write_paper(tmp_path / "content", paper_of())

    assert check(tmp_path) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 errors, 0 warnings in 1 record"
    assert check(tmp_path, "site") == 2
    assert "broadsheet build" in capsys.readouterr().err


def test_a_rule_that_is_broken_everywhere_is_cut_short(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One missing file must not bury everything else; the totals count all."""
    css = next(path for path in (archive / "site" / "assets").rglob("*.css"))
    css.unlink()
    for number in range(300):
        page = archive / "site" / "paper" / f"x{number}" / "index.html"
        page.parent.mkdir()
        page.write_bytes((archive / "site" / "404.html").read_bytes())

    assert check(archive, "site") == 1
    out, err = capsys.readouterr()
    assert len([line for line in out.splitlines() if " link  error" in line]) == 200
    assert "more findings not shown" in err
