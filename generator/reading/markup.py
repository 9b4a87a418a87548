"""Text out of HTML and the mark-up of publishers."""

import re
from html import unescape

import nh3

# What catalogues leave in titles and abstracts: HTML's inline tags, JATS and MathML. Other angle brackets are text.
_TAG = re.compile(
    r"</?(?:i|b|em|strong|sub|sup|sc|scp|tt|u|p|br|span|italic|bold|title|sec|(?:jats|mml|m|ns\d):\w+)(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"</?(?:p|br|div|li|h\d|jats:p|jats:sec|jats:title)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE)


def plain(text: str) -> str:
    """Return `text` without the tags that catalogues leave in it, and with its character references resolved."""
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub("\n\n", text))
    return unescape(text) if "&" in text else text


def html(text: str) -> str:
    """Return the text of a piece of HTML; paragraphs are separated by an empty line."""
    if "<" not in text and "&" not in text:
        return text
    return unescape(nh3.clean(_BREAK.sub("\n\n", text), tags=set()))
