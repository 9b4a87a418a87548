"""Similar papers: never the paper itself, never without a reason, and a score that adds up."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from generator.archive import archive_of
from generator.model import Author, Paper
from generator.outputs.search import documents
from generator.related import Related, related_of
from generator.search.prepared import prepare
from generator.search.similar import similar
from tests.support import files_of, paper_of, site

WORDS = ("attention", "diffusion", "gradient", "memory", "planning", "retrieval", "robot", "speech", "video", "graph")

papers = st.lists(
    st.tuples(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=6),
        st.lists(st.sampled_from(["engines", "notes", "looms"]), unique=True, max_size=3),
        st.lists(st.sampled_from(["Ada Lovelace", "李明", "Jo Do"]), unique=True, max_size=3),
        st.booleans(),
    ),
    min_size=1,
    max_size=9,
).map(
    lambda rows: [
        paper_of(
            f"2602.{n:05}",
            title=" ".join(words[:2]),
            abstract=" ".join(words),
            topics=tuple(topics),
            authors=tuple(Author(name=name) for name in names),
            withdrawn="wrong" if gone else "",
        )
        for n, (words, topics, names, gone) in enumerate(rows)
    ]
)


def of(given_papers: list[Paper]) -> dict[str, tuple[Related, ...]]:
    """Return what is like each of `given_papers`."""
    archive = archive_of(given_papers)
    return dict(related_of(archive, similar(prepare(documents(archive)))))


@settings(deadline=None, max_examples=60)
@given(papers)
def test_reasons_are_true_and_scores_add_up(given_papers: list[Paper]) -> None:
    """Both have what is said to be shared; nothing is like itself or like a withdrawn paper; the best comes first."""
    known = {paper.id: paper for paper in given_papers}
    for id_, found in of(given_papers).items():
        assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
        assert id_ not in [each.id for each in found]
        for each in found:
            one, other = known[id_], known[each.id]
            assert not other.withdrawn
            assert set(each.topics) == set(one.topics) & set(other.topics)
            assert len(each.authors) == len({a.name for a in one.authors} & {a.name for a in other.authors})
            assert each.words
            assert each.score == round(sum(points for _, points in each.parts), 2) > 0


@settings(deadline=None, max_examples=20)
@given(papers)
def test_the_order_of_papers_never_shows(given_papers: list[Paper]) -> None:
    """The same papers in another order are like the same ones."""
    assert of(given_papers[::-1]) == of(given_papers)


def test_page_and_json_give_the_reasons() -> None:
    """A reader and a program learn which topics, authors and words two papers share."""
    twins = [
        paper_of(f"2602.0000{n}", title=f"Weaving looms {n}", abstract="Patterns of looms are woven.") for n in (1, 2)
    ]
    others = [paper_of(f"2602.0001{n}", title="Else", abstract=word, topics=()) for n, word in enumerate(WORDS)]
    files = files_of(site(*twins, *others))
    (first,) = json.loads(files["paper/2602.00001/index.json"])["similar"]
    section = html.document_fromstring(files["paper/2602.00001/index.html"]).find(".//section[@id='similar']")
    assert section is not None
    shown = " ".join("".join(map(str, section.itertext())).split())

    assert first["id"] == "2602.00002"
    assert first["topics"] == ["engines", "notes"]
    assert first["authors"] == ["Ada Lovelace", "李明"]
    assert all(
        reason in shown for reason in ("Both on engines, notes", "Both by Ada Lovelace, 李明", first["words"][0])
    )
    assert f"{first['score']:.2f} = " in shown
