"""BibTeX entries and keys."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.citation.bibtex import bibtex
from generator.citation.keys import citation_keys
from generator.model import Author, Featured, Paper

TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40)
UGLY = st.one_of(TEXTS, st.text("\\{}$%&#_^~aB ,", max_size=20))


def paper_of(**fields: object) -> Paper:
    """Return a paper of which little is known."""
    return Paper(**({"id": "2512.00001", "title": "An Engine"} | fields))  # type: ignore[arg-type]


def field(entry: str, name: str) -> str:
    """Return the value of a field, without its braces."""
    found = re.search(rf"^  {name} = {{?(.*?)}}?,$", entry, re.MULTILINE)
    return found[1] if found else ""


def test_a_preprint_is_cited_as_arxiv_asks() -> None:
    """All that is known of it, in one entry (https://info.arxiv.org/help/hypertex/bibstyles)."""
    paper = paper_of(
        title="Scaling the Engine",
        authors=(Author(name="Ada Lovelace"), Author(name="José Núñez")),
        published=date(2025, 12, 8),
        subjects=("cs.CL", "cs.AI"),
    )

    assert bibtex(paper, "lovelace-2025-scaling") == (
        "@misc{lovelace-2025-scaling,\n"
        "  title = {Scaling the {Engine}},\n"
        "  author = {Ada Lovelace and José Núñez},\n"
        "  year = {2025},\n"
        "  month = dec,\n"
        "  eprint = {2512.00001},\n"
        "  archivePrefix = {arXiv},\n"
        "  primaryClass = {cs.CL},\n"
        "  url = {https://arxiv.org/abs/2512.00001},\n"
        "}\n"
    )


def test_a_published_paper_is_an_article() -> None:
    """A known journal makes an article, and its address is what a reader follows."""
    entry = bibtex(paper_of(id="local-1", journal="Notes & Queries", doi="10.1000/a_b%7B"), "k")

    assert entry.startswith("@article{k,\n")
    assert field(entry, "journal") == r"Notes \& Queries"
    assert field(entry, "doi") == "10.1000/a_b%7B"
    assert field(entry, "url").startswith("https://doi.org/10.1000/")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"type": "inproceedings", "venue": "ACL", "pages": "1-9"}, ["@inproceedings{", "booktitle = {ACL}", "pages"]),
        (
            {"type": "article", "journal": "CL", "volume": "3", "issue": "2"},
            ["@article{", "volume = {3}", "number = {2}"],
        ),
        ({"type": "phdthesis", "publisher": "MIT"}, ["@phdthesis{", "school = {MIT}"]),
        ({"type": "book", "publisher": "Dover"}, ["@book{", "publisher = {Dover}"]),
        ({"type": "inproceedings"}, ["@misc{"]),
        ({"type": "dataset"}, ["@misc{"]),
        ({"issued": "2021-05", "published": date(2020, 1, 1)}, ["year = {2021}", "month = may"]),
        ({"issued": "2021", "published": date(2020, 1, 1)}, ["year = {2021}"]),
    ],
)
def test_a_paper_is_cited_as_what_it_was_published_as(fields: dict[str, object], expected: list[str]) -> None:
    """The type is the paper's own where all that BibTeX demands of it is known; a year is the publication's."""
    entry = bibtex(paper_of(id="local-1", **fields), "k")

    assert all(each in entry for each in expected)
    assert ("month" in entry) == ("-" in str(fields.get("issued", "")))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("BERT: Pre-training of Models", "{BERT:} {Pre-training} of {Models}"),
        ("Attention is all", "Attention is all"),
        ("50% of A&B #1_x", r"50\% of {A\&B} \#1\_x"),
        ("a~b^c", r"a\textasciitilde{}b\textasciicircum{}c"),
        (r"C:\x {Y", r"C:\textbackslash{}x {{\textbraceleft{}Y}}"),
        (r"The $\pi_0$-GAN", r"The {$\pi_0$}{-GAN}"),
        (r"On \(x%y\) only", r"On {$x\%y$} only"),
        ("Costs $5", r"Costs \$5"),
        ("&A", r"{{\&A}}"),
        (r"$\left\{x$ open", r"\$\textbackslash{}left\textbackslash{}\textbraceleft{}x\$ open"),
        ("A μ-law for π₀ → ∞", r"A {$\mu$}-law for {$\pi$}{$_0$} → {$\infty$}"),
        ("$τ$-bench", r"{${\tau}$}-bench"),
        ("Ελληνικά", "Ελληνικά"),
        ("李明 and ÉCOLE", "李明 and {ÉCOLE}"),
    ],
)
def test_titles_are_tex_that_keeps_its_capitals(title: str, expected: str) -> None:
    """Text is escaped, mathematics is kept, and no style can lower a capital but the first."""
    assert f"  title = {{{expected}}},\n" in bibtex(paper_of(title=title), "k")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("Marks and Spencer", "{Marks and Spencer}"),
        ("Lovelace, Ada", "{Lovelace, Ada}"),
        ("others", "{others}"),
        ("R&D", r"R\&D"),
        ("Anders Andersson", "Anders Andersson"),
    ],
)
def test_each_author_is_one_name(name: str, expected: str) -> None:
    """Words that mean something between names are letters inside one."""
    assert f"  author = {{{expected} and B}},\n" in bibtex(paper_of(authors=(Author(name=name), Author(name="B"))), "k")


