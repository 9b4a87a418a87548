"""The page a host shows for an address that does not exist."""

from collections.abc import Iterator

from generator import urls
from generator.pages import PageKind
from generator.pages.view import Edition, Page


def pages(edition: Edition) -> Iterator[Page]:
    """Yield /404.html; every date from the first list to the last has a page, which its script uses."""
    days = sorted(edition.archive.days)
    yield Page(
        url=urls.NOT_FOUND,
        kind="not-found",
        template="404.html",
        title=edition.language.gettext("Page not found"),
        heading=edition.language.gettext("Page not found"),
        indexed=False,
        context={"first": days[0] if days else "", "last": days[-1] if days else ""},
    )


PAGES = PageKind(pages, about="the page for addresses that do not exist")
