"""What is wrong, or looks wrong, in the content folder."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from generator import tex, text, urls
from generator.commands.check.finding import Finding
from generator.errors import BroadsheetError, Several
from generator.model import Aliases, Notes, Override, Paper
from generator.render.math import mathml
from generator.store import disk

Value = TypeVar("Value")

_LABEL = re.compile(r"\W*abstract\W*?(?:[:.—–]|-\s)", re.IGNORECASE)
# UTF-8 read as Latin-1, the sign for a lost character, and HTML that was never decoded.
_LEFTOVER = re.compile(r"Ã[\x80-\xbf©¨¤¶¼±³¡]|â€[\x80-\x9d™œ¦“”]|\ufffd|&(?:amp|lt|gt|quot|nbsp|#\d+);")
_SHOUTED_WORDS = 3


def findings(content: Path) -> tuple[list[Finding], int]:
    """Return everything that is wrong with the files in `content`, and the number of papers that could be read."""
    found: list[Finding] = []
    papers = _read(found, disk.read_papers, content) or ()
    overrides = _read(found, disk.read_overrides, content) or {}
    aliases = _read(found, disk.read_aliases, content) or Aliases()
    notes = _read(found, disk.read_notes, content) or Notes()
    redirects = _read(found, disk.read_redirects, content) or {}
    _read(found, disk.read_published, content)
    for paper in papers:
        file = disk.path_of(content, paper.key)
        found += (_placed(finding, file, key) for key, finding in _paper(paper, str(file)))
    found += _duplicates(content, papers)
    found += _circles(content / "redirects.yml", {old: move.to for old, move in redirects.items()})
    if papers:
        found += _strays(content, papers, overrides, notes)
        found += _unused(content, papers, aliases)
    return found, len(papers)


def _read(found: list[Finding], read: Callable[[Path], Value], content: Path) -> Value | None:
    """Return what `read` finds in `content`; if that cannot be used, note why."""
    try:
        return read(content)
    except BroadsheetError as error:
        for one in error.errors if isinstance(error, Several) else (error,):
            file, _, line = one.where.rpartition(":")
            place = (file, int(line)) if file and line.isdecimal() else (one.where, 0)
            message = f"{one.message}; {one.hint}" if one.hint else one.message
            found.append(Finding(file=place[0], line=place[1], rule="content", message=message))
        return None


def _placed(finding: Finding, file: Path, key: str) -> Finding:
    """Return `finding` with the line on which its header key, or the body, begins."""
    lines = file.read_text(encoding="utf-8").splitlines()
    start = "---" if key == "abstract" else f"{key}:"
    line = next((number for number, line in enumerate(lines, 1) if number > 1 and line.startswith(start)), 0)
    return Finding(file=finding.file, line=line, rule=finding.rule, message=finding.message, warning=finding.warning)


def _paper(paper: Paper, file: str) -> Iterator[tuple[str, Finding]]:
    """Yield what looks wrong in one paper, each with the header key it is about."""
    for key, rule, message in (*_dates(paper), *_texts(paper), *_keys(paper)):
        yield key, Finding(file=file, rule=rule, message=message, warning=True)


def _dates(paper: Paper) -> Iterator[tuple[str, str, str]]:
    first = paper.featured[0].day if paper.featured else None
    if paper.published and first and paper.published > first:
        yield "published", "date-order", f"published ({paper.published}) is after featured ({first})"
    if paper.published and paper.updated and paper.updated < paper.published:
        yield "updated", "date-order", f"updated ({paper.updated}) is before published ({paper.published})"
    dates = [version.date for version in paper.versions]
    if dates != sorted(dates):
        yield "versions", "date-order", "a later version has an earlier date"


def _texts(paper: Paper) -> Iterator[tuple[str, str, str]]:
    if paper.title.isupper() and len(re.findall(r"[^\W\d_]{2,}", paper.title)) > _SHOUTED_WORDS:
        yield "title", "title-capitals", "the title is in capitals"
    if _LABEL.match(paper.abstract):
        yield "abstract", "abstract-label", "the abstract begins with the word “Abstract”"
    for key, value in (("title", paper.title), ("summary", paper.summary), ("abstract", paper.abstract)):
        if leftover := _LEFTOVER.search(value):
            yield key, "encoding", f"the {key} has {leftover[0]!r}, which is left over from another encoding"
        for part in tex.segments(value):
            if part.kind == "math" and mathml(part.tex, display=part.display) is None:
                yield key, "tex", f"this cannot be read as TeX: {text.excerpt(part.source, limit=80)}"


def _keys(paper: Paper) -> Iterator[tuple[str, str, str]]:
    for key in paper.extra:
        yield key, "unknown-key", f"the header key {key!r} means nothing to this version"


def _duplicates(content: Path, papers: Iterable[Paper]) -> Iterator[Finding]:
    """Yield each paper whose title an earlier one has."""
    first: dict[str, Paper] = {}
    for paper in papers:
        known = first.setdefault(text.key(paper.title), paper)
        if known is not paper:
            file = disk.path_of(content, paper.key)
            finding = Finding(
                file=str(file), rule="duplicate-title", message=f"{known.id} has the same title", warning=True
            )
            yield _placed(finding, file, "title")


def _circles(file: Path, redirects: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the redirects that lead, one through the other, back to where they began."""
    for old in sorted(redirects):
        step, passed = redirects[old], {old}
        while step in redirects and step not in passed:
            passed.add(step)
            step = redirects[step]
        if step == old:
            lines = file.read_text(encoding="utf-8").splitlines()
            line = next((number for number, text in enumerate(lines, 1) if text.lstrip("'\"/").startswith(old)), 0)
            message = f"{old} leads back to itself, through {' and '.join(sorted(passed - {old}))}"
            yield Finding(file=str(file), line=line, rule="redirect-circle", message=message)