@given(title=UGLY, name=UGLY, journal=UGLY, doi=UGLY)
def test_no_text_breaks_an_entry(title: str, name: str, journal: str, doi: str) -> None:
    """Braces balance as BibTeX counts them, every field stays on its line, and the entry ends where it should."""
    paper = paper_of(title=title or "x", authors=(Author(name=name or "x"),), journal=journal, doi=doi)

    entry = bibtex(paper, "k")

    depth = 0
    for place, character in enumerate(entry.rstrip("\n")):
        depth += (character == "{") - (character == "}")
        assert depth > 0 or place < entry.index("{") or place == len(entry.rstrip("\n")) - 1
    assert depth == 0
    for line in entry.splitlines()[1:-1]:
        assert re.fullmatch(r"  \w+ = (?:\{.*\}|[a-z]{3}),", line)
        assert line.count("{") == line.count("}")


@pytest.mark.parametrize(
    ("name", "title", "expected"),
    [
        ("Ada Lovelace", "The Analytical Engine", "lovelace-2025-analytical"),
        ("José Núñez Jr.", "GPT-4 Technical Report", "nunez-2025-gpt"),
        ("Lovelace, Ada", "A", "lovelace-2025-a"),
        ("李明", "注意力", "liming-2025-zhuyili"),
        ("", "?", "anonymous-2025-untitled"),
    ],
)
def test_keys_are_plain_letters(name: str, title: str, expected: str) -> None:
    """A key is ASCII, so that every TeX takes it."""
    authors = (Author(name=name),) if name else ()
    paper = paper_of(title=title, authors=authors, published=date(2025, 1, 1))

    assert citation_keys([paper]) == {paper.id: expected}


def test_equal_keys_are_told_apart_by_letters() -> None:
    """The lowest id has the plain key; a paper that comes later changes none of those before it."""
    papers = [paper_of(id=f"2512.{number:05}") for number in range(1, 30)]

    keys = citation_keys(reversed(papers))

    assert [keys[paper.id] for paper in papers[:3]] == [f"anonymous-2025-engine{letter}" for letter in ("", "-b", "-c")]
    assert keys["2512.00027"] == "anonymous-2025-engine-aa"
    assert citation_keys(papers[:10]).items() <= keys.items()


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        ({"id": "0704.0001"}, "2007"),
        ({"id": "hep-th/9901001"}, "1999"),
        ({"id": "x", "featured": (Featured(day=date(2024, 5, 1), rank=1),)}, "2024"),
        ({"id": "x"}, "undated"),
    ],
)
def test_the_year_of_a_key_is_known_without_a_date(fields: dict[str, object], year: str) -> None:
    """The id of an arXiv paper tells its year."""
    [key] = citation_keys([paper_of(**fields)]).values()

    assert key == f"anonymous-{year}-engine"
