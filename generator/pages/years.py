"""Years: twelve months with their counts, the most voted papers, the names that mattered."""

from collections.abc import Iterator, Sequence

from generator import urls
from generator.archive import Collection, Entry
from generator.model import Link
from generator.pages import PageKind
from generator.pages.trends import drift
from generator.pages.view import Count, Edition, Page, counted, most_voted, neighbours, newest


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the page of every year with papers."""
    years = list(reversed(list(edition.archive.of("year"))))
    links = [Link(title=year.key, url=year.url) for year in years]
    for place, year in enumerate(years):
        previous, following = neighbours(links, place)
        language = edition.language
        count = language.things(len(year.entries), "paper")
        days = len({entry.featured.day for entry in year.entries if entry.featured})
        rose, fell = drift(edition, "topic", year.entries, _year_before(edition, year), most=8)
        yield Page(
            url=year.url,
            kind="year",
            template="year.html",
            title=f"{year.key}: {count}",
            heading=year.key,
            description=language.ngettext(
                "%(papers)s featured on %(count)s day of %(year)s, month by month, with the most voted papers, "
                "topics, organisations and authors of the year.",
                "%(papers)s featured on %(count)s days of %(year)s, month by month, with the most voted papers, "
                "topics, organisations and authors of the year.",
                days,
                papers=count,
                year=year.key,
            ),
            modified=newest(year.entries),
            crumbs=(Link(title=language.gettext("Archive"), url=urls.ARCHIVE),),
            previous=previous,
            next=following,
            collection=year,
            context={
                "running": urls.year_key(edition.today) <= year.key,
                "months": months_of(edition, year),
                "days": days,
                "top": most_voted(year.entries, 10),
                "topics": counted(edition, "topic", year.entries, most=20),
                "rose": rose,
                "fell": fell,
                "organisations": counted(edition, "organisation", year.entries, most=15),
                "authors": counted(edition, "author", year.entries, most=15),
            },
        )


def _year_before(edition: Edition, year: Collection) -> Sequence[Entry]:
    before = edition.archive.collections["year"].get(f"{int(year.key) - 1:04}")
    return before.entries if before else ()


def months_of(edition: Edition, year: Collection) -> tuple[Count, ...]:
    """Return the twelve months of `year` with their numbers of papers; a month without papers has no address."""
    months = edition.archive.collections["month"]
    return tuple(
        Count(
            title=edition.language.writes.months[number - 1],
            count=len(months[key].entries) if key in months else 0,
            url=months[key].url if key in months else "",
        )
        for number in range(1, 13)
        for key in (f"{year.key}-{number:02}",)
    )


PAGES = PageKind(pages, about="a page for every year with papers")
