"""Which known paper a record is about, where its id does not say: by DOI and other names, or by its title; pure.

A title alone proves little. What else both say must agree: authors, abstract or number of authors; and nothing may
speak against it. Only a long title that one known paper has is enough where there is nothing to compare. What remains
in doubt is for a person to decide.

The shares of words were set on 22,000 records of a dozen sources. Abstracts of one paper, as two sources have them,
share 69 of 100 words or more; those of editions and parts under one title 45 or fewer.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Literal

from msgspec import Struct

from generator.model import ARXIV_ID, Paper, Record
from generator.reading.identifiers import LOCAL, arxiv, title_key
from generator.reading.people import family
from generator.text import key

_PREFIX = f"{LOCAL}-"
# Several papers may share a report's number; what we gave ourselves, and who also has it, says nothing about others.
_SHARED = frozenset({"report", "doi", LOCAL})
_FEWEST_LETTERS, _LONG_TITLE = 16, 32
_FAR_DAYS = 5 * 366
_ALIKE, _UNLIKE = 0.6, 0.3
_FEWEST_WORDS = 8
_WORD = re.compile(r"\w+")


Verdict = Literal["same", "other", "doubtful", "unknown"]


class Found(Struct, frozen=True):
    """The known paper that a record is about, or else those it may be about."""

    id: str | None = None
    candidates: tuple[str, ...] = ()


class Index:
    """The names and titles of known papers."""

    def __init__(self, papers: Iterable[Paper] = ()) -> None:
        self._named: dict[str, str] = {}
        self._titled: dict[str, list[str]] = defaultdict(list)
        for paper in papers:
            self.add(paper)

    def add(self, paper: Paper) -> None:
        """Take in a paper that is new or has changed."""
        for name in called(paper):
            self._named.setdefault(name, paper.id)
        titled = self._titled[title_key(paper.title)]
        if paper.id not in titled:
            titled.append(paper.id)

    def find(self, record: Record, read: Callable[[str], Paper | None], *, by_title: bool) -> Found:
        """Return the paper that `record` is about. `read` returns a known paper by its id."""
        for name in sorted(called(record)):
            paper = read(self._named[name]) if name in self._named else None
            if paper and verdict(record, paper) != "other":
                return Found(paper.id)
        if not by_title or not record.title:
            return Found()
        titled = filter(None, map(read, self._titled.get(title_key(record.title), ())))
        verdicts = {paper.id: verdict(record, paper) for paper in titled}
        possible = tuple(id_ for id_, said in verdicts.items() if said != "other")
        sure = [id_ for id_ in possible if verdicts[id_] == "same"]
        letters = len(title_key(record.title))
        if len(sure) == 1 and letters >= _FEWEST_LETTERS:
            return Found(sure[0])
        if len(possible) == 1 and verdicts[possible[0]] == "unknown" and letters >= _LONG_TITLE:
            return Found(possible[0])
        return Found(candidates=possible)


def called(item: Paper | Record) -> set[str]:
    """Return the names of a paper that no other has: "doi:10.1000/x", "acl:2022.acl-long.1", "arxiv:2512.07783"."""
    names = {name for name in item.identifiers or () if not name.startswith("report:")}
    names |= {f"doi:{item.doi.casefold()}"} if item.doi else set()
    at_arxiv = item.id if ARXIV_ID.fullmatch(item.id) else arxiv(item.doi) if item.doi else None
    names |= {f"arxiv:{at_arxiv}"} if at_arxiv else set()
    return names | ({own_name(item.id)} if is_local(item.id) else set())


def is_local(id_: str) -> bool:
    """Tell whether we gave the id `id_` to a paper that had none."""
    return id_.startswith(_PREFIX)


def own_name(id_: str) -> str:
    """Return the id of a record as a name that its paper can keep under another id."""
    return (
        f"{LOCAL}:{id_.removeprefix(_PREFIX)}" if is_local(id_) else f"arxiv:{id_}" if ARXIV_ID.fullmatch(id_) else ""
    )


def verdict(record: Record, paper: Paper) -> Verdict:
    """Return what all that both say tells about whether `record` is about `paper`, whose title it has."""
    names, abstracts = _same_names(record, paper), _likeness(record, paper)
    people, number = _same_people(record, paper), _same_number(record, paper)
    if False in {names, people, _same_time(record, paper)} or (abstracts is not None and abstracts < _UNLIKE):
        return "other"
    if names:
        return "same"
    if abstracts is not None:
        return "same" if abstracts >= _ALIKE else "doubtful"
    return "same" if people or number else "unknown"


def _same_names(record: Record, paper: Paper) -> bool | None:
    """Two names in one catalogue are two papers there, and so are two DOIs."""
    ours, theirs = _by_scheme(called(record)), _by_scheme(called(paper))
    both = ours.keys() & theirs.keys() - _SHARED
    if any(not ours[scheme] & theirs[scheme] for scheme in both):
        return False
    dois = {doi.casefold() for doi in (record.doi, paper.doi) if doi and not arxiv(doi)}
    return True if both else False if len(dois) == 2 else None


def _by_scheme(names: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name in names:
        scheme, _, said = name.partition(":")
        found[scheme].add(said)
    return found


def _same_people(record: Record, paper: Paper) -> bool | None:
    ours = {key(family(author.name)) for author in record.authors or ()}
    theirs = {key(family(author.name)) for author in paper.authors}
    if not ours or not theirs:
        return None
    return 2 * len(ours & theirs) >= min(len(ours), len(theirs))


def _same_number(record: Record, paper: Paper) -> bool | None:
    theirs = len(paper.authors) or paper.author_count
    # Authors join between versions: another number says nothing.
    return True if record.author_count and record.author_count == theirs else None


def _likeness(record: Record, paper: Paper) -> float | None:
    """Return the share of words that two abstracts have in common, where both have some."""
    ours, theirs = _words(record.abstract or ""), _words(paper.abstract)
    return len(ours & theirs) / len(ours | theirs) if min(len(ours), len(theirs)) >= _FEWEST_WORDS else None


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _same_time(record: Record, paper: Paper) -> bool | None:
    if not record.published or not paper.published:
        return None
    return False if abs((record.published - paper.published).days) > _FAR_DAYS else None
