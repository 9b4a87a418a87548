"""The page for readers without a network: it stands in for pages that a browser did not keep, and lists the others."""

from collections.abc import Iterator

from generator import urls
from generator.language import marked
from generator.pages import PageKind
from generator.pages.view import Edition, Page, Sign


def pages(edition: Edition) -> Iterator[Page]:
    """Yield /offline/, if browsers may keep pages."""
    if not edition.rules.offline:
        return
    said = edition.language.gettext
    yield Page(
        url=urls.OFFLINE,
        kind="offline",
        template="offline.html",
        title=said("Read offline"),
        heading=said("Read offline"),
        description=said("The pages of this archive that your browser keeps."),
        indexed=False,
    )


PAGES = PageKind(
    pages,
    about="what can be read without a network",
    signs=(Sign(title=marked("Read offline"), url=urls.OFFLINE, section="offline", place=90, foot=True),),
)
