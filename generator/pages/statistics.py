"""The archive in numbers."""

from collections.abc import Iterator

from generator import urls
from generator.language import Language, marked
from generator.pages import PageKind
from generator.pages.view import Edition, Page, Sign, newest, page_of
from generator.statistics import Statistics, statistics_of


def pages(edition: Edition) -> Iterator[Page]:
    """Yield /stats/."""
    made = statistics(edition, edition.language)
    yield Page(
        url=urls.STATISTICS,
        kind="statistics",
        template="statistics.html",
        title=edition.language.gettext("Statistics"),
        heading=edition.language.gettext("Statistics"),
        description=edition.language.ngettext(
            "%(count)s paper in numbers: by month and by day, rising and fading topics, organisations, authors, code, "
            "and how much is known of them.",
            "%(count)s papers in numbers: by month and by day, rising and fading topics, organisations, authors, code, "
            "and how much is known of them.",
            len(edition.archive.entries),
        ),
        modified=newest(edition.archive.entries),
        context={"statistics": made},
    )


def statistics(edition: Edition, language: Language) -> Statistics:
    """Return the statistics of the archive, in the words of `language`."""
    return statistics_of(edition.archive, edition.today, language, lambda kind, key: page_of(edition, kind, key))


PAGES = PageKind(
    pages,
    about="the archive in numbers",
    signs=(Sign(title=marked("Statistics"), url=urls.STATISTICS, section="statistics", place=60),),
)
