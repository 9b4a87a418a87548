"""Saved queries: what the settings ask for becomes collections, by the reader and the index of the search page."""

from collections.abc import Sequence

from msgspec.structs import replace

from generator.archive import Archive, Collection
from generator.config import QuerySettings
from generator.search import index
from generator.search.prepared import Prepared
from generator.search.reader import Reader
from generator.text import key


def with_queries(archive: Archive, prepared: Prepared, queries: Sequence[QuerySettings]) -> Archive:
    """Return `archive` with a collection for each of `queries`: what the search page would find, the newest first.

    `prepared` is the archive as search sees it.
    """
    files = {file.name: file for file in index.drafts(prepared)}
    reader = Reader(lambda name: files[name].make())
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
