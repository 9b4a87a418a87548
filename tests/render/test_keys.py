"""What a page depends on."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from generator.errors import ThemeError
from generator.model import Author, Featured, Organisation, Paper
from generator.site import Site
from tests.support import SETTINGS, paper_of, site


def changed(paper: Paper, field: str) -> dict[str, Any]:
    """Return what makes `paper` another one, in one respect."""
    ways: dict[str, dict[str, Any]] = {
        "title": {"title": f"{paper.title} $x^2$"},
        "abstract": {"abstract": "Another abstract."},
        "author": {"authors": (Author(name="Grace Hopper"), Author(name="李明", orcid="0000-0001"))},
        "topic": {"topics": ("engines", "weaving")},
        "organisation": {"organisation": Organisation(slug="other", name="Other")},
        "votes": {"featured": (Featured(day=paper.featured[0].day, rank=paper.featured[0].rank, upvotes=99),)},
        "again": {"featured": (*paper.featured, Featured(day=date(2026, 2, 4), rank=1))},
        "withdrawn": {"withdrawn": "an error in section 2"},
        "doi": {"doi": "10.1/x"},
        "published": {"published": date(2025, 1, 1)},
    }
    return ways[field]


CHANGES = [
    *("title", "abstract", "author", "topic", "organisation"),
    *("votes", "again", "withdrawn", "doi", "published"),
]


@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.data())
def test_a_page_with_the_same_key_is_the_same_page(data: st.DataObject) -> None:
    """Whatever changed about papers, settings or day: where the key stayed, so did every byte."""
    papers = [
        paper_of(f"2602.{n:05}", rank=n, day=f"2026-02-0{2 + n % 2}", topics=("engines", f"t{n % 3}")) for n in range(6)
    ]
    before = site(*papers)
    fields = data.draw(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(CHANGES)), max_size=2))
    after = [
        paper_of(
            p.id,
            rank=n,
            day=f"2026-02-0{2 + n % 2}",
            **({"topics": p.topics} | {k: v for m, f in fields if m == n for k, v in changed(p, f).items()}),
        )
        for n, p in enumerate(papers)
        if data.draw(st.integers(0, 9)) or n == 0
    ]
    told = data.draw(
        st.sampled_from(["", "topics: {min_papers: 1}\n", "lists: {page_size: 2}\n", "feeds: {min_papers: 2}\n"])
    )

    now = site(*after, settings=SETTINGS + told)

    old = {page.url: (before.key(page), before.html(page)) for page in before.pages}
    for page in now.pages:
        key, html = old.get(page.url, (b"", ""))
        if now.key(page) == key:
            assert now.html(page) == html, page.url


def test_a_new_day_leaves_the_pages_of_old_papers_as_they_are() -> None:
    """Nothing on them tells how many papers there are."""
    papers = [paper_of(f"2602.{n:05}", rank=n, day="2026-02-02", title=f"Loom {n}") for n in range(70)]
    new = paper_of(
        "2602.00099",
        day="2026-02-03",
        title="Rain",
        abstract="It pours.",
        topics=("weather",),
        authors=(Author(name="Grace Hopper"),),
        organisation=Organisation(slug="other", name="Other"),
    )

    before, now = site(*papers), site(*papers, new)

    old = {page.url: before.key(page) for page in before.pages if page.paper}
    assert old == {page.url: now.key(page) for page in now.pages if page.url in old}


def themed(tmp_path: Path, text: str, *papers: Paper, base: str = "") -> Site:
    """Return a site whose days are shown by the template `text`."""
    folder = tmp_path / "theme" / "mine" / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    (folder.parent / "theme.yml").write_text("extends: default\n")
    (folder / "day.html").write_text(text)
    (folder / "mine.html").write_text(base)
    return site(*papers, settings=SETTINGS + "theme: {name: mine}\n", root=tmp_path)


def day_key(made: Site) -> bytes:
    """Return the key of the page of the first day."""
    return next(made.key(page) for page in made.pages if page.kind == "day")


def test_a_collection_shows_how_many_papers_it_has_and_not_which(tmp_path: Path) -> None:
    """What a template cannot read need not be in its key."""
    made = themed(
        tmp_path, "{{ page.collection.entries|length }}{% for e in page.collection.entries %}{% endfor %}", paper_of()
    )

    with pytest.raises(ThemeError, match="not iterable"):
        next(made.html(page) for page in made.pages if page.kind == "day")


@pytest.mark.parametrize(
    "use",
    [
        '{% extends "mine.html" %}',
        '{% include "mine.html" %}',
        '{% import "mine.html" as m %}',
        "{% include page.kind ~ '.x' ignore missing %}",
    ],
)
def test_a_changed_template_changes_the_pages_that_use_it(tmp_path: Path, use: str) -> None:
    """However they come to it; the others keep their keys."""
    one = themed(tmp_path, use, paper_of(), base="one")
    other = themed(tmp_path, use, paper_of(), base="other")

    assert day_key(one) != day_key(other)
    assert {page.kind for page in one.pages if one.key(page) != other.key(page)} == {"day"}


def test_only_what_a_template_reads_is_in_its_key(tmp_path: Path) -> None:
    """A page that shows no card keeps its key when only a card changes."""
    plain = "{{ page.title }}{% for section in sections %}{{ section.entries|length }}{% endfor %}"
    papers = [
        paper_of(authors=(Author(name="Ada"),)),
        paper_of("2602.00002", day="2026-02-03", authors=(Author(name="Bo"),)),
    ]
    keys = {
        (text, told): day_key(themed(tmp_path, text, *papers[: 1 + told]))
        for text in (plain, plain + "{{ newest }}")
        for told in (False, True)
    }

    assert keys[plain + "{{ newest }}", False] != keys[plain + "{{ newest }}", True]
