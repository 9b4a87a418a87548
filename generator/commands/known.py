"""The papers of a content folder, found by their id, their other names or their title. Indexes are made when needed."""

from functools import cached_property
from pathlib import Path

from generator.matching import Found, Index
from generator.model import ARXIV_ID, Paper, Record
from generator.store import disk


class Known:
    """The papers in the folder `content`."""

    def __init__(self, content: Path) -> None:
        self._content = content

    def read(self, id_: str) -> Paper | None:
        """Return a paper by its id. Raises `ContentError` where its page cannot be used."""
        return disk.read_paper(self._content, id_.replace("/", "-"))

    def find(self, record: Record, *, by_title: bool) -> Found:
        """Return the paper that a record is about that is not known by its id, or those it may be about."""
        # No paper with another id of arXiv's can be meant by one: they need not be read.
        index = self._others if ARXIV_ID.fullmatch(record.id) and "_all" not in self.__dict__ else self._all
        return index.find(record, self.read, by_title=by_title)

    def add(self, paper: Paper) -> None:
        """Take in a paper that is new or has changed, where there is an index already."""
        for name in ("_all", "_others"):
            if name in self.__dict__ and (name == "_all" or not ARXIV_ID.fullmatch(paper.id)):
                self.__dict__[name].add(paper)

    @cached_property
    def _all(self) -> Index:
        return Index(disk.readable(self._content))

    @cached_property
    def _others(self) -> Index:
        return Index(disk.readable(self._content, outside_arxiv=True))
