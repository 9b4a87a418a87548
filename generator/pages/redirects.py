"""Addresses that lead elsewhere: short forms of days, versions of papers, other spellings, what an editor moved."""

from collections.abc import Iterator

from generator import text, urls
from generator.pages import PageKind
from generator.pages.view import Edition, Page, page_of


def pages(edition: Edition) -> Iterator[Page]:
    """Yield a redirect for every address that was or could be guessed, to the page that answers for it."""
    for origin, target in sorted(_moves(edition).items()):
        yield Page(
            url=origin,
            kind="redirect",
            template="redirect.html",
            title="Moved",
            heading="Moved",
            indexed=False,
            context={"target": target},
        )


def _moves(edition: Edition) -> dict[str, str]:
    moves = {f"{day.key}/": day.url for day in edition.archive.of("day")}
    for entry in edition.archive.entries:
        for version in entry.paper.versions:
            for number in range(1, version.number + 1):
                moves[f"paper/{entry.paper.key}v{number}/"] = urls.paper(entry.paper)
    for kind, spellings in edition.canonical.items():
        for key, name in spellings.items():
            target = page_of(edition, kind, text.key(name))
            if target and text.key(name) != key:
                moves[urls.collection(kind, key)] = target
    return moves | dict(edition.redirects)


PAGES = PageKind(pages, about="addresses that lead elsewhere")
