"""Builds with helpers: the same bytes, and no harm where a helper fails."""

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.commands import build, crew, share
from generator.commands.start import start
from generator.config import load
from generator.errors import BroadsheetError, OutputError, Several, ThemeError, UsageError
from generator.model import Author, Paper
from generator.progress import Progress
from generator.shipped import demo_folder
from generator.store import disk
from tests.support import NOW, SETTINGS, archive_at, files_below, paper_of

# Two workers until nobody listens any more.
CLUSTER = """
from distributed import LocalCluster
with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0") as cluster:
    print(cluster.scheduler_address, flush=True)
    input()
"""
NEEDS_DASK = "needs Dask: pip install 'broadsheet[cluster]'"


@dataclass
class Told(Progress):
    """A progress that keeps its warnings."""

    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(quiet=True)

    def warn(self, message: str, where: str = "") -> None:  # noqa: ARG002  As it is called.
        """Keep a warning."""
        self.warnings.append(message)


class Waiting(Executor):
    """Waits for each answer, so that helpers make all there is, and no accident of time decides; counts the shares."""

    def __init__(self, pool: Executor, before: Callable[[Any], None] = lambda _: None) -> None:
        self.pool, self.before, self.shares = pool, before, 0

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Have work done, now."""
        self.before(work)
        self.shares += work is share.made
        answer = self.pool.submit(work, *given, **named)
        wait([answer])
        return answer


def two_processes() -> ProcessPoolExecutor:
    """Return two processes as a build starts them."""
    return ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn"))


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    """Give two processes."""
    with two_processes() as pool:
        yield pool


def built(root: Path, executor: Executor | None = None, name: str = "site", progress: Progress | None = None) -> Path:
    """Build the archive at `root`, with the help of `executor` if there is one, and return the site."""
    said = progress or Told()
    settings = load(
        (root / "archive.yml").read_text("utf-8"), root=root, kinds=("arxiv", "hf-daily"), warn=lambda *_: None
    )
    found = start(settings, root / name, NOW)
    helpers = crew.Crew(executor, [executor] * 2, progress=said, alone=0) if executor else None
    build.make(found, progress=said, crew=helpers)
    return root / name


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """Give a copy of the archive that travels with Broadsheet."""
    shutil.copy(demo_folder() / "archive.yml", tmp_path)
    shutil.copytree(demo_folder() / "content", tmp_path / "content")
    return tmp_path


NAMES = st.sampled_from(("Ada Lovelace", "李明", "Ana María <b>", "Zoë & Co"))
PAPERS = st.lists(
    st.builds(
        paper_of,
        st.integers(1, 40).map("2602.{:05}".format),
        day=st.sampled_from(("2026-01-30", "2026-02-01", "2026-02-02")),
        rank=st.integers(1, 5),
        title=st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=40),
        authors=st.lists(NAMES.map(lambda name: Author(name=name)), max_size=3).map(tuple),
        topics=st.lists(st.sampled_from(("engines", "notes", "Büro")), max_size=3, unique=True).map(tuple),
        abstract=st.sampled_from(("An engine weaves patterns.", "Of $x^2$ and *stars*.", "A\n\nB")),
        extra=st.sampled_from(({}, {"seen": date(2026, 1, 1)}, {"odd": [1, "x"]})),
    ),
    max_size=8,
    unique_by=lambda paper: paper.id,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(papers=PAPERS, language=st.sampled_from(("en", "de")))
def test_helpers_make_the_same_bytes(
    papers: list[Paper], language: str, pool: ProcessPoolExecutor, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the archive holds."""
    said = SETTINGS.replace("site: {", f"site: {{language: {language}, ")
    root = archive_at(tmp_path_factory.mktemp("archive"), *papers, settings=said)
    executor = Waiting(pool)

    alone, helped = built(root), built(root, executor, "helped")

    assert executor.shares
    assert files_below(helped) == files_below(alone)


def test_nobody_waits_for_helpers_and_nothing_is_left_of_them(demo: Path, pool: ProcessPoolExecutor) -> None:
    """As it comes in real builds: some files are made here and some there."""
    alone, helped = built(demo), built(demo, pool, "helped")

    assert files_below(helped) == files_below(alone)
    assert [path.name for path in (demo / ".helped.broadsheet").iterdir()] == ["record"]


