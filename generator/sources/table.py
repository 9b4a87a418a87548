"""Tables: CSV, TSV, and JSON whose values are flat, of anybody's making.

A mapping file says which column holds what; without one, columns go by their names. A column's own numbering is no id:
only arXiv ids, DOIs and what a mapping calls an identifier are.
"""

import ast
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from generator.model import Author, Record
from generator.reading import dates, json, people
from generator.reading.identifiers import arxiv, doi, names
from generator.reading.text import decoded
from generator.sources import Document, Found, Rejected, Source, json_records, record
from generator.text import one_line

NAME = "table"

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "titles", "paper_title"),
    "authors": ("authors", "author", "author_names", "creators"),
    "abstract": ("abstract", "abstracts", "summary", "summaries", "text", "description"),
    "topics": ("keywords", "topics"),
    "subjects": ("categories", "terms", "subjects", "tags"),
    "id": ("arxiv_id", "arxiv", "id", "paper_id", "entry_id"),
    "key": ("_id", "uid", "key"),
    "doi": ("doi",),
    "url": ("url", "link", "paper_url"),
    "pdf": ("pdf", "pdf_url"),
    "published": ("published", "date", "publication_date", "published_date"),
    "year": ("year", "publication_year"),
    "type": ("type",),
    "venue": ("venue", "booktitle", "conference"),
    "journal": ("journal", "journal_ref"),
    "volume": ("volume",),
    "issue": ("issue", "number"),
    "pages": ("pages",),
    "publisher": ("publisher",),
    "comment": ("comment", "comments"),
    "licence": ("licence", "license"),
    "code": ("code", "github", "code_url"),
    "project": ("project", "project_page"),
    "summary": ("tldr",),
}
"""What a mapping may name, and the columns that are taken for it where there is none."""

IDENTIFIER = "identifiers."
"""What begins the name of a field that holds the paper's name in another catalogue: "identifiers.openreview"."""

