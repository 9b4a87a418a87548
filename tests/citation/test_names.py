"""Names in parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.citation.names import Name, name_of


@pytest.mark.parametrize(
    ("spelled", "expected"),
    [
        ("Ada Lovelace", Name(family="Lovelace", given="Ada")),
        ("Ludwig van Beethoven", Name(family="van Beethoven", given="Ludwig")),
        ("Maria de la Cruz", Name(family="de la Cruz", given="Maria")),
        ("Aäron van den Oord", Name(family="van den Oord", given="Aäron")),
        ("Sammy Davis Jr.", Name(family="Davis", given="Sammy", suffix="Jr.")),
        ("King, Jr, Martin Luther", Name(family="King", given="Martin Luther", suffix="Jr")),
        ("Lovelace, Ada", Name(family="Lovelace", given="Ada")),
        ("李明", Name(literal="李明")),
        ("DeepSeek-AI", Name(literal="DeepSeek-AI")),
        ("The ATLAS Collaboration", Name(literal="The ATLAS Collaboration")),
        ("e. e. cummings", Name(family="e. cummings", given="e.")),
        ("", Name()),
    ],
)
def test_a_name_has_the_parts_of_bibtex(spelled: str, expected: Name) -> None:
    """First von Last, von Last, First and von Last, Jr, First; groups and single words stay whole."""
    assert name_of(spelled) == expected


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_no_letter_of_a_name_is_lost(spelled: str) -> None:
    """Every letter stands in one of the parts, none twice."""
    name = name_of(spelled)

    parts = f"{name.family}{name.given}{name.suffix}{name.literal}"
    assert sorted(filter(str.isalpha, parts)) == sorted(filter(str.isalpha, spelled))
