"""Every page as an HTML file."""

from collections.abc import Iterator
from functools import partial

from generator import urls
from generator.model import Draft
from generator.outputs import Output
from generator.pages.view import Page
from generator.site import Site


def files(site: Site) -> Iterator[Draft]:
    """Yield the HTML of every page, in the order of the plan."""
    for page in site.pages:
        yield Draft(urls.path(page.url), site.key(page), partial(_made, site, page))


def _made(site: Site, page: Page) -> bytes:
    return site.html(page).encode()


OUTPUT = Output(files, about="every page as HTML")
