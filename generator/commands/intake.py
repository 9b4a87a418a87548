"""How records get into the content folder, wherever they come from."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import msgspec
from msgspec.structs import replace

from generator.commands.known import Known
from generator.config import Settings
from generator.errors import ContentError
from generator.matching import is_local, own_name
from generator.merge import changed, merge
from generator.model import Paper, Record
from generator.sources import Rejected
from generator.store import disk, quarantine
from generator.store.quarantine import Quarantined

# Somewhere on Earth it is a day later than here.
_AHEAD = timedelta(days=1)

Decide = Callable[[Paper, Paper], Collection[str]]
"""Given a paper before and after a record, return the fields that should stay as they were."""


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A record that may be about one of several known papers, the `candidates`."""

    record: Record
    candidates: tuple[str, ...]


@dataclass
class Tally:
    """What became of some records. `quarantined` are the files of those rejections that are kept.

    `doubts` are records that nobody can tell the paper of.

    `papers` holds, for each paper that was taken, the names of the sources it now has something from; `created` and
    `changed` are those of them that were new, or not and differ now; `days` those on which one of them was listed.
    """

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    quarantined: list[Path] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
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
        return self.taken + len(self.doubts) + len(self.rejected)

    def take(self, paper: Paper, day: date | None, *, known: bool, changed: bool) -> None:
        """Count a record that became part of `paper`, and was on the list of `day`."""
        self.papers[paper.id] = frozenset(paper.sources)
        self.days |= {day} if day else set()
        if not known:
            self.new += 1
            self.created.add(paper.id)
        elif changed:
            self.updated += 1
            self.changed |= {paper.id} - self.created
        else:
            self.unchanged += 1

    def reject(self, rejected: Rejected) -> None:
        """Count something that could not be read."""
        self.rejected.append(rejected)

    def add(self, other: "Tally") -> None:
        """Count what `other` counts, too."""
        self.new += other.new
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.rejected += other.rejected
        self.quarantined += other.quarantined
        self.doubts += other.doubts
        self.papers |= other.papers
        self.created |= other.created
        self.changed |= other.changed - self.created
        self.days |= other.days


@dataclass(frozen=True, kw_only=True)
class Intake:
    """The door of a content folder: who is trusted, when counts freeze, what day it is, whether anything is written.

    `quarantine` is the folder for what could not be read. `by_title` says whether a record may be told by its title to
    be about a known paper, `careful` whether what may be about several is left to a person, and `decide` which fields
    of a known paper stay although a record says otherwise.
    """

    content: Path
    quarantine: Path
    trust: tuple[str, ...]
    today: date
    freeze_after_days: int
    dry_run: bool = False
    by_title: bool = True
    careful: bool = False
    decide: Decide | None = None
    known: Known

    def take(self, found: Record | Rejected, tally: Tally, *, source: str) -> None:
        """Merge one record that `source` sent into its paper, write that if it changed, and count what happened.

        What cannot be read goes to quarantine, and leaves it when it comes again and can be. Raises `OutputError`
        where a file cannot be written; a page that cannot be read makes a rejection of its record.
        """
        if isinstance(found, Rejected):
            self._reject(found, tally, source)
            return
        try:
            self._take(found, tally, source)
        except ContentError as error:
            self._reject(Rejected(found.id, str(error), msgspec.json.encode(found)), tally, source)

    def settle(self, record: Record, id_: str, tally: Tally, *, source: str) -> None:
        """Take in a record that, says a person, is about the paper `id_` or, without an id, about a new one.

        Raises `ContentError` where there is no such paper.
        """
        known = self.known.read(id_) if id_ else None
        if id_ and not known:
            raise ContentError(
                f"there is no paper {id_}", where=record.id, hint="write the id of a page in content/papers"
            )
        self._merge(known or self.known.read(record.id), record, tally, source)

    def _take(self, record: Record, tally: Tally, source: str) -> None:
        """Merge one record into its paper. Raises `ContentError` where its page cannot be read, or it is of no day."""
        if record.featured and record.featured.day > self.today + _AHEAD:
            raise ContentError(f"is on the list of {record.featured.day}, a day that is still to come")
        known = self.known.read(record.id)
        if not known:
            found = self.known.find(record, by_title=self.by_title)
            if found.candidates and self.careful:
                tally.doubts.append(Doubt(record=record, candidates=found.candidates))
                return
            known = self.known.read(found.id) if found.id else None
        if not known and record.title is None:
            what = next(iter(record.identifiers or ()), record.id)
            self._reject(Rejected(what, f"{record.withdrawn or 'no title'}, and not known here"), tally, source)
            return
        self._merge(known, record, tally, source)

    def _merge(self, known: Paper | None, record: Record, tally: Tally, source: str) -> None:
        """Merge `record` into `known`, or make a paper of it."""
        before = known
        if known and known.id != record.id:
            known, record = _joined(known, record)
        paper = self._merged(known, record)
        if known and self.decide:
            kept = self.decide(known, paper) if changed(known, paper) else ()
            paper = self._merged(known, replace(record, **dict.fromkeys(kept))) if kept else paper
        if not self.dry_run:
            if paper != before:
                disk.write_paper(self.content, paper)
            if before and before.id != paper.id:
                disk.move_paper(self.content, before.key, paper.key)
            quarantine.release(self.quarantine, source, paper.id)
        if paper != before:
            self.known.add(paper)
        day = record.featured.day if record.featured else None
        tally.take(paper, day, known=before is not None, changed=paper != before)

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
        tally.reject(rejected)
        if rejected.data and not self.dry_run:
            record = quarantine.shown(rejected.data)
            bad = Quarantined(what=rejected.what, source=source, reason=rejected.reason, record=record)
            tally.quarantined.append(quarantine.keep(self.quarantine, bad))

    def _merged(self, known: Paper | None, record: Record) -> Paper:
        return merge(known, (record,), trust=self.trust, today=self.today, freeze_after_days=self.freeze_after_days)


def _joined(known: Paper, record: Record) -> tuple[Paper, Record]:
    """Return a paper and a record of it under one id: the paper's, or the record's where only the paper's is ours.

    The other id stays among the paper's names, so that the same record leads to it next time.
    """
    id_ = record.id if is_local(known.id) and not is_local(record.id) else known.id
    other = own_name(known.id if id_ == record.id else record.id)
    names = {*known.identifiers, *([other] if other else [])}
    return replace(known, id=id_, identifiers=tuple(sorted(names))), replace(record, id=id_)


def intake_of(
    settings: Settings,
    *,
    today: date,
    dry_run: bool = False,
    by_title: bool = True,
    careful: bool = False,
    decide: Decide | None = None,
) -> Intake:
    """Return the door of the archive that `settings` describe."""
    content = settings.root / "content"
    return Intake(
        content=content,
        known=Known(content),
        by_title=by_title,
        careful=careful,
        decide=decide,
        quarantine=settings.cache / "quarantine",
        trust=tuple(source.kind for source in settings.sources),
        today=today,
        freeze_after_days=settings.content.freeze_after_days,
        dry_run=dry_run,
    )
