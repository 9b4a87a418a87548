"""The index for stock lunr.js, and what lunr.js makes of it."""

import json
import random
import re
from pathlib import Path

import pytest

from generator import shipped
from generator.archive import archive_of
from generator.outputs import search
from generator.search.postings import FIELDS
from generator.search.stock import lunr_index
from generator.store import disk
from tests.search import node
from tests.search.made import document

NPM = Path(__file__).parent / "npm"
LUNR = """
import { createRequire } from "node:module";
const lunr = createRequire(input.module)("lunr");
const own = lunr(function () {
  this.ref("id");
  for (const field of input.fields) this.field(field);
  for (const each of input.documents) this.add(each);
});
const loaded = lunr.Index.load(input.index);
const found = (index) => input.queries.map((query) => index.search(query).map(({ ref }) => ref).sort());
process.stdout.write(JSON.stringify({ own: found(own), loaded: found(loaded) }));
"""

PAPERS = [document("2", "Surveys of keys", "José plays (e.g., models)."), document("1", "The key", "李明 plays a key.")]


def test_terms_are_those_of_lunr_js() -> None:
    """Text is cut, trimmed and stemmed as lunr.js does, its faults included."""
    terms = [term for term, _ in json.loads(lunr_index(PAPERS))["invertedIndex"]]

    assert terms == sorted({"", "survey", "key", "jo", "play", "e.g", "model"})


def test_vectors_name_every_field_of_every_paper() -> None:
    """There is a vector for each field, with weights in order of the terms' numbers."""
    made = json.loads(lunr_index(PAPERS))
    vectors = dict(made["fieldVectors"])

    assert set(vectors) == {f"{field}/{paper.id}" for field in made["fields"] for paper in PAPERS}
    assert all(vector[::2] == sorted(vector[::2]) for vector in vectors.values())


def test_lunr_js_finds_the_same_in_the_export(tmp_path: Path) -> None:
    """Stock lunr.js loads the export, and answers 200 queries as it does from an index of its own."""
    if not (NPM / "node_modules" / "lunr").is_dir():
        pytest.skip("lunr.js is not installed; `make test` installs it where there is npm")
    papers = list(search.documents(archive_of(disk.read_papers(shipped.demo_folder() / "content"))))
    chance = random.Random(7)
    words = [word for paper in papers for field in paper.fields[:2] for word in re.findall(r"\w[\w'.-]*", field)]
    queries = [" ".join(chance.choices(words, k=chance.randint(1, 4))).replace("-", " ") for _ in range(200)]
    given = {
        "module": str(NPM / "package.json"),
        "fields": FIELDS,
        "documents": [{"id": each.id, **dict(zip(FIELDS, each.fields, strict=True))} for each in papers],
        "queries": queries,
        "index": json.loads(lunr_index(papers)),
    }

    found = node.run(LUNR, given, tmp_path)

    assert sum(1 for hits in found["own"] if hits) > 150
    assert [pair for pair in zip(queries, found["own"], found["loaded"], strict=True) if pair[1] != pair[2]] == []
