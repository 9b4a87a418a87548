"""A content file is a header and a body."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import ContentError
from generator.store import frontmatter

_LINES = st.lists(st.sampled_from(["a: b", "--- c", "----", "", "…"]), max_size=4).map("\n".join)


@given(_LINES, _LINES)
def test_what_is_joined_is_split(header: str, body: str) -> None:
    """Header and body come back, empty lines around the body aside."""
    header = f"{header}\n"
    assert frontmatter.split(frontmatter.join(header, body.strip("\n")), "x") == (header, body.strip("\n"))


@pytest.mark.parametrize("text", ["", "a: b\n", "---\na: b\n", " ---\na\n---\n", "---"])
def test_a_file_without_a_header_is_refused(text: str) -> None:
    """The error says in which line the header should begin."""
    with pytest.raises(ContentError) as caught:
        frontmatter.split(text, "x.md")
    assert caught.value.where == "x.md:1"
    assert caught.value.hint


def test_a_rule_in_the_body_ends_nothing() -> None:
    """Only the first closing line counts."""
    assert frontmatter.split("---\na: b\n---\n\nx\n\n---\n\ny\n", "x") == ("a: b\n", "x\n\n---\n\ny")
