"""Papers and days in other formats: JSON, Markdown, BibTeX."""

import json
import re
from datetime import date
from typing import Any

import pytest

from generator.model import Author, Featured, Note, Notes, Paper, Version
from generator.outputs import Output, citations, json_twin, markdown_twin
from generator.pages.view import Page
from generator.render.markdown import plain
from generator.site import Site
from tests.support import files_of, paper_of, site

TYPES = {
    "application/json",
    "application/vnd.citationstyles.csl+json",
    "application/x-bibtex",
    "application/x-research-info-systems",
    "text/markdown",
}
OUTPUTS = [json_twin.OUTPUT, markdown_twin.OUTPUT, citations.OUTPUT]
BASE = "https://example.org/papers/"


def made_by(output: Output, made: Site) -> dict[str, str]:
    """Return the files that `output` makes, by path."""
    return {str(artifact.path): artifact.data.decode() for artifact in output.files(made)}


def json_of(*papers: Paper) -> dict[str, Any]:
    """Return the JSON files of the site of `papers`."""
    return {path: json.loads(text) for path, text in made_by(json_twin.OUTPUT, site(*papers)).items()}


def test_a_paper_as_json_has_its_facts() -> None:
    """Dates are ISO 8601, text comes as it is written and as plain text, names have the addresses of their pages."""
    paper = paper_of(title="On $x^2$", abstract="With $y$.", versions=(Version(number=1, date=date(2026, 1, 30)),))

    found = json_of(paper)["paper/2602.00001/index.json"]

    assert next(iter(found)) == "schema"
    assert found["schema"] == 1
    assert found["id"] == "2602.00001"
    assert found["url"] == f"{BASE}paper/2602.00001/"
    assert (found["title"], found["title_text"]) == ("On $x^2$", "On x²")
    assert (found["abstract"], found["abstract_text"]) == ("With $y$.", "With y.")
    assert found["published"] == "2026-01-30"
    assert found["versions"] == [{"number": 1, "date": "2026-01-30"}]
    assert found["featured"] == [{"day": "2026-02-02", "rank": 1, "upvotes": 12, "comments": 2, "by": "Jo"}]
    assert found["authors"][0] == {"name": "Ada Lovelace", "url": f"{BASE}author/ada-lovelace/"}
    assert found["organisation"] == {"name": "Analytical Society", "url": f"{BASE}org/analytical/"}
    assert found["citation_key"] == "lovelace-2026-on"


def test_what_is_unknown_is_absent() -> None:
    """Never null, never empty: a program asks whether a key is there."""
    bare = Paper(id="local-1", title="Bare", featured=(Featured(day=date(2026, 2, 2), rank=1),))

    found = json_of(bare)["paper/local-1/index.json"]

    assert found.keys() == {"schema", "id", "url", "title", "citation_key", "featured"}
    assert found["featured"] == [{"day": "2026-02-02", "rank": 1}]


def test_days_as_json_lead_from_one_to_the_next() -> None:
    """A program that follows `previous` from the newest day meets every paper, in the order of the lists."""
    papers = [paper_of(f"2602.{n:05}", day=f"2026-02-{n // 2 + 2:02}", rank=2 - n % 2) for n in range(6)]
    files = json_of(*papers)

    day = files["latest.json"]
    seen = []
    while True:
        assert day["count"] == len(day["papers"])
        seen += [paper["id"] for paper in day["papers"]]
        if "previous" not in day:
            break
        day = files[day["previous"].removeprefix(BASE)]

    assert seen == [f"2602.{n:05}" for n in (5, 4, 3, 2, 1, 0)]
    assert [(found["day"], found["count"]) for found in files["day/index.json"]["days"]] == [
        ("2026-02-04", 2),
        ("2026-02-03", 2),
        ("2026-02-02", 2),
    ]


def test_a_paper_as_markdown_shows_its_text_and_nothing_else() -> None:
    """Titles and names are text in Markdown too; the abstract stands as it is stored."""
    paper = paper_of(
        title="*Not* emphasis <b> [x](y)", authors=(Author(name="_A_ B"),), abstract="Some *words*.", summary="1. One"
    )

    text = made_by(markdown_twin.OUTPUT, site(paper))["paper/2602.00001/index.md"]
    read = plain(text)

    assert read.startswith("*Not* emphasis <b> [x](y)\n\n_A_ B\n\n")
    assert "Some *words*." in text
    assert "Featured: 2026-02-02, number 1, 12 votes, 2 comments" in read
    assert "Summary: 1. One" in read
    assert "None" not in read


