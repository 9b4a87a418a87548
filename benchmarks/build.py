"""Build N synthetic papers and say where the time goes: `python -m benchmarks.build 1000 10000`.

For each N: seconds and microseconds per paper of every stage, cold and with nothing changed, peak memory, files, bytes.
Figures are of this machine at this moment; compare them only within one run.
"""

import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from benchmarks.synthetic import papers
from generator.commands import build
from generator.commands.start import Report
from generator.config import FILE, load
from generator.progress import Progress, Step
from generator.store import disk

_SETTINGS = "site: {title: Benchmark, base_url: 'https://example.org/'}\n"
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Measure each size in a process of its own, so that one size's memory is not another's."""
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sizes", nargs="*", type=int, default=[1000], help="numbers of papers (default: 1000)")
    parser.add_argument("--folder", type=Path, help="build the archive in this folder instead of synthetic papers")
    chosen = parser.parse_args()
    if chosen.folder:
        _measure(chosen.folder)
        return
    for size in chosen.sizes:
        with TemporaryDirectory(prefix="broadsheet-bench-") as name:
            root = Path(name)
            (root / "archive.yml").write_text(_SETTINGS)
            for paper in papers(size):
                disk.write_paper(root / "content", paper)
            subprocess.run([sys.executable, "-m", "benchmarks.build", "--folder", name], check=True)  # noqa: S603


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


def _measure(root: Path) -> None:
    """Print the figures of a cold build of `root`, and of a second one."""
    settings = load((root / FILE).read_text("utf-8"), root=root, kinds=("hf-daily", "arxiv"), warn=lambda *_: None)
    with TemporaryDirectory(prefix="broadsheet-bench-") as name:
        for state in ("cold", "nothing changed"):
            watch = _Watch()
            started = process_time()
            report = build.run(settings, output=Path(name) / "site", now=_NOW, progress=watch)
            _print(report, state, watch.seconds, process_time() - started)


def _print(report: Report, state: str, stages: Mapping[str, float], cpu: float) -> None:
    per_paper = 1e6 / max(1, report.papers)
    print(
        f"\n{report.papers:,} papers, {state}: {report.seconds:.2f} s, {cpu:.2f} s of CPU, "
        f"{cpu * per_paper:.0f} µs a paper, peak {report.peak_memory / 2**20:.0f} MiB"
    )
    print(f"  {'stage':<18}{'seconds':>8}{'µs/paper':>10}{'files':>9}{'MB':>8}")
    for stage, seconds in stages.items():
        print(f"  {stage:<18}{seconds:>8.2f}{seconds * per_paper:>10.0f}")
    for output, made in report.outputs.items():
        print(
            f"    {output:<16}{made.seconds:>8.2f}{made.seconds * per_paper:>10.0f}"
            f"{made.files:>9,}{made.size / 1e6:>8.1f}"
        )


if __name__ == "__main__":
    main()
