"""The archive index: all years and months in one table, and the papers that no day shows."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from generator import urls
from generator.archive import Collection
from generator.language import marked
from generator.pages import PageKind
from generator.pages.view import Count, Edition, Page, Sign, newest, spread, whole
from generator.pages.years import months_of


class YearRow(Struct, frozen=True, kw_only=True):
    """One row of the table: the year and its twelve months."""

    year: Count
    months: tuple[Count, ...]


def pages(edition: Edition) -> Iterator[Page]:
    """Yield /archive/, and the list of papers without a day where there are any."""
    archive = edition.archive
    language = edition.language
    days = sorted(archive.days)
    yield Page(
        url=urls.ARCHIVE,
        kind="archive",
        template="archive.html",
        title=language.gettext("Archive"),
        heading=language.gettext("Archive"),
        description=language.ngettext(
            "%(count)s paper by year, month and day.", "%(count)s papers by year, month and day.", len(archive.entries)
        ),
        modified=newest(archive.entries),
        context={
            "total": len(archive.entries),
            "days": len(days),
            "first": date.fromisoformat(days[0]) if days else None,
            "last": date.fromisoformat(days[-1]) if days else None,
            "years": tuple(
                YearRow(
                    year=Count(title=year.key, count=len(year.entries), url=year.url),
                    months=months_of(edition, year),
                )
                for year in archive.of("year")
            ),
            "unlisted": Count(
                title=language.gettext("Papers that were on no day’s list"),
                count=len(archive.unlisted),
                url=urls.collection("archive", "unlisted") if archive.unlisted else "",
            ),
        },
    )
    if archive.unlisted:
        yield from _unlisted(edition)


def _unlisted(edition: Edition) -> Iterator[Page]:
    language = edition.language
    title = language.gettext("Papers that were on no day’s list")
    collection = Collection(kind="archive", key="unlisted", title=title, entries=edition.archive.unlisted)
    page = Page(
        url=collection.url,
        kind="unlisted",
        template="unlisted.html",
        title=collection.title,
        heading=collection.title,
        description=language.ngettext(
            "%(count)s paper of this archive that no day’s list has featured.",
            "%(count)s papers of this archive that no day’s list has featured.",
            len(collection.entries),
        ),
        modified=newest(collection.entries),
        collection=collection,
    )
    yield from spread(edition, page, whole)


PAGES = PageKind(
    pages,
    about="the table of all years and months",
    signs=(Sign(title=marked("Archive"), url=urls.ARCHIVE, section="archive", place=10),),
)
