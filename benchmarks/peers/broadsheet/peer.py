"""Broadsheet as a peer: its own pipeline; pages, addresses and feed of the benchmark come from a theme and a plug-in.

The benchmark imports this file and calls these functions; `common` is its own module.
"""

import os
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import common

HERE = Path(__file__).resolve().parent
OUTPUT = "site"
CACHES = [".broadsheet", ".site.broadsheet"]


def source(paper: dict[str, Any]) -> str:
    """Return the path of the content file of a paper."""
    return f"content/papers/{paper['id'][:4]}/{paper['id']}.md"


def prepare(papers: list[dict[str, Any]], site: str, _env: str) -> None:
    """Write content and plug-in into the folder `site`; settings and theme have been copied there."""
    root = Path(site)
    shutil.rmtree(root / "static")
    shutil.copytree(HERE / "plugin", root / "plugin")
    shutil.copy(Path(common.HERE) / "style.css", root / "plugin" / "broadsheet_bench")
    ranks: Counter[str] = Counter()
    for paper in papers:
        ranks[paper["date"][:10]] += 1
        path = root / source(paper)
        path.parent.mkdir(parents=True, exist_ok=True)
        common.write_md(str(path), _fields(paper, ranks[paper["date"][:10]]), paper["abstract"])


def build(peer: Any, _stage: str, _changed: str) -> tuple[list[str], dict[str, str]]:
    """Return the command that builds, and what it needs in its environment."""
    path = os.pathsep.join([str(HERE.parents[2]), str(Path(peer.site) / "plugin")])
    # Installed, its modules are compiled, as those of the other peers are.
    return [sys.executable, "-m", "generator", "build"], {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": ""}


def _fields(paper: dict[str, Any], rank: int) -> list[tuple[str, Any]]:
    """Return the header. The time of day, for which a paper has no field, stands in place of who listed it."""
    day, time = paper["date"][:10], common.q(paper["date"][11:])
    counts = f"upvotes: {paper['upvotes']}, comments: {paper['comments']}"
    return [
        ("id", paper["id"]),
        ("title", paper["title"]),
        ("authors", paper["authors"]),
        ("organisation", {"slug": paper["org"], "name": paper["org"]} if paper["org"] else None),
        ("featured", common.Raw(f"[{{day: {day}, rank: {rank}, {counts}, by: {time}}}]")),
        ("topics", paper["keywords"]),
        ("code", paper["github"]),
    ]
