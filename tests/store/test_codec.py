"""Papers and an editor's files survive the way to text and back; mistakes are told with their line."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator import tex, verbatim
from generator.errors import ContentError
from generator.model import Artefact, Author, Featured, Linked, Organisation, Paper, Redirect, Version
from generator.store import codec
from generator.text import clean, one_line, paragraphs
from tests.texts import NASTY, abstracts

_UGLY = st.sampled_from(
    [
        *("yes", "null", "~", "2512.1", "1e3", "0x1f", "2026-02-03", "=", "<<", "---", "...", "!!str a", "%TAG", "@x"),
        *(": #", "- a", "'", '"', "a: b", "# c", "[x]", "{y}", "&a", "*a", "`x`", "\\x41", "😀 🇨🇭", "İ"),
        *("a\x85b", "\u2028", "\u202eabc", "\ufeff"),
    ]
)
_LINE = (_UGLY | NASTY).map(one_line)
_NAME = _LINE.filter(bool)
_DATE = st.dates(date(1900, 1, 1), date(2100, 1, 1))
_EXTRA = st.dictionaries(
    _NAME.filter(lambda name: name not in Paper.__struct_fields__),
    st.none() | st.booleans() | st.integers() | _LINE | _DATE | st.lists(_LINE, max_size=2),
    max_size=2,
)
_ARTEFACT = st.builds(Artefact, name=_LINE, url=_LINE)
_PAPERS = st.builds(
    Paper,
    id=st.sampled_from(["2512.07783", "2512.10", "hep-ex/0406020", "math.GT/0309136", "a", "1", "1e5", "null"]),
    title=_NAME,
    authors=st.lists(st.builds(Author, name=_NAME, affiliation=_LINE, orcid=_LINE), max_size=3).map(tuple),
    organisation=st.none() | st.builds(Organisation, slug=_LINE, name=_LINE),
    published=st.none() | _DATE,
    versions=st.lists(st.builds(Version, number=st.integers(1, 9), date=_DATE), max_size=2).map(tuple),
    featured=st.lists(st.builds(Featured, day=_DATE, rank=st.integers(1, 50), upvotes=st.integers(0, 9), by=_LINE)).map(
        tuple
    ),
    topics=st.lists(_LINE, max_size=3).map(tuple),
    comment=NASTY.map(clean),
    identifiers=st.lists(_LINE, max_size=2).map(tuple),
    type=_LINE,
    issued=st.sampled_from(["", "2022", "2022-05"]),
    pages=_LINE,
    stars=st.none() | st.integers(0),
    models=st.none() | st.builds(Linked, total=st.integers(0), first=st.lists(_ARTEFACT, max_size=2).map(tuple)),
    summary=_LINE,
    sources=st.dictionaries(_NAME, st.lists(_LINE, max_size=2).map(tuple), max_size=2),
    extra=_EXTRA,
    abstract=NASTY.map(clean).map(verbatim.markdown),
)


@given(_PAPERS)
@example(
    Paper(id="1", title="null", authors=(Author(name="yes"),), topics=("",), extra={"2024": 1.5, "x": {"y": [None]}})
)
@example(Paper(id="1", title="\U0001f60a\u0301", extra={"x": "\U0001f60a\u0301"}))
def test_a_paper_survives(paper: Paper) -> None:
    """What is written is read back the same, however ugly its text, and written again to the same bytes."""
    data = codec.encode(paper)
    assert codec.decode(data, "x") == paper
    assert codec.encode(codec.decode(data, "x")) == data


def test_a_page_reads_well() -> None:
    """Fields keep their order, empty ones are left out, one author and one appearance a line."""
    paper = Paper(
        id="2512.10",
        title="Saffron: A Study",
        authors=(Author(name="李明"), Author(name="Ada L.", orcid="0000")),
        published=date(2025, 12, 1),
        featured=(Featured(day=date(2025, 12, 2), rank=1, upvotes=3),),
        topics=("a, b", "c"),
        stars=0,
        sources={"hf-daily": ("title",)},
        extra={"mood": "good"},
        abstract="One.\n\nTwo.",
    )
    assert codec.encode(paper).decode() == (
        "---\nid: '2512.10'\ntitle: 'Saffron: A Study'\nauthors:\n- 李明\n- {name: Ada L., orcid: '0000'}\n"
        "published: 2025-12-01\nfeatured:\n- {day: 2025-12-02, rank: 1, upvotes: 3}\ntopics: ['a, b', c]\nstars: 0\n"
        "sources:\n  hf-daily: [title]\nmood: good\n---\n\nOne.\n\nTwo.\n"
    )


def test_a_page_written_by_hand() -> None:
    """Nothing needs quotes but what YAML would misread; CRLF, a byte order mark and escapes are understood."""
    header = '\ufeff---\nid: 2512.10\ntitle: yes\nauthors: [Ada, {name: Bo}]\nlicence: "a\\u0007b"\n---\n'
    page = f"{header}\nA\nb\n".replace("\n", "\r\n")
    paper = codec.decode(page.encode(), "x")
    assert (paper.id, paper.title, paper.authors) == ("2512.10", "yes", (Author(name="Ada"), Author(name="Bo")))
    assert (paper.licence, paper.abstract) == ("ab", "A\nb")


@pytest.mark.parametrize(
    ("header", "where", "message"),
    [
        ("id: '1'\ntitle: a: b", "x.md:3", "not YAML"),
        ("id: '1'", "x.md", "no title"),
        ("title: a", "x.md", "no id"),
        ("id: '1'\ntitle: a\npublished: 2026-13-01", "x.md:4", "published: not a date"),
        ("id: '1'\ntitle: a\nfeatured:\n- {day: 2026-01-01, rank: x}", "x.md:4", "featured[0].rank"),
        ("id: '1'\ntitle: [a]", "x.md:3", "title: a list where text belongs"),
        ("id: '1'\ntitle: a\ntitle: b", "x.md:3", "title stands there twice"),
        ("id: ../x\ntitle: a", "x.md", "cannot be the id"),
        ("id: '1'\ntitle: a\nx: !!python/object:os.system {}", "x.md:4", "tags and merge keys"),
        ("- a", "x.md:2", "not a mapping"),
        ("", "x.md", "no id"),
    ],
)
def test_a_bad_page_is_told_with_its_line(header: str, where: str, message: str) -> None:
    """The error names file and line, what is wrong, and what to do next."""
    with pytest.raises(ContentError) as caught:
        codec.decode(f"---\n{header}\n---\n".encode(), "x.md")
    assert caught.value.where == where
    assert message in caught.value.message


def test_bytes_that_are_not_text() -> None:
    """The line of the first bad byte is named."""
    with pytest.raises(ContentError, match=r"x\.md:2: not UTF-8"):
        codec.decode(b"---\nid: \xff\n---\n", "x.md")


@given(st.binary(max_size=80) | NASTY.map(lambda text: f"---\n{text}\n---\n".encode("utf-8", "replace")))
def test_any_file_is_read_or_refused(data: bytes) -> None:
    """No file, however broken, gives anything but a paper or a `ContentError`."""
    with suppress(ContentError):
        assert codec.decode(data, "x").title


def test_an_override() -> None:
    """Values have the types of the paper's fields; what a paper does not have is refused with a proposal."""
    made = codec.decode_override(
        b"reason: typo\ndate: 2026-02-03\nset: {title: 2512.1, authors: [Ada], stars: 3}\n", "o.yml"
    )
    assert made.set == {"title": "2512.1", "authors": (Author(name="Ada"),), "stars": 3}
    assert (made.reason, made.date, made.where) == ("typo", date(2026, 2, 3), "o.yml")
    with pytest.raises(ContentError, match="titel: unknown") as caught:
        codec.decode_override(b"reason: x\ndate: 2026-02-03\nset:\n  titel: a\n", "o.yml")
    assert (caught.value.where, caught.value.hint) == ("o.yml:4", "did you mean title?")


