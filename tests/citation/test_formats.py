"""RIS, CSL-JSON, COinS and JSON-LD, read by programs that others wrote."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import jsonschema
import msgspec
import pytest
import rispy
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from generator.citation.coins import coins
from generator.citation.csl import csl_item
from generator.citation.plain import link, plain
from generator.citation.ris import ris
from generator.citation.schema import scholarly_article
from generator.model import Author, Paper
from tests.conftest import REPOSITORY
from tests.support import files_of, paper_of, site

UGLY = st.one_of(
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40),
    st.text("TY  - ER\n</script>&<\"'", max_size=30),
)
PREPRINT = paper_of(
    "2512.07783",
    title="The $\\pi_0$ model & <others>",
    authors=(Author(name="Ada Lovelace"), Author(name="Max van Gogh")),
)
PUBLISHED = Paper(
    id="local-1",
    title="An Engine",
    authors=(Author(name="Ada Lovelace"), Author(name="李明"), Author(name="The Engine Team")),
    type="inproceedings",
    venue="Proceedings of Engines",
    issued="2025-05",
    pages="10–19",
    volume="3",
    publisher="ACL",
    doi="10.1000/a(b)",
    abstract="It weaves.",
)
SCHEMA = REPOSITORY.parent / "shared" / "schemas" / "csl-data.json"


def test_a_preprint_as_ris() -> None:
    """A reader of RIS gets what is known, one author each."""
    [read] = rispy.loads(ris(PREPRINT, "lovelace-2026-model", abstract="It\n\nweaves."))

    assert read["type_of_reference"] == "UNPB"
    assert read["title"] == "The π₀ model & <others>"
    assert read["authors"] == ["Lovelace, Ada", "van Gogh, Max"]
    assert (read["year"], read["date"]) == ("2026", "2026/01/30")
    assert (read["publisher"], read["accession_number"]) == ("arXiv", "2512.07783")
    assert read["urls"] == ["https://arxiv.org/abs/2512.07783"]
    assert read["file_attachments1"] == "https://arxiv.org/pdf/2512.07783"
    assert read["keywords"] == ["engines", "notes"]
    assert read["abstract"] == "It weaves."


def test_a_published_paper_as_ris() -> None:
    """A paper of a conference has its place in the proceedings, and no day that nobody knows."""
    [read] = rispy.loads(ris(PUBLISHED, "k"))

    assert read["type_of_reference"] == "CPAPER"
    assert read["secondary_title"] == "Proceedings of Engines"
    assert (read["start_page"], read["end_page"], read["volume"]) == ("10", "19", "3")
    assert (read["year"], read["date"]) == ("2025", "2025/05")


@given(title=UGLY, name=UGLY, topic=UGLY)
def test_no_text_makes_a_field_of_ris(title: str, name: str, topic: str) -> None:
    """Whatever a title holds, there is one reference, with one title and one end."""
    paper = Paper(id="x", title=title or "x", authors=(Author(name=name or "x"),), topics=(topic or "x",))

    lines = ris(paper, "k").split("\n")

    assert [line[:6] for line in lines if line].count("TY  - ") == 1
    assert [line for line in lines if line.startswith("ER  -")] == [lines[-3]]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines if line)


def read_csl(*papers: Paper) -> list[dict[str, Any]]:
    """Return `papers` as a program reads them from CSL-JSON."""
    items: list[dict[str, Any]] = [
        json.loads(msgspec.json.encode(csl_item(paper, f"k{number}"))) for number, paper in enumerate(papers)
    ]
    return items


def test_csl_items_say_what_a_paper_is() -> None:
    """A preprint is an article of arXiv, a paper of a conference is in its proceedings; what is unknown is absent."""
    preprint, published, bare = read_csl(PREPRINT, PUBLISHED, Paper(id="x", title="X"))

    assert preprint["type"], preprint["genre"] == ("article", "preprint")
    assert preprint["author"] == [{"family": "Lovelace", "given": "Ada"}, {"family": "van Gogh", "given": "Max"}]
    assert preprint["issued"] == {"date-parts": [[2026, 1, 30]]}
    assert published["type"] == "paper-conference"
    assert published["container-title"] == "Proceedings of Engines"
    assert published["issued"] == {"date-parts": [[2025, 5]]}
    assert published["DOI"] == "10.1000/a(b)"
    assert bare == {"id": "k2", "type": "article", "title": "X"}


def test_csl_items_are_of_the_schema() -> None:
    """The schema of CSL takes them."""
    if not SCHEMA.is_file():
        pytest.skip("the schema of CSL-JSON is not beside this checkout")

    jsonschema.validate(read_csl(PREPRINT, PUBLISHED, Paper(id="x", title="X")), json.loads(SCHEMA.read_text()))


def test_a_citation_processor_prints_them() -> None:
    """Rendered in a common style, an item has its authors, its title and its year."""
    source = CiteProcJSON(read_csl(PREPRINT, PUBLISHED))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    for key in ("k0", "k1"):
        bibliography.register(Citation([CitationItem(key)]))

    first, second = sorted(map(str, bibliography.bibliography()))

    assert all(
        part in first + second for part in ("Lovelace, A.", "van Gogh", "2026", "π₀ model", "Engine Team", "2025")
    )


def keys_of(context: str) -> Mapping[str, list[str]]:
    """Return the keys and values of a context object."""
    return parse_qs(context, strict_parsing=True)


def test_coins_tell_all_authors() -> None:
    """A preprint is told as such; a published paper with its proceedings."""
    preprint, published = keys_of(coins(PREPRINT)), keys_of(coins(PUBLISHED))

    assert preprint["rft.type"] == ["preprint"]
    assert preprint["rft.au"] == ["Lovelace, Ada", "van Gogh, Max"]
    assert preprint["rft.date"] == ["2026-01-30"]
    assert preprint["rft_id"] == ["https://arxiv.org/abs/2512.07783"]
    assert published["rft.jtitle"] == ["Proceedings of Engines"]
    assert published["rft_id"][0] == "info:doi/10.1000/a(b)"


def test_a_day_offers_all_its_papers() -> None:
    """Each card of a day's page has one context object, a hit of the search none."""
    files = files_of(site(PREPRINT, paper_of("2602.00002", title='"Quoted" & more', rank=2)))
    day = html.fromstring(files["day/2026-02-02/index.html"])

    titles = [keys_of(span.get("title", ""))["rft.title"] for span in day.iterfind(".//span[@class='Z3988']")]

    assert titles == [["The π₀ model & <others>"], ['"Quoted" & more']]
    assert "Z3988" not in files["paper/2512.07783/index.html"]


