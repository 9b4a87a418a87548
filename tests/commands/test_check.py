"""Checking content and site."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import generator.outputs
from generator import cli
from generator.commands.check import data as check_data
from generator.commands.check import report
from generator.commands.check import site as check_site
from generator.commands.check.finding import Finding
from generator.commands.check.rules import RULES
from generator.model import Artifact, Author, Draft, Featured, Version
from generator.outputs import Output
from generator.publish import publish
from generator.registry import discover
from generator.store import disk
from tests.conftest import REPOSITORY
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
        (
            "index.html",
            replaced("</main>", "<h2>A</h2><h4>B</h4></main>"),
            "headings",
            "of level 4 follows one of level 2",
        ),
        ("index.html", replaced("</main>", "<h1>B</h1></main>"), "headings", "has 2 headings of level 1"),
        ("index.html", replaced("</main>", '<a href="feeds/"><svg></svg></a></main>'), "name", "<a> says nothing"),
        ("index.html", replaced("</main>", "<button> </button></main>"), "name", "<button> says nothing"),
        ("index.html", replaced("</main>", "<input name=x placeholder=y></main>"), "name", "<input> has no label"),
        ("index.html", replaced("<html lang=[^>]*>", "<html>"), "metadata", "language"),
        ("index.html", replaced("<title>.*?</title>", "<title> </title>"), "metadata", "<title>"),
        ("index.html", replaced('<meta charset="utf-8">', ""), "metadata", "<meta charset>"),
        ("index.html", replaced('<meta name="viewport"[^>]*>', ""), "metadata", "viewport"),
        ("index.html", replaced('<meta name="description"[^>]*>', ""), "metadata", "description"),
        ("index.html", replaced('<meta http-equiv="Content-Security-Policy"[^>]*>', ""), "policy", "there is no Con"),
        ("old/index.html", replaced('<meta http-equiv="Content-Security-Policy"[^>]*>', ""), "policy", "there is no C"),
        ("index.html", replaced("</main>", "<script>alert(1)</script></main>"), "policy", "does not allow this script"),
        ("index.html", replaced("</main>", "<p>" + "word " * 200_000 + "</main>"), "weight", "the page has 1."),
        ("index.html", replaced("</main>", "</b></main>"), "syntax", "Unexpected end tag : b"),
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


def test_what_has_a_name_for_the_ear_is_in_order(built: Path) -> None:
    """A label around or beside a field, a picture's text, a word for screen readers: each is a name."""
    path = built / "index.html"
    named = (
        '<label>A <input></label><label for="f9">B</label><select id="f9"></select><textarea aria-label="C"></textarea>'
        '<input type="hidden"><a href="feeds/"><img alt="D" src="latest.md"></a><button title="E"></button>'
        '<a href="feeds/"><span>F</span></a><script type="application/ld+json">{}</script>'
    )
    path.write_text(path.read_text().replace("</main>", f"{named}</main>"))

    assert check_site.findings(built, BASE)[0] == []


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


@pytest.mark.parametrize(
    ("moves", "circle"),
    [
        ({"a/": "b/", "b/": "a/"}, {"a/", "b/"}),
        ({"a/": "b/", "b/": "c/", "c/": "a/", "d/": "a/"}, {"a/", "b/", "c/"}),
        ({"a/": "b/", "b/": "c/"}, set()),
    ],
)
def test_redirects_that_go_round_are_errors(tmp_path: Path, moves: dict[str, str], circle: set[str]) -> None:
    """Each address of the circle with its line; what leads into one, or is only long, is not one."""
    (tmp_path / "redirects.yml").write_text("".join(f"{old}: {new}\n" for old, new in moves.items()))

    found, _ = check_data.findings(tmp_path)

    assert {(finding.rule, finding.warning) for finding in found} <= {("redirect-circle", False)}
    assert {list(moves)[finding.line - 1] for finding in found} == circle


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