def test_a_site_with_helpers_is_known_to_the_next_build_without(demo: Path, pool: ProcessPoolExecutor) -> None:
    """What helpers wrote is not made again, and a change is the change that it is."""
    site = built(demo, Waiting(pool))
    before = {path: path.stat().st_ino for path in site.rglob("*") if path.is_file()}

    built(demo)

    assert {path: path.stat().st_ino for path in site.rglob("*") if path.is_file()} == before


def test_corrections_and_odd_pages_reach_helpers(tmp_path: Path, pool: ProcessPoolExecutor) -> None:
    """Values that YAML knows and MessagePack does not are the same for all."""
    root = archive_at(tmp_path, paper_of(extra={"seen": date(2026, 1, 1)}), paper_of("2602.00002", rank=2))
    (root / "content" / "overrides").mkdir()
    (root / "content" / "overrides" / "2602.00001.yml").write_text(
        "reason: misspelt\ndate: 2026-02-03\nset: {authors: [{name: Ada}], published: 2026-01-02, topics: [x]}\n"
    )

    assert files_below(built(root, Waiting(pool), "helped")) == files_below(built(root))


def test_a_helper_that_is_killed_is_done_without(demo: Path) -> None:
    """The builder says so, and makes the rest."""
    told = Told()
    killed: list[int] = []

    def kill(work: object) -> None:
        """Kill a helper as the third share goes out."""
        if work is share.made and executor.shares == 2 and not killed:
            killed.append(min(pids))
            os.kill(killed[0], signal.SIGKILL)

    before = {process.pid or 0 for process in multiprocessing.active_children()}
    with two_processes() as pool:
        wait([pool.submit(os.getpid) for _ in range(4)])
        pids = {process.pid or 0 for process in multiprocessing.active_children()} - before
        executor = Waiting(pool, kill)
        helped = built(demo, executor, "helped", told)

    assert killed
    assert [warning for warning in told.warnings if "this process does the rest alone" in warning]
    assert files_below(helped) == files_below(built(demo))


class Broken(Executor):
    """Processes that all are dead before they began."""

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:  # noqa: ARG002  As it is called.
        """Refuse."""
        raise BrokenProcessPool


def test_without_any_helper_left_the_builder_is_alone(tmp_path: Path) -> None:
    """And says so once."""
    root, told = archive_at(tmp_path, paper_of()), Told()

    helped = built(root, Broken(), "helped", told)

    assert len(told.warnings) == 1
    assert files_below(helped) == files_below(built(root))


def test_what_a_helper_cannot_make_is_told_with_its_place(tmp_path: Path, pool: ProcessPoolExecutor) -> None:
    """As if there had been none; the site that stood there still stands."""
    root = archive_at(tmp_path, paper_of())
    before = files_below(built(root))
    template = root / "theme" / "mine" / "templates" / "paper.html"
    template.parent.mkdir(parents=True)
    (root / "theme" / "mine" / "theme.yml").write_text("extends: default\n")
    template.write_text("{{ page.title }}\n{{ nonsense }}\n")
    (root / "archive.yml").write_text(f"{SETTINGS}theme: {{name: mine}}\n")

    errors = []
    for executor in (None, Waiting(pool)):
        with pytest.raises(ThemeError) as caught:
            built(root, executor)
        errors.append((str(caught.value), caught.value.where, caught.value.hint))

    assert errors[0] == errors[1]
    assert errors[0][1] == f"{template}:2"
    assert files_below(root / "site") == before


def test_pages_that_cannot_be_read_are_told_by_the_builder(tmp_path: Path, pool: ProcessPoolExecutor) -> None:
    """All of them, wherever they were read."""
    root = archive_at(tmp_path, paper_of(), paper_of("2602.00002", rank=2), paper_of("2602.00003", rank=3))
    for key in ("2602.00002", "2602.00003"):
        disk.path_of(root / "content", key).write_text("no header")

    with pytest.raises(Several) as caught:
        built(root, Waiting(pool))

    assert [Path(error.where.partition(":")[0]).stem for error in caught.value.errors] == ["2602.00002", "2602.00003"]


