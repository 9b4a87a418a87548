"""What people type, on real papers, through the page's reader: each query does what its writer meant."""

import gzip
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from generator.search import index
from generator.search.postings import Document
from tests.search import node
from tests.search.made import document

TYPED = (
    "in-context",
    "in context",
    "Schrödinger",
    "schrodinger",
    "李明",
    "推理",
    "On the Interplay of Pre-Training, Mid-Training, and RL on Reasoning Language Models",
    "2512.07783",
    "C++",
    "survey",
    "surveys",
    "key",
    "models,",
    "models",
    "BERT: pre-training",
    '"reward hacking" -survey year:2025',
    "experiment*",
    "grouding",
    "zzqxv wqzzx",
    "language model " * 334,
    "<img src=x onerror=alert(1)>",
    "",
)
Answer = tuple[Sequence[Document], int, bool, Mapping[str, str]]


@pytest.fixture(scope="module")
def answers(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Answer]:
    """Return for each typed query the hits, how many match, whether the page jumps, and what was corrected."""
    documents = sorted(_papers(real_data), key=lambda each: (each.day, each.id))
    asked = [[query, "relevance", 0] for query in TYPED]
    found = node.hits(dict(index.files(documents)), asked, tmp_path_factory.mktemp("typed"))
    return {
        query: ([documents[number] for number in hits], matching, jump, dict(corrected))
        for query, (hits, _, matching, _, jump, corrected, _) in zip(TYPED, found, strict=True)
    }


def test_every_query_is_answered(answers: Mapping[str, Answer]) -> None:
    """None throws; only nonsense and nothing find nothing."""
    assert [query for query, (hits, *_) in answers.items() if not hits] == ["zzqxv wqzzx", ""]


@pytest.mark.parametrize(
    ("one", "other"), [("Schrödinger", "schrodinger"), ("survey", "surveys"), ("models,", "models")]
)
def test_ways_of_writing_are_the_same(answers: Mapping[str, Answer], one: str, other: str) -> None:
    """Accents, plurals and commas change nothing."""
    assert answers[one][:2] == answers[other][:2]


@pytest.mark.parametrize(
    ("query", "pattern"),
    [
        ("in-context", "(?i)in[- ]?context"),
        ("Schrödinger", "(?i)schr(ö|o)dinger"),
        ("李明", "李明"),
        ("推理", "推理"),
        ("C++", r"(?i)C\+\+"),
        ("survey", "(?i)survey"),
        ("key", r"(?i)\bkey"),
        ("BERT: pre-training", r"(?i)bert"),
        ('"reward hacking" -survey year:2025', "(?i)reward[- ]hack"),
        ("experiment*", "(?i)experiment"),
        ("grouding", "(?i)ground"),
    ],
)
def test_hits_hold_what_was_asked_for(answers: Mapping[str, Answer], query: str, pattern: str) -> None:
    """Every hit that matches, of the first ten, holds the word or the phrase; what only is like them stands behind."""
    hits, matching, *_ = answers[query]

    assert matching
    assert not [each.id for each in hits[:matching] if not re.search(pattern, "\n".join(each.fields))]


def test_operators_are_obeyed(answers: Mapping[str, Answer]) -> None:
    """A word with a minus is in no hit, a period bounds all of them."""
    for each in answers['"reward hacking" -survey year:2025'][0]:
        assert each.day.startswith("2025")
        assert not re.search(r"(?i)\bsurvey", "\n".join(each.fields))


def test_title_and_id_come_first(answers: Mapping[str, Answer]) -> None:
    """A whole title is the first hit; an id alone is, too, and the page goes there."""
    title = next(query for query in TYPED if query.startswith("On the Interplay"))

    assert answers[title][0][0].fields[0] == title
    assert answers["2512.07783"][0][0].id == "2512.07783"
    assert answers["2512.07783"][2]
    assert not answers["survey"][2]


def test_slip_is_mended_and_nonsense_is_not(answers: Mapping[str, Answer]) -> None:
    """One wrong letter is put right and told; what is no word stays as it is."""
    assert answers["grouding"][3] == {"grouding": "grounding"}
    assert answers["zzqxv wqzzx"][3] == {}


def _papers(folder: Path) -> Iterator[Document]:
    """Yield the real papers of Daily Papers, those of some days with a Chinese translation, and one by 李明."""
    papers: dict[str, dict[str, object]] = {}
    for file in sorted(folder.glob("hf_daily_papers/months/*.jsonl.gz")):
        for line in gzip.decompress(file.read_bytes()).splitlines():
            answer = json.loads(line)["response"]
            papers |= {
                each["paper"]["id"]: each["paper"] for each in answer if isinstance(each, dict) and "paper" in each
            }
    for file in sorted(folder.glob("hf_third_party/zh-translations/*.json")):
        for each in filter(lambda one: "paper" in one, json.loads(file.read_text("utf-8"))):
            known = papers.setdefault(each["paper"]["id"], each["paper"])
            known["translation"] = str(each.get("translation") or each["paper"].get("translation") or "")
    for paper in papers.values():
        authors = paper.get("authors")
        names = [str(each.get("name")) for each in authors] if isinstance(authors, list) else []
        text = " ".join(f"{paper.get('summary', '')}\n{paper.get('translation', '')}".split())
        yield document(
            str(paper["id"]),
            " ".join(str(paper.get("title", "")).split()),
            text,
            day=str(paper.get("publishedAt", ""))[:10],
            authors="\n".join(names),
        )
    yield document("0000.00001", "A paper of somebody", "By an author.", authors="李明\nMing Li")
