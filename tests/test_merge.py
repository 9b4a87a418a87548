"""Merging: who is believed, what is kept, what freezes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from generator.errors import ContentError
from generator.merge import EDITOR, FACTS, corrected, merge
from generator.model import Author, Counts, Featured, Linked, Organisation, Override, Paper, Record, Version

TODAY = date(2025, 12, 11)
TRUST = ("first", "second", "third")


def merged(known: Paper | None, *records: Record, today: date = TODAY, freeze_after_days: int = 7) -> Paper:
    """Return what `merge` makes of it."""
    return merge(known, records, trust=TRUST, today=today, freeze_after_days=freeze_after_days)


def said(source: str = "first", **fields: object) -> Record:
    """Return a record."""
    return Record(id="2512.00001", source=source, **({"title": "A study"} | fields))  # type: ignore[arg-type]


def on(day: int, *, upvotes: int = 0, rank: int = 1) -> Featured:
    """Return an appearance on a day of December 2025."""
    return Featured(day=date(2025, 12, day), rank=rank, upvotes=upvotes)


DAYS = st.dates(date(2025, 11, 20), date(2025, 12, 20))
WORDS = st.sampled_from(["alpha", "beta", "gamma"])
FEATURED = st.builds(Featured, day=DAYS, rank=st.integers(1, 3), upvotes=st.integers(0, 3))
FIELDS = {
    "title": WORDS,
    "authors": st.lists(st.builds(Author, name=WORDS), min_size=1, max_size=2).map(tuple),
    "abstract": WORDS,
    "published": DAYS,
    "versions": st.lists(st.builds(Version, number=st.integers(1, 3), date=DAYS), min_size=1, max_size=1).map(tuple),
    "subjects": st.lists(WORDS, min_size=1, max_size=2).map(tuple),
    "organisation": st.builds(Organisation, slug=WORDS, name=WORDS),
    "summary": WORDS,
    "code": WORDS,
    "stars": st.integers(0, 3),
    "identifiers": st.lists(WORDS, min_size=1, max_size=2).map(tuple),
    "venue": WORDS,
    "models": st.builds(Linked, total=st.integers(0, 3)),
}


NEVER: st.SearchStrategy[Featured | None] = st.none()


def records(source: str, featured: st.SearchStrategy[Featured | None] = NEVER) -> st.SearchStrategy[Record]:
    """Return records of `source` that know some things and not others."""
    fields = {name: st.none() | values for name, values in FIELDS.items()}
    return st.builds(
        Record, id=st.just("x"), source=st.just(source), seen=st.none() | DAYS, featured=featured, **fields
    ).map(lambda record: replace(record, title=record.title or "untitled"))


ANY = st.tuples(records("first", NEVER | FEATURED), records("second"), records("third"), records("unnamed"))


@given(ANY.flatmap(lambda several: st.tuples(st.just(several), st.permutations(several))))
def test_the_order_of_sources_does_not_show(orders: tuple[tuple[Record, ...], list[Record]]) -> None:
    """Together or one after the other, in any order: the same paper."""
    several, shuffled = orders
    paper: Paper | None = None
    for record in shuffled:
        paper = merged(paper, record)

    assert paper == merged(None, *shuffled) == merged(None, *several)


@given(ANY)
def test_merging_again_changes_nothing(several: tuple[Record, ...]) -> None:
    """What is known already is no news."""
    paper = merged(None, *several)

    assert merged(paper, *several) == paper


@given(ANY, st.sampled_from(["first", "second", "unnamed", "new"]))
def test_knowing_nothing_erases_nothing(several: tuple[Record, ...], source: str) -> None:
    """A record that says nothing leaves everything as it was."""
    paper = merged(None, *several)

    assert merged(paper, Record(id="x", source=source)) == paper


@given(ANY)
def test_each_fact_has_exactly_one_source(several: tuple[Record, ...]) -> None:
    """Provenance names the most trusted source that gave a field, and nobody for what nobody gave."""
    paper = merged(None, *several)

    for name in FACTS:
        givers = [record.source for record in several if getattr(record, name) is not None]
        owners = [source for source, names in paper.sources.items() if name in names]
        assert owners == givers[:1]


def test_a_less_trusted_source_fills_gaps_only() -> None:
    """The first source's title stands; its silence about the subjects is filled."""
    paper = merged(merged(None, said("first")), said("second", title="Another", subjects=("cs.CL",)))

    assert (paper.title, paper.subjects) == ("A study", ("cs.CL",))
    assert paper.sources == {"first": ("title",), "second": ("subjects",)}


def test_a_source_may_change_its_mind() -> None:
    """A refresh by the same source is taken; one by a more trusted source takes the field over."""
    paper = merged(merged(None, said("second")), said("second", title="A better study"))
    assert paper.title == "A better study"

    paper = merged(paper, said("first", title="The study"))
    assert (paper.title, paper.sources) == ("The study", {"first": ("title",)})


