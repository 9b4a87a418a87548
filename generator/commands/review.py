"""The review file: records that may be about papers that are here already, for a person to decide.

It is a list in YAML. Of each record it says where it came from and which papers it may be about; the person writes the
id of one of them, or `new`, behind `paper:` and imports the file. What is decided is taken in and leaves the file.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import yaml
from msgspec import MsgspecError, Struct

from generator.commands.intake import Doubt
from generator.errors import ContentError, OutputError
from generator.model import Paper, Record
from generator.store import files
from generator.text import clean, excerpt, one_line

FILE = "review.yml"
NEW = "new"

_HEAD = f"""\
# Records that may be about papers that are here already. Write behind `paper:` which one it is (its id), or {NEW};
# then run: broadsheet import {FILE}
"""


class Case(Struct, frozen=True, kw_only=True):
    """One record, the papers it may be about (a line about each by id), and what a person decided."""

    title: str
    place: str = msgspec.field(name="from")
    candidates: Mapping[str, str]
    paper: str = ""
    record: Record


def read(path: Path) -> Iterator[Case]:
    """Yield what the file holds; nothing where there is none. Raises `ContentError` where it cannot be used."""
    if not path.exists():
        return
    try:
        said = yaml.load(path.read_bytes(), yaml.CBaseLoader)  # noqa: S506  Every scalar stays text.
        for each in said or ():
            each["record"] = msgspec.json.decode(each["record"])
            case = msgspec.convert(each, Case)
            yield msgspec.structs.replace(case, paper=one_line(case.paper))
    except OSError as error:
        raise ContentError(f"cannot be read: {error.strerror}", where=str(path)) from error
    except (yaml.YAMLError, MsgspecError, ValueError, TypeError, KeyError, RecursionError) as error:
        hint = "write nothing but what stands behind paper:, or delete the file and import again"
        raise ContentError(f"cannot be used: {one_line(str(error))}", where=str(path), hint=hint) from error


def merged(
    cases: Sequence[Case], doubts: Iterable[Doubt], place: str, paper: Callable[[str], Paper | None]
) -> list[Case]:
    """Return `cases` with those that `doubts` out of the file `place` add; one that is there already stays."""
    known = {(case.record.source, case.record.id) for case in cases}
    found = list(cases)
    for doubt in doubts:
        name = (doubt.record.source, doubt.record.id)
        if name not in known:
            known.add(name)
            about = {id_: _about(each) for id_ in doubt.candidates if (each := paper(id_))}
            title = doubt.record.title or doubt.record.id
            found.append(Case(title=title, place=place, candidates=about, record=doubt.record))
    return found


def write(path: Path, cases: Sequence[Case]) -> None:
    """Write the file; without cases there is none. Raises `OutputError` where it cannot be written."""
    if not cases:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(f"cannot be removed: {error.strerror}", where=str(path)) from error
        return
    listed = [msgspec.to_builtins(case) | {"record": _compact(case.record)} for case in cases]
    text = yaml.dump(listed, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=120)
    files.write(path, (_HEAD + text).encode())


def _compact(record: Record) -> str:
    """Return what a record says, as JSON on one line."""
    said = {name: value for name, value in msgspec.to_builtins(record).items() if value is not None}
    return msgspec.json.encode(said).decode()


def _about(paper: Paper) -> str:
    """Return a line by which a person knows a paper."""
    first = paper.authors[0].name if paper.authors else "no authors"
    more = f" and {len(paper.authors) - 1} others" if len(paper.authors) > 1 else ""
    year = f", {paper.published.year}" if paper.published else f", {paper.issued}" if paper.issued else ""
    return clean(f"{excerpt(paper.title, limit=120)} ({first}{more}{year})")
