"""The page a host shows for an address that does not exist."""

from collections.abc import Iterator

from generator import urls
from generator.pages import PageKind
from generator.pages.view import Edition, Page


def pages(edition: Edition) -> Iterator[Page]:  # noqa: ARG001 - the shape of `PageKind.pages`
    """Yield /404.html."""
    yield Page(
        url=urls.NOT_FOUND,
        kind="not-found",
        template="404.html",
        title="Page not found",
        heading="Page not found",
        indexed=False,
    )


PAGES = PageKind(pages, about="the page for addresses that do not exist")
