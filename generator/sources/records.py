"""Broadsheet's own format: one record a line, as JSON, with the fields of `Record` (dates as 2025-12-11)."""

import re
from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from generator.model import Author, Record
from generator.sources import UNREADABLE, Document, Found, Rejected, Source, paper_id, web_address
from generator.text import clean, one_line, paragraphs

_SIGN = re.compile(rb'"source"\s*:\s*"')


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` is a record: an object that names its source."""
    return head.lstrip().startswith(b"{") and b'"id"' in head and bool(_SIGN.search(head))


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each of `documents`."""
    for document in documents:
        try:
            yield _cleaned(msgspec.json.decode(document.data, type=_Strict))
        except (*UNREADABLE, ValueError) as error:
            yield Rejected(document.place, str(error), document.data)


class _Strict(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A record in a file that a person may have written."""


def _cleaned(said: _Strict) -> Record:
    """Return what was said with clean text. Raises `ValueError` for an id that cannot be one."""
    id_ = paper_id(said.id)
    if not id_:
        raise ValueError(f"{said.id!r} is not the id of a paper")
    values = {name: getattr(said, name) for name in Record.__struct_fields__}
    texts = {name: one_line(value) or None for name, value in values.items() if isinstance(value, str)}
    given = (
        values
        | texts
        | {
            "id": id_,
            "source": one_line(said.source) or SOURCE.name,
            "abstract": paragraphs(said.abstract or "") or None,
            "authors": tuple(_author(author) for author in said.authors or ()) or None,
            "topics": tuple(filter(None, map(one_line, said.topics or ()))) or None,
            "identifiers": tuple(filter(None, map(one_line, said.identifiers or ()))) or None,
            **{name: web_address(values[name]) for name in ("code", "project", "url", "pdf")},
        }
    )
    return replace(Record(id=id_, source=SOURCE.name), **given)


def _author(said: Author) -> Author:
    return Author(name=one_line(said.name), affiliation=one_line(said.affiliation), orcid=clean(said.orcid))


SOURCE = Source(
    name="records",
    label="records",
    about="files of Broadsheet's own records, one JSON object a line",
    recognises=recognises,
    parse=parse,
)
