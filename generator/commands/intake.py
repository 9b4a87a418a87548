"""How records get into the content folder, wherever they come from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import msgspec
from msgspec.structs import replace

import generator.sources
from generator.config import Settings
from generator.errors import ContentError, UsageError
from generator.merge import merge
from generator.model import Paper, Record
from generator.registry import discover
from generator.sources import Rejected, Source
from generator.store import disk, quarantine
from generator.store.quarantine import Quarantined


@dataclass
class Tally:
    """What became of some records. `quarantined` are the files of those rejections that are kept.

    `papers` holds, for each paper that was taken, the names of the sources it now has something from; `created` and
    `changed` are those of them that were new, or not and differ now; `days` those on which one of them was listed.
    """

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    quarantined: list[Path] = field(default_factory=list)
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
        self.quarantined += other.quarantined
        self.papers |= other.papers
        self.created |= other.created
        self.changed |= other.changed - self.created
        self.days |= other.days


@dataclass(frozen=True, kw_only=True)
class Intake:
    """The door of a content folder: who is trusted, when counts freeze, what day it is, whether anything is written.

    `quarantine` is the folder for what could not be read.
    """

    content: Path
    quarantine: Path
    trust: tuple[str, ...]
    today: date
    freeze_after_days: int
    dry_run: bool = False

    def take(self, found: Record | Rejected, tally: Tally, *, source: str) -> None:
        """Merge one record that `source` sent into its paper, write that if it changed, and count what happened.

        What cannot be read goes to quarantine, and leaves it when it comes again and can be. Raises `ContentError`
        where a file cannot be written; a page that cannot be read makes a rejection of its record.
        """
        if isinstance(found, Rejected):
            self._reject(found, tally, source)
            return
        try:
            known, paper = self._merged(found)
        except ContentError as error:
            self._reject(Rejected(found.id, str(error), msgspec.json.encode(found)), tally, source)
            return
        tally.papers[paper.id] = frozenset(paper.sources)
        tally.days |= {found.featured.day} if found.featured else set()
        if not self.dry_run:
            if paper != known:
                disk.write_paper(self.content, paper)
            quarantine.release(self.quarantine, source, paper.id)
        if paper == known:
            tally.unchanged += 1
        elif known:
            tally.updated += 1
            tally.changed |= {paper.id} - tally.created
        else:
            tally.new += 1
            tally.created.add(paper.id)

    def unlist(self, ids: Iterable[str], day: date, tally: Tally) -> None:
        """Take papers off the list of `day`, and count them; their pages stay."""
        for id_ in sorted(ids):
            paper = disk.read_paper(self.content, id_.replace("/", "-"))
            if paper is None:
                continue
            tally.updated += 1
            tally.changed.add(id_)
            if not self.dry_run:
                left = tuple(each for each in paper.featured if each.day != day)
                disk.write_paper(self.content, replace(paper, featured=left))

    def _reject(self, rejected: Rejected, tally: Tally, source: str) -> None:
        tally.rejected.append(rejected)
        if rejected.data and not self.dry_run:
            record = quarantine.shown(rejected.data)
            bad = Quarantined(what=rejected.what, source=source, reason=rejected.reason, record=record)
            tally.quarantined.append(quarantine.keep(self.quarantine, bad))

    def _merged(self, record: Record) -> tuple[Paper | None, Paper]:
        """Return the paper before and after `record`."""
        known = disk.read_paper(self.content, record.id.replace("/", "-"))
        paper = merge(known, (record,), trust=self.trust, today=self.today, freeze_after_days=self.freeze_after_days)
        return known, paper


def intake_of(settings: Settings, *, today: date, dry_run: bool = False) -> Intake:
    """Return the door of the archive that `settings` describe."""
    return Intake(
        content=settings.root / "content",
        quarantine=settings.cache / "quarantine",
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
