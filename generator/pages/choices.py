"""The page of a name that several share: who they are. Papers of none of them stay under the name itself."""

from collections.abc import Iterator

from generator import text, urls
from generator.model import Link
from generator.pages import PageKind
from generator.pages.names import index_title
from generator.pages.view import Edition, Page, namesakes, page_of


def pages(edition: Edition) -> Iterator[Page]:
    """Yield a page for every shared name that has no papers of its own."""
    for naming in edition.aliases.namings:
        key = text.key(naming.name)
        if naming.parts and not page_of(edition, naming.kind, key):
            yield Page(
                url=urls.collection(naming.kind, key),
                kind="choice",
                template="choice.html",
                title=naming.name,
                heading=naming.name,
                indexed=False,
                crumbs=(Link(title=index_title(edition.language, naming.kind), url=urls.INDEXES[naming.kind]),),
                context={"names": naming.kind, "namesakes": namesakes(edition, naming.kind, key), "why": naming.reason},
            )


PAGES = PageKind(pages, about="a page for every name that several share")
