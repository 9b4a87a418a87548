"""Records that other tools scraped from the pages of Hugging Face Daily Papers, or kept with translations.

Compared with the API's own answers for the same papers, a scraped record's date is that of the list in one case of
twenty-four, its abstract the paper's in one of eight (else the comment of whoever put it on the list), its authors some
of the names shown as pictures, from last to first, with nicknames between them, and its stars no count of the API's. So
only the id, the title and the repository are taken: where one repository is named, it was never another than the API's.
"""

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from generator.model import Record
from generator.reading import json
from generator.reading.identifiers import arxiv, names
from generator.sources import Document, Found, Source, json_records, record

NAME = "hf-archive"


class _Details(Struct, frozen=True):
    arxiv_page_url: str | None = None
    github_links: list[str] | None = None


class _Paper(Struct, frozen=True):
    title: str
    paper_url: str | None = None
    details: _Details | None = None
    # Archives with translations keep the API's summary under the address of its page.
    url: str | None = None
    arxiv_url: str | None = None
    summary: str | None = None


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` holds such records."""
    keys = json.keys(head)
    return {"title", "paper_url", "details"} <= keys or {"title", "summary", "translation", "url"} <= keys


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each paper."""
    return json_records(documents, _read, inside=("papers",))


def _read(data: bytes, _: Document) -> Record:
    said = msgspec.json.decode(data, type=_Paper)
    details = said.details or _Details()
    addresses = (details.arxiv_page_url, said.arxiv_url, said.paper_url, said.url)
    id_ = next(filter(None, map(arxiv, addresses)), None)
    if not id_:
        raise ValueError("there is no address at arXiv or Hugging Face")
    links = details.github_links or []
    return record(
        NAME,
        names(title=said.title, arxiv_id=id_),
        title=said.title,
        abstract=said.summary or "",
        code=links[0] if len(links) == 1 else None,
    )


SOURCE = Source(
    name=NAME,
    label="hf archive",
    about="what other tools scraped from the pages of Daily Papers: ids, titles and repositories (JSON)",
    recognises=recognises,
    parse=parse,
)
