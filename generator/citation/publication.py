"""How and when a paper came out, in the words of each format."""

from collections.abc import Mapping

from msgspec import Struct

from generator.model import Paper


class Kind(Struct, frozen=True):
    """A type of BibTeX's as RIS and CSL-JSON call it."""

    ris: str
    csl: str


_PREPRINT = Kind("UNPB", "article")
_KINDS: Mapping[str, Kind] = {
    "article": Kind("JOUR", "article-journal"),
    "book": Kind("BOOK", "book"),
    "inbook": Kind("CHAP", "chapter"),
    "incollection": Kind("CHAP", "chapter"),
    "inproceedings": Kind("CPAPER", "paper-conference"),
    "manual": Kind("GEN", "document"),
    "mastersthesis": Kind("THES", "thesis"),
    "phdthesis": Kind("THES", "thesis"),
    "proceedings": Kind("CONF", "book"),
    "techreport": Kind("RPRT", "report"),
}


def kind(paper: Paper) -> Kind:
    """Return what `paper` is: a preprint, unless its type or its journal says more."""
    return _KINDS.get(paper.type, _KINDS["article"] if paper.journal else _PREPRINT)


def container(paper: Paper) -> str:
    """Return the journal, or the proceedings or book, that the paper is in."""
    return paper.journal or paper.venue


def publisher(paper: Paper) -> str:
    """Return who brought the paper out; for a preprint its archive."""
    return paper.publisher or ("arXiv" if paper.arxiv and not container(paper) else "")


def issued(paper: Paper) -> tuple[int, ...]:
    """Return year, month and day of publication, as far as they are known."""
    told = paper.issued or (paper.published.isoformat() if paper.published else "")
    return tuple(int(part) for part in told.split("-") if part.isdecimal())
