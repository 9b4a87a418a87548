"""Plain text survives the way through Markdown."""

from pathlib import Path

import pytest
from hypothesis import example, given

from generator import tex, verbatim
from generator.text import clean
from tests.texts import NASTY, abstracts


@given(NASTY)
@example("p_{gen}^N and _x_ and __y__")
@example("`$x$` and $x$ and \\$5 and $6")
@example("[]:](")
@example("[a](b) ![c](d) <e> <f@g> &lt; &#36; C:\\_x \\")
def test_what_is_written_is_read_back(text: str) -> None:
    """Reading the Markdown of a text gives the same text, blanks aside, however ugly it is."""
    text = clean(text)
    assert verbatim.text(verbatim.markdown(text)) == "\n\n".join(verbatim.paragraphs(text)) or not text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "A state-of-the-art model (v1.5) at 3.5% - and 2 * 3 = 6; see [1], [2] and p. 4!",
        "The counts p_{gen}^N, snake_case and x < 3 & y > 4 cost $5 or $6.",
        "It is $O(n^2)$, or \\(x_i\\), at https://example.org/a_b (see C:\\Users).",
    ],
)
def test_usual_text_is_its_own_markdown(text: str) -> None:
    """Nothing is escaped that means nothing, so that content files read well."""
    assert verbatim.markdown(text) == text


@pytest.mark.parametrize(
    "source", ["*a*", "# a", "a\nb", "a  b", "&copy;", "\\a\\.", "- a", " a", "a\n\n\n\nb", "[a](b)"]
)
def test_other_markdown_is_not_verbatim(source: str) -> None:
    """Markdown that a person wrote is told from what `markdown` writes."""
    assert verbatim.text(source) is None


def test_real_abstracts_are_hardly_escaped(real_data: Path) -> None:
    """Of thousands of real abstracts, one in a hundred has a character that needs escaping."""
    texts = [tex.letters(clean(text)) for text in abstracts(real_data)]
    escaped = sum(verbatim.markdown(text) != "\n\n".join(verbatim.paragraphs(text)) for text in texts)
    assert len(texts) == 6714
    assert escaped < 100
