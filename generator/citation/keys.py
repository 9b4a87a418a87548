"""The keys that papers are cited by."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from anyascii import anyascii

from generator import tex
from generator.citation.names import SUFFIXES
from generator.model import Paper

_ARTICLES = frozenset({"a", "an", "the"})
_OLD_ARXIV_YEAR = 91  # the first two digits of an arXiv id, from 1991 on


def citation_keys(papers: Iterable[Paper]) -> Mapping[str, str]:
    """Return the key of each paper by its id: first author, year and first word, as in `lovelace-2025-engine`.

    The next papers with the same three are `lovelace-2025-engine-b`, `-c` and so on. Letters go by the order of ids, so
    that papers which come later leave earlier keys alone.
    """
    seen: Counter[str] = Counter()
    keys = {}
    for paper in sorted(papers, key=lambda paper: paper.id):
        base = _base_key(paper)
        seen[base] += 1
        keys[paper.id] = base if seen[base] == 1 else f"{base}-{_letters(seen[base])}"
    return keys


def _base_key(paper: Paper) -> str:
    return "-".join((_family(paper), year(paper) or "undated", _first_word(paper.title)))


def _family(paper: Paper) -> str:
    """Return the family name of the first author in ASCII letters: "anonymous" where there is none."""
    name = paper.authors[0].name if paper.authors else ""
    words = [_ascii(word) for word in (name.partition(",")[0] or name).split()]
    while len(words) > 1 and (words[-1] in SUFFIXES or not words[-1]):
        words.pop()
    return (words[-1] if words else "") or "anonymous"


def _first_word(title: str) -> str:
    """Return the first word of `title` that is not an article."""
    words = re.findall(r"[a-z0-9]+", anyascii(tex.plain(title)).lower())
    return next((word for word in words if word not in _ARTICLES), words[0] if words else "untitled")


def _ascii(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", anyascii(text).lower())


def year(paper: Paper) -> str:
    """Return the year in which `paper` first came out; the id of an arXiv paper begins with it."""
    if paper.published:
        return f"{paper.published.year:04}"
    if paper.arxiv:
        short = int(paper.arxiv.rpartition("/")[2][:2])
        return str(1900 + short if short >= _OLD_ARXIV_YEAR else 2000 + short)
    return f"{paper.featured[0].day.year:04}" if paper.featured else paper.issued[:4]


def _letters(number: int) -> str:
    """Return 1 → a, 2 → b, … 27 → aa."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
