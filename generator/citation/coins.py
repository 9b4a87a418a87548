"""Papers as COinS: what reference managers find in a list (OpenURL, ANSI/NISO Z39.88-2004, keys and encoded values).

Articles are told in the journal format. Its formats have no word for a preprint: those are told in the Dublin
Core one, with the type that Zotero knows them by.
"""

from collections.abc import Iterator
from urllib.parse import urlencode

from generator import tex, urls
from generator.citation.names import name_of
from generator.citation.publication import container, issued
from generator.model import Paper


def coins(paper: Paper) -> str:
    """Return what stands in the `title` of a `<span class="Z3988">`, not yet escaped for HTML."""
    return urlencode([("ctx_ver", "Z39.88-2004"), *_context(paper)])


def _context(paper: Paper) -> Iterator[tuple[str, str]]:
    if paper.doi:
        yield "rft_id", f"info:doi/{paper.doi}"
    if url := urls.landing(paper):
        yield "rft_id", url
    if container(paper):
        yield "rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"
        yield "rft.genre", "article" if paper.journal else "proceeding"
        yield "rft.atitle", tex.plain(paper.title)
        yield "rft.jtitle", tex.plain(container(paper))
        yield from ((f"rft.{name}", value) for name, value in _place(paper) if value)
    else:
        yield "rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"
        yield "rft.type", "preprint" if paper.arxiv else "document"
        yield "rft.title", tex.plain(paper.title)
        if paper.arxiv:
            yield "rft.publisher", "arXiv"
    for author in paper.authors:
        yield "rft.au", name_of(author.name).inverted
    if when := issued(paper):
        yield "rft.date", "-".join(f"{part:02}" for part in when)


def _place(paper: Paper) -> tuple[tuple[str, str], ...]:
    return (("volume", paper.volume), ("issue", paper.issue), ("pages", paper.pages))
