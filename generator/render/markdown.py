"""Content as HTML: the only place that makes `Markup` of what came from outside, and its reading as plain text.

Markdown is Python-Markdown's, with mathematics, tables, fenced code and CommonMark's escapes, without raw HTML: a tag
is text. What comes out has been through a sanitiser; only http, https and mailto links stay.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from string import punctuation
from xml.etree.ElementTree import Element

import nh3
from lxml import html as lxml_html
from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup, escape

from generator import tex, verbatim
from generator.render import math, simple
from generator.render.math import mathml
from generator.text import clean

TAGS = math.TAGS | {
    *("p", "a", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "br"),
    *("h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_BLOCKS = ("p", "pre", "blockquote", "li", "h2", "h3", "h4", "h5", "h6", "tr")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# An address in running text ends before the marks that end a sentence or a bracket.
_URL = re.compile(
    r"(?<![\w/:@.-])https?://[A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9](?::\d+)?(?:[/?#][\w\-./~:?#@!&'()+,;=%]*)?"
)
_URL_TAIL = re.compile(r"[.,;:!?'&]+$")

_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href", "title"}, "ol": {"start"}, **math.ATTRIBUTES},
    link_rel="nofollow",
    url_schemes={"http", "https", "mailto"},
)


_MARKED = re.compile(r"[*`](?=\w)|\]\(|^- ", re.MULTILINE)
_UNLINKED = re.compile(r'<a(?: title="[^"]*")? rel="nofollow">(.*?)</a>', re.DOTALL)


@lru_cache(maxsize=1 << 10)
def html(source: str) -> Markup:
    """Return the Markdown `source` as safe HTML."""
    # Of two short ways, each equal to the long one, the likelier first.
    if _MARKED.search(source):
        short = simple.html(source, escape=_escaped, mathml=_mathml)
        if short is not None:
            return Markup(short)  # noqa: S704 - of escaped parts
    shown = verbatim.text(source)
    if shown is None:
        return converted(source)
    # What Python-Markdown makes of text that has no Markdown in it; a test holds the two ways equal.
    return Markup("\n").join(_paragraph(line) for line in shown.split("\n\n")) if shown else Markup()


@lru_cache(maxsize=1 << 12)
def plain(source: str) -> str:
    """Return the Markdown `source` as plain text, paragraphs separated by an empty line."""
    shown = verbatim.text(source)
    return tex.plain(shown) if shown is not None else _words(converted(source))


@lru_cache(maxsize=1 << 16)
def inline(text: str) -> Markup:
    """Return plain text, a title or a name, as HTML: its mathematics as MathML, everything else as it is written."""
    if "$" not in text and "\\" not in text:
        return escape(text)
    return Markup().join(part if isinstance(part, Markup) else escape(part) for part in _parts(text))


def _parts(text: str) -> Iterator[str]:
    """Yield `text` in turn as plain text and as MathML."""
    pending = ""
    for segment in tex.segments(text):
        made = mathml(segment.tex, display=segment.display) if segment.kind == "math" else None
        if made is None:
            pending += segment.source if segment.kind == "math" else tex.reading(segment.source)
            continue
        if pending:
            yield pending
        pending = ""
        yield made
    if pending:
        yield pending


# --- the short way ---------------------------------------------------------------------------------------------------


def _paragraph(line: str) -> Markup:
    """Return one paragraph of plain text as HTML."""
    if "$" not in line and "\\" not in line:
        return Markup(f"<p>{_linked(line)}</p>")  # noqa: S704 - `_linked` escapes
    parts = (part if isinstance(part, Markup) else _linked(part) for part in _parts(line))
    return Markup(f"<p>{''.join(parts)}</p>")  # noqa: S704 - `_linked` escapes


def _linked(text: str) -> str:
    """Return `text` as HTML with its addresses as links."""
    if "://" not in text:
        return _escaped(text)
    return "".join(_link(piece) if is_url else _escaped(piece) for piece, is_url in _pieces(text))


def _escaped(text: str) -> str:
    """Return `text` as the sanitiser would write it."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text or ">" in text:
        text = text.replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\xa0", "&nbsp;")


@lru_cache(maxsize=1 << 14)
def _link(url: str) -> str:
    """Return an address as a link, if the sanitiser lets it be one."""
    return _cleaned(f'<a href="{escape(url)}">{escape(url)}</a>')


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield `text` in pieces, and whether each is an address."""
    end = 0
    for match in _URL.finditer(text):
        url = _URL_TAIL.sub("", match[0])
        while url.endswith(")") and url.count(")") > url.count("("):
            url = _URL_TAIL.sub("", url[:-1])
        yield text[end : match.start()], False
        yield url, True
        end = match.start() + len(url)
    yield text[end:], False


def _mathml(segment: tex.Segment) -> str | None:
    return mathml(segment.tex, display=segment.display)


# --- the long way ----------------------------------------------------------------------------------------------------


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
        for piece, is_url in _pieces(text):
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
    """Return Markdown as safe HTML, the long way: `html` without its short cut."""
    return Markup(_cleaned(_markdown.reset().convert(clean(source))))  # noqa: S704 - cleaned


def _cleaned(made: str) -> str:
    """Return HTML without anything that is not allowed; a link whose address was refused is plain text."""
    return _UNLINKED.sub(r"\1", _cleaner.clean(made))


def _words(markup: Markup) -> str:
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
