"""Helpers of a build: processes of this machine, or the workers of a cluster that is there already.

Both are a `concurrent.futures.Executor`, and what they do is in `share.py`. Who is not ready yet, or has enough to do,
gets nothing: the builder never waits for a helper to begin.
"""

import multiprocessing
import os
import secrets
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from generator import __version__
from generator.commands import parcel, share
from generator.commands.build import Content
from generator.commands.start import Start
from generator.errors import ContentError, UsageError
from generator.memo import Memo, Memory
from generator.progress import Progress
from generator.publish.files import Kept
from generator.publish.shares import Wanted
from generator.publish.trees import tree_at
from generator.store.scan import Folder

if TYPE_CHECKING:
    from generator.search.postings import Fields

Given = TypeVar("Given")
Result = TypeVar("Result")

# So many drafts are made before helpers are asked to plan, where the site that stands there may have most of them.
_ALONE = 1000
# Seconds that a cluster has to answer.
_PATIENCE = 10
# So many pages, or blocks of a hundred texts, are looked at in one go.
_PAGES, _BLOCKS = 128, 8
# How many shares one helper has before it: one to do while the next is on its way.
_BEFORE = 2


class Crew:
    """Those who help a build; `name` is the build's own.

    `helpers` are one executor for each of them, to be told to plan; `executor` gives a share to whoever is free.
    `lost` are the errors that say that one of them is no more.
    """

    def __init__(
        self,
        executor: Executor,
        helpers: Sequence[Executor],
        *,
        progress: Progress,
        alone: int = _ALONE,
        lost: tuple[type[BaseException], ...] = (),
    ) -> None:
        self.name = f"-{secrets.token_hex(4)}"
        self.made = 0
        self._executor, self._helpers, self._progress, self._alone = executor, helpers, progress, alone
        self._lost: tuple[type[BaseException], ...] = (BrokenProcessPool, CancelledError, *lost)
        self._is_gone = False
        self._beginning: Sequence[Future[str]] = ()
        self._under_way: list[Future[object]] = []
        self._pack: Callable[[], share.Order] | None = None
        self._order: share.Order | None = None

    def read(self, found: Start, memo: Memo) -> None:
        """Put into `memo` the papers of the content that it does not know."""
        if _is_anew(found):
            self._begin(share.begin)
            self.fill(memo, share.papers, _unread(found.content, memo))

    def analyse(self, memo: Memo, asked: Iterable[tuple[bytes, Sequence["Fields"]]]) -> None:
        """Put into `memo` what search finds in texts."""
        if self._beginning:
            self.fill(memo, share.texts, asked, at_once=_BLOCKS)

    def fill(
        self,
        memo: Memo,
        work: Callable[[Sequence[Given]], Sequence[bytes | None]],
        asked: Iterable[tuple[bytes, Given]],
        *,
        at_once: int = _PAGES,
    ) -> None:
        """Put into `memo` what `work` makes of each of what is `asked`, under the key that comes with it.

        What it makes nothing of, or a lost helper did not return, is left to who asks the memory.
        """
        away: deque[tuple[Sequence[bytes], Future[Sequence[bytes | None]]]] = deque()
        source = iter(asked)
        while part := list(islice(source, at_once)):
            keys, given = [key for key, _ in part], [each for _, each in part]
            answer = self._submit(work, given)
            if answer:
                away.append((keys, answer))
            else:
                _keep(memo, keys, work(given))
            while away and away[0][1].done():
                self._keep(memo, *away.popleft())
        for each in away:
            self._keep(memo, *each)

    def plan(self, found: Start, content: Content, memory: Memory) -> None:
        """Have helpers plan the site of `content`, too; what is in `memory` they need not find out."""
        self._pack = lambda: _packed(found, content, memory, self.name)
        if _is_anew(found):
            self._tell()

    def offer(self, output: str, wanted: Sequence[Wanted]) -> Future[Sequence[Kept | None]] | None:
        """Hand out drafts of `output`; None where nobody is free."""
        self._alone -= len(wanted)
        if self._order:
            return self._submit(share.made, self._order, output, wanted)
        if self._alone < 0:
            self._tell()
        return None

    def taken(self, answer: Future[Sequence[Kept | None]]) -> Sequence[Kept | None] | None:
        """Wait for an answer; None where it is lost with its helper."""
        found = self._result(answer)
        self.made += len(found or ())
        return found

    def _keep(self, memo: Memo, keys: Sequence[bytes], answer: Future[Sequence[bytes | None]]) -> None:
        _keep(memo, keys, self._result(answer))

    def _tell(self) -> None:
        """Tell every helper what to plan."""
        assert self._pack, "a plan comes before its shares"
        self._order = self._pack()
        self._begin(share.ready, self._order)

    def _begin(self, work: Callable[..., str], *given: object) -> None:
        """Have every helper do what comes before its shares."""
        try:
            self._beginning = [helper.submit(work, *given) for helper in self._helpers]
        except self._lost as error:
            self._lose(error)

    def _submit(self, work: Callable[..., Result], *given: object) -> "Future[Result] | None":
        """Hand out work; None where nobody is free, or nobody is left."""
        ready = sum(each.done() and self._result(each) is not None for each in self._beginning)
        self._under_way = [each for each in self._under_way if not each.done()]
        if self._is_gone or len(self._under_way) >= _BEFORE * ready:
            return None
        try:
            answer = self._executor.submit(work, *given)
        except self._lost as error:
            self._lose(error)
            return None
        self._under_way.append(answer)  # type: ignore[arg-type]
        return answer

    def _result(self, answer: "Future[Result]") -> "Result | None":
        """Return an answer, None where it is lost. Raises what the helper did."""
        try:
            return answer.result()
        except self._lost as error:
            self._lose(error)
            return None

    def _lose(self, error: BaseException) -> None:
        """Go on alone."""
        if not self._is_gone:
            self._is_gone = True
            self._progress.warn(
                "a helper ended before its work was done (killed, or out of memory): this process does the rest alone"
            )
            self._progress.detail(f"{type(error).__name__}: {error}")


