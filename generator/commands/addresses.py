"""Note every address of the site in content/published.txt, so that each of them answers for ever."""

from datetime import datetime

import generator.pages
from generator.commands.build import edition_of, read
from generator.config import Settings
from generator.pages import PageKind, plan
from generator.progress import Progress
from generator.registry import discover
from generator.store import disk
from generator.text import plural

_NOT_FOUND = "not-found"


def run(settings: Settings, *, now: datetime, progress: Progress) -> int:
    """Add the addresses of the site that would be built now to those known so far; return how many were new.

    Nothing is ever taken out: what has no page any more gets one that says so (`pages.gone`). The site is planned, not
    built. Raises `ContentError` where the content cannot be used.
    """
    content = settings.root / "content"
    edition = edition_of(settings, read(content), now)
    pages = plan(edition, discover(generator.pages, "PAGES", PageKind))
    found = {page.url for page in pages if page.url and page.kind != _NOT_FOUND}
    new = found - edition.published
    disk.write_published(content, edition.published | found)
    file = content / disk.PUBLISHED
    progress.result(f"{file}: {plural(len(edition.published | found), 'address', 'addresses')}, {len(new):,} new")
    return len(new)
