"""Hard wraps go, paragraphs stay."""

from pathlib import Path
from textwrap import fill

from hypothesis import given
from hypothesis import strategies as st

from generator.text import clean, paragraphs
from tests.texts import NASTY, abstracts

WORDS = st.text("abcdefghij", min_size=1, max_size=12)
SENTENCES = st.lists(WORDS, min_size=40, max_size=120).map(" ".join)


@given(st.lists(SENTENCES, min_size=1, max_size=3), st.sampled_from([72, 76, 79, 80]))
def test_wrapped_text_is_unwrapped(texts: list[str], width: int) -> None:
    """Whatever the width, and however paragraphs are marked, they come back whole."""
    wrapped = [fill(text, width) for text in texts]
    expected = "\n\n".join(texts)

    assert paragraphs("\n\n".join(wrapped)) == expected
    assert paragraphs("\n  ".join(wrapped)) == expected
    assert paragraphs("  " + "\r\n  ".join(wrapped) + "\n") == expected


@given(st.lists(SENTENCES.filter(lambda text: len(text) > 100), min_size=2, max_size=4))
def test_newlines_between_long_lines_are_paragraphs(texts: list[str]) -> None:
    """Text that was never wrapped keeps its breaks."""
    assert paragraphs("\n".join(texts)) == paragraphs("\n  ".join(texts)) == "\n\n".join(texts)


def test_short_lines_are_lines() -> None:
    """A list is no wrapped paragraph."""
    assert paragraphs("We give:\n1. this\n2. that") == "We give:\n\n1. this\n\n2. that"


def test_a_long_word_does_not_hide_that_text_is_wrapped() -> None:
    """A link longer than a line stands on one of its own."""
    words = fill("word " * 60, 79, break_long_words=False)

    assert "\n" not in paragraphs(f"{words}\nhttps://example.org/{'x' * 90}")


@given(NASTY)
def test_only_blanks_change(text: str) -> None:
    """No character is lost, and what comes out stays as it is."""
    found = paragraphs(text)

    assert "".join(found.split()) == "".join(clean(text).split())
    assert paragraphs(found) == found


def test_real_abstracts(real_data: Path) -> None:
    """Of 6,714 abstracts 187 have several paragraphs, just those in which a line begins with two blanks."""
    texts = list(abstracts(real_data))
    several = [text for text in texts if "\n\n" in paragraphs(text)]

    assert several == [text for text in texts if "\n  " in text.strip()]
    assert len(several) == 187
