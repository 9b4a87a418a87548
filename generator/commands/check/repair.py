"""What can be repaired without a doubt: what another encoding left in a text, and a label that says what it is.

Only pages that stand as Broadsheet writes them are repaired, so that nothing else in them changes: no comment is lost,
no line is moved. A repaired field is a person's from then on, and no fetch undoes it.
"""

import html
import re
from collections.abc import Callable, Iterator
from difflib import unified_diff
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from generator import verbatim
from generator.lock import held
from generator.merge import EDITOR
from generator.model import Paper
from generator.progress import Progress
from generator.store import codec, disk
from generator.text import plural

# What follows must begin a sentence: "Abstract-level planning" is no label.
_LABEL = re.compile(r"(?i:abstract)\s*(?:[:.—–]|-\s)\s*(?=[A-Z])")
# Markup characters that were escaped once too often; more is not known to be meant otherwise.
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{2,6});")
# UTF-8 read as Windows-1252, where no language writes such a pair; a capital before a quotation mark is none.
_MISREAD = re.compile("[ÂÃ][\xa1-\xaa\xac-\xba\xbc-\xbf]|â€[™œ¦“”˜¢]")


class Repair(Struct, frozen=True):
    """A page before and after."""

    file: Path
    before: Paper
    after: Paper

    @property
    def diff(self) -> Iterator[str]:
        """The lines that change, as a unified diff."""
        old, new = (codec.encode(paper).decode().splitlines() for paper in (self.before, self.after))
        return unified_diff(old, new, str(self.file), str(self.file), lineterm="", n=1)


def run(content: Path, lock: Path, *, ask: Callable[[str], bool], progress: Progress) -> None:
    """Show what can be repaired in `content` as diffs, and repair it where `ask` says so of the question it is given.

    Raises `OutputError` where somebody holds the `lock`, or a page cannot be written.
    """
    with held(lock, "check --fix"):
        found = list(repairs(content))
        for repair in found:
            for line in repair.diff:
                progress.result(line)
        if found and ask(f"Repair {plural(len(found), 'page')}?"):
            for repair in found:
                disk.write_paper(content, repair.after)
            progress.result(f"{plural(len(found), 'page')} repaired")
        else:
            progress.result("nothing was repaired" if found else "there is nothing that can be repaired for sure")


def repairs(content: Path) -> Iterator[Repair]:
    """Yield what can be repaired in each page of `content` that stands as Broadsheet writes it."""
    for paper in disk.readable(content):
        after = repaired(paper)
        file = disk.path_of(content, paper.key)
        if after != paper and file.read_bytes() == codec.encode(paper):
            yield Repair(file, paper, after)


def repaired(paper: Paper) -> Paper:
    """Return `paper` with its texts mended; those that change count as a person's."""
    texts = {"title": mended(paper.title), "summary": mended(paper.summary)}
    plain = verbatim.text(paper.abstract)
    if plain is not None:
        text = mended(plain)
        label = _LABEL.match(text)
        texts["abstract"] = verbatim.markdown(text[label.end() :] if label else text)
    changed = {name: text for name, text in texts.items() if text and text != getattr(paper, name)}
    if not changed:
        return paper
    sources = {name: tuple(field for field in fields if field not in changed) for name, fields in paper.sources.items()}
    sources[EDITOR] = tuple(sorted({*sources.get(EDITOR, ()), *changed}))
    return replace(paper, **changed, sources={name: fields for name, fields in sources.items() if fields})


def mended(text: str) -> str:
    """Return `text` without what another encoding left in it."""
    return _ENTITY.sub(lambda found: _decoded(found[0]), _MISREAD.sub(lambda found: _read_again(found[0]), text))


def _decoded(entity: str) -> str:
    character = html.unescape(entity)
    return " " if character == "\xa0" else character if character.isprintable() and character != "\ufffd" else entity


def _read_again(misread: str) -> str:
    try:
        return misread.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return misread
