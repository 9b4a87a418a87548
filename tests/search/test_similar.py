"""Similar papers."""

from generator.search.prepared import prepare
from generator.search.similar import similar
from tests.search.made import document

PAPERS = [
    document("1", "Feline vision", "Feline retinas, whiskers and paw studies."),
    document("2", "Cat vision", "Cat retinas, whiskers and paw studies."),
    document("3", "Bridges", "Concrete and steel under load.", authors="Ada Lovelace"),
    document("4", "Steel", "Concrete bridges carry a load.", authors="Ada Lovelace"),
    document("5", "Poems", "Nothing of the kind.", authors="Ada Lovelace"),
]


def test_the_nearest_come_with_the_words_they_share() -> None:
    """Words are shown as they are written, and who wrote a paper makes none alike."""
    found = similar(prepare(PAPERS))

    assert [(each.id, set(each.words)) for each in found["1"]] == [
        ("2", {"vision", "retinas", "whiskers", "paw", "studies"})
    ]
    assert [each.id for each in found["3"]] == ["4"]
    assert found["5"] == ()
    assert all(0 < each.score <= 1 for every in found.values() for each in every)


def test_the_order_of_papers_does_not_matter() -> None:
    """The same papers have the same neighbours."""
    assert similar(prepare(PAPERS)) == similar(prepare(reversed(PAPERS)))


def test_the_base_does_not_know_of_newer_papers() -> None:
    """A new paper does not change what is similar to those that are sealed."""
    old = [document(f"{number}", f"word{number % 7} word{number % 5}", day="2025-01-01") for number in range(16)]
    new = document("99", "word1 word2", day="2026-01-01")

    before, after = similar(prepare(old, seal=2)), similar(prepare([*old, new], seal=2))

    assert {id_: after[id_] for id_ in before} == before
    assert after["99"]


def test_compounds_are_shown_with_their_dash() -> None:
    """Two papers share a word of two parts as people write it, never as it is looked up."""
    papers = [
        document("1", "A self-critique of cats", "Cats lie."),
        document("2", "A self-critique of planes", "Planes fly."),
        *(document(f"9{number}", f"Other{number}", "Else.") for number in range(6)),
    ]

    (found,) = similar(prepare(papers))["1"]

    assert "self-critique" in found.words
    assert "selfcritiqu" not in found.words
