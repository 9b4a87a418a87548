"""Raw answers of the services: kept before they are read, asked for again only if they changed, read again at will.

`.broadsheet/answers/<source>/<question>/<request>.gz` is a line of JSON (`_Head`), then the body as it came. An answer
is `.new` until all of its question has been read; then it takes the place of the one before, or becomes `.bad` and
stays for whoever wants to know. The answer about a day whose counts were taken for good (the last one from before it
froze, or the first) stays beside a later one (`.settled`), so that these counts can be had again.
"""

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

import msgspec
from msgspec import MsgspecError, Struct
from msgspec.structs import replace

from generator.errors import SourceError
from generator.sources import Answer, Day, Papers, Period, Wanted
from generator.store import files
from generator.text import key

_SETTLED = ".settled"
_UNREADABLE = (OSError, EOFError, zlib.error, MsgspecError, ValueError)
_LONGEST_HEAD = 1 << 20

Ask = Callable[[str, Mapping[str, str], Answer | None], Answer]
"""Ask a service: path, query, and an earlier answer that may still hold (then the new one is 304)."""


class _Head(Struct, frozen=True, kw_only=True):
    """What is known about an answer. `seen` is the day on which it came, `received` the moment."""

    question: Day | Period | Papers
    path: str
    query: Mapping[str, str]
    status: int
    etag: str = ""
    modified: str = ""
    seen: date
    received: datetime


class Question(Struct, frozen=True, kw_only=True):
    """A question that answers are kept for; `seen` is the day on which the last of them came."""

    wanted: Day | Period | Papers
    seen: date
    settled: bool


@dataclass(kw_only=True)
class Conversation:
    """One question to one service, and its answers.

    `folder` is the source's. Without `ask` only what is kept is answered, and without `fresh` only what has been read
    before. Answers from `fresh_since` on are not asked for again. `settled` tells whether the question is about a day
    that is frozen. With `write` false nothing is kept. `seen` becomes the day on which the answers came, and
    `unanswered` tells whether there was none to the last request.
    """

    folder: Path
    question: Wanted
    ask: Ask | None
    today: date
    now: datetime
    settled: bool = False
    fresh: bool = True
    fresh_since: datetime | None = None
    write: bool = True
    seen: date | None = None
    unanswered: bool = False
    _pending: list[Path] = field(default_factory=list)

    @property
    def is_kept(self) -> bool:
        """Whether an earlier answer is kept."""
        return any(file for file in self._folder.glob("*.gz") if not file.name.endswith(".bad.gz"))

    @property
    def _folder(self) -> Path:
        return self.folder / _name(self.question)

    def get(self, path: str, query: Mapping[str, str] | None = None, /) -> Answer:
        """Return the answer to a request, from the service or as it is kept.

        Raises `SourceError` where there is none, `OutputError` where it cannot be kept.
        """
        asked = query or {}
        file = self._file(path, asked)
        if self.ask is None:
            return self._replayed(file, _place(path, asked))
        known = _read(file) or _read(_open(file))
        if known and self.fresh_since and known[0].received >= self.fresh_since:
            return self._kept(known, _place(path, asked))
        self.unanswered = True
        answer = self.ask(path, asked, known[1] if known else None)
        self.unanswered = False
        if answer.status == _NOT_MODIFIED and known:
            return self._kept(known, _place(path, asked))
        self.seen = self.today
        if self.write:
            files.write(_new(file), self._packed(answer, path, asked))
            self._pending.append(file)
        return answer

    def keep(self) -> None:
        """Let the new answers take the place of the old ones: all of them could be read."""
        for file in self._pending:
            _new(file).replace(file)
        self._pending.clear()

    def refuse(self, *, all_of_them: bool = False) -> None:
        """Set the last answer aside, or all: it could not be used. Those before it could.

        Where the service did not answer at all, every answer that it gave before could be read.
        """
        if self.unanswered:
            if self.ask is None:
                self._pending.clear()
            self.keep()
            return
        bad = self._pending if all_of_them else self._pending[-1:]
        for file in bad:
            _new(file).replace(file.with_suffix(".bad.gz"))
        del self._pending[len(self._pending) - len(bad) :]
        self.keep()

    def _replayed(self, file: Path, place: str) -> Answer:
        fresh = _read(_new(file)) if self.fresh else None
        if fresh and self.write:
            self._pending.append(file)
        kept = fresh or _read(file) or _read(_open(file))
        self.unanswered = not kept
        if not kept:
            raise SourceError("has no answer in the cache", where=place, hint="fetch without --from-cache")
        return self._kept(kept, place)

    def _kept(self, known: tuple[_Head, Answer], place: str) -> Answer:
        head, answer = known
        self.seen = max(self.seen or head.seen, head.seen)
        return replace(answer, url=place)

    def _packed(self, answer: Answer, path: str, query: Mapping[str, str]) -> bytes:
        head = _Head(
            question=self.question,
            path=path,
            query=query,
            status=answer.status,
            etag=answer.etag,
            modified=answer.modified,
            seen=self.today,
            received=self.now,
        )
        return gzip.compress(msgspec.json.encode(head) + b"\n" + answer.body, mtime=0)

    def _file(self, path: str, query: Mapping[str, str]) -> Path:
        request = sha256(f"{path}?{urlencode(sorted(query.items()))}".encode()).hexdigest()[:16]
        first = self._folder / f"{request}.gz"
        # The first answer about a frozen day is the one whose counts were taken.
        later = self.settled and (self.ask is None or first.exists())
        return first.with_suffix(f"{_SETTLED}.gz") if later else first


