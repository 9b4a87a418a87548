"""The read-only bundle that an output may see."""

from collections.abc import Callable
from dataclasses import dataclass, field

from generator.memo import Memory
from generator.model import Artifact, Masthead
from generator.pages import Plan
from generator.pages.view import Edition, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A whole site before it is files.

    Of all `pages`, `leaves` have the addresses; a page is made each time it is asked for.
    `html` turns a page into its final text, `key` into the digest of all that this text depends on. `assets` are the
    theme's files under their content-hashed names.
    `feed_items` is how many papers a feed holds; archives of up to `lunr_papers` papers get an index for stock lunr.js.
    `memory` keeps what pure functions returned, for the next build: `site.memory.of("x")` is a memory of one's own.
    """

    masthead: Masthead
    edition: Edition
    pages: Plan
    html: Callable[[Page], str]
    key: Callable[[Page], bytes]
    assets: tuple[Artifact, ...] = ()
    feed_items: int = 60
    lunr_papers: int = 2000
    memory: Memory = field(default_factory=Memory)
