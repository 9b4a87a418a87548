"""What search is measured on: judged collections, and real papers with a sentence about each."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

from msgspec import Struct

from generator.search import analysis
from generator.search.postings import Document

JUDGED = ("cranfield", "cisi", "nfcorpus")


class Judged(Struct, frozen=True):
    """Documents, queries by id, and for each query the grade of what answers it."""

    documents: Sequence[Document]
    queries: Mapping[str, str]
    grades: Mapping[str, Mapping[str, float]]


def judged(folder: Path) -> Judged:
    """Return the collection in `folder`: corpus.jsonl.gz, queries.jsonl, qrels.tsv."""
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        documents = [_document(json.loads(line)) for line in lines]
    queries = [json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines()]
    grades: dict[str, dict[str, float]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        grades[query][document] = float(grade)
    return Judged(documents, {each["_id"]: each["text"] for each in queries if grades.get(each["_id"])}, grades)


def without_origins(collection: Judged, folder: Path) -> Judged:
    """Return Cranfield without the judgements of grade -1 in its original file in `folder`.

    Each question has one: the paper that it came from, which every engine finds first. The uniform file gives it the
    best grade; most published figures leave it out.
    """
    lines = (line.split() for line in (folder / "original" / "cranqrel").read_text("utf-8").splitlines())
    origins = {(query, document) for query, document, grade in lines if grade == "-1"}
    kept = {
        query: {document: grade for document, grade in found.items() if (query, document) not in origins}
        for query, found in collection.grades.items()
    }
    return Judged(collection.documents, {id_: text for id_, text in collection.queries.items() if kept[id_]}, kept)


def known_items(folder: Path, count: int = 500) -> Judged:
    """Return the real papers of Daily Papers in `folder`; a paper answers the sentence that sums it up."""
    papers = {paper["id"]: paper for paper in _papers(folder)}
    summed = sorted(id_ for id_, paper in papers.items() if paper.get("ai_summary"))
    chosen = Random(1).sample(summed, min(count, len(summed)))
    documents = [_paper(paper) for paper in papers.values()]
    return Judged(documents, {id_: papers[id_]["ai_summary"] for id_ in chosen}, {id_: {id_: 1.0} for id_ in chosen})


def shortened(collection: Judged, words: int) -> Judged:
    """Return `collection` with `words` words of each query, in their order, of those that are no stop words."""
    queries = {}
    for id_, text in collection.queries.items():
        telling = [word for word in text.split() if analysis.terms(word)]
        places = sorted(Random(id_).sample(range(len(telling)), min(words, len(telling))))
        queries[id_] = " ".join(telling[place] for place in places)
    return Judged(collection.documents, queries, collection.grades)


def _document(record: Mapping[str, str]) -> Document:
    names = record.get("authors", "")
    return Document(id=record["_id"], day="", fields=(record.get("title", ""), record["text"], names, "", ""))


def _papers(folder: Path) -> Iterator[dict[str, str]]:
    for file in sorted(folder.glob("months/*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                answer = json.loads(line)["response"]
                yield from (each["paper"] for each in answer if isinstance(each, dict) and "paper" in each)


def _paper(paper: Mapping[str, object]) -> Document:
    authors = paper.get("authors")
    names = [str(each.get("name")) for each in authors] if isinstance(authors, list) else []
    text = " ".join(str(paper.get("summary", "")).split())
    title = " ".join(str(paper.get("title", "")).split())
    return Document(
        id=str(paper["id"]), day=str(paper.get("publishedAt", ""))[:10], fields=(title, text, "\n".join(names), "", "")
    )
