"""Saved queries: what the settings ask for becomes collections, by the reader and the index of the search page."""

from collections.abc import Sequence

from msgspec.structs import replace

from generator.archive import Archive, Collection
from generator.config import QuerySettings
from generator.outputs import search
from generator.search import index
from generator.search.reader import Reader
from generator.text import key


def with_queries(archive: Archive, queries: Sequence[QuerySettings]) -> Archive:
    """Return `archive` with a collection for each of `queries`: what the search page would find, the newest first."""
    reader = Reader(dict(index.files(search.documents(archive))).__getitem__)
    entries = {entry.paper.id: entry for entry in archive.entries}
    saved: dict[str, Collection] = {}
    for query in queries:
        found = {hit.card.id for hit in reader.all(query.query)}
        kept = [entry for id_, entry in entries.items() if id_ in found]
        saved[key(query.name)] = Collection(
            kind="query",
            key=key(query.name),
            title=query.title or query.query,
            entries=tuple(replace(entry, number=number) for number, entry in enumerate(kept, 1)),
            names=(query.query,),
        )
    return replace(archive, collections={**archive.collections, "query": saved})
