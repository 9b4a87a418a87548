r"""Plain text (with mathematics) as Markdown that shows exactly that text, and back.

The Markdown is for people to read in a file, so a character is escaped only where it would mean something: to
Python-Markdown as `render.markdown` sets it up, and, for whoever reads the file elsewhere, to CommonMark.

Plain text here is text after `text.clean`; an empty line separates paragraphs, any other run of blanks is one blank.
"""

import re
from functools import lru_cache

from generator import tex

# While a paragraph is escaped, \x00 stands for a piece of mathematics and \x01 for an escaped dollar.
# Every branch begins with its sign: such a pattern is searched for a fifth of the time.
_ESCAPE = re.compile(
    r"\\(?=[!-/:-@\[-`{-~\x00\x01]|$)"  # a backslash that would escape what follows
    r"|`"
    r"|\*(?:(?<![ ]\*)(?<!^\*)|(?![ ]|$))"  # a star between blanks is a star
    r"|_(?<![^\W_]_)"  # emphasis cannot start inside a word
    r"|<(?=[A-Za-z/!?]|[^<> ]+@)"
    r"|\](?=\()"
)
_ENTITY = re.compile(r"&(?=(?:#\w+|[A-Za-z0-9]+);)")
# What would start a heading, a quotation, a list, a rule or a fence; or a numbered list or a definition, by its end.
_START = re.compile(
    r"[#>]|[-+*](?=[ ]|$)|-(?=-[ ]?-[- ]*$)|~(?=~~)|(?P<before>\d{1,9}(?=[.)](?:[ ]|$))|\[[^\[\]]*\](?=:))", re.ASCII
)
_MEANINGFUL = re.compile(r"[\\`*_<$&\]\x00\x01]")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|&(?:amp|(#36));")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
_BLANKS = re.compile(r"[ \t\n]+")
_ESCAPED_DOLLAR = re.compile(r"(\\\\)|\\\$")


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of `text`, each on one line without blanks at its ends; empty ones are left out."""
    parts = _PARAGRAPHS.split(text) if "\n" in text else (text,)
    return [line for part in parts if (line := _one_line(part))]


def _one_line(part: str) -> str:
    """Return `part` with each run of blanks as one blank, none at its ends."""
    if "\n" in part or "  " in part or "\t" in part:
        part = _BLANKS.sub(" ", part)
    return part.strip()


def markdown(text: str) -> str:
    """Return Markdown that shows exactly `text`, paragraph by paragraph, with its mathematics as it was written."""
    return "\n\n".join(map(_written, paragraphs(text)))


def inert(markdown: str) -> str:
    """Return `markdown` with the `<` in its mathematics as the TeX it stands for.

    A program that knows no mathematics could take it for the beginning of a tag.
    """
    if "<" not in markdown:
        return markdown
    parts = tex.segments(markdown)
    return "".join(part.source.replace("<", r"\lt ") if part.kind == "math" else part.source for part in parts)


def label(text: str) -> str:
    """Return Markdown that shows exactly `text` on one line, and in which no bracket ends the link around it."""
    written = markdown(" ".join(text.split()))
    return re.sub(r"\\.|[\[\]]", lambda found: found[0] if len(found[0]) > 1 else f"\\{found[0]}", written)


@lru_cache(maxsize=1 << 10)
def text(markdown: str) -> str | None:
    """Return the plain text that `markdown` shows, or None where it is not what `verbatim.markdown` writes."""
    lines = markdown.split("\n\n")
    plain = []
    for line in lines:
        shown = _read(line)
        if not line or _one_line(shown) != shown or _written(shown) != line:
            return None
        plain.append(shown)
    return "\n\n".join(plain)


def _written(line: str) -> str:
    """Return one paragraph as Markdown."""
    if not _MEANINGFUL.search(line):
        return _started(line)
    mathematics = []
    marked = []
    for part in tex.segments(line.replace("\x00", "").replace("\x01", "")):
        if part.kind == "math":
            mathematics.append(part.source)
            marked.append("\x00")
        else:
            marked.append(_ESCAPED_DOLLAR.sub(lambda match: match[1] or "\x01", part.source))
    escaped = _started(_ENTITY.sub("&amp;", _ESCAPE.sub(r"\\\g<0>", "".join(marked))))
    written = _unmarked(escaped, mathematics)
    if "$" in escaped and [part.source for part in tex.segments(written) if part.kind == "math"] != mathematics:
        return _unmarked(escaped.replace("$", "&#36;"), mathematics)
    return written


def _started(line: str) -> str:
    """Return `line` with a sign escaped where its beginning would be more than text."""
    match = _START.match(line)
    if not match:
        return line
    cut = len(match["before"] or "")
    return f"{line[:cut]}\\{line[cut:]}"


def _unmarked(marked: str, mathematics: list[str]) -> str:
    """Return `marked` with its mathematics, and its escaped dollars, as they were."""
    rest = iter(mathematics)
    filled = re.sub("\x00", lambda _: next(rest), marked) if mathematics else marked
    return filled.replace("\x01", r"\$")


def _read(line: str) -> str:
    """Return the text that one paragraph of Markdown shows."""
    if "\\" not in line and "&" not in line:
        return line
    return "".join(
        part.source if part.kind == "math" else _ESCAPED.sub(_character, part.source) for part in tex.segments(line)
    )


def _character(match: re.Match[str]) -> str:
    r"""Return what an escape shows; an escaped dollar stays escaped, as it is in the text."""
    if match[1]:
        return r"\$" if match[1] == "$" else match[1]
    return "$" if match[2] else "&"
