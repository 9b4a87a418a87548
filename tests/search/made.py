"""Documents and readers made of a few words."""

from collections.abc import Iterable

from generator.search import index
from generator.search.postings import Document
from generator.search.reader import Reader


def document(
    id: str = "2601.00001",  # noqa: A002
    title: str = "",
    abstract: str = "",
    *,
    day: str = "2026-01-05",
    **more: object,
) -> Document:
    """Return a document; `authors`, `topics` and `organisation` are fields, everything else is as in `Document`."""
    names = (str(more.pop("authors", "")), str(more.pop("topics", "")), str(more.pop("organisation", "")))
    filters = (f"id:{id.lower()}", *more.pop("filters", ()))  # type: ignore[misc]
    return Document(id=id, day=day, fields=(title, abstract, *names), filters=filters, **more)  # type: ignore[arg-type]


def reader(documents: Iterable[Document]) -> Reader:
    """Return a reader of the index of `documents`."""
    return Reader(dict(index.files(documents)).__getitem__)


def titled(*titles: str) -> Reader:
    """Return a reader of papers that have nothing but a title; the first has the id 0, and is the oldest."""
    return reader(document(str(number), title) for number, title in enumerate(titles))


def found(index_: Reader, query: str, **how: object) -> list[str]:
    """Return the ids of the hits of `query`."""
    return [hit.card.id for hit in index_.search(query, **how).hits]  # type: ignore[arg-type]
