"""How records get into the content folder, wherever they come from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import generator.sources
from generator.config import Settings
from generator.errors import ContentError, UsageError
from generator.merge import merge
from generator.model import Paper, Record
from generator.registry import discover
from generator.sources import Rejected, Source
from generator.store import disk


@dataclass
class Tally:
    """What became of some records.

    `papers` holds, for each paper that was taken, the names of the sources it now has something from; `created` and
    `changed` are those of them that were new, or not and differ now; `days` those on which one of them was listed.
    """

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    papers: dict[str, frozenset[str]] = field(default_factory=dict)
    created: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    days: set[date] = field(default_factory=set)

    @property
    def taken(self) -> int:
        """How many records could be used."""
        return self.new + self.updated + self.unchanged

    @property
    def received(self) -> int:
        """How many records there were."""
        return self.taken + len(self.rejected)

    def said(self) -> str:
        """Return the counts in words."""
        return (
            f"{self.received:,} read, {self.new:,} new, {self.updated:,} merged, {self.unchanged:,} unchanged, "
            f"{len(self.rejected):,} rejected"
        )

    def add(self, other: "Tally") -> None:
        """Count what `other` counts, too."""
        self.new += other.new
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.rejected += other.rejected
        self.papers |= other.papers
        self.created |= other.created
        self.changed |= other.changed - self.created
        self.days |= other.days


@dataclass(frozen=True, kw_only=True)
class Intake:
    """The door of a content folder: who is trusted, when counts freeze, what day it is, whether anything is written."""

    content: Path
    trust: tuple[str, ...]
    today: date
    freeze_after_days: int
    dry_run: bool = False

    def take(self, found: Record | Rejected, tally: Tally) -> None:
        """Merge one record into its paper, write that if it changed, and count what happened.

        Raises `ContentError` where a page cannot be written; one that cannot be read is counted as a rejection.
        """
        if isinstance(found, Rejected):
            tally.rejected.append(found)
            return
        try:
            known, paper = self._merged(found)
        except ContentError as error:
            tally.rejected.append(Rejected(found.id, str(error)))
            return
        tally.papers[paper.id] = frozenset(paper.sources)
        tally.days |= {found.featured.day} if found.featured else set()
        if paper == known:
            tally.unchanged += 1
            return
        if not self.dry_run:
            disk.write_paper(self.content, paper)
        if known:
            tally.updated += 1
            tally.changed |= {paper.id} - tally.created
        else:
            tally.new += 1
            tally.created.add(paper.id)

    def _merged(self, record: Record) -> tuple[Paper | None, Paper]:
        """Return the paper before and after `record`."""
        known = disk.read_paper(self.content, record.id.replace("/", "-"))
        paper = merge(known, (record,), trust=self.trust, today=self.today, freeze_after_days=self.freeze_after_days)
        return known, paper


def intake_of(settings: Settings, *, today: date, dry_run: bool = False) -> Intake:
    """Return the door of the archive that `settings` describe."""
    return Intake(
        content=settings.root / "content",
        trust=tuple(source.kind for source in settings.sources),
        today=today,
        freeze_after_days=settings.content.freeze_after_days,
        dry_run=dry_run,
    )


def known_sources() -> Mapping[str, Source]:
    """Return every source there is, by name. Raises `UsageError` where two share one."""
    found: dict[str, Source] = {}
    for source in discover(generator.sources, "SOURCE", Source).values():
        if source.name in found:
            raise UsageError(f"two sources are called {source.name!r}", hint="remove one of the plug-ins")
        found[source.name] = source
    return found
