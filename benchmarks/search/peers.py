"""The engines that search is measured beside: Pagefind, lunr and MiniSearch, which npm installs in `npm/` here.

Each gets the same papers with the same fields, and is used as its documentation says: `npm/peer.mjs` makes their files,
and `npm/page.html` is the smallest page that shows ten papers.
"""

import gzip
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec

from benchmarks.search.browser import PACKED, Host, tab
from generator.search import index
from generator.search.postings import FIELDS, Document
from generator.search.stock import lunr_index

PEERS = ("pagefind", "lunr", "minisearch")
_NPM = Path(__file__).parent / "npm"
_MODULES = _NPM / "node_modules"
# A process counts the memory of the one that began it: so that is a small one.
_WATCH = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:])
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss, file=sys.stderr)
sys.exit(done.returncode)
"""
_SCRIPTS = {"lunr.js": "lunr/lunr.min.js", "minisearch.js": "minisearch/dist/es/index.js"}


class Built(NamedTuple):
    """What an index costs: seconds of CPU, MiB at most, files, bytes as a host sends them."""

    cpu: float
    memory: float
    files: int
    size: int


def build(engine: str, documents: Sequence[Document], folder: Path) -> Built:
    """Make the index of `engine`, or of this repository ("broadsheet"), in `folder`, in a process of its own."""
    if engine == "broadsheet":
        command, given = [sys.executable, "-m", "benchmarks.search.peers", str(folder)], msgspec.json.encode(documents)
    else:
        command, given = _peer(engine, "build", str(folder)), _given(documents)
    _, cpu, memory = _run(command, given)
    files = [path for path in folder.rglob("*") if path.is_file()]
    sizes = [len(packed(path.name, path.read_bytes())) for path in files]
    return Built(cpu, memory, len(files), sum(sizes))


def site(engine: str, documents: Sequence[Document], folder: Path) -> Callable[[str], bytes]:
    """Return what reads the files of a site that searches `documents` with `engine`, whose index is in `folder`."""
    papers = {document.id: document for document in documents}

    def read(name: str) -> bytes:
        name = name.removeprefix(f"{engine}/")
        if name.startswith("papers/"):
            return json.dumps(_paper(papers[name[len("papers/") : -len(".json")]])).encode()
        if name in {"index.html", "page.mjs"}:
            return (_NPM / name.replace("index", "page")).read_bytes()
        if name in _SCRIPTS:
            return (_MODULES / _SCRIPTS[name]).read_bytes()
        return (folder / name).read_bytes()

    return read


def answers(engine: str, documents: Sequence[Document], queries: Sequence[str]) -> list[list[str]]:
    """Return the ids of ten hits of each query; "export" is lunr with the index that Broadsheet exports for it."""
    if engine == "pagefind":  # answers in browsers only
        with TemporaryDirectory() as made:
            build(engine, documents, Path(made))
            host = Host(site(engine, documents, Path(made)), is_far=False)
            with tab() as page:
                page.goto(f"{host.root}{engine}/")
                found: list[list[str]] = page.evaluate("queries => answers(queries)", queries)
            host.server.shutdown()
            return found
    exported = json.loads(lunr_index(documents)) if engine == "export" else None
    hits: list[list[str]] = json.loads(_run(_peer(engine, "answer"), _given(documents, queries, exported))[0])
    return hits


def packed(name: str, data: bytes) -> bytes:
    """Return `data` as static hosts send it."""
    return gzip.compress(data, 9) if Path(name).suffix in PACKED else data


@cache
def _node() -> str:
    node, npm = shutil.which("node"), shutil.which("npm")
    assert node, "the peers of search need Node.js"
    assert npm, "the peers of search need npm"
    if not _MODULES.is_dir():
        command = [npm, "ci", "--prefix", str(_NPM), "--no-audit", "--no-fund", "--loglevel", "error"]
        subprocess.run(command, check=True)  # noqa: S603
    return node


def _peer(*arguments: str) -> list[str]:
    return [_node(), "--max-old-space-size=8192", str(_NPM / "peer.mjs"), *arguments]


def _given(documents: Iterable[Document], queries: Sequence[str] = (), exported: object = None) -> bytes:
    papers = [_paper(document) for document in documents]
    return json.dumps({"papers": papers, "queries": queries, "exported": exported}).encode()


def _paper(document: Document) -> Mapping[str, str]:
    return {"id": document.id, **dict(zip(FIELDS, document.fields, strict=True))}


def _run(command: Sequence[str], given: bytes) -> tuple[bytes, float, float]:
    """Return what `command` prints, its seconds of CPU and its MiB at most, those of its own processes included."""
    done = subprocess.run([sys.executable, "-c", _WATCH, *command], input=given, capture_output=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr.decode()
    cpu, memory = done.stderr.split()[-2:]
    return done.stdout, float(cpu), float(memory) / 1024


def main() -> None:
    """Write the index of the documents on standard input, as JSON, into a folder."""
    documents = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Document])
    for name, data in index.files(documents, card=_card):
        path = Path(sys.argv[1]) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _card(document: Document) -> str:
    title, abstract, *_ = document.fields
    return f"<h2>{title}</h2><p>{abstract}</p>"


if __name__ == "__main__":
    main()