@pytest.mark.parametrize(
    "text",
    [
        "reason: x\ndate: 2026-02-03",
        "set: {title: a}",
        "reason: x\ndate: y\nset: {title: a}",
        "reason: x\ndate: 2026-02-03\nset: {id: a}",
    ],
)
def test_a_bad_override(text: str) -> None:
    """A correction needs a reason, a date, and leaves the id alone."""
    with pytest.raises(ContentError):
        codec.decode_override(text.encode(), "o.yml")


def test_aliases() -> None:
    """Every spelling, and the name itself, leads to the name, by key."""
    made = codec.decode_aliases(
        b"topics: {large language models: [LLM, LLMs]}\nauthors: {Ada Lovelace: [A. Lovelace]}\n", "a.yml"
    )
    assert made.canonical == {
        "topic": {
            "large-language-models": "large language models",
            "llm": "large language models",
            "llms": "large language models",
        },
        "author": {"ada-lovelace": "Ada Lovelace", "a-lovelace": "Ada Lovelace"},
    }


def test_a_name_that_several_share() -> None:
    """A name may say more than its spellings: who its parts are, and since when and why."""
    made = codec.decode_aliases(
        b"authors:\n  Wei Wang:\n    names: [W. Wang]\n    date: 2026-02-03\n    reason: two people\n"
        b"    split: {Wei Wang (MIT): {organisations: [M.I.T.]}, Wei Wang (CAS): {papers: ['2512.1', '2512.2']}}\n",
        "a.yml",
    )
    parts = made.parts["author"]["wei-wang"]

    assert [(part.name, set(part.papers), set(part.organisations)) for part in parts] == [
        ("Wei Wang (MIT)", set(), {"m-i-t"}),
        ("Wei Wang (CAS)", {"2512.1", "2512.2"}, set()),
    ]
    assert (made.namings[0].day, made.namings[0].reason) == (date(2026, 2, 3), "two people")
    assert made.canonical["author"]["wei-wang-cas"] == "Wei Wang (CAS)"


