"""The pages that an editor wrote by hand; the words about the archive itself stand on its own page, see `about`."""

from collections.abc import Iterator

from generator import urls
from generator.pages import PageKind
from generator.pages.view import Edition, Page


def pages(edition: Edition) -> Iterator[Page]:
    """Yield a page for every note of the edition."""
    for note in edition.notes:
        if urls.note(note.name) == urls.ABOUT:
            continue
        yield Page(
            url=urls.note(note.name),
            kind="note",
            template="note.html",
            title=note.title,
            heading=note.title,
            context={"body": note.body},
        )


PAGES = PageKind(pages, about="pages written by hand")
