"""Addresses."""

from datetime import date
from urllib.parse import unquote, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from generator import urls
from generator.text import key
from tests.support import paper_of


@given(st.text(min_size=1))
def test_any_name_makes_one_safe_part_of_an_address(name: str) -> None:
    """A name is never a path: its key has no slash, no dot at the start, and fits a file name."""
    part = key(name)

    assert part
    assert "/" not in part and "\\" not in part and not part.startswith(".")
    assert len(part.encode()) <= 120
    assert key(part) == part or part.startswith("x-")


@given(st.text(min_size=1))
def test_a_quoted_address_leads_back_to_the_file(name: str) -> None:
    """A browser that decodes the link asks for the file that was written."""
    address = urls.collection("author", key(name))

    parts = urlsplit(urls.absolute("https://example.org/papers/", address))

    assert unquote(parts.path) == f"/papers/{address}"
    assert not parts.query and not parts.fragment


def test_the_iso_year_names_the_week() -> None:
    """30 December 2024 is in the first week of 2025; 1 January 2027 is in week 53 of 2026."""
    assert urls.week(date(2024, 12, 30)) == "week/2025-W01/"
    assert urls.week(date(2027, 1, 1)) == "week/2026-W53/"


def test_old_arxiv_ids_keep_their_slash_as_a_dash() -> None:
    """An id is one part of an address."""
    assert urls.paper(paper_of("hep-ex/0406020")) == "paper/hep-ex-0406020/"


def test_a_folder_answers_through_its_index() -> None:
    """An address that ends with a slash is a folder on disk."""
    assert [str(urls.file(url)) for url in ("", "feeds/", "404.html")] == ["index.html", "feeds/index.html", "404.html"]


def test_only_known_facts_become_links() -> None:
    """A paper that is not on arXiv gets no invented arXiv address."""
    local = paper_of("local-7", sources={}, code="https://example.org/code")

    assert [link.title for link in urls.outside(local)] == ["Code"]
    assert [link.title for link in urls.outside(paper_of(doi="10.1/x"))] == ["PDF", "arXiv", "DOI", "Discussion"]
