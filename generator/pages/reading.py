"""The reader's own list: a page that a script fills from what the browser keeps."""

from collections.abc import Iterator

from generator import urls
from generator.language import marked
from generator.pages import PageKind
from generator.pages.view import Edition, Page, Sign, is_beside

# What is put together from the files of papers, where each has one; the other two the script makes itself.
_COLLECTED = {"BibTeX": "papers.bib", "RIS": "papers.ris", "CSL-JSON": "papers.csl.json"}


def pages(edition: Edition) -> Iterator[Page]:
    """Yield /list/, which is another one in every browser."""
    said = edition.language.gettext
    yield Page(
        url=urls.LIST,
        kind="list",
        template="list.html",
        title=said("My list"),
        heading=said("My list"),
        description=said("The papers you saved, kept in your browser."),
        indexed=False,
        context={
            "formats": (*(name for name, file in _COLLECTED.items() if is_beside(edition, file)), "Markdown", "JSON")
        },
    )


PAGES = PageKind(
    pages,
    about="the reader's own list, kept in the browser",
    signs=(Sign(title=marked("My list"), url=urls.LIST, section="list", place=80),),
)