def test_errors_are_the_same_behind_another_process(pool: ProcessPoolExecutor) -> None:
    """Message, place, hint and exit code come along."""
    several = Several([UsageError("a", where="b", hint="c"), OutputError("d")])

    back = pool.submit(_returned, several).result()

    assert isinstance(back, Several)
    assert [(type(one), one.message, one.where, one.hint) for one in back.errors] == [
        (UsageError, "a", "b", "c"),
        (OutputError, "d", "", ""),
    ]
    assert back.exit_code == several.exit_code


def _returned(error: BroadsheetError) -> BroadsheetError:
    return error


class Spoiling(Waiting):
    """Changes what helpers were given before they read it."""

    def __init__(self, pool: Executor, spoil: Callable[[Path], None]) -> None:
        super().__init__(pool)
        self.spoil = spoil

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Spoil what lies there, then have it read."""
        if work is share.ready:
            with suppress(FileNotFoundError):
                self.spoil(Path(given[0].parcel))
        return super().submit(work, *given, **named)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-40]),
        lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\xff"),
        lambda path: path.write_bytes(b"\x80\x04N."),
        lambda path: path.unlink(),
    ],
    ids=["cut off", "changed", "pickled", "gone"],
)
def test_helpers_believe_nothing_but_what_the_builder_wrote(
    spoil: Callable[[Path], None], tmp_path: Path, pool: ProcessPoolExecutor
) -> None:
    """The build fails, with a way out, and leaves nothing."""
    root = archive_at(tmp_path, paper_of())

    with pytest.raises(OutputError) as caught:
        built(root, Spoiling(pool, spoil))

    assert caught.value.hint
    assert not (root / "site").exists()


def test_helpers_of_another_version_are_refused(
    tmp_path: Path, pool: ProcessPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They would make other bytes."""
    monkeypatch.setattr(share, "code", lambda: {"broadsheet": "other"})

    with pytest.raises(OutputError, match="this helper has broadsheet"):
        built(archive_at(tmp_path, paper_of()), Waiting(pool))


def _children(pid: int) -> list[int]:
    """Return the processes that `pid` started."""
    tasks = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in tasks.read_text().split()] if tasks.exists() else []


def _is_alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def _until(is_so: Callable[[], bool]) -> bool:
    """Wait until something is so, or too long."""
    end = time.monotonic() + 60
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)
    return is_so()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are looked up as Linux lists them")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_helpers_end_with_their_builder(number: signal.Signals, demo: Path) -> None:
    """However it ends; there is no half of a site."""
    # Where the tests run in the background, SIGINT is ignored by them and all they start.
    command = ["env", "--default-signal=INT", sys.executable]
    command += ["-m", "generator", "-C", str(demo), "build", "--jobs", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True) as builder:
        assert _until(lambda: any("spawn_main" in _command(child) for child in _children(builder.pid)))
        helpers = _children(builder.pid)
        builder.send_signal(number)
        builder.wait(60)

    assert builder.returncode
    assert _until(lambda: not any(map(_is_alive, helpers)))
    assert not (demo / "site").exists()


def _command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Give the address of a Dask cluster of two workers."""
    pytest.importorskip("distributed", reason=NEEDS_DASK)
    with subprocess.Popen(
        [sys.executable, "-c", CLUSTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as found:
        assert found.stdout
        yield found.stdout.readline().strip()


def test_two_workers_of_a_cluster_make_the_same_bytes(tmp_path: Path, cluster: str) -> None:
    """Under the address of a scheduler, as `build --cluster` does it."""
    root = archive_at(tmp_path, *(paper_of(f"2602.{number:05}", rank=number) for number in range(1, 9)))
    command = [sys.executable, "-m", "generator", "-C", str(root), "build", "--now", NOW.isoformat()]
    with crew.of_cluster(cluster, Told()) as helpers:
        executor = Waiting(helpers._executor)  # noqa: SLF001  So that workers make all of it.
        helped = built(root, executor, "helped")
    done = subprocess.run([*command, "-o", root / "mixed", "--cluster", cluster], capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
    assert executor.shares
    assert files_below(root / "mixed") == files_below(helped) == files_below(built(root))


def test_an_address_without_a_cluster_is_told() -> None:
    """In a few seconds, with a way out."""
    pytest.importorskip("distributed", reason=NEEDS_DASK)
    with pytest.raises(UsageError, match="no cluster answers"), crew.of_cluster("nonsense://x", Told()):
        pass
