"""The count of an import: what became of the records of a file, and which were rejected, told as it goes."""

from array import array
from datetime import date
from pathlib import Path

from generator.commands.intake import Tally
from generator.errors import ContentError
from generator.model import Paper
from generator.progress import Progress
from generator.sources import Rejected
from generator.text import plural

_MOST_SHOWN = 20


class Count(Tally):
    """A tally that says what it rejects at once, and holds no more of a file than it must."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self._waiting: Rejected | None = None
        self.ids = array("q")
        self.refused = 0

    @property
    def received(self) -> int:
        """How many records there were."""
        return self.taken + len(self.doubts) + self.refused

    @property
    def distinct(self) -> int:
        """How many papers the records were about."""
        return len(set(self.ids))

    def take(self, paper: Paper, day: date | None, *, known: bool, changed: bool) -> None:
        """Count a record."""
        super().take(paper, day, known=known, changed=changed)
        self.papers.clear()
        self.created.clear()
        self.changed.clear()
        self.ids.append(hash(paper.id))

    def reject(self, rejected: Rejected) -> None:
        """Say what is wrong with something, unless it is the only one or one of too many."""
        if self._waiting and self.refused <= _MOST_SHOWN:
            self._progress.warn(self._waiting.reason, self._waiting.what)
        elif self._waiting:
            self._progress.detail(f"{self._waiting.what}: {self._waiting.reason}")
        self._waiting = rejected
        self.refused += 1

    def close(self, file: Path) -> None:
        """Say how many were rejected; of one alone, why."""
        if not self._waiting:
            return
        if self.refused > 1:
            self.reject(Rejected("", ""))
            self.refused -= 1
        taken = self.taken + len(self.doubts)
        said = f"{plural(self.refused, 'record')} rejected, {taken:,} imported"
        alone = self._waiting if self.refused == 1 else None
        shown = f" ({_MOST_SHOWN} of them are shown; -v shows all)" if self.refused > _MOST_SHOWN else ""
        message = f"{alone.reason}; {said}." if alone else f"{said}.{shown}"
        self._progress.error(ContentError(message, where=alone.what if alone else str(file)))
        self._waiting = None

    def add(self, other: Tally) -> None:
        """Count what `other` counts, too."""
        super().add(other)
        if isinstance(other, Count):
            self.refused += other.refused
            self.ids.extend(other.ids)

    def said(self) -> str:
        """Return the counts in words."""
        return (
            f"{self.received:,} read, {self.new:,} new, {self.updated:,} merged, {self.unchanged:,} unchanged, "
            f"{len(self.doubts):,} ambiguous, {self.refused:,} rejected"
        )
