"""A paper as one writes it into a text: in plain words, and as a link in Markdown."""

from generator import tex, verbatim
from generator.model import Paper


def plain(paper: Paper, url: str) -> str:
    """Return all authors, title, where and when it appeared, and the address `url` of its page."""
    where = paper.journal or paper.venue or (f"arXiv:{paper.arxiv}" if paper.arxiv else "")
    when = str(paper.published.year) if paper.published else ""
    known = (
        ", ".join(author.name for author in paper.authors),
        tex.plain(paper.title).rstrip("."),
        ", ".join(filter(None, (tex.plain(where), when))),
        url,
    )
    return ". ".join(filter(None, known))


def link(paper: Paper, url: str) -> str:
    """Return a link to the page of `paper` at `url` in Markdown."""
    return f"[{verbatim.label(tex.plain(paper.title))}]({url})"
