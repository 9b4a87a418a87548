"""arXiv's own text form: the `.abs` file of a paper, and the listings that go out by mail.

Both hold blocks between lines of two backslashes: fields as in a mail's header, then, or not, the abstract
(https://info.arxiv.org/help/prep.html). A size of `0kb,I` marks a version that was withdrawn.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import msgspec
from msgspec import Struct

from generator.model import Record, Version
from generator.reading import dates, json, people
from generator.reading.identifiers import arxiv, names
from generator.reading.text import decoded
from generator.sources import UNREADABLE, Document, Found, Rejected, Source, record

NAME = "arxiv-mail"

_RULE = "\\\\"
_SIGNS = re.compile(rb"^\\\\\r?\n(?:arXiv|Paper)[ :(]", re.MULTILINE)
_FIELD = re.compile(r"([A-Za-z][A-Za-z-]*)(?: \(([^()]*)\))?:(.*)")
_NAMED = re.compile(r"(?:arXiv|Paper)(?: \([^()]*\))?:\s*(\S+)(.*)")
_REPLACED = re.compile(r"replaced with revised version (.*)")
_REVISED = re.compile(r"revised v(\d{1,4})")
_SIZE = re.compile(r"\s*\((\d+)kb(?:,(\w+))?\)\s*$")


class _Kept(Struct, frozen=True):
    """A file as archives of them keep it."""

    text: str
    path: str = ""


class _Block(Struct, frozen=True):
    """One paper's lines: its fields, and what stands below them."""

    line: int
    head: tuple[str, ...]
    abstract: str


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` is such a text, or a JSON value that holds one."""
    kept = {"path", "text"} <= json.keys(head) and re.search(rb"\\\\\\\\\\n(?:arXiv|Paper):", head)
    return bool(kept or _SIGNS.search(head))


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each paper."""
    for document in documents:
        try:
            text = _text(document.data)
        except (*UNREADABLE, ValueError) as error:
            yield Rejected(document.place, str(error))
            continue
        for block in _blocks(text):
            try:
                yield _read(block)
            except ValueError as error:
                yield Rejected(f"{document.place}:{block.line}", str(error))


def _text(data: bytes) -> str:
    return msgspec.json.decode(data, type=_Kept).text if data.lstrip().startswith(b"{") else decoded(data)


def _blocks(text: str) -> Iterator[_Block]:
    """Yield the blocks of a text that begin with a paper's name."""
    lines = text.splitlines()
    rules = [number for number, line in enumerate(lines) if line.rstrip() == _RULE or line.startswith(f"{_RULE} (")]
    for place, begin in enumerate(rules):
        if begin + 1 >= len(lines) or not _NAMED.match(lines[begin + 1]):
            continue
        end = rules[place + 1] if place + 1 < len(rules) else len(lines)
        last = rules[place + 2] if place + 2 < len(rules) else len(lines)
        below = lines[end + 1 : last] if end < len(lines) and lines[end].rstrip() == _RULE else []
        is_abstract = bool(below) and not below[0].startswith("---")
        yield _Block(begin + 2, tuple(lines[begin + 1 : end]), "\n".join(below) if is_abstract else "")


def _read(block: _Block) -> Record:
    """Return what one block says. Raises `ValueError` where that is no paper."""
    named = _NAMED.match(block.head[0])
    id_ = arxiv(named[1]) if named else None
    if not id_:
        raise ValueError(f"{block.head[0][:80]!r} names no paper of arXiv's")
    fields = _fields(block.head)
    versions, is_withdrawn = _versions(block.head)
    title = fields.get("title", "")
    comment = fields.get("comments")
    return record(
        NAME,
        names(title=title, arxiv_id=id_, said_doi=fields.get("doi"), others={"report": fields.get("report-no", "")}),
        title=title,
        authors=people.listed(fields.get("authors", "")),
        abstract=block.abstract,
        published=versions[0].date if versions and versions[0].number == 1 else None,
        updated=versions[-1].date if versions else _replaced(block.head),
        versions=versions or None,
        subjects=tuple(fields.get("categories", "").split()) or None,
        journal=fields.get("journal-ref"),
        comment=comment,
        licence=fields.get("license"),
        withdrawn=(comment or "withdrawn") if is_withdrawn else None,
    )


def _fields(head: Iterable[str]) -> Mapping[str, str]:
    """Return the fields by their names in lower case, continued lines joined; of dates the first."""
    found: dict[str, str] = {}
    name = ""
    for line in head:
        match = _FIELD.match(line)
        if match:
            name = match[1].casefold()
            name = "" if name in found else name
            if name:
                found[name] = match[3].strip()
        elif name and line[:1].isspace():
            found[name] += f" {line.strip()}"
    return found


def _versions(head: Iterable[str]) -> tuple[tuple[Version, ...], bool]:
    """Return the versions with their days, and whether the last one withdraws the paper."""
    found: list[Version] = []
    is_withdrawn = False
    for line in head:
        match = _FIELD.match(line)
        if not match or match[1] != "Date":
            continue
        revised = _REVISED.fullmatch(match[2] or "revised v1")
        size = _SIZE.search(match[3])
        if revised:
            found.append(Version(number=int(revised[1]), date=dates.mailed(_SIZE.sub("", match[3]))))
            is_withdrawn = size is not None and size[1] == "0" and "I" in (size[2] or "")
    return tuple(found), is_withdrawn


def _replaced(head: Iterable[str]) -> date | None:
    """Return the day of a new version whose number is not told."""
    match = next(filter(None, map(_REPLACED.match, head)), None)
    return dates.mailed(_SIZE.sub("", match[1])) if match else None


SOURCE = Source(
    name=NAME,
    label="arxiv mail",
    about="arXiv's .abs files and mailed listings",
    recognises=recognises,
    parse=parse,
)
