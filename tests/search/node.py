"""The page's modules in Node, for what must be the same on both sides."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from generator.shipped import theme_folder

SCRIPTS = "assets/js/search"
SEARCH = """
import { readFile } from "node:fs/promises";
import { open } from "./search/reader.js";
const load = async (name, tag, range) => {
  const { buffer, byteOffset, byteLength } = await readFile(`index/${name}`);
  const [first, last] = range ?? [0, byteLength];
  return buffer.slice(byteOffset + first, byteOffset + Math.min(last, byteLength));
};
const reader = await open(load);
const found = [];
for (const [text, sort, start] of input) {
  const { hits, total, matching, about, jump, corrected, missing } = await reader.search(text, { sort, start });
  found.push([hits, total, matching, about, jump !== null, corrected, missing]);
}
process.stdout.write(JSON.stringify(found));
"""


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
    done = subprocess.run([node, "main.js"], cwd=folder, capture_output=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def hits(files: Mapping[str, bytes], asked: Sequence[object], folder: Path) -> Any:
    """Return what the page's reader finds in the `files` of an index.

    `asked` holds [query, sort, start]; an answer is [numbers, total, matching, about, jump, corrected, missing].
    """
    for name, data in files.items():
        (folder / "index" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "index" / name).write_bytes(data)
    return run(SEARCH, asked, folder)
