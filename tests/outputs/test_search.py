"""The index of a site, and the pages of saved queries."""

import json
from datetime import date
from html import unescape

from generator.config import load
from generator.model import Aliases, Author, Featured, Organisation, Paper
from generator.outputs import search
from generator.search.reader import Reader
from generator.site import Site
from tests.support import NOWHERE, SETTINGS, files_of, paper_of, site


def files(made: Site) -> dict[str, bytes]:
    """Return the files of the index by name."""
    return {str(artifact.path).removeprefix("search/"): artifact.data for artifact in search.OUTPUT.files(made)}


def reader(*papers: Paper, **given: object) -> Reader:
    """Return a reader of the index of the site of `papers`."""
    return Reader(files(site(*papers, **given)).__getitem__)  # type: ignore[arg-type]


def ids(index: Reader, query: str) -> set[str]:
    """Return the ids of all that `query` finds."""
    return {hit.card.id for hit in index.all(query)}


def test_a_hit_is_the_card_of_the_lists() -> None:
    """The card of a hit is the one of the day's page, with its links as they are from /search/."""
    made = site(paper_of(title="Engines & <b>looms</b>"))

    card = Reader(files(made).__getitem__).search("looms").hits[0].card
    page = files_of(made)["day/2026-02-02/index.html"]

    assert card.html.replace("../", "../../") in page
    assert (card.url, card.day, card.votes) == ("paper/2602.00001/", "2026-02-02", 12)
    assert "&lt;b&gt;" in card.html


def test_filters_come_from_what_a_paper_is() -> None:
    """Topics, organisations, subjects, code, project, PDF, days and ids can be asked for, aliases included."""
    index = reader(
        paper_of("2602.00001", topics=("Large Language Models",), subjects=("cs.CL",), code="https://c.example/x"),
        paper_of(
            "local-2",
            topics=("LLMs",),
            organisation=Organisation(slug="oxu", name="Oxford University"),
            project="https://p.example/",
            featured=(Featured(day=date(2026, 1, 5), rank=1), Featured(day=date(2026, 1, 9), rank=1)),
        ),
        aliases=Aliases(canonical={"topic": {"llms": "Large Language Models"}}),
    )

    assert ids(index, "topic:llms") == ids(index, 'topic:"large language models"') == {"2602.00001", "local-2"}
    assert ids(index, 'org:"Oxford University"') == {"local-2"}
    assert ids(index, "subject:cs.CL") == ids(index, "has:code") == ids(index, "has:pdf") == {"2602.00001"}
    assert ids(index, "has:project") == ids(index, "id:LOCAL-2") == ids(index, "day:2026-01-09") == {"local-2"}


def test_mathematics_and_summaries_are_read_as_words() -> None:
    """Formulas are found as they are read, and the summary's words find the paper too."""
    index = reader(paper_of(title="On $O(n^2)$ attention", abstract="Of $\\alpha$ decay.", summary="It wombles."))

    assert ids(index, "+wombles") == ids(index, "+α") == ids(index, '"of α decay"') == {"2602.00001"}


def test_a_paper_without_a_day_is_found() -> None:
    """Papers that no list shows are in the index, by their date of publication."""
    index = reader(paper_of(featured=()), paper_of("2602.00002", featured=(), published=None))

    assert ids(index, "day:2026-01-30") == {"2602.00001"}
    assert ids(index, "engine") == {"2602.00001", "2602.00002"}


def test_the_order_of_papers_does_not_show() -> None:
    """The same papers make the same index."""
    papers = [paper_of(f"2602.0000{n}", rank=n, authors=(Author(name=f"A {n}"),)) for n in range(1, 6)]

    assert files(site(*papers)) == files(site(*reversed(papers)))


def test_stock_lunr_is_for_small_archives() -> None:
    """`search.lunr_papers` says up to how many papers there is an index for stock lunr.js."""
    papers = (paper_of(), paper_of("2602.00002"))
    none = files(site(*papers, settings=f"{SETTINGS}search: {{lunr_papers: 1}}\n"))

    assert search.STOCK not in none
    assert json.loads(files(site(*papers))[search.STOCK])["version"] == "2.3.9"


def test_an_empty_archive_has_an_index() -> None:
    """Nothing is found in nothing."""
    assert reader().search("engine").total == 0


def test_choices_are_the_commonest_first() -> None:
    """The names to choose from come with their numbers of papers."""
    made = site(paper_of(topics=("b", "a")), paper_of("2602.00002", topics=("b",)))

    assert search.choices(made.edition.archive)["topic"] == [("b", 2), ("a", 1)]


def test_subjects_are_choices_too() -> None:
    """Subjects are offered as they are written, those of withdrawn papers are not, and each finds what it counts."""
    papers = (
        paper_of(subjects=("cs.LG", "cs.CL")),
        paper_of("2602.00002", subjects=("cs.CL",)),
        paper_of("2602.00003", subjects=("cs.CV",), withdrawn="by its authors"),
    )

    assert search.choices(site(*papers).edition.archive)["subject"] == [("cs.CL", 2), ("cs.LG", 1)]
    assert [reader(*papers).search(f'subject:"{name}"').total for name in ("cs.CL", "cs.LG", "cs.CV")] == [2, 1, 0]


def test_a_saved_query_is_a_page() -> None:
    """/q/<name>/ lists what the search page would find, the newest first, and says how many."""
    settings = f"{SETTINGS}queries:\n  - {{name: looms, query: '\"power loom\" -steam', title: Looms}}\n"
    made = site(
        paper_of("2602.00001", day="2026-01-05", title="The power loom"),
        paper_of("2602.00002", day="2026-01-06", title="Power looms of Leeds"),
        paper_of("2602.00003", day="2026-01-07", title="Steam and the power loom"),
        paper_of("2602.00004", day="2026-01-08", title="A loom of power"),
        settings=settings,
    )

    files = files_of(made)
    page = files["q/looms/index.html"]

    assert "2 papers" in page
    assert page.index("Power looms of Leeds") < page.index("The power loom")
    assert "A loom of power" not in page
    for feed in ("feed.xml", "atom.xml", "feed.json"):
        assert "Power looms of Leeds" in files[f"q/looms/{feed}"]
        assert "A loom of power" not in files[f"q/looms/{feed}"]
        assert f'href="./{feed}"' in page
    assert "Power looms of {Leeds}" in files["q/looms/papers.bib"]
    assert "q/looms/feed.xml" in files["feeds.opml"]
    assert "Saved queries" in files["feeds/index.html"]
    lines = unescape(page.partition("<pre")[2].partition(">")[2].partition("</pre>")[0])
    again = load(SETTINGS + lines, root=NOWHERE, kinds=("arxiv", "hf-daily"), warn=lambda *_: None)
    assert [(one.name, one.query, one.title) for one in again.queries] == [("looms", '"power loom" -steam', "Looms")]
