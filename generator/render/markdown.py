"""Content as HTML: the only place that makes `Markup` of what came from outside, and its reading as plain text.

Markdown is Python-Markdown's, with mathematics, tables, fenced code and CommonMark's escapes, without raw HTML: a tag
is text. What comes out has been through a sanitiser; only http, https and mailto links stay.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from markupsafe import Markup, escape

from generator import tex, verbatim
from generator.render import simple
from generator.render.cleaning import cleaned, pieces
from generator.render.math import mathml

_EMPHASISED = re.compile(r"[*`](?=\w)")


@lru_cache(maxsize=1 << 10)
def html(source: str) -> Markup:
    """Return the Markdown `source` as safe HTML."""
    # Of two short ways, each equal to the long one, the likelier first.
    if "\n- " in source or "](" in source or _EMPHASISED.search(source):
        short = simple.html(source, escape=_escaped, mathml=_mathml)
        if short is not None:
            return Markup(short)  # noqa: S704 - of escaped parts
    shown = verbatim.text(source)
    if shown is None:
        return converted(source)
    # What Python-Markdown makes of text that has no Markdown in it; a test holds the two ways equal.
    return Markup("\n").join(_paragraph(line) for line in shown.split("\n\n")) if shown else Markup()


def converted(source: str) -> Markup:
    """Return Markdown as safe HTML, the long way: `html` without its short cuts."""
    # Here, because few pages need it.
    from generator.render import converter  # noqa: PLC0415

    return converter.converted(source)


@lru_cache(maxsize=1 << 12)
def plain(source: str) -> str:
    """Return the Markdown `source` as plain text, paragraphs separated by an empty line."""
    shown = verbatim.text(source)
    if shown is not None:
        return tex.plain(shown)
    from generator.render import converter  # noqa: PLC0415  As in `converted`.

    return converter.words(converter.converted(source))


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
    return "".join(_link(piece) if is_url else _escaped(piece) for piece, is_url in pieces(text))


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
    return cleaned(f'<a href="{escape(url)}">{escape(url)}</a>')


def _mathml(segment: tex.Segment) -> str | None:
    return mathml(segment.tex, display=segment.display)