_DELIMITERS = ",\t;|"
# arXiv's categories: those with a dot, and the archives that have none.
_SUBJECT = re.compile(
    r"[a-z-]{2,}\.[A-Za-z-]{2,}|(?:astro|math|quant)-ph|gr-qc|hep-(?:ex|lat|ph|th)|nucl-(?:ex|th)", re.ASCII
)
_LONGEST_LIST = 100_000
_TEXTS = (
    "type",
    "venue",
    "journal",
    "volume",
    "issue",
    "pages",
    "publisher",
    "comment",
    "licence",
    "url",
    "pdf",
    "code",
)


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` has a column for titles, and one for something else."""
    named = {name.casefold() for name in json.keys(head) or _heading(head)}
    return bool(named & {*COLUMNS["title"]}) and bool(
        named & {*COLUMNS["abstract"], *COLUMNS["authors"], *COLUMNS["id"]}
    )


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each row."""
    for document in documents:
        if document.data.lstrip()[:1] in {b"{", b"["}:
            yield from json_records((document,), _read, inside=("papers", "data", "results", "items"))
        else:
            yield from _rows(document)


def _heading(head: bytes) -> list[str]:
    """Return the names of columns in the first line of a table; none where it is no text."""
    first, newline, _ = head.lstrip(b"\xef\xbb\xbf").partition(b"\n")
    line = first.decode(errors="replace").strip("\r")
    if not newline or "\x00" in line or len(line) > _LONGEST_LIST:
        return []
    return next(csv.reader([line], delimiter=_delimiter(line)), [])


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=line.count)


def _rows(document: Document) -> Found:
    try:
        text = decoded(document.data)
    except ValueError as error:
        yield Rejected(document.place, str(error))
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text.partition("\n")[0]))
    heading: list[str] = []
    begin = 1
    try:
        for row in reader:
            where, begin = f"{document.place}:{begin}", reader.line_num + 1
            if not heading or not any(map(str.strip, row)):
                heading = heading or row
                continue
            try:
                yield _paper(_named(heading, row), document)
            except ValueError as error:
                yield Rejected(where, str(error))
    except csv.Error as error:
        yield Rejected(f"{document.place}:{reader.line_num}", f"the table breaks off: {error}")


def _named(heading: list[str], row: list[str]) -> dict[str, object]:
    if len(row) != len(heading):
        raise ValueError(f"{len(row)} columns where the heading has {len(heading)}")
    return dict(zip(heading, row, strict=True))


def _read(data: bytes, document: Document) -> Record:
    return _paper(msgspec.json.decode(data, type=dict[str, object]), document)


def _paper(row: Mapping[str, object], document: Document) -> Record:
    """Return what one row says. Raises `ValueError` where it has no title."""
    fields = _fields(row, document.hints.columns)
    said = {name: _text(value) for name, value in fields.items()}
    authors = tuple(_authors(fields.get("authors")))
    issued = dates.written(said.get("published")) or dates.written(said.get("year"))
    groups = _several(fields.get("subjects"))
    given = said.get("id", "")
    others = {name.removeprefix(IDENTIFIER): said[name] for name in said if name.startswith(IDENTIFIER)}
    return record(
        NAME,
        names(
            title=said.get("title", ""),
            authors=authors,
            year=issued and issued[:4],
            arxiv_id=arxiv(given) or arxiv(said.get("url")) or arxiv(said.get("pdf")),
            said_doi=doi(said.get("doi")) or doi(given) or "",
            others=others,
            own=one_line(said.get("key") or given),
        ),
        title=said.get("title", ""),
        authors=authors,
        abstract=said.get("abstract", ""),
        topics=[*_several(fields.get("topics")), *(each for each in groups if not _SUBJECT.fullmatch(each))],
        subjects=tuple(each for each in groups if _SUBJECT.fullmatch(each)) or None,
        published=dates.whole(issued),
        issued=issued if said.get("venue") or said.get("journal") else None,
        summary=said.get("summary"),
        project=said.get("project"),
        **{name: said.get(name) for name in _TEXTS},
    )


def _fields(row: Mapping[str, object], columns: Mapping[str, str]) -> dict[str, object]:
    """Return the values of a row by field. A column that a mapping writes as "=text" is that text in every row."""
    if columns:
        return {
            name: column.removeprefix("=") if column.startswith("=") else row.get(column)
            for name, column in columns.items()
        }
    named = {name.strip().casefold(): value for name, value in reversed([*row.items()])}
    return {
        field: next((named[each] for each in spellings if each in named), None) for field, spellings in COLUMNS.items()
    }


def _text(value: object) -> str:
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _several(value: object) -> list[str]:
    """Return a list of texts: one as it is, one of objects with a name, one of Python's as text, or one joined."""
    if isinstance(value, str):
        text = value.strip()
        if text.startswith("[") and text.endswith("]") and len(text) < _LONGEST_LIST:
            try:
                value = ast.literal_eval(text)
            except (ValueError, SyntaxError, MemoryError, RecursionError):
                value = text.strip("[]").split(",")
        else:
            sign = next((sign for sign in "|;," if sign in text), ",")
            value = text.split(sign)
    return list(_texts(value)) if isinstance(value, list) else []


def _texts(values: list[object]) -> Iterator[str]:
    for value in values:
        inner = (
            next((value[key] for key in ("name", "term", "title") if key in value), "")
            if isinstance(value, dict)
            else value
        )
        if isinstance(inner, str) and one_line(inner):
            yield one_line(inner)


def _authors(value: object) -> Iterator[Author]:
    if isinstance(value, str) and not value.strip().startswith("[") and not set(value) & {"|", ";"}:
        yield from people.inverted(value) or people.listed(value)
        return
    for name in _several(value):
        found = people.author(people.turned(name))
        if found:
            yield found


SOURCE = Source(
    name=NAME,
    label="table",
    about="tables with a column for titles: CSV, TSV, JSON or JSON lines; --map says which column is which",
    recognises=recognises,
    parse=parse,
    general=True,
)