def hired(jobs: int, cluster: str, progress: Progress) -> AbstractContextManager[Crew]:
    """Return a context with the helpers that make `jobs` processes of one, or with those of a `cluster`.

    Raises `UsageError` where a cluster cannot be used.
    """
    return of_cluster(cluster, progress) if cluster else of_processes(jobs - 1, progress)


@contextmanager
def of_processes(count: int, progress: Progress) -> Iterator[Crew]:
    """Give a crew of `count` processes besides this one, which end with it, however it ends."""
    before = set(multiprocessing.active_children())
    # Started anew, not forked: the same on every system, and threads of this process do no harm.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_join)
    try:
        yield Crew(pool, [pool] * count, progress=progress)
    finally:
        # Nobody waits for them any more; what they were about to make is not wanted.
        pool.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - before:
            process.terminate()


@contextmanager
def of_cluster(address: str, progress: Progress) -> Iterator[Crew]:
    """Give a crew of the workers of the Dask cluster whose scheduler is at `address`.

    Raises `UsageError` where Dask is not installed, or no cluster answers.
    """
    try:
        from distributed import Client  # noqa: PLC0415  It is an extra, and heavy.
        from distributed.comm.core import CommClosedError  # noqa: PLC0415
        from distributed.scheduler import KilledWorker  # noqa: PLC0415
    except ImportError as error:
        hint = "install it: pip install 'broadsheet[cluster]'"
        raise UsageError("a cluster needs Dask, which is not installed", where="--cluster", hint=hint) from error
    try:
        client: Any = Client(address, timeout=_PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        hint = "start a scheduler (dask scheduler) and workers (dask worker ADDRESS --nthreads 1)"
        raise UsageError(f"no cluster answers: {error}", where=address, hint=hint) from error
    with client:
        workers = sorted(client.nthreads())
        if not workers:
            hint = f"start some: dask worker {address} --nthreads 1"
            raise UsageError("this cluster has no workers", where=address, hint=hint)
        _refuse_others(client, address)
        executors = [client.get_executor(workers=[worker], pure=False) for worker in workers]
        lost = (KilledWorker, CommClosedError)
        try:
            yield Crew(client.get_executor(pure=False), executors, progress=progress, lost=lost)
        finally:
            # They live on; the plan of this build need not.
            wait([executor.submit(share.done) for executor in executors], _PATIENCE)


def _refuse_others(client: Any, address: str) -> None:
    """Raise `UsageError` where a part of a cluster lacks this Broadsheet: a worker without it ends without a word."""
    found = client.run(version, "broadsheet", on_error="return")
    try:
        found[address] = client.run_on_scheduler(version, "broadsheet")
    except PackageNotFoundError as error:
        found[address] = error
    for where, installed in found.items():
        if installed != __version__:
            had = installed if isinstance(installed, str) else "none"
            hint = "install the same Broadsheet on all machines, that of the scheduler too"
            raise UsageError(
                f"this part of the cluster needs Broadsheet {__version__}, and has {had}", where=where, hint=hint
            )


def _is_anew(found: Start) -> bool:
    """Return whether everything has to be made."""
    return found.ground.record.stamp != found.stamp


def _packed(found: Start, content: Content, memory: Memory, name: str) -> share.Order:
    """Write the parcel of a build beside its tree, where it goes when that does."""
    settings = replace(found.settings, root=found.settings.root.resolve())
    head = parcel.Head(
        settings=settings,
        now=found.now,
        code=share.code(),
        theme=Folder(settings.root / "theme").inputs(),
        content=replace(content, papers=()),
        memos={name: dict(memo.kept()) for name, memo in memory.memos.items()},
    )
    place, tree = found.ground.parcel(name), found.ground.tree(name)
    with tree_at(tree).open(place, "wb") as file:
        check = parcel.write(file, head, content.papers)
    return share.Order(place, check, tree)


def _unread(folder: Folder, memo: Memo) -> Iterator[tuple[bytes, tuple[str, bytes]]]:
    """Yield the digest of each page that `memo` does not know, with its place and its bytes."""
    for path in folder.below("papers", ".md"):
        with suppress(ContentError):  # told by who reads it next
            data = b"" if folder.files[path].digest else folder.read(path)
            key = folder.digest(path)
            if key not in memo.known:
                yield key, (f"{folder.root}/{path}", data or folder.read(path))


def _keep(memo: Memo, keys: Sequence[bytes], values: Sequence[bytes | None] | None) -> None:
    for key, value in zip(keys, values or (), strict=False):
        if value is not None:
            memo.keep(key, value)


def _join() -> None:
    """Begin as a helper: what is typed is for the builder, and a helper does not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    builder = multiprocessing.parent_process()
    if builder:
        builder.join()
        os._exit(1)