@pytest.mark.parametrize(
    ("naming", "message"),
    [
        ("{split: {A: {papers: [x]}}}", "not a name of its own"),
        ("{split: {B: {}}}", "nothing says what belongs"),
        ("{split: {B: {papers: [x]}, C: {papers: [x]}}}", "claim x"),
        ("{names: [B], split: {B: {papers: [x]}}}", "stands for two names"),
        ("{date: 2026-02-03}", "both a date and a reason"),
        ("{name: [B]}", "unknown field"),
        ("B", "mapping"),
    ],
)
def test_a_bad_naming(naming: str, message: str) -> None:
    """Each part can be told from the others, and every mistake says so."""
    with pytest.raises(ContentError, match=message):
        codec.decode_aliases(f"authors: {{A: {naming}}}".encode(), "a.yml")


@pytest.mark.parametrize(
    "text",
    ["topics: {a: [b], c: [b]}", "topics: {a: [b], b: [c]}", "topics: {b: [c], a: [b]}", "topic: {}", "topics: [a]"],
)
def test_bad_aliases(text: str) -> None:
    """One spelling stands for one name, and a name is nobody's spelling."""
    with pytest.raises(ContentError):
        codec.decode_aliases(text.encode(), "a.yml")


def test_redirects() -> None:
    """Addresses are paths from the site's root, with or without slashes at their ends."""
    text = b"/old: new/\na/b.html: {to: day/2026-02-03, date: 2026-02-04, reason: tidier}\n"

    assert codec.decode_redirects(text, "r.yml") == {
        "old/": Redirect(to="new/"),
        "a/b.html": Redirect(to="day/2026-02-03/", day=date(2026, 2, 4), reason="tidier"),
    }


def test_published_addresses() -> None:
    """One address a line, there and back."""
    found = codec.decode_published("author/李明/\n\npaper/1.1/\n".encode(), "p.txt")

    assert found == {"author/李明/", "paper/1.1/"}
    assert codec.encode_published(found).decode() == "author/李明/\npaper/1.1/\n"
    with pytest.raises(ContentError, match=r"p\.txt:2: '\.\./x/' is not a path"):
        codec.decode_published(b"a/\n../x/\n", "p.txt")


@pytest.mark.parametrize(
    "text", ["a: ../b", "a: https://x.y/", "a: //x.y", "a: /a/", "a/../b: c", "a: 'b\\c'", "a: javascript:x", "/: b"]
)
def test_bad_redirects(text: str) -> None:
    """An address never leads outside the site, or to itself."""
    with pytest.raises(ContentError):
        codec.decode_redirects(text.encode(), "r.yml")


def test_real_abstracts_survive(real_data: Path) -> None:
    """Thousands of real abstracts come back exactly from their pages."""
    for text in abstracts(real_data):
        paper = Paper(id="1", title="x", abstract=verbatim.markdown(tex.letters(paragraphs(text))))
        assert verbatim.text(codec.decode(codec.encode(paper), "x").abstract) == tex.letters(paragraphs(text))
