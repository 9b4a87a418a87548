"""Build N synthetic papers and say where the time goes: `make bench ARGS="1000 10000"`.

For each N, and for the archive in `--folder`: a first build (cold), one with nothing changed, with one paper changed,
with a new day of 30 papers, and with a changed template. For each of these: seconds of the processor and of the clock,
peak memory, and for every stage and output seconds, microseconds per paper, files and bytes. `--against REVISION`
measures the code of another revision in turn with this one. Each build is a process of its own, as users run it.
Figures are of this machine at this moment; compare them only within one run.
"""

import os
import shutil
import subprocess
import sys
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from msgspec.structs import replace

from benchmarks.synthetic import papers
from generator.commands import build
from generator.config import FILE, load
from generator.model import Featured
from generator.progress import Progress, Step
from generator.shipped import theme_folder
from generator.store import disk

_SETTINGS = "site: {title: Benchmark, base_url: 'https://example.org/'}\n"
_HERE = Path(__file__).resolve().parent.parent
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


STATES = ("cold", "nothing changed", "one paper changed", "one new day", "template changed")
_NEW_DAY = 30


def main() -> None:
    """Measure every size with every revision."""
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sizes", nargs="*", type=int, help="numbers of papers (default: 1000)")
    parser.add_argument("--folder", type=Path, help="also build a copy of the archive in this folder")
    parser.add_argument("--against", metavar="REVISION", help="another revision to measure in turn with this one")
    parser.add_argument("--once", type=Path, help=SUPPRESS)
    chosen = parser.parse_args()
    if chosen.once:
        _build(chosen.once)
        return
    with TemporaryDirectory(prefix="broadsheet-bench-") as name:
        codes = {"here": _HERE}
        if chosen.against:
            codes[chosen.against] = _checkout(chosen.against, Path(name) / "code")
        for size in chosen.sizes or ([] if chosen.folder else [1000]):
            _measure(f"{size:,}", codes, partial(_synthetic, size), Path(name))
        if chosen.folder:
            _measure(str(chosen.folder), codes, partial(_copied, chosen.folder), Path(name))


def _measure(what: str, codes: Mapping[str, Path], make: Callable[[Path], None], folder: Path) -> None:
    """Print the figures of one archive in every state, the codes in turn."""
    roots = {name: folder / f"{number}" for number, name in enumerate(codes)}
    for root in roots.values():
        make(root)
    for state in STATES:
        for name, code in codes.items():
            root = roots[name]
            _change(root, state)
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-m", "benchmarks.build", "--once", str(root)],
                check=True,
                cwd=code,
                capture_output=True,
                text=True,
                env={**os.environ, "PYTHONPATH": str(code)},
            )
            print(f"\n{what} papers, {state}" + (f", {name}" if len(codes) > 1 else "") + f": {done.stdout.strip()}")
    for root in roots.values():
        shutil.rmtree(root)


def _change(root: Path, state: str) -> None:
    """Bring the archive at `root` into `state`."""
    if state == "one paper changed":
        pages = sorted((root / "content" / "papers").rglob("*.md"))
        with pages[len(pages) // 2].open("a") as file:
            file.write("One more sentence.\n")
    elif state == "one new day":
        newest = max(
            (seen.day for paper in disk.read_papers(root / "content") for seen in paper.featured), default=None
        )
        day = (newest or date(2025, 12, 30)) + timedelta(days=1)
        for number, paper in enumerate(papers(_NEW_DAY, seed=2), 1):
            seen = (Featured(day=day, rank=number, upvotes=number),)
            disk.write_paper(root / "content", replace(paper, id=f"9912.{number:05}", featured=seen, published=day))
    elif state == "template changed":
        shutil.copytree(theme_folder() / "default", root / "theme" / "default", dirs_exist_ok=True)
        template = root / "theme" / "default" / "templates" / "day.html"
        template.write_text(template.read_text() + "\n{# changed #}")


def _synthetic(size: int, root: Path) -> None:
    root.mkdir()
    (root / FILE).write_text(_SETTINGS)
    for paper in papers(size):
        disk.write_paper(root / "content", paper)


def _copied(archive: Path, root: Path) -> None:
    root.mkdir()
    shutil.copy(archive / FILE, root)
    shutil.copytree(archive / "content", root / "content")


def _checkout(revision: str, folder: Path) -> Path:
    """Put the code of `revision` into `folder`; this benchmark, and what it needs, comes along."""
    subprocess.run(["git", "clone", "--quiet", "--shared", str(_HERE), str(folder)], check=True)  # noqa: S603, S607
    subprocess.run(["git", "-C", str(folder), "checkout", "--quiet", revision], check=True)  # noqa: S603, S607
    shutil.copy(Path(__file__), folder / "benchmarks" / "build.py")
    return folder


class _Watch(Progress):
    """A progress that says nothing and keeps the seconds of each step."""

    def __init__(self) -> None:
        super().__init__(quiet=True)
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Run a step and note how long it took."""
        started = perf_counter()
        yield Step()
        self.seconds[name] = perf_counter() - started


def _build(root: Path) -> None:
    """Build the archive at `root` in this process, and print what it took."""
    settings = load((root / FILE).read_text("utf-8"), root=root, kinds=("hf-daily", "arxiv"), warn=lambda *_: None)
    watch = _Watch()
    report = build.run(settings, output=root / "site", now=_NOW, progress=watch)
    files = report.published.written + report.published.unchanged
    per_paper = 1e6 / max(1, report.papers)
    cpu = process_time()
    print(
        f"{report.seconds:.2f} s, {cpu:.2f} s of CPU, {cpu * per_paper:.0f} µs a paper, "
        f"peak {report.peak_memory / 2**20:.0f} MiB, {report.published.written:,} of {files:,} files written, "
        f"{report.published.size / 1e6:,.0f} MB"
    )
    if not watch.seconds:
        return
    print(f"  {'stage':<18}{'seconds':>8}{'µs/paper':>10}{'files':>9}{'MB':>8}")
    for stage, seconds in watch.seconds.items():
        print(f"  {stage:<18}{seconds:>8.2f}{seconds * per_paper:>10.0f}")
    for output, made in report.outputs.items():
        print(
            f"    {output:<16}{made.seconds:>8.2f}{made.seconds * per_paper:>10.0f}"
            f"{made.files:>9,}{made.size / 1e6:>8.1f}"
        )


if __name__ == "__main__":
    main()
