"""Files that others make: drafts are handed out in shares, and what comes back is what was written, not the bytes.

A helper is any process that has the same plan: it finds the drafts of its share by their paths, makes them, and puts
them where the builder says. Who hands out shares makes files, too: those for which nobody is free.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import Protocol

from msgspec import Struct

from generator.memo import digest
from generator.model import Draft
from generator.publish.files import Kept

# Neighbours show the same papers, and a card is made once a process: shares are long, but not so long that the last
# one is waited for.
SIZE = 128


class Wanted(Struct, frozen=True, array_like=True):
    """A file to be made, and the digest of the one that stands there, if one does: equal bytes are not written."""

    path: str
    digest: bytes = b""


class Helpers(Protocol):
    """Those who make shares; `name` is the build's own."""

    name: str

    def offer(self, output: str, wanted: Sequence[Wanted]) -> "Future[Sequence[Kept | None]] | None":
        """Hand out drafts of `output`; None where nobody is free."""

    def taken(self, answer: "Future[Sequence[Kept | None]]") -> Sequence[Kept | None] | None:
        """Wait for an answer: for each file what was written, None where it is as it was; None where all are lost."""


class Task(Struct, frozen=True):
    """A draft that has to be made, and what is known of the file that stands in its place."""

    draft: Draft
    kept: Kept | None


class Shares:
    """Hands out tasks. `make` makes one here, `remake` one of which parts may be there; `note` hears what was made."""

    def __init__(
        self,
        helpers: Helpers,
        make: Callable[[Task], None],
        remake: Callable[[Task], None],
        note: Callable[[Task, Kept | None], None],
    ) -> None:
        self._helpers, self._make, self._remake, self._note = helpers, make, remake, note
        self._waiting: list[Task] = []
        self._away: list[tuple[Future[Sequence[Kept | None]], Sequence[Task]]] = []

    def add(self, task: Task) -> None:
        """Have `task` made, now or later."""
        waiting = self._waiting
        if waiting and (len(waiting) >= SIZE or waiting[0].draft.output != task.draft.output):
            self._give()
        self._waiting.append(task)

    def end(self) -> None:
        """See to it that everything is made."""
        if self._waiting:
            self._give()
        self._take_back(wait=True)

    def _give(self) -> None:
        tasks, self._waiting = self._waiting, []
        self._take_back(wait=False)
        wanted = [Wanted(task.draft.path, task.kept.digest if task.kept else b"") for task in tasks]
        answer = self._helpers.offer(tasks[0].draft.output, wanted)
        if answer:
            self._away.append((answer, tasks))
        else:
            deque(map(self._make, tasks), 0)

    def _take_back(self, *, wait: bool) -> None:
        away, self._away = self._away, []
        for answer, tasks in away:
            if not wait and not answer.done():
                self._away.append((answer, tasks))
                continue
            made = self._helpers.taken(answer)
            if made is None:
                deque(map(self._remake, tasks), 0)
            else:
                deque(map(self._note, tasks, made), 0)


def make(
    drafts: Iterable[Draft], wanted: Iterable[Wanted], put: Callable[[str, bytes, bytes], Kept]
) -> list[Kept | None]:
    """Make a share: `put` writes each file that is not as it was, given path, bytes and their digest."""
    return [_made(draft, each, put) for draft, each in zip(drafts, wanted, strict=True)]


def _made(draft: Draft, wanted: Wanted, put: Callable[[str, bytes, bytes], Kept]) -> Kept | None:
    data = draft.data
    own = digest(data)
    return None if own == wanted.digest else put(draft.path, data, own)
