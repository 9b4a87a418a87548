"""Every page as an HTML file."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from generator import urls
from generator.model import Draft
from generator.outputs import Output
from generator.pages import Leaf
from generator.site import Site


def files(site: Site) -> Iterator[Draft]:
    """Yield the HTML of every page, by the day of the newest thing on it."""
    # What several pages show (a paper, its card) is then still at hand when the next of them is made.
    for leaf in sorted(site.pages.leaves, key=_newest):
        yield Draft(urls.path(leaf.url), leaf.key, partial(_made, site, leaf))


def _newest(leaf: Leaf) -> date:
    return leaf.modified or date.min


def _made(site: Site, leaf: Leaf) -> bytes:
    return site.html(site.pages.page(leaf)).encode()


OUTPUT = Output(files, about="every page as HTML", in_shares=True)
