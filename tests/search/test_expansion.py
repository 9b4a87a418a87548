"""What neighbours lend."""

from tests.search.made import document, found, reader

PAPERS = [
    document("1", "Feline vision", "Feline retina, whisker and paw studies."),
    document("2", "Cat vision", "Cat retina, whisker and paw studies."),
    document("3", "Feline retina", "A feline has a whisker and a paw."),
    document("4", "Bridges", "Concrete and steel under load."),
    document("5", "Steel", "Concrete bridges carry a load."),
]


def test_a_paper_is_found_by_the_words_of_its_neighbours() -> None:
    """A plain word finds papers about the same in other words, behind those that have it."""
    assert found(reader(PAPERS), "feline")[:3] in (["3", "1", "2"], ["1", "3", "2"])


def test_operators_do_not_see_what_is_lent() -> None:
    """What must be there must be there."""
    papers = reader(PAPERS)

    for query in ("+feline", "title:feline", '"feline retina"'):
        assert "2" not in found(papers, query)
    assert papers.search("feline").matching == 2
