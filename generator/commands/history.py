"""What git remembers of each paper's file: when it changed, and what was said of that."""

import shutil
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path, PurePosixPath

from generator.model import Revision
from generator.text import clean, excerpt

_MOST = 10
_SECONDS = 60
_BEGINS, _SAYS = "\x01", "\x02"


def head(root: Path) -> str:
    """Return the commit that the archive in `root` stands at, or nothing where there is no whole history to read."""
    told = _git(root, "rev-parse", "--is-shallow-repository", "HEAD").split()
    return told[1] if told[:1] == ["false"] and len(told) > 1 else ""


def history(root: Path) -> Mapping[str, tuple[Revision, ...]]:
    """Return the newest changes of each paper's file under `root`, by the paper's key.

    Empty where there is no git, no repository, no commit, or only the end of a history.
    """
    if not head(root):
        return {}
    asked = ("log", "--no-show-signature", "--no-renames", "--relative", "--name-only", "-z")
    told = _git(root / "content" / "papers", *asked, f"--format={_BEGINS}%cs{_SAYS}%s", "--", ".")
    found: dict[str, list[Revision]] = defaultdict(list)
    for commit in told.split(_BEGINS)[1:]:
        line, _, files = commit.partition("\0")
        day, _, said = line.partition(_SAYS)
        revision = Revision(day=date.fromisoformat(day), said=excerpt(clean(said), limit=120))
        for file in files.split("\0"):
            path = PurePosixPath(file.strip())
            if path.suffix == ".md" and len(found[path.stem]) < _MOST:
                found[path.stem].append(revision)
    return {key: tuple(revisions) for key, revisions in found.items()}


def _git(folder: Path, *words: str) -> str:
    """Return what git says to `words`, or nothing where it cannot say."""
    git = shutil.which("git")
    if git is None or not folder.is_dir():
        return ""
    command = [git, "-C", str(folder), *words]
    try:
        done = subprocess.run(  # noqa: S603 - nothing in it comes from outside
            command, capture_output=True, check=False, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
