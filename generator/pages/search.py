"""The page that searches, and the pages of saved queries."""

import json
from collections.abc import Iterator

from generator import urls
from generator.archive import Collection
from generator.pages import PageKind
from generator.pages.view import Edition, Page, by_year, counted, newest, spread

_MOST_RECENT = 6
_MOST_TOPICS = 18
_ARXIV = "https://arxiv.org/search/?searchtype=all&query="


def pages(edition: Edition) -> Iterator[Page]:
    """Yield /search/, which no search engine needs to list, and /q/<name>/ for every saved query."""
    said = edition.language.gettext
    yield Page(
        url=urls.SEARCH,
        kind="search",
        template="search.html",
        title=said("Search"),
        heading=said("Search"),
        description=said("Search all papers of this archive by words, phrases, names, topics and dates."),
        indexed=False,
        context={
            "recent": edition.archive.entries[:_MOST_RECENT],
            "topics": counted(edition, "topic", edition.archive.entries, most=_MOST_TOPICS),
            "elsewhere": _ARXIV if any(entry.paper.arxiv for entry in edition.archive.entries) else "",
        },
    )
    for saved in edition.archive.of("query"):
        yield from _saved(edition, saved)


def _saved(edition: Edition, saved: Collection) -> Iterator[Page]:
    query = saved.names[0]
    page = Page(
        url=saved.url,
        kind="query",
        template="query.html",
        title=saved.title,
        heading=saved.title,
        description=edition.language.ngettext(
            "%(count)s paper found by the saved query %(query)s.",
            "%(count)s papers found by the saved query %(query)s.",
            len(saved.entries),
            query=query,
        ),
        modified=newest(saved.entries),
        collection=saved,
        context={"query": query, "settings": _settings(saved)},
    )
    yield from spread(edition, page, by_year)


def _settings(saved: Collection) -> str:
    """Return the lines of archive.yml that make the same page elsewhere; JSON strings are YAML as well."""
    title = "" if saved.title == saved.names[0] else f"\n    title: {json.dumps(saved.title, ensure_ascii=False)}"
    return f"queries:\n  - name: {saved.key}\n    query: {json.dumps(saved.names[0], ensure_ascii=False)}{title}\n"


PAGES = PageKind(pages, about="the search page, and a page for every saved query")
