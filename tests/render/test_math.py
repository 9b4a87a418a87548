"""TeX as MathML."""

import re

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from generator.render import math


def test_mathematics_carries_its_source() -> None:
    """What cannot see MathML still finds the TeX."""
    made = math.mathml("a<b", display=True)
    assert made == (
        '<math display="block"><semantics><mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow>'
        '<annotation encoding="application/x-tex">a&lt;b</annotation></semantics></math>'
    )


@pytest.mark.parametrize("tex", [r"\unknown", "x^{", r"\begin{a}", "}", "x" * 1001, "a & b"])
def test_what_cannot_be_read_is_not_mathematics(tex: str) -> None:
    """Unreadable and overlong TeX gives nothing, so that its source is shown."""
    assert math.mathml(tex, display=False) is None


@pytest.mark.parametrize(
    "tex", [r"\widetilde{O}(n)", r"\mathbbm{1}", r"\mbox{if } x", r"\boxed{x}", r"\color{red}x", r"\eqref{x}"]
)
def test_common_macros_are_read(tex: str) -> None:
    """What abstracts use is understood, and leaves no style, class or link behind."""
    made = math.mathml(tex, display=False)
    assert made
    assert not re.search(r"style=|class=|href=|<a |<span", made)


_PIECES = [
    *"ab01+-=<>&\"'^_{}() ",
    "\\frac",
    "\\text{<b>",
    "\\color{red}",
    "\\sqrt",
    "\\begin{matrix}",
    "\\end{matrix}",
    "\\alpha",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
def test_only_harmless_mathml_comes_out(tex: str) -> None:
    """Whatever is read has been cleaned: cleaning it again changes nothing, and every tag is one of MathML's."""
    made = math.mathml(tex, display=False)
    if made is not None:
        assert set(re.findall(r"</?([a-zA-Z]+)", made)) <= math.TAGS
        assert nh3.clean(made, tags=set(math.TAGS), attributes=math.ATTRIBUTES, link_rel=None) == made


def test_a_wide_formula_can_be_moved_without_a_mouse() -> None:
    """It scrolls in a region that takes the focus; a short one, and text, stay as they are."""
    wide, short = (Markup(math.mathml(tex, display=False)) for tex in ("a+" * 20 + "b", "a+b"))

    assert math.scrolling(wide) == (
        f'<span class="formula" role="group" aria-label="Formula" tabindex="0">{wide}</span>'
    )
    assert math.scrolling(short) == short
    assert math.scrolling(Markup("<p>x</p>")) == "<p>x</p>"
