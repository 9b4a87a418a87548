"""The short way for the Markdown that people write most: paragraphs and a list, emphasis, code, links, mathematics.

Python-Markdown takes ten times as long for them. Whatever is not plainly one of these is left to it, and a test holds
the two ways equal, character by character.
"""

import re
from collections.abc import Callable

from generator import tex

# What begins with a sign. Emphasis and links hold words without signs; before and after them stands a blank or a mark,
# so that no rule about the insides of words applies.
_WORDS = r"[^\W_](?:[\w ,.:;%+=/–—’'\"()-]*[^\W_])?"
_TOKEN = re.compile(
    r"(?<![^\s(])(?:"
    rf"\*\*(?P<strong>{_WORDS})\*\*|\*(?P<em>{_WORDS})\*"
    r"|`(?P<code>[\w .,:;=+/()-]*[\w.:;=+/()-])`"
    rf"|\[(?P<title>{_WORDS})\]\((?P<url>https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:/[A-Za-z0-9._~-]+)*/?)\)"
    r")(?![^\s.,:;)?!])"
    r"|(?P<less><)(?=[ =0-9])"
    r"|(?P<and>&)(?![#A-Za-z0-9]+;)"
)
# What has, or could have, a meaning of its own.
_SIGN = re.compile(r"[\\`*_\[\]|<>~$&@\x02\x03]")
_START = re.compile(r"[#>:+\-=]|\d+[.)]|\s")
_ITEM = re.compile(r"- (?=\S)")


def html(source: str, *, escape: Callable[[str], str], mathml: Callable[[tex.Segment], str | None]) -> str | None:
    """Return the Markdown `source` as HTML, or None where it takes more than this module knows.

    `escape` writes plain text, `mathml` mathematics, if it can.
    """
    blocks = source.split("\n\n")
    made = []
    for number, block in enumerate(blocks):
        if "\n" in block or _ITEM.match(block):
            if number == 0 or (number + 1 < len(blocks) and _ITEM.match(blocks[number + 1])):
                return None
            lines = block.split("\n")
            if not all(map(_ITEM.match, lines)):
                return None
            items = [_line(line[2:], escape, mathml) for line in lines]
            if None in items:
                return None
            made.append("<ul>\n" + "".join(f"<li>{item}</li>\n" for item in items) + "</ul>")
        else:
            line = _line(block, escape, mathml)
            if line is None:
                return None
            made.append(f"<p>{line}</p>")
    return "\n".join(made)


def _line(line: str, escape: Callable[[str], str], mathml: Callable[[tex.Segment], str | None]) -> str | None:
    """Return one line as HTML."""
    if not line or _START.match(line) or line[-1].isspace() or "  " in line or ("\\" in line and "$" not in line):
        return None
    if "$" not in line:
        return _text(line, escape)
    parts = []
    for segment in tex.segments(line):
        part = mathml(segment) if segment.kind == "math" else _text(segment.source, escape)
        if part is None:
            return None
        parts.append(part)
    return "".join(parts)


def _text(text: str, escape: Callable[[str], str]) -> str | None:
    """Return text without mathematics as HTML."""
    sign = _SIGN.search(text)
    if sign is None:
        return None if "://" in text else escape(text)
    parts = []
    end = 0
    while sign is not None:
        token = _TOKEN.match(text, sign.start())
        if token is None:
            return None
        parts += [text[end : token.start()], _written(token)]
        end = token.end()
        sign = _SIGN.search(text, end)
    parts.append(text[end:])
    if "://" in text and any("://" in part for part in parts[::2]):
        return None
    parts[::2] = map(escape, parts[::2])
    return "".join(parts)


def _written(match: re.Match[str]) -> str:
    """Return a token as HTML; nothing inside emphasis, code or a link needs an escape."""
    match match.lastgroup:
        case "strong" | "em" | "code" as tag:
            return f"<{tag}>{match[tag]}</{tag}>"
        case "less":
            return "&lt;"
        case "and":
            return "&amp;"
    return f'<a href="{match["url"]}" rel="nofollow">{match["title"]}</a>'
