"""Outputs turn the site into files. One file each, ending in a constant `OUTPUT`; adding an output is adding a file."""

from collections.abc import Callable, Iterator, Mapping

import msgspec
from msgspec import Struct

from generator.memo import digest
from generator.model import Alternate, Artifact, Draft
from generator.pages.view import Edition, Page
from generator.site import Site

_encode = msgspec.msgpack.Encoder().encode


def key_of(site: Site, *parts: object) -> bytes:
    """Return the key of a draft that depends on the masthead, the language and `parts`, which are values."""
    return digest(_encode((site.masthead, site.edition.language.digest, parts)))


def no_links(edition: Edition, page: Page) -> tuple[Alternate, ...]:  # noqa: ARG001 - the shape of `Output.links`
    """Return nothing: an output that no page links to."""
    return ()


class Output(Struct, frozen=True):
    """A kind of file: `files` yields them all; `links` says which of them are another form of a page.

    A draft in place of an artifact need not be made again while everything it depends on is the same. Where to make
    drafts is the work and to yield them is not, another process may make some of them (`in_shares`), whose `key` of a
    page is nothing.
    """

    files: Callable[[Site], Iterator[Artifact | Draft]]
    about: str
    links: Callable[[Edition, Page], tuple[Alternate, ...]] = no_links
    in_shares: bool = False


def alternates(outputs: Mapping[str, Output], edition: Edition, page: Page) -> tuple[Alternate, ...]:
    """Return every other form of `page` that `outputs` make, in the order of the outputs."""
    return tuple(link for output in outputs.values() for link in output.links(edition, page))
