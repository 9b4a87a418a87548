"""Content as HTML and as plain text."""

import re
from html import unescape
from pathlib import Path

import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator import tex, verbatim
from generator.render import markdown
from generator.render.cleaning import TAGS
from generator.text import clean, paragraphs
from tests.texts import NASTY, abstracts


def shown(html: str) -> list[str]:
    """Return what a browser shows of paragraphs without mathematics."""
    return [unescape(re.sub("<[^>]+>", "", line)) for line in html.split("\n")] if html else []


@settings(max_examples=300)
@given(NASTY)
@example("$x$")
@example("`$x$` <b>&lt;</b> https://a.b/c_d?x=1&lt=2). http://1.2.3.4.5/")
def test_the_short_way_is_the_long_way(text: str) -> None:
    """Text without Markdown in it becomes the same HTML as through Python-Markdown and the sanitiser."""
    source = verbatim.markdown(clean(text))
    assert markdown.html(source) == markdown.converted(source)


_PIECES = (
    *("*two words*", "**strong**", "`code_x`", "`f (x)`", "[a link](https://a.bc/d-e)", "$x_i$", "$5", "word", "R&D"),
    *(" ", " ", " ", ", ", ".", "(", ")", ":", "-", "- ", "\n", "\n- ", "\n\n", "\n\n- ", "1. ", "<", "< 0.5", "&"),
    *("*", "**", "`", "_", "[", "]", "!", "|", "~", "#", ">", "\\", "a@b.c", "https://x.yz/", "'", '"', "é", "\xa0"),
    *("+", "=", "&lt;"),
)
MARKED = st.lists(st.sampled_from(_PIECES), max_size=14).map("".join)


@settings(max_examples=400)
@given(MARKED)
@example("We *show* that **all of it** (`f(x)`, [code](https://a.bc/d)) is p < 0.05 & $x$.\n\n- One *item*\n- two")
def test_simple_markdown_is_the_long_way_too(text: str) -> None:
    """Emphasis, code, links and lists, where they are plainly that, become what Python-Markdown makes of them."""
    source = clean(text)
    assert markdown.html(source) == markdown.converted(source)


@given(NASTY.filter(lambda text: not any(part.kind == "math" for part in tex.segments(clean(text)))))
@example("p_{gen}^N, <think>, &lt;, 1. a, *b*")
def test_a_reader_sees_exactly_the_text(text: str) -> None:
    """No tag, list, emphasis or entity appears that the text does not have."""
    text = clean(text)
    source = verbatim.markdown(text)
    assert shown(markdown.html(source)) == [tex.reading(line) for line in verbatim.paragraphs(text)]


@settings(max_examples=300)
@given(NASTY)
@example("[a](javascript:alert(1)) <script>alert(1)</script> <img src=x onerror=y> ![i](http://x/y.png)")
@example("<http://a.b?c=&quot;> [x]: javascript:y\n\n[z][x]")
def test_nothing_dangerous_survives(source: str) -> None:
    """Whatever Markdown says, only known tags, harmless attributes and links to the web come out."""
    tree = html5lib.parseFragment(str(markdown.html(source)), namespaceHTMLElements=False)
    for element in tree.iter():
        name = str(element.tag).rpartition("}")[2]
        assert name in TAGS | {"DOCUMENT_FRAGMENT"}
        assert not any(
            attribute.startswith("on") or attribute in ("style", "id", "src") for attribute in element.attrib
        )
        assert re.match(r"https?:|mailto:|(?![a-zA-Z+.-]+:)", element.get("href", "")), source


def test_addresses_in_text_are_links() -> None:
    """A bare address is a link up to the mark that ends its sentence."""
    assert markdown.html("See https://example.org/a_b(c), http://x.y.") == (
        '<p>See <a href="https://example.org/a_b(c)" rel="nofollow">https://example.org/a_b(c)</a>, '
        '<a href="http://x.y" rel="nofollow">http://x.y</a>.</p>'
    )


def test_handwritten_markdown() -> None:
    """Headings go below the page's own; lists, tables, code and mathematics are understood; refused links are text."""
    made = markdown.html("# A\n\n* `$x$ &lt;` **b**\n\n[l](javascript:x) $\\unknown$\n\n|a|b|\n|-|-|\n|$c$|&copy;|")
    assert made.startswith("<h2>A</h2>\n<ul>\n<li><code>$x$ &amp;lt;</code> <strong>b</strong></li>\n</ul>")
    assert "<p>l $\\unknown$</p>" in made
    assert "<td><math>" in made
    assert "<td>©</td>" in made


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("\\<think> $x^2$ & \\$5\n\n\\- b", "<think> x² & $5\n\n- b"),
        ("# A\n\n* *b* $x^2$\n* c &amp; d", "A\n\nb x²\n\nc & d"),
    ],
)
def test_plain_reading(source: str, plain: str) -> None:
    """Feeds, mail and search get the words without their mark-up."""
    assert markdown.plain(source) == plain


@given(st.lists(st.integers(1, 6), min_size=1))
def test_headings_go_below_that_of_the_page(levels: list[int]) -> None:
    """The highest one is the second level, and the others keep their distance from it."""
    source = "\n\n".join(f"{'#' * level} Words" for level in levels)
    found = [int(level) for level in re.findall(r"<h(\d)>", str(markdown.html(source)))]

    assert found == [min(level - min(levels) + 2, 6) for level in levels]


def test_titles_are_text() -> None:
    """A title shows its mathematics and nothing else: no emphasis, no links, no tags."""
    assert markdown.inline("*A* <b> & \\$5 http://x.y") == "*A* &lt;b&gt; &amp; $5 http://x.y"
    assert markdown.inline("in $\\unknown$ \\(y\\)").startswith("in $\\unknown$ <math>")


def test_every_real_abstract_shows_itself(real_data: Path) -> None:
    """Each of thousands of real abstracts is shown exactly, its few pieces of mathematics aside."""
    texts = [tex.letters(paragraphs(text)) for text in abstracts(real_data)]
    plain = [text for text in texts if not any(part.kind == "math" for part in tex.segments(text))]
    assert len(plain) > 6700
    assert all(shown(markdown.html(verbatim.markdown(text))) == text.split("\n\n") for text in plain)
