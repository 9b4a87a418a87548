"""About: the editor's own words first, then what can be said of every archive that Broadsheet makes."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from generator import urls
from generator.language import marked
from generator.pages import PageKind
from generator.pages.view import Edition, Page, Sign, newest


class Totals(Struct, frozen=True, kw_only=True):
    """What the archive holds. `sources` are the names of the sources, that of most papers first."""

    papers: int
    days: int
    authors: int
    organisations: int
    topics: int
    first: date | None
    last: date | None
    sources: tuple[str, ...]


def pages(edition: Edition) -> Iterator[Page]:
    """Yield /about/."""
    said = edition.language.gettext
    note = next((note for note in edition.notes if urls.note(note.name) == urls.ABOUT), None)
    yield Page(
        url=urls.ABOUT,
        kind="about",
        template="about.html",
        title=note.title if note else said("About"),
        heading=note.title if note else said("About this archive"),
        description=said(
            "What this archive holds, where it comes from, how its lists are ranked, how to correct, copy and cite it, "
            "and what it knows of its readers: nothing."
        ),
        modified=newest(edition.archive.entries),
        context={
            "body": note.body if note else "",
            "totals": totals(edition),
            "rules": edition.rules,
            "schedule": edition.status.schedule,
        },
    )


def totals(edition: Edition) -> Totals:
    """Return what the archive holds."""
    archive = edition.archive
    sources = Counter(source for entry in archive.entries for source in entry.paper.sources)
    days = sorted(archive.days)
    return Totals(
        papers=len(archive.entries),
        days=len(days),
        authors=len(archive.collections.get("author", {})),
        organisations=len(archive.collections.get("organisation", {})),
        topics=len(archive.collections.get("topic", {})),
        first=date.fromisoformat(days[0]) if days else None,
        last=date.fromisoformat(days[-1]) if days else None,
        sources=tuple(sorted(sources, key=lambda name: (-sources[name], name))),
    )


PAGES = PageKind(
    pages,
    about="what the archive is, in its editor's words and in its own",
    signs=(Sign(title=marked("About"), url=urls.ABOUT, section="about", place=90),),
)
