"""One round of all services: each is asked, its answers are kept, read and taken in; one that fails stops no other."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter

import msgspec

from generator import status
from generator.client import Client, url_of
from generator.commands import answers
from generator.commands.answers import Conversation
from generator.commands.intake import Intake, Tally
from generator.commands.wanted import Options
from generator.errors import BroadsheetError, ContentError, SourceError
from generator.model import Paper, Record
from generator.progress import Progress
from generator.sources import Answer, Day, Found, OtherDay, Papers, Period, Rejected, Source, Wanted
from generator.status import Outcome
from generator.store import disk
from generator.text import plural

# A service that failed so often in a row is left alone until the next run.
_MOST_FAILURES = 2
# What came within this time about a day that is frozen is not asked for again: a fetch that was interrupted goes on.
_FINAL_FOR = timedelta(hours=24)
_MOST_NAMED = 5
_WEEKEND = "weekend, nothing expected"


@dataclass(frozen=True, kw_only=True)
class Service:
    """A source as the settings have it, ready to be asked."""

    source: Source
    fetch: Callable[..., Found]
    query: str
    url: str
    pace: float

    def questions(self, wanted: Period | Papers) -> Sequence[Wanted]:
        """Return what to ask for, one after the other: day by day where the service has a list for each."""
        if not self.source.lists:
            return (wanted,) if self.query or isinstance(wanted, Papers) else ()
        if isinstance(wanted, Papers) or wanted.kind != "days":
            return (wanted,)
        count = (wanted.last - wanted.first).days + 1
        return tuple(Day(wanted.first + timedelta(days=number)) for number in range(count))

    def expects(self, question: Wanted) -> bool:
        """Tell whether there should be an answer with something in it."""
        return not isinstance(question, Day) or self.source.listed(question.day)


class Listed:
    """Which papers each day has, by the source that listed them. A page that cannot be read is for `check` to name."""

    def __init__(self, content: Path) -> None:
        self._papers: dict[date, dict[str, frozenset[str]]] = defaultdict(dict)
        for paper in disk.readable(content):
            self.add(paper)

    def add(self, paper: Paper) -> None:
        """Learn about one more paper."""
        sources = frozenset(name for name, fields in paper.sources.items() if "featured" in fields)
        for each in paper.featured:
            self._papers[each.day][paper.id] = sources

    @property
    def days(self) -> Collection[date]:
        """All days with papers."""
        return self._papers.keys()

    def by(self, source: str, day: date) -> frozenset[str]:
        """Return the papers that `source` listed on `day`."""
        papers = self._papers.get(day, {})
        return frozenset(id_ for id_, sources in papers.items() if source in sources)

    def newest(self, source: str) -> date | None:
        """Return the newest day that `source` has a list of."""
        return next((day for day in sorted(self._papers, reverse=True) if self.by(source, day)), None)


class _Shrunken(SourceError):
    """A list that has lost more of its papers than is likely."""


@dataclass(kw_only=True)
class Tour:
    """What came in so far, and what went wrong.

    `most_lost` is the share of its papers that a day may lose. `failed` and `late` hold reasons by source; `failing`
    are the services whose last questions failed, `answered` the days for which a source had an answer, be it none.
    """

    root: Path
    cache: Path
    freeze_after_days: int
    most_lost: float
    options: Options
    now: datetime
    today: date
    client: Client
    intake: Intake
    listed: Listed
    progress: Progress
    total: Tally = field(default_factory=Tally)
    errors: list[BroadsheetError] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    late: dict[str, str] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    answered: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))

    def ask(self, services: Iterable[Service], wanted: Period | Papers) -> None:
        """Ask all services for what is wanted, then those that know more about what came in."""
        services = tuple(services)
        for service in services:
            self._lists(service, wanted)
        if self.options.refresh_votes is None:
            for service in services:
                self._details(service)

    def replay(self, services: Iterable[Service], wanted: Period | Papers | None) -> None:
        """Read again what the services answered before, in the order in which it came; nobody is asked."""
        kept = [
            (question, service)
            for service in services
            for question in answers.questions(self._folder(service))
            if _covers(wanted, question.wanted)
        ]
        kept.sort(key=lambda pair: (pair[0].seen, isinstance(pair[0].wanted, Papers)))
        if not kept:
            hint = "run again without --from-cache"
            self.errors.append(SourceError("no answer is kept", where=str(self.cache / "answers"), hint=hint))
        for question, service in kept:
            conversation = replace(
                self._conversation(service, question.wanted), ask=None, fresh_since=None, settled=question.settled
            )
            # What came last and was never read to its end may be what cannot be read.
            if not self._take(service, conversation, last_try=False):
                self._take(service, replace(conversation, fresh=False))

    def record(self, services: Iterable[Service]) -> None:
        """Write down how the services are doing, where that is news."""
        if self.options.dry_run:
            return
        content = self.root / "content"
        for id_ in sorted(self.total.created | self.total.changed):
            paper = disk.read_paper(content, id_.replace("/", "-"))
            if paper:
                self.listed.add(paper)
        before = disk.read_status(content)
        outcomes = [self._outcome(service) for service in services if service.source.name in self.asked]
        changed = bool(self.total.created or self.total.changed)
        disk.write_status(content, status.after(before, outcomes, now=self.now, changed=changed))

    def _lists(self, service: Service, wanted: Period | Papers) -> None:
        """Ask one service for what is wanted; one that keeps failing is left alone."""
        failures = 0
        questions = service.questions(wanted)
        for question in questions:
            if isinstance(question, Day) and not self._is_due(service, question.day):
                continue
            if len(questions) > 1 and not service.expects(question):
                self._say(service, question, _WEEKEND)
                continue
            failures = 0 if self._take(service, self._conversation(service, question)) else failures + 1
            if failures == _MOST_FAILURES:
                self.progress.warn(f"{service.source.label} failed {failures} times in a row and is not asked any more")
                break
        if failures:
            self.failing.add(service.source.name)

    def _is_due(self, service: Service, day: date) -> bool:
        """Tell whether a day is one of those that the options are about."""
        listed = self.listed.by(service.source.name, day)
        if self.options.missing:
            settled = answers.is_known(self._folder(service), day, open_days=self.freeze_after_days)
            return service.source.listed(day) and not listed and not settled
        return bool(listed) or self.options.refresh_votes is None

    def _details(self, service: Service) -> None:
        """Ask one service about the papers that came in and that it has said nothing about."""
        ids = tuple(each for each, known in self.total.papers.items() if service.source.name not in known)
        if ids and service.source.details and service.source.name not in self.failing:
            self._take(service, self._conversation(service, Papers(ids)), details=True)

    def _folder(self, service: Service) -> Path:
        return self.cache / "answers" / service.source.name

    def _conversation(self, service: Service, question: Wanted) -> Conversation:
        """Return a conversation with a service about `question`."""

        def ask(path: str, query: Mapping[str, str], known: Answer | None) -> Answer:
            return self.client.get(url_of(service.url, path, query), pace=service.pace, known=known)

        age = self.options.max_age
        frozen = isinstance(question, Day) and (self.today - question.day).days > self.freeze_after_days
        fresh_for = timedelta(hours=age) if age is not None else _FINAL_FOR if frozen else None
        return Conversation(
            folder=self._folder(service),
            question=question,
            ask=ask,
            today=self.today,
            now=self.now,
            settled=frozen,
            fresh_since=self.now - fresh_for if fresh_for else None,
            write=not self.options.dry_run,
        )

    def _take(
        self, service: Service, conversation: Conversation, *, details: bool = False, last_try: bool = True
    ) -> bool:
        """Take in what one conversation yields, and say what became of it; tell whether the service answered."""
        started = perf_counter()
        tally = Tally()
        self.asked.add(service.source.name)
        try:
            for found in self._found(service, conversation, tally):
                self.intake.take(_dated(found, conversation.seen), tally, source=service.source.name)
        except SourceError as error:
            self.total.add(tally)
            conversation.refuse(all_of_them=isinstance(error, OtherDay | _Shrunken))
            if not last_try:
                return False
            return self._late(service, conversation, error) or self._fail(service, conversation, error, tally)
        conversation.keep()
        self.total.add(tally)
        question, seconds = conversation.question, f"{perf_counter() - started:.1f} s"
        if isinstance(question, Day):
            self.answered[service.source.name].add(question.day)
        if details and isinstance(question, Papers):
            self._say(service, "details", f"{tally.taken:,} of {len(question.ids):,}", seconds)
        elif tally.received or not isinstance(question, Day):
            self._say(service, question, _counts(tally), seconds)
        else:
            self._say(service, question, self._nothing(service, question.day))
        self._name_rejected(tally)
        return True

    def _found(self, service: Service, conversation: Conversation, tally: Tally) -> Iterable[Record | Rejected]:
        """Return what the answers hold. The list of a day comes whole or not at all: half a list looks like a list.

        Raises `SourceError`, and `_Shrunken` for a list that has lost too many of its papers.
        """
        question = conversation.question
        found = islice(service.fetch(conversation.get, question, service.query), self.options.limit)
        if not isinstance(question, Day):
            return found
        whole = list(found)
        if conversation.ask and not self.options.limit:
            known = self.listed.by(service.source.name, question.day)
            lost = known - {each.id if isinstance(each, Record) else each.what for each in whole}
            if self.options.allow_shrink:
                self.intake.unlist(lost, question.day, tally)
            elif len(lost) > max(1, self.most_lost * len(known)):
                raise _Shrunken(f"lists only {len(known) - len(lost)} of the {plural(len(known), 'paper')} it had")
        return whole

    def _late(self, service: Service, conversation: Conversation, error: SourceError) -> bool:
        """Tell whether `error` is only a list that has not changed yet, and say so."""
        question, source = conversation.question, service.source
        if not isinstance(error, OtherDay) or not isinstance(question, Day) or error.day > question.day:
            return False
        due = status.expected(self.today, source.listed)
        if due and question.day < due:
            return False
        self.answered[source.name].add(question.day)
        self._say(service, question, f"not there yet, still the list of {error.day}")
        if question.day == due:
            self._warn_late(service, f"still serves the list of {error.day}")
        return True

    def _nothing(self, service: Service, day: date) -> str:
        """Return why there is nothing on a day."""
        if not service.source.listed(day):
            return _WEEKEND
        due = status.expected(self.today, service.source.listed)
        if due and day < due:
            return "no list"
        if day == due:
            self._warn_late(service, f"has no list of {day}")
        return "not there yet"

    def _warn_late(self, service: Service, reason: str) -> None:
        self.late[service.source.name] = reason
        message = f'{service.source.label} {reason}.\nThe day is left open. The status page will say "source late".'
        self.progress.warn(message)

    def _fail(self, service: Service, conversation: Conversation, error: SourceError, tally: Tally) -> bool:
        """Note that a question failed, and say so; always false."""
        label, question = service.source.label, _name(conversation.question)
        if conversation.unanswered or isinstance(error, OtherDay | _Shrunken):
            what, waited, rest = error.message.partition(" (waited")
            reason = f"{what} for {question}"
        else:
            reason, waited, rest = f"sent an answer for {question} that cannot be used: {error.message}", "", ""
        self.failed[service.source.name] = reason
        hints = [] if tally.taken else ["Nothing was changed."]
        if isinstance(error, _Shrunken):
            hints.append("If that is right, run again with --allow-shrink.")
        else:
            cache = ", or run with --from-cache" if conversation.is_kept and conversation.ask else ""
            hints.append(_sentence(f"{error.hint or 'try again later'}{cache}"))
        hint = "\n".join((" ".join(hints), error.where))
        self.errors.append(SourceError(f"{label} {reason}{waited}{rest}", hint=hint.strip()))
        self._say(service, conversation.question, f"failed after {plural(tally.received, 'record')}")
        self._name_rejected(tally)
        return False

    def _name_rejected(self, tally: Tally) -> None:
        """Say which records could not be used, and where they are kept."""
        for rejected in tally.rejected:
            if not rejected.data:
                self.progress.warn(rejected.reason, rejected.what)
        bad = [rejected for rejected in tally.rejected if rejected.data]
        if not bad:
            return
        kept = [f"  See {path.relative_to(self.root)}" for path in tally.quarantined] or [""] * len(bad)
        more = f" and {len(bad) - _MOST_NAMED:,} more" if len(bad) > _MOST_NAMED else ""
        self.progress.error(
            ContentError(
                f"{len(bad):,} of {plural(tally.received, 'record')} could not be read and "
                f"{'was' if len(bad) == 1 else 'were'} put in quarantine: "
                + ", ".join(rejected.what for rejected in bad[:_MOST_NAMED])
                + more,
                hint="\n".join(
                    f"{rejected.reason}.{place}" for rejected, place in islice(zip(bad, kept, strict=True), _MOST_NAMED)
                ),
            )
        )

    def _outcome(self, service: Service) -> Outcome:
        """Return what asking a service came to."""
        source = service.source
        newest = self.listed.newest(source.name) if source.lists else None
        due = status.expected(self.today, source.listed) if source.lists else None
        late: str | None = None
        if due and newest and newest >= due:
            late = ""
        elif due in self.answered[source.name]:
            late = self.late.get(source.name, f"has no list of {due}")
        return Outcome(source=source.name, failed=self.failed.get(source.name, ""), late=late, newest=newest)

    def _say(self, service: Service, question: Wanted | str, *counts: str) -> None:
        self.progress.line("fetch", f"{service.source.label:<11}", f"{_name(question):<10}", *counts)


def _sentence(hint: str) -> str:
    return hint[:1].upper() + hint[1:] + ("" if hint.endswith("?") else ".")


def _covers(wanted: Period | Papers | None, question: Wanted) -> bool:
    """Tell whether the answer to `question` is about what is wanted; details of papers always may be."""
    match wanted, question:
        case Period(first=first, last=last), Day(day):
            return first <= day <= last
        case Period(first=first, last=last), Period():
            return first <= question.last and question.first <= last
        case Papers(ids), Papers(kept):
            return bool(set(ids) & set(kept))
        case Papers(), _:
            return False
    return True


def _dated(found: Record | Rejected, seen: date | None) -> Record | Rejected:
    """Return a record with the day on which its source said so."""
    return msgspec.structs.replace(found, seen=seen) if isinstance(found, Record) and not found.seen else found


def _name(question: Wanted | str) -> str:
    match question:
        case Day(day):
            return day.isoformat()
        case Period(name=name):
            return name
        case Papers(ids):
            return plural(len(ids), "paper")
    return question


def _counts(tally: Tally) -> str:
    return f"{tally.received:,} received, {tally.new:,} new, {tally.updated:,} updated, {len(tally.rejected):,} skipped"
