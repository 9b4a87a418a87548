"""The page understands a query as the command line does."""

import random
from pathlib import Path

import msgspec

from generator.search import query
from generator.search.query import Query
from tests.search import node

PARSE = """
import { parse } from "./search/query.js";
process.stdout.write(JSON.stringify(input.map(parse)));
"""
TYPED = [
    "",
    "in-context",
    "Schrödinger",
    "李明",
    '"reward hacking" -survey year:2025',
    "experiment*",
    "grouding~ x~2 y~3 ~ a~b",
    "2512.07783",
    "arXiv:2512.07783v2",
    "https://arxiv.org/abs/2512.07783v1",
    "https://arxiv.org/pdf/2512.07783.pdf",
    "C++",
    'title:"deep learning"^2.5 word^3 x^0 y^.5 z^99999 ^2',
    "the of and",
    "the cat",
    '+the +"cat" -"the cat"',
    'AUTHOR:ada topics:rl organisation:"Analytical Society" org: foo:bar constructor:x __proto__:y toString:',
    "year:2024..2025 year:2024.. year:..2024 year:.. day:2025-12 day:2025-12-11 day:2025-12..2026-02-01",
    "year:x day:2025-1",
    'has:code has:nothing HAS:PDF subject:cs.CL id:2512.07783 id:" Hep-Ex/0406020 " subject:""',
    'foo"bar baz"qux "never closed',
    "“curly quotes” «french» „german‟",
    "<img src=x onerror=alert(1)>",
    '- + " * ~ : ^ "" -"" +: title:""',
    "李* 李明* a* ab* a-b* *",
    "a\u3000b\u00a0c\u2028d",
    '-title:x +author:"a b" topic:foo/bar title:foo/bar',
    "x" * 5000,
    "word " * 700,
    '"a b" c ' * 9,
    '+"a b" title:"b c" "c d"^2 ' * 9,
    "𝒳" * 2500,
]
PIECES = [
    "+",
    "-",
    '"',
    "title:",
    "topic:",
    "year:",
    "2024",
    "..",
    "*",
    "~",
    "~2",
    "^2",
    "^1.5",
    " ",
    " ",
    " ",
    "deep",
    "the",
]
PIECES += [
    "learning",
    "李明",
    "c++",
    "foo:",
    "has:code",
    "ID:",
    "é",
    "’s",
    "\u3000",
    "day:2025-12",
    "a",
    "“",
    "in-context",
]


def test_page_understands_queries_as_the_command_does(tmp_path: Path) -> None:
    """Clauses, ids and titles are the same, for what people type and for what nobody would."""
    chance = random.Random(3)
    texts = [*TYPED, *("".join(chance.choices(PIECES, k=chance.randint(1, 14))) for _ in range(2000))]

    found = msgspec.convert(node.run(PARSE, texts, tmp_path), list[Query])

    assert [(text, query.parse(text)) for text in texts] == list(zip(texts, found, strict=True))