def test_a_rule_can_be_silenced(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the settings, by name; the totals tell how often, and a name that is none is told with a guess."""
    (archive / "archive.yml").write_text(f"{SETTINGS}check: {{ignore: [title-capitals, abstract-lable]}}\n")
    disk.write_paper(archive / "content", paper_of(title="ATTENTION IS ALL YOU NEED", abstract="Abstract: we show."))

    assert check(archive, "data", "--fail-on", "warning") == 1
    out, err = capsys.readouterr()
    assert "title-capitals" not in out
    assert out.endswith("0 errors, 1 warning in 1 record (1 silenced)\n")
    assert """there is no rule "abstract-lable"; did you mean 'abstract-label'?""" in err


def test_warnings_fail_where_that_is_asked_for(archive: Path) -> None:
    """`--fail-on warning`; without it, and without warnings, all is well."""
    assert check(archive, "data", "--fail-on", "warning") == 0
    disk.write_paper(archive / "content", paper_of(title="ATTENTION IS ALL YOU NEED"))
    assert check(archive, "data") == 0
    assert check(archive, "data", "--fail-on", "warning") == 1


def test_json_holds_findings_and_totals(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As many as `--max` allows; the totals count all. What reads like a command to a runner comes through as it is."""
    for number in range(1, 4):
        abstract = f"Abstract: we show $\\frac{{##[error]{number}$."
        disk.write_paper(archive / "content", paper_of(f"2602.0000{number}", title=f"T{number}", abstract=abstract))

    assert check(archive, "data", "--format", "json", "--max", "2") == 0
    out = capsys.readouterr().out
    said = msgspec.json.decode(out)
    assert "##[" not in out
    assert "##[error]1" in said["findings"][1]["message"]
    assert [finding["rule"] for finding in said["findings"]] == ["abstract-label", "tex"] * 2
    assert (said["errors"], said["warnings"], said["checked"]) == (0, 6, {"records": 3})
    assert said["cut"] == {"abstract-label": 1, "tex": 1}


def test_github_puts_findings_beside_their_files(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One annotation a finding, whatever its text, and the totals in the end."""
    disk.write_paper(archive / "content", paper_of(title="Tom &amp; Jerry"))
    file = disk.path_of(archive / "content", "2602.00001")

    check(archive, "data", "--format", "github")
    [finding, totals] = capsys.readouterr().out.splitlines()

    assert re.fullmatch(rf"::warning file={file},line=3,title=encoding::the title has '&amp;', which .*", finding)
    assert totals == "0 errors, 1 warning in 1 record"


# What SARIF 2.1.0 demands of what we use of it
# (https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json).
MESSAGE = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
RESULT = {
    "type": "object",
    "required": ["message", "ruleId", "ruleIndex", "level", "locations"],
    "additionalProperties": False,
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": MESSAGE,
        "locations": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "physicalLocation": {
                        "type": "object",
                        "required": ["artifactLocation"],
                        "additionalProperties": False,
                        "properties": {
                            "artifactLocation": {
                                "type": "object",
                                "properties": {"uri": {"type": "string", "format": "uri-reference"}},
                            },
                            "region": {
                                "type": "object",
                                "properties": {"startLine": {"type": "integer", "minimum": 1}},
                            },
                        },
                    }
                },
            },
        },
    },
}
RULE = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "shortDescription": MESSAGE}}
DRIVER = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": {"const": "broadsheet"},
        "semanticVersion": {"type": "string"},
        "rules": {"type": "array", "items": RULE, "uniqueItems": True},
    },
}
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "tool": {"type": "object", "required": ["driver"], "properties": {"driver": DRIVER}},
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {"type": "array", "items": RESULT},
                },
            },
        },
    },
}

FINDINGS = st.builds(
    Finding,
    file=st.sampled_from(["content/a.md", "/tmp/ü b/x?.html", "site/a:b#c.html"]) | st.text(min_size=1),
    line=st.integers(0, 10_000),
    rule=st.sampled_from([*RULES, "foreign"]),
    message=st.text(min_size=1),
    warning=st.booleans(),
)


@given(st.lists(FINDINGS, max_size=6))
def test_sarif_is_what_the_standard_demands(found: list[Finding]) -> None:
    """Whatever was found: each result leads to its rule and its file."""
    log = report.sarif(report.report_of(found, {"records": 1}))

    jsonschema.validate(msgspec.to_builtins(log), SARIF)
    run = log["runs"][0]  # type: ignore[index]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert sorted(rules[result["ruleIndex"]] for result in run["results"]) == sorted(each.rule for each in found)
    uris = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    paths = [unquote(uri.removeprefix("file://")) for uri in uris]
    assert sorted(paths) == sorted(each.file.encode("utf-8", "replace").decode() for each in found)


@given(st.lists(FINDINGS), st.sets(st.sampled_from([*RULES])), st.integers(0, 3))
def test_a_report_counts_all_and_shows_some(found: list[Finding], silent: set[str], most: int) -> None:
    """Shown are at most so many of each rule, the first by file and line; counted are all that are not silenced."""
    made = report.report_of(found, {"pages": 1}, silent=silent, most=most)

    assert made.errors + made.warnings + made.silenced == len(found)
    assert list(made.findings) == sorted(made.findings)
    assert len(made.findings) + sum(made.cut.values()) == made.errors + made.warnings
    assert not {finding.rule for finding in made.findings} & silent


def test_every_rule_is_documented() -> None:
    """docs/check.md has a row for each rule, and says what it finds."""
    text = (REPOSITORY / "docs/check.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (?:error|warning) \| (.*) \|$", text, re.MULTILINE))

    assert rows == RULES


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
