"""The pages of what is trending: which there are, and that they say what their JSON says."""

import json
from datetime import UTC, datetime

from lxml import html

from generator.model import Featured
from tests.support import files_of, paper_of, site

WEDNESDAY = datetime(2026, 2, 4, 12, tzinfo=UTC)


def test_a_finished_week_has_a_snapshot_and_a_running_one_does_not() -> None:
    """2 February 2026 is a Monday: its week runs, the one before is over."""
    files = files_of(site(paper_of("a", day="2026-01-30"), paper_of("b", day="2026-02-02"), now=WEDNESDAY))

    assert "trending/2026-W05/index.html" in files
    assert "trending/2026-W06/index.html" not in files


def test_a_snapshot_never_changes_for_later_papers() -> None:
    """What comes after a week does not reach its ranking."""
    before = files_of(site(paper_of("a", day="2026-01-30"), now=WEDNESDAY))
    after = files_of(site(paper_of("a", day="2026-01-30"), paper_of("b", day="2026-02-02"), now=WEDNESDAY))

    assert before["trending/2026-W05/index.json"] == after["trending/2026-W05/index.json"]


def test_page_and_json_tell_the_same_scores() -> None:
    """The table for machines is the list for people."""
    files = files_of(
        site(paper_of("a"), paper_of("b", rank=2, stars=7, featured=())),
    )
    page = html.document_fromstring(files["trending/index.html"])
    rows = json.loads(files["trending/index.json"])["ranked"]

    shown = [float("".join(map(str, score.itertext())).removeprefix("Score ")) for score in page.iter("b")]
    assert shown == [row["score"] for row in rows] != []


def test_a_ranking_without_counts_says_so() -> None:
    """Nobody takes dates for votes."""
    files = files_of(site(paper_of("a", featured=(Featured(day=WEDNESDAY.date(), rank=1),))))

    assert "by date only" in files["trending/index.html"]


def test_an_archive_without_lists_says_that_there_is_nothing_to_rank() -> None:
    """The page exists, tells why it is empty, and is not for search engines."""
    page = files_of(site())["trending/index.html"]

    assert "Nothing to rank" in page
    assert 'content="noindex"' in page