def _strays(
    content: Path, papers: Iterable[Paper], overrides: Mapping[str, Override], notes: Notes
) -> Iterator[Finding]:
    """Yield overrides of papers, and words about days, that are not in the archive."""
    papers = tuple(papers)
    keys = {paper.key for paper in papers}
    for key, override in overrides.items():
        if key not in keys:
            file = override.where or str(content / "overrides" / f"{key}.yml")
            yield Finding(file=file, rule="override", message=f"there is no paper {key}", warning=True)
    days = {seen.day for paper in papers for seen in paper.featured}
    for day in notes.days:
        if days and not min(days) <= day <= max(days):
            file = str(content / "days" / f"{day}.md")
            message = f"the archive has no page for {urls.day(day)}"
            yield Finding(file=file, rule="note", message=message, warning=True)


def _unused(content: Path, papers: Iterable[Paper], aliases: Aliases) -> Iterator[Finding]:
    """Yield names none of whose spellings any paper carries: mistyped, most likely.

    A single spelling that has not been met yet is foresight.
    """
    used: dict[str, set[str]] = {"author": set(), "organisation": set(), "topic": set()}
    for paper in papers:
        used["author"].update(text.key(author.name) for author in paper.authors)
        used["topic"].update(map(text.key, paper.topics))
        if paper.organisation:
            used["organisation"] |= {text.key(paper.organisation.slug), text.key(paper.organisation.name)}
    for kind, names in aliases.canonical.items():
        carried = {name for spelling, name in names.items() if spelling in used.get(kind, set())}
        # Parts of a name are told by paper and organisation; no paper need spell them.
        parts = {part.name for shared in aliases.parts.get(kind, {}).values() for part in shared}
        for name in sorted(set(names.values()) - carried - parts):
            message = f"no paper carries the {kind} {name!r} in any of its spellings"
            yield Finding(file=str(content / "aliases.yml"), rule="alias", message=message, warning=True)