def test_a_day_as_markdown_lists_its_papers() -> None:
    """In their order, each with its authors and links; the newest day has an address that never changes."""
    papers = [paper_of(), paper_of("2602.00002", rank=2), paper_of("2601.00001", day="2026-01-02")]
    files = made_by(markdown_twin.OUTPUT, site(*papers))

    assert plain(files["latest.md"]).startswith("Monday, 2 February 2026\n\n2 papers.")
    assert files["latest.md"] == files["day/2026-02-02/index.md"]
    assert files["latest.md"].index("## 1. Paper 2602.00001") < files["latest.md"].index("## 2. Paper 2602.00002")
    assert "[PDF](<https://arxiv.org/pdf/2602.00001>)" in files["latest.md"]
    assert "day/2026-01-02/index.md" in files


def test_every_paper_has_a_citation_with_a_key_of_its_own() -> None:
    """Two papers with the same first word are cited by different keys."""
    files = made_by(citations.OUTPUT, site(paper_of(), paper_of("2602.00002", rank=2)))

    assert files["paper/2602.00001/papers.bib"].startswith("@misc{lovelace-2026-paper,\n")
    assert files["paper/2602.00002/papers.bib"].startswith("@misc{lovelace-2026-paper-b,\n")


@pytest.mark.parametrize("output", OUTPUTS)
def test_every_twin_that_a_page_names_exists(output: Output) -> None:
    """No page offers what is not there: weekends and archives without days have no twin."""
    many = [paper_of(f"2602.{n:05}", rank=n, day="2026-02-06") for n in range(60)]
    for made in (site(*many, paper_of("x", day="2026-02-09")), site(), site(paper_of(featured=()))):
        files = made_by(output, made)
        named = {link.url for page in made.pages for link in output.links(made.edition, page)}
        assert named <= files.keys()


@pytest.mark.parametrize("output", OUTPUTS)
def test_every_paper_names_its_twins(output: Output) -> None:
    """A paper's page leads to each other form of it, with a type that programs know."""
    made = site(paper_of())
    page: Page = next(page for page in made.pages if page.paper)

    found = output.links(made.edition, page)

    assert found
    assert all(link.url.startswith(page.url) for link in found)
    assert {link.type for link in found} <= TYPES


def test_longer_lists_have_a_line_for_each_paper() -> None:
    """A week's twins name its papers in order, and where the rest of each is."""
    made = site(paper_of(title="A [B]"), paper_of("2602.00002", rank=2, authors=()))
    week = json.loads(made_by(json_twin.OUTPUT, made)["week/2026-W06/index.json"])
    text = made_by(markdown_twin.OUTPUT, made)["week/2026-W06/index.md"]

    assert (week["kind"], week["count"]) == ("week", 2)
    assert [line["json"] for line in week["papers"]] == [
        "https://example.org/papers/paper/2602.00001/index.json",
        "https://example.org/papers/paper/2602.00002/index.json",
    ]
    assert r"1. [A \[B\]](<https://example.org/papers/paper/2602.00001/>), Ada Lovelace and others, 2026-02-02" in text
    assert "2. [Paper 2602.00002](<https://example.org/papers/paper/2602.00002/>), 2026-02-02" in text


def test_llms_txt_leads_to_texts_that_exist() -> None:
    """Every address in it is one of the site's, and names cannot break out of their links."""
    note = Note(name="about", title="About [us](x)", body="We.", menu=None)
    for made in (site(paper_of(), notes=Notes(pages=(note,))), site()):
        files = files_of(made)
        text = files["llms.txt"]
        links = re.findall(r"\]\((https://example\.org/papers/[^)]*)\)", text)

        assert text.startswith("# The Archive\n\n> ")
        paths = [link.removeprefix("https://example.org/papers/") for link in links]
        assert all(path in files or f"{path}index.html" in files for path in paths)
        assert len(re.findall(r"(?<!\\)\]\(", text)) == len(links)
