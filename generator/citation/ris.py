"""Papers as RIS, which every reference manager reads: https://en.wikipedia.org/wiki/RIS_(file_format)."""

from collections.abc import Sequence

import rispy

from generator import tex, urls
from generator.citation.names import name_of
from generator.citation.publication import container, issued, kind, publisher
from generator.model import Paper
from generator.text import one_line


class _Writer(rispy.RisWriter):  # type: ignore[misc] # rispy has no types
    def set_header(self, count: int) -> str:  # noqa: ARG002 - the shape of rispy's writer
        """Return nothing: a number before each reference is a habit of few programs."""
        return ""


def ris(paper: Paper, key: str, *, abstract: str = "") -> str:
    """Return `paper` as one RIS reference with the id `key`, with its `abstract` as plain text if one is given."""
    first, _, last = paper.pages.replace("–", "-").replace("--", "-").partition("-")
    fields = {
        "type_of_reference": kind(paper).ris,
        "id": key,
        "title": tex.plain(paper.title),
        "authors": [name_of(author.name).inverted for author in paper.authors],
        "year": "/".join(f"{part:02}" for part in issued(paper)[:1]),
        "date": "/".join(f"{part:02}" for part in issued(paper)),
        "secondary_title": tex.plain(container(paper)),
        "volume": paper.volume,
        "number": paper.issue,
        "start_page": first,
        "end_page": last,
        "publisher": publisher(paper),
        "name_of_database": "arXiv" if paper.arxiv else "",
        "accession_number": paper.arxiv,
        "doi": paper.doi,
        "urls": [urls.landing(paper)],
        "file_attachments1": urls.pdf(paper),
        "keywords": list(paper.topics),
        "abstract": abstract,
        "notes": ["Withdrawn"] if paper.withdrawn else [],
    }
    known = {name: _lines(value) for name, value in fields.items() if value and value != [""]}
    written: str = rispy.dumps([known], implementation=_Writer)
    return written.strip("\n") + "\n\n"


def _lines(value: Sequence[str]) -> str | list[str]:
    """Return `value` without line breaks: a line that begins with a tag would be another field."""
    return one_line(value) if isinstance(value, str) else [one_line(each) for each in value]