def test_what_an_editor_wrote_stays() -> None:
    """Fields without a source, or with the editor as theirs, belong to a person."""
    by_hand = Paper(id="2512.00001", title="By hand")
    marked = Paper(id="2512.00001", title="A study", abstract="In our words.", sources={EDITOR: ("abstract",)})
    signed = Paper(id="2512.00001", title="A study", abstract="In our words.", abstract_by="the editors")

    assert merged(by_hand, said()).title == "By hand"
    for known in (marked, signed):
        assert merged(known, said(abstract="In theirs.")).abstract == "In our words."
        assert merged(known, said(abstract="In theirs.")).sources.get(EDITOR) == known.sources.get(EDITOR)


def test_an_abstract_becomes_markdown_that_shows_it() -> None:
    """A record's text is text."""
    assert merged(None, said(abstract="a *b* c")).abstract == "a \\*b\\* c"


def test_who_wrote_a_summary_goes_with_it() -> None:
    """A new summary never stands under the name of the old one's author."""
    paper = merged(None, said("second", summary="Old.", summary_by="a model"))
    paper = merged(paper, said("first", summary="New."))

    assert (paper.summary, paper.summary_by) == ("New.", "")


def test_versions_add_up() -> None:
    """A source that tells only the first version and the current one is told more each time."""
    first, second, third = (Version(number=n, date=date(2025, 12, n)) for n in (1, 2, 3))
    paper = merged(merged(None, said(versions=(first, second))), said(versions=(first, third)))

    assert paper.versions == (first, second, third)


def test_names_elsewhere_add_up() -> None:
    """Every source tells the names it knows; none replaces another's."""
    paper = merged(merged(None, said("second", identifiers=("pmid:1",))), said(identifiers=("acl:a", "pmid:1")))

    assert paper.identifiers == ("acl:a", "pmid:1")
    assert paper.sources == {"first": ("title", "identifiers"), "second": ("identifiers",)}


def test_every_day_has_one_entry() -> None:
    """A paper listed on two days is one paper with two entries, in the order of days."""
    paper = merged(merged(merged(None, said(featured=on(11))), said(featured=on(9))), said(featured=on(11, upvotes=5)))

    assert paper.featured == (on(9), on(11, upvotes=5))


@pytest.mark.parametrize(("days", "upvotes"), [(0, 9), (7, 9), (8, 1), (400, 1)])
def test_counts_freeze_some_days_after_the_list(days: int, upvotes: int) -> None:
    """What is said too long after a day does not change the counts of that day, nor the stars."""
    paper = merged(None, said(featured=on(1, upvotes=1), stars=1))
    later = date(2025, 12, 1) + timedelta(days=days)
    news = said(featured=on(1, upvotes=9), stars=9)

    for refreshed in (
        merged(paper, news, today=later),
        merged(paper, replace(news, seen=later), today=date(2025, 12, 1)),
    ):
        assert (refreshed.featured[0].upvotes, refreshed.stars) == (upvotes, upvotes)


def test_counts_of_now_stand_beside_those_of_a_list_that_is_over() -> None:
    """Where they differ; its own counts and its order stay, and only who gave the list may renew them."""
    listed = merged(None, said(featured=on(1, upvotes=4)))
    later = date(2025, 12, 20)
    same = merged(listed, said(featured=on(1, upvotes=4, rank=2)), today=later)
    more = merged(same, said(featured=on(1, upvotes=9, rank=2)), today=later)

    assert same == listed
    assert more.featured == (replace(on(1, upvotes=4), now=Counts(upvotes=9)),)
    assert merged(more, said("second", featured=on(1, upvotes=7)), today=later).featured == more.featured
    assert merged(more, said(featured=on(1, upvotes=4)), today=later) == listed


def test_a_first_report_is_taken_however_late() -> None:
    """A day that is imported years later has the counts that were seen then; a new day brings new stars."""
    paper = merged(None, said(featured=on(1, upvotes=4), stars=1), today=date(2027, 1, 1))
    assert paper.featured == (on(1, upvotes=4),)

    paper = merged(paper, said(featured=on(9, upvotes=6), stars=2), today=date(2027, 1, 1))
    assert (paper.featured, paper.stars) == ((on(1, upvotes=4), on(9, upvotes=6)), 2)


def test_what_was_said_earlier_does_not_undo_what_was_said_later() -> None:
    """Importing two captures again, in any order, leaves the later one's facts."""
    earlier = said(seen=date(2025, 12, 1), featured=on(1), topics=("old",))
    later = said(seen=date(2025, 12, 9), featured=on(9), topics=("new",))
    expected = merged(None, earlier, later)

    assert expected.topics == ("new",)
    assert merged(merged(merged(None, later), earlier), later) == merged(merged(expected, earlier), later) == expected


def test_a_paper_without_a_title_is_refused() -> None:
    """There is nothing to show of it."""
    with pytest.raises(ContentError, match="title"):
        merged(None, Record(id="x", source="first"))


def test_an_override_is_obeyed() -> None:
    """What a person set stands above all; an empty value takes a field away."""
    paper = merged(None, said(code="https://wrong.example/"))
    override = Override(reason="typo", date=TODAY, set={"title": "The study", "code": ""})

    assert corrected(paper, override) == replace(paper, title="The study", code="")
