"""Every page as an HTML file."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from generator import urls
from generator.model import Draft
from generator.outputs import Output
from generator.pages.view import Page
from generator.site import Site


def files(site: Site) -> Iterator[Draft]:
    """Yield the HTML of every page, by the day of the newest thing on it."""
    # What several pages show (a paper, its card) is then still at hand when the next of them is made.
    for page in sorted(site.pages, key=_newest):
        yield Draft(urls.path(page.url), site.key(page), partial(_made, site, page))


def _newest(page: Page) -> date:
    return page.modified or date.min


def _made(site: Site, page: Page) -> bytes:
    return site.html(page).encode()


OUTPUT = Output(files, about="every page as HTML")