_NOT_MODIFIED = 304


def questions(folder: Path) -> Iterator[Question]:
    """Yield what the answers in `folder`, those of one source, are answers to: in the order in which they came."""
    found: dict[tuple[str, bool], Question] = {}
    for file in sorted(folder.glob("*/*.gz")):
        head = None if file.name.endswith(".bad.gz") else _head(file)
        if head:
            name = file.parent.name, _SETTLED in file.name
            seen = max(found[name].seen, head.seen) if name in found else head.seen
            found[name] = Question(wanted=head.question, seen=seen, settled=name[1])
    yield from sorted(found.values(), key=lambda each: (each.seen, isinstance(each.wanted, Papers), _name(each.wanted)))


def is_known(folder: Path, day: date, *, open_days: int) -> bool:
    """Tell whether `folder`, that of one source, holds an answer about `day` from after its `open_days`."""
    for file in (folder / _name(Day(day))).glob("*.gz"):
        head = None if file.name.endswith((".new.gz", ".bad.gz")) else _head(file)
        if head and (head.seen - day).days > open_days:
            return True
    return False


def _name(question: Wanted) -> str:
    """Return the folder of a question."""
    match question:
        case Day(day):
            return day.isoformat()
        case Period(name=name):
            return key(name)
    return f"papers-{sha256(' '.join(question.ids).encode()).hexdigest()[:16]}"


def _place(path: str, query: Mapping[str, str]) -> str:
    """Return where an answer that is kept came from."""
    return path + (f"?{urlencode(query)}" if query else "")


def _new(file: Path) -> Path:
    return file.with_suffix(".new.gz")


def _open(file: Path) -> Path:
    """Return the file of the same answer from before its day froze."""
    return file.with_name(file.name.replace(_SETTLED, ""))


def _read(file: Path) -> tuple[_Head, Answer] | None:
    """Return a kept answer, or nothing where there is none or it is damaged."""
    try:
        head, _, body = gzip.decompress(file.read_bytes()).partition(b"\n")
        said = msgspec.json.decode(head, type=_Head)
    except _UNREADABLE:
        return None
    return said, Answer(url="", status=said.status, body=body, etag=said.etag, modified=said.modified)


def _head(file: Path) -> _Head | None:
    """Return the first line of a kept answer, or nothing where it is damaged."""
    try:
        with gzip.open(file) as stream:
            return msgspec.json.decode(stream.readline(_LONGEST_HEAD), type=_Head)
    except _UNREADABLE:
        return None
