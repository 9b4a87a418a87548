"""Markdown as HTML the long way, by Python-Markdown: what `markdown` has no short way for.

Apart, because few pages need it, and it takes longer to load than many a build takes.
"""

import re
from html import unescape
from string import punctuation
from xml.etree.ElementTree import Element

from lxml import html as lxml_html
from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup

from generator import tex, verbatim
from generator.render.cleaning import cleaned, pieces
from generator.render.math import mathml
from generator.text import clean

_BLOCKS = ("p", "pre", "blockquote", "li", "h2", "h3", "h4", "h5", "h6", "tr")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class _Mathematics(InlineProcessor):
    """Mathematics is taken out before anything else may read it."""

    def __init__(self, md: Markdown) -> None:
        super().__init__("", md)
        self.compiled_re = tex.MATH

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
    ) -> tuple[str | None, int | None, int | None]:
        """Return what stands for one piece of mathematics: a ticket for its MathML, or its source."""
        if not tex.is_math(m):
            return None, None, None
        segment = tex.segment_of(m)
        made = mathml(segment.tex, display=segment.display)
        return self.md.htmlStash.store(made) if made else segment.source, m.start(), m.end()


class _Entity(InlineProcessor):
    """An entity is the character it names."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]  # noqa: N802, ARG002
        return unescape(m[0]), m.start(), m.end()


class _Finish(Treeprocessor):
    """Last steps on the tree: addresses become links, headings go below the page's own, ampersands are ampersands.

    The highest heading of a text is the one below the page's own, however many signs it was written with.
    """

    def run(self, root: Element) -> None:
        """Finish the tree `root` in place."""
        headings = [element for element in root.iter() if element.tag in _HEADINGS]
        highest = min((_HEADINGS.index(element.tag) for element in headings), default=0)
        for element in headings:
            element.tag = _HEADINGS[min(_HEADINGS.index(element.tag) - highest + 1, len(_HEADINGS) - 1)]
        self._finish(root, is_linked=True)

    def _finish(self, element: Element, *, is_linked: bool) -> None:
        is_linked = is_linked and element.tag not in ("a", "code")
        children = list(element)
        if element.tag != "code":  # Python-Markdown has escaped code already
            element.text = self._put(element, 0, element.text or "", is_linked=is_linked)
        for child in children:
            self._finish(child, is_linked=is_linked)
            child.tail = self._put(element, list(element).index(child) + 1, child.tail or "", is_linked=is_linked)

    def _put(self, parent: Element, place: int, text: str, *, is_linked: bool) -> str:
        """Put links for the addresses in `text` into `parent` at `place`, and return the text before the first."""
        if not is_linked or "://" not in text:
            return text.replace("&", "&amp;")
        first, last = "", None
        for piece, is_url in pieces(text):
            safe = piece.replace("&", "&amp;")
            if is_url:
                last = Element("a", href=safe)
                last.text = safe
                parent.insert(place, last)
                place += 1
            elif last is None:
                first = safe
            else:
                last.tail = safe
        return first


def _reader() -> Markdown:
    """Return Python-Markdown as this archive reads it."""
    md = Markdown(extensions=["tables", "sane_lists", "fenced_code"], output_format="html")
    md.ESCAPED_CHARS = list(punctuation)
    md.block_level_elements = [name for name in md.block_level_elements if name != "math"]
    md.preprocessors.deregister("html_block")
    for name in ("html", "automail"):
        md.inlinePatterns.deregister(name)
    md.inlinePatterns.register(_Mathematics(md), "mathematics", 195)
    md.inlinePatterns.register(_Entity(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z0-9]+);", md), "entity", 80)
    md.treeprocessors.register(_Finish(md), "finish", -10)
    return md


_markdown = _reader()


def converted(source: str) -> Markup:
    """Return Markdown as safe HTML, the long way."""
    return Markup(cleaned(_markdown.reset().convert(clean(source))))  # noqa: S704 - cleaned


def words(markup: Markup) -> str:
    """Return the words of some HTML, its blocks separated by empty lines."""
    root = lxml_html.fragment_fromstring(str(markup), create_parent="div")
    for element in root.iter("math"):
        source = element.findtext(".//annotation") or ""
        element.clear(keep_tail=True)
        element.text = tex.plain(f"${source}$")
    for element in root.iter("br", "td", "th"):
        element.tail = f" {element.tail or ''}"
    for element in root.iter(*_BLOCKS):
        element.text = f"\n\n{element.text or ''}"
        element.tail = f"\n\n{element.tail or ''}"
    return "\n\n".join(verbatim.paragraphs(str(root.text_content())))
