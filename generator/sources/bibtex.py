"""BibTeX and BibLaTeX files.

bibtexparser reads the blocks, resolves @string and takes names apart (BibTeX's rules: "Names of persons" in btxhak);
pylatexenc makes letters of what is left of TeX. Editors alone are no authors; @proceedings is no paper.
"""

import logging
import re
from collections.abc import Iterable, Mapping

from bibtexparser import middlewares
from bibtexparser.entrypoint import parse_string
from bibtexparser.model import Entry
from pylatexenc.latex2text import LatexNodes2Text

from generator.model import Author, Record
from generator.reading import dates, people
from generator.reading.identifiers import arxiv, names
from generator.reading.text import decoded
from generator.sources import Document, Found, Rejected, Source, record
from generator.text import excerpt, one_line

NAME = "bibtex"

# BibLaTeX's names for what BibTeX has others for; `electronic`, `online` and the rest are published nowhere.
_TYPES = {
    **{name: name for name in ("article", "book", "inproceedings", "incollection", "phdthesis", "mastersthesis")},
    **{name: name for name in ("techreport", "manual")},
    "conference": "inproceedings",
    "inbook": "incollection",
    "thesis": "phdthesis",
    "report": "techreport",
}
_NOT_PAPERS = frozenset({"proceedings", "mvproceedings", "comment", "set", "xdata"})
_SIGNS = re.compile(
    rb"^\s*@\s*[A-Za-z]+\s*[{(]\s*[^\s,{}()]*\s*,\s*$|^\s*@\s*[A-Za-z]+\s*\{[^{}=\n]{1,200},\s*\w+\s*=", re.MULTILINE
)
_STRING = re.compile(rb"^\s*@\s*(?:string|preamble|comment)\s*[{(]", re.MULTILINE | re.IGNORECASE)
# A sign of percent that nobody escaped begins a comment for TeX, but not in an abstract that was pasted.
_PERCENT = re.compile(r"(?<!\\)%")
_BRACES = re.compile(r"(?<!\\)[{}]")
_OWN = frozenset({"booktitle", "journal", "journaltitle", "year", "date", "school", "institution", "publisher"})
_LONGEST_VALUE, _LONGEST_TEX = 100_000, 20_000
# What TeX reads as something else. pylatexenc takes ten microseconds a character, and most values have none of it.
_TEX = re.compile(r"[\\{}~$]|--|``|''")
# What it logs it also returns.
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
logging.getLogger("bibtexparser").propagate = False
_DECODER = LatexNodes2Text(math_mode="verbatim", strict_latex_spaces=True)


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` is a bibliography."""
    begin = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return begin not in {b"<", b"{", b"["} and bool(_SIGNS.search(head) or _STRING.search(head))


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each entry of some bibliographies."""
    for document in documents:
        yield from _read_all(document)


def _read_all(document: Document) -> Found:
    stack = [
        middlewares.NormalizeFieldKeys(),
        middlewares.SeparateCoAuthors(),
        middlewares.SplitNameParts(),
        middlewares.MergeNameParts(style="first"),
    ]
    try:
        library = parse_string(decoded(document.data), append_middleware=stack)
    except (ValueError, IndexError, KeyError, AttributeError, TypeError, RecursionError) as error:
        yield Rejected(document.place, excerpt(one_line(str(error))))
        return
    for block in library.failed_blocks:
        inner = getattr(block, "ignore_error_block", None)
        if getattr(inner, "entry_type", "").lower() not in _NOT_PAPERS:
            where = f"{document.place}:{(block.start_line or 0) + 1}"
            yield Rejected(where, _why(block.error))
    parents = _parents(library.entries)
    for entry in library.entries:
        if entry.entry_type.lower() in _NOT_PAPERS:
            continue
        fields = {field.key: field.value for field in entry.fields}
        try:
            yield _read(entry.entry_type.lower(), _parent(fields, parents) | fields)
        except ValueError as error:
            yield Rejected(f"{document.place}:{(entry.start_line or 0) + 1}", str(error))


def _why(error: Exception) -> str:
    """Return why the library could not read a block."""
    said = getattr(error, "abort_reason", "") or str(error)
    return excerpt(one_line(said), limit=200) or "not an entry"


def _parents(entries: Iterable[Entry]) -> dict[str, dict[str, object]]:
    """Return the fields that the papers of a volume share, by the key of the volume."""
    volumes = [entry for entry in entries if entry.entry_type.lower() in {"proceedings", "book", "collection"}]
    return {
        entry.key.casefold(): {
            "booktitle" if field.key == "title" else field.key: field.value
            for field in entry.fields
            if field.key not in {"author", "editor", "abstract", "doi", "url", "pages", "keywords", "note"}
        }
        for entry in volumes
    }


def _parent(fields: Mapping[str, object], parents: Mapping[str, dict[str, object]]) -> dict[str, object]:
    """Return what a paper has from its volume: the one it names, or the only one, if it tells neither book nor year.

    So do the files of the Proceedings of Machine Learning Research (https://proceedings.mlr.press/spec.html).
    """
    if "crossref" in fields:
        return parents.get(str(fields["crossref"]).casefold(), {})
    return next(iter(parents.values())) if len(parents) == 1 and not fields.keys() & _OWN else {}


def _read(type_: str, fields: Mapping[str, object]) -> Record:
    """Return what one entry says. Raises `ValueError` where it has no title."""

    def said(*names: str) -> str:
        return next((text for name in names if (text := _letters(fields.get(name)))), "")

    def bare(*names: str) -> str:
        return next(
            (one_line(_BRACES.sub("", str(fields[name])).replace("\\", "")) for name in names if name in fields), ""
        )

    type_ = _TYPES.get(type_, "")
    title = ": ".join(filter(None, (said("title"), said("subtitle"))))
    authors = _authors(fields.get("author"))
    issued = dates.written(bare("date")) or dates.issued(bare("year"), bare("month"))
    is_arxiv = "arxiv" in bare("eprinttype", "archiveprefix").casefold()
    at_arxiv = arxiv(bare("eprint")) if is_arxiv else None
    return record(
        NAME,
        names(
            title=title,
            authors=authors,
            year=issued and issued[:4],
            arxiv_id=at_arxiv or arxiv(bare("url")) or arxiv(bare("journal")),
            said_doi=bare("doi") or bare("url"),
            others={scheme: bare(scheme) for scheme in ("pmid", "pmcid")},
        ),
        title=title,
        authors=authors,
        abstract=said("abstract"),
        topics=re.split(r"[,;]", said("keywords", "keyword")),
        published=dates.whole(issued),
        issued=issued,
        type=type_,
        journal=said("journal", "journaltitle") if not arxiv(bare("journal")) else None,
        venue=said("booktitle", "eventtitle") if type_ in {"inproceedings", "incollection"} else None,
        volume=said("volume"),
        issue=said("number", "issue") if type_ == "article" else None,
        pages=said("pages").replace("--", "–"),
        publisher=said("school", "institution", "publisher", "organization"),
        comment=said("note"),
        licence=said("copyright", "license"),
        url=bare("url") or bare("howpublished"),
        pdf=bare("pdf", "openreview") if bare("pdf").startswith("http") else None,
    )


def _authors(said: object) -> tuple[Author, ...]:
    several = said if isinstance(said, list) else [said] if isinstance(said, str) else []
    found = (people.author(_letters(name)) for name in several if str(name).casefold() != "others")
    return tuple(filter(None, found))


def _letters(said: object) -> str:
    r"""Return a value as text: `{\"u}` as ü, braces gone, mathematics as it is."""
    if not isinstance(said, str):
        return ""
    if len(said) > _LONGEST_VALUE:
        raise ValueError(f"a field of {len(said):,} characters")
    if not _TEX.search(said):
        return one_line(said)
    if len(said) > _LONGEST_TEX:
        return one_line(_BRACES.sub("", said))
    try:
        return one_line(str(_DECODER.latex_to_text(_PERCENT.sub(r"\\%", said))))
    except (ValueError, IndexError, AttributeError, TypeError, RecursionError):
        return one_line(_BRACES.sub("", said))


SOURCE = Source(
    name=NAME,
    label="bibtex",
    about="bibliographies in BibTeX or BibLaTeX",
    recognises=recognises,
    parse=parse,
)
