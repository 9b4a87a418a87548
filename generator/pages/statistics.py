"""The archive in numbers."""

from collections.abc import Iterator

from generator import urls
from generator.pages import PageKind
from generator.pages.view import Edition, Page, Sign, newest, page_of
from generator.statistics import statistics_of
from generator.text import plural


def pages(edition: Edition) -> Iterator[Page]:
    """Yield /stats/."""
    made = statistics_of(edition.archive, edition.today, lambda kind, key: page_of(edition, kind, key))
    yield Page(
        url=urls.STATISTICS,
        kind="statistics",
        template="statistics.html",
        title="Statistics",
        heading="Statistics",
        description=f"{plural(len(edition.archive.entries), 'paper')} in numbers: by month and by day, rising and "
        "fading topics, organisations, authors, code, and how much is known of them.",
        modified=newest(edition.archive.entries),
        context={"statistics": made},
    )


PAGES = PageKind(
    pages,
    about="the archive in numbers",
    signs=(Sign(title="Statistics", url=urls.STATISTICS, section="statistics", place=60),),
)
