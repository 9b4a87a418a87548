"""The page finds what the command finds: the same hits in the same order, from the same files."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generator.search import index
from generator.search.postings import Document
from generator.search.reader import Reader
from tests.search import node

WORDS = [
    "model",
    "models",
    "modelling",
    "language",
    "vision",
    "learning",
    "learned",
    "survey",
    "key",
    "play",
    "reasoning",
    "context",
    "in-context",
    "pre-training",
    "reward",
    "hacking",
    "agent",
    "agents",
    "diffusion",
    "video",
    "graph",
    "c++",
    "i/o",
    "gpt-4",
    "schrödinger",
    "李明学习",
    "上下文",
    "the",
    "of",
    "and",
    "benchmark",
    "data",
]
NAMES = ("Ada Lovelace", "李明", "José García", "Jean-Luc O'Neill", "Erwin Schrödinger")
TOPICS = ("language models", "vision", "in-context learning", "C++")
ORGANISATIONS = ("Analytical Society", "Open Lab")
OPERATORS = (
    "{w}",
    "{w} {w}",
    "{w} {w} {w}",
    "{w} {w} {w} {w} {w}",
    '"{w} {w}"',
    "+{w} {w}",
    "{w} -{w}",
    '{w} -"{w} {w}"',
    "title:{w}",
    "abstract:{w}",
    'title:"{w} {w}"',
    "author:{n}",
    'author:"{n}"',
    'topic:"{t}"',
    "topic:{w}",
    'org:"{o}"',
    'org:"Open Society"',
    'topic:"{w} {w}"',
    "{p}*",
    "title:{p}*",
    "{f}~",
    "{f}~2",
    "{f}",
    "{w}^{b} {w}",
    "year:{y} {w}",
    "year:{y}..",
    "year:..{y} {w}",
    "day:{y}-0{b}",
    "day:{y}-0{b}-1{b}",
    "day:{y}-0{b}..{y}-0{b}-15 {w}",
    "id:{i}",
    "{i}",
    "arXiv:{i}v2",
    "has:code",
    "has:code {w}",
    "has:pdf -{w}",
    "subject:cs.CL {w}",
    "-{w}",
    "{title}",
    '"{title}"',
    "{title} {w}",
    "foo:{w}",
    "zzz {w}",
)


def test_readers_agree(tmp_path: Path) -> None:
    """A thousand queries of every operator have the same answer on both sides, in archives with and without a base."""
    chance = random.Random(11)
    for size, queries in ((9000, 400), (300, 600), (0, 20)):
        documents = list(_documents(chance, size))
        files = dict(index.files(documents, {"topic": [(name, 1) for name in TOPICS]}, seal=1024))
        folder = tmp_path / str(size)
        asked = [
            (
                _query(chance, documents),
                chance.choice(("relevance",) * 3 + ("newest", "votes")),
                chance.choice((0, 0, 10)),
            )
            for _ in range(queries)
        ]
        reader = Reader(files.__getitem__)

        found = node.hits(files, asked, folder)

        assert list(zip(asked, found, strict=True)) == [(one, _answer(reader, *one)) for one in asked]


def test_of_a_very_common_word_the_best_are_listed_and_how_many_there_are_is_said(tmp_path: Path) -> None:
    """It is an estimate, also beside a rarer word; in other orders, or beside what must be, all papers are listed."""
    documents = [
        Document(id=f"{number:05}", day="", fields=("Paper", "model" + " rare" * (number % 4 == 0), "", "", ""))
        for number in range(2000)
    ]
    files = dict(index.files(documents))
    asked = [("model", "relevance", 0), ("model rare", "relevance", 0), ("model", "newest", 0), ("+model", "votes", 0)]
    reader = Reader(files.__getitem__)

    found = node.hits(files, asked, tmp_path)

    assert found == [_answer(reader, *one) for one in asked]
    assert [(total, matching, about) for _, total, matching, about, *_ in found] == [
        (1500, 2000, True),
        (500, 500, True),
        (2000, 2000, False),
        (2000, 2000, False),
    ]
    assert len(list(reader.all("model"))) == 2000


def _answer(reader: Reader, text: str, sort: Any, start: int) -> list[object]:
    answer = reader.search(text, offset=start, sort=sort)
    numbers = [hit.number for hit in answer.hits]
    corrected = [list(pair) for pair in answer.corrected.items()]
    return [numbers, answer.total, answer.matching, answer.is_estimate, answer.jump, corrected, []]


def _documents(chance: random.Random, size: int) -> Iterator[Document]:
    for number in range(size):
        day = (
            ""
            if chance.random() < 0.02
            else f"{2023 + number * 3 // size}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        )
        topic, organisation = chance.choice(TOPICS), chance.choice(ORGANISATIONS)
        filters = [
            f"id:{number:04}.00001",
            "topic:" + topic.replace(" ", "-").lower(),
            "org:" + organisation.replace(" ", "-").lower(),
        ]
        yield Document(
            id=f"{number:04}.00001",
            day=day,
            fields=(
                " ".join(chance.choices(WORDS, k=chance.randint(1, 6))),
                " ".join(chance.choices([*WORDS, *(f"w{n}" for n in range(400))], k=chance.randint(0, 40))),
                "\n".join(chance.sample(NAMES, 2)),
                topic,
                organisation,
            ),
            also=("2025-11-11",) if chance.random() < 0.05 else (),
            filters=(
                *filters,
                *(["has:code"] if chance.random() < 0.3 else []),
                *(["subject:cs-cl", "has:pdf"] if number % 2 else []),
            ),
            votes=chance.randint(0, 90),
            url=f"paper/{number:04}.00001/",
            card=f'<article class="card"><h2><a href="../paper/{number:04}.00001/">{number}</a></h2></article>\n'
            * chance.choice((1, 1, 40)),
        )


def _query(chance: random.Random, documents: list[Document]) -> str:
    word = chance.choice(WORDS)
    slip = word[: len(word) // 2] + chance.choice("xaei") + word[len(word) // 2 + 1 :]
    fill = {
        "n": chance.choice(NAMES),
        "t": chance.choice(TOPICS),
        "o": chance.choice(ORGANISATIONS),
        "p": word[: chance.randint(2, 5)],
        "f": slip,
        "b": str(chance.randint(1, 9)),
        "y": str(chance.randint(2022, 2026)),
        "i": f"{chance.randint(0, 350):04}.00001",
        "title": chance.choice(documents).fields[0] if documents else "none",
    }
    parts = []
    for _ in range(chance.choice((1, 1, 1, 2))):
        text = chance.choice(OPERATORS)
        while "{w}" in text:
            text = text.replace("{w}", chance.choice(WORDS), 1)
        parts.append(text.format(**fill))
    return " ".join(parts)
