"""The page's modules in Node, for what must be the same on both sides."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from generator.shipped import theme_folder

SCRIPTS = "assets/js/search"


def run(program: str, given: object, folder: Path) -> Any:
    """Return what `program` prints as JSON; it may import the page's modules from "./search/", `given` is `input`."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node.js here, so the page's scripts run only in the browser tests")
    shutil.copytree(theme_folder() / "default" / SCRIPTS, folder / "search", dirs_exist_ok=True)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "input.json").write_text(json.dumps(given), "utf-8")
    reading = 'import { readFileSync } from "node:fs";\nconst input = JSON.parse(readFileSync("input.json", "utf8"));\n'
    (folder / "main.js").write_text(reading + program, "utf-8")
    done = subprocess.run([node, "main.js"], cwd=folder, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)