@given(title=UGLY, name=UGLY)
def test_nothing_ends_the_element_that_holds_json(title: str, name: str) -> None:
    """JSON-LD has no character that HTML knows, and says what it was given."""
    paper = Paper(id="2512.00001", title=title or "x", authors=(Author(name=name or "x"),), journal=title)

    made = scholarly_article(paper, url="https://a.org/p/", archive="A", archive_url="https://a.org/")

    assert not set(made) & set("<>&\u2028\u2029")
    read = json.loads(made)
    assert read["author"][0]["name"] == (name or "x")


def metadata(page: str) -> dict[str, list[str]]:
    """Return the `citation_*` tags of a page, as reference managers read them."""
    found: dict[str, list[str]] = {}
    for tag in html.fromstring(page).iterfind(".//meta[@name]"):
        if tag.get("name", "").startswith("citation_"):
            found.setdefault(tag.get("name", ""), []).append(tag.get("content", ""))
    return found


def test_a_page_tells_reference_managers_everything() -> None:
    """All authors, date, ids and PDF; for a conference its name, without which it would be filed as an article."""
    files = files_of(site(PREPRINT, PUBLISHED))
    preprint, published = metadata(files["paper/2512.07783/index.html"]), metadata(files["paper/local-1/index.html"])

    assert preprint["citation_title"] == ["The π₀ model & <others>"]
    assert preprint["citation_author"] == ["Ada Lovelace", "Max van Gogh"]
    assert preprint["citation_publication_date"] == ["2026/01/30"]
    assert preprint["citation_arxiv_id"] == ["2512.07783"]
    assert preprint["citation_pdf_url"] == ["https://arxiv.org/pdf/2512.07783"]
    assert preprint["citation_abstract_html_url"] == ["https://example.org/papers/paper/2512.07783/"]
    assert published["citation_conference_title"] == ["Proceedings of Engines"]
    assert published["citation_firstpage"] == ["10"]
    assert published["citation_doi"] == ["10.1000/a(b)"]
    assert "citation_title" not in files["day/2026-02-02/index.html"]


def test_a_page_is_signposted() -> None:
    """Machines find type, PDF and descriptions by the relations of their links."""
    page = html.fromstring(files_of(site(PREPRINT))["paper/2512.07783/index.html"])

    links = {(rel, link.get("type")) for link in page.iterfind(".//link[@rel]") for rel in link.get("rel", "").split()}

    assert ("item", "application/pdf") in links
    assert ("describedby", "application/vnd.citationstyles.csl+json") in links
    assert ("type", None) in links
    [data] = page.iterfind(".//script[@type='application/ld+json']")
    assert json.loads(data.text or "")["@type"] == "ScholarlyArticle"


def test_lists_are_files_too() -> None:
    """A day, a week and a month hold each paper once, in their order; few papers of a name make no file."""
    files = files_of(site(PREPRINT, paper_of("2602.00002", rank=2)))

    for folder in ("day/2026-02-02", "week/2026-W06", "month/2026-02", "year/2026"):
        assert files[f"{folder}/papers.bib"].count("@misc{") == 2
        assert len(rispy.loads(files[f"{folder}/papers.ris"])) == 2
        titles = [item["title"] for item in json.loads(files[f"{folder}/papers.csl.json"])]
        assert titles == ["The π₀ model & <others>", "Paper 2602.00002"]
    assert "author/ada-lovelace/papers.bib" not in files
    assert 'href="./papers.bib"' in files["day/2026-02-02/index.html"]


def test_a_paper_in_words_and_as_a_link() -> None:
    """All authors, in their order; what Markdown would take for markup is text."""
    paper = paper_of(
        title="On [a] *b*, $x^2$.", authors=(Author(name="Ada Lovelace"), Author(name="李明")), venue="ENG 2026"
    )

    assert plain(paper, "https://x/") == "Ada Lovelace, 李明. On [a] *b*, x². ENG 2026, 2026. https://x/"
    assert (
        MarkdownIt("commonmark").render(link(paper, "https://x/"))
        == '<p><a href="https://x/">On [a] *b*, x².</a></p>\n'
    )
