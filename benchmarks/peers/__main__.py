"""Broadsheet among its peers: `python -m benchmarks.peers 10000 hugo mkdocs --runs 5 --env DIR`.

The benchmark of peers is not part of this repository; it lies beside the checkout, in `../shared/bench/ssg` (or where
`--bench` says), and `install-peers` there puts the tools into DIR. Here is what it needs to build the same pages with
Broadsheet. Runs are interleaved and verified by the benchmark itself; figures are medians.
"""

import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

_HERE = Path(__file__).resolve().parent


def main() -> int:
    """Run the benchmark with one peer more, and return its exit code."""
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("size", type=int, help="number of papers")
    parser.add_argument("peers", nargs="*", default=["hugo"], help="other peers (default: hugo)")
    parser.add_argument("--bench", type=Path, default=_HERE.parents[2] / "shared" / "bench" / "ssg")
    chosen, rest = parser.parse_known_args()
    if not (chosen.bench / "run-peers").exists():
        parser.error(f"there is no benchmark of peers in {chosen.bench}")
    with TemporaryDirectory(prefix="broadsheet-peers-") as name:
        bench = Path(name)
        (bench / "peers").mkdir()
        for path in chosen.bench.iterdir():
            if path.name != "peers":
                (bench / path.name).symlink_to(path)
        for path in (*(chosen.bench / "peers").iterdir(), _HERE / "broadsheet"):
            (bench / "peers" / path.name).symlink_to(path)
        command = [sys.executable, str(bench / "run-peers"), str(chosen.size), "broadsheet", *chosen.peers, *rest]
        return subprocess.run(command, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
