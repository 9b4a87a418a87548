"""RIS, the tagged format of reference managers; rispy reads the tags.

https://github.com/aurimasv/translators/wiki/RIS-Tag-Map says what they mean where programs differ.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import rispy

from generator.model import Record
from generator.reading import dates, people
from generator.reading.identifiers import arxiv, names
from generator.reading.text import decoded
from generator.sources import Document, Found, Rejected, Source, record
from generator.text import excerpt, one_line

NAME = "ris"

_TYPES = {
    "JOUR": "article",
    "JFULL": "article",
    "MGZN": "article",
    "CONF": "inproceedings",
    "CPAPER": "inproceedings",
    "CHAP": "incollection",
    "BOOK": "book",
    "EDBOOK": "book",
    "THES": "phdthesis",
    "RPRT": "techreport",
}
_BEGIN = re.compile(rb"^(?:\xef\xbb\xbf)?\s*TY {1,2}- ?\w+", re.MULTILINE)
_TYPE = re.compile(r"^\ufeff?\s*TY {1,2}-", re.MULTILINE)
_END = re.compile(r"^\s*ER {1,2}-.*$", re.MULTILINE)


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` is a file of references."""
    return bool(_BEGIN.match(head.lstrip(b"\xef\xbb\xbf \t\r\n")))


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each reference."""
    for document in documents:
        try:
            text = decoded(document.data)
        except ValueError as error:
            yield Rejected(document.place, str(error))
            continue
        for line, reference in _references(text):
            try:
                yield _read(reference)
            except (ValueError, KeyError, IndexError, TypeError, OSError) as error:
                yield Rejected(f"{document.place}:{line}", excerpt(one_line(str(error))) or "not a reference")


def _references(text: str) -> Iterator[tuple[int, str]]:
    """Yield each reference with the number of its first line; one that does not end ends with the next."""
    begins = [match.start() for match in _TYPE.finditer(text)]
    line, counted = 1, 0
    for begin, following in pairwise([*begins, len(text)]):
        line += text.count("\n", counted, begin)
        counted = begin
        end = _END.search(text, begin, following)
        yield line, text[begin : end.start() if end else following].strip("\ufeff \t\r\n") + "\nER  - \n"


def _read(reference: str) -> Record:
    """Return what one reference says. Raises `ValueError` where it has no title."""
    found = rispy.loads(reference, skip_unknown_tags=True)
    if not found:
        raise ValueError("not a reference")
    said = found[0]
    type_ = _TYPES.get(_first(said, "type_of_reference").strip().upper(), "")
    title = _first(said, "title", "primary_title", "short_title")
    people_said = said.get("authors") or said.get("first_authors") or []
    authors = [each for name in people_said if (each := people.author(people.turned(str(name))))]
    dated = (_first(said, tag).strip().rstrip("/") for tag in ("date", "year", "publication_year"))
    issued = next(filter(None, map(dates.written, dated)), None)
    journal = _first(said, "journal_name", "secondary_title", "alternate_title3", "alternate_title1")
    pages = [_first(said, "start_page"), _first(said, "end_page")]
    links = [_first(said, "urls"), _first(said, "url"), _first(said, "file_attachments1")]
    return record(
        NAME,
        names(
            title=title,
            authors=authors,
            year=issued and issued[:4],
            arxiv_id=next(filter(None, map(arxiv, [*links, journal])), None),
            said_doi=_first(said, "doi") or " ".join(links),
        ),
        title=title,
        authors=authors,
        abstract=_first(said, "abstract", "notes_abstract"),
        topics=said.get("keywords") or (),
        published=dates.whole(issued),
        issued=issued if type_ else None,
        type=type_,
        journal=journal if type_ == "article" else None,
        venue=(_first(said, "secondary_title", "tertiary_title") or journal)
        if type_ in {"inproceedings", "incollection"}
        else None,
        volume=_first(said, "volume"),
        issue=_first(said, "number"),
        pages="–".join(dict.fromkeys(filter(None, pages))),
        publisher=_first(said, "publisher"),
        url=next(filter(None, links), ""),
    )


def _first(said: dict[str, Any], *tags: str) -> str:
    """Return the first value there is under some tags."""
    for tag in tags:
        value = said.get(tag)
        text = str(value[0]) if isinstance(value, list) and value else value
        if isinstance(text, str) and text.strip():
            return text
    return ""


SOURCE = Source(
    name=NAME,
    label="ris",
    about="references in RIS",
    recognises=recognises,
    parse=parse,
)
