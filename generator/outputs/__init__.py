"""Outputs turn the site into files. One file each, ending in a constant `OUTPUT`; adding an output is adding a file."""

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from generator.model import Alternate, Artifact, Draft
from generator.pages.view import Edition, Page
from generator.site import Site


def no_links(edition: Edition, page: Page) -> tuple[Alternate, ...]:  # noqa: ARG001 - the shape of `Output.links`
    """Return nothing: an output that no page links to."""
    return ()


class Output(Struct, frozen=True):
    """A kind of file: `files` yields them all; `links` says which of them are another form of a page.

    A draft in place of an artifact need not be made again while everything it depends on is the same.
    """

    files: Callable[[Site], Iterator[Artifact | Draft]]
    about: str
    links: Callable[[Edition, Page], tuple[Alternate, ...]] = no_links


def alternates(outputs: Mapping[str, Output], edition: Edition, page: Page) -> tuple[Alternate, ...]:
    """Return every other form of `page` that `outputs` make, in the order of the outputs."""
    return tuple(link for output in outputs.values() for link in output.links(edition, page))
