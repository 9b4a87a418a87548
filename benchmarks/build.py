"""Build N synthetic papers and say where the time goes: `python -m benchmarks.build 1000 10000`.

For each N: seconds and microseconds per paper of every stage, cold and with nothing changed, peak memory, files, bytes.
Figures are of this machine at this moment; compare them only within one run.
"""

import subprocess
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.synthetic import papers
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


def _measure(root: Path) -> None:
    """Print the figures of a cold build of `root`, and of a second one."""
    for name in ("cold", "nothing changed"):
        report, stages = _build(root)
        print(f"\n{report.papers:,} papers, {name}: {report.seconds:.2f} s, peak {report.peak_memory / 2**20:.0f} MiB")
        print(f"  {'stage':<16}{'seconds':>9}{'µs/paper':>10}{'files':>9}{'MB':>8}")
        for stage, seconds in stages.items():
            print(f"  {stage:<16}{seconds:>9.2f}{seconds / report.papers * 1e6:>10.0f}")
        for output, made in report.outputs.items():
            each = made.seconds / report.papers * 1e6
            print(f"    {output:<14}{made.seconds:>9.2f}{each:>10.0f}{made.files:>9,}{made.size / 1e6:>8.1f}")


if __name__ == "__main__":
    main()
