"""Addresses that lead elsewhere: short forms of days, versions, other spellings, what an editor moved."""

from collections.abc import Iterator

from generator import text, urls
from generator.language import Language
from generator.model import Paper
from generator.pages import PageKind
from generator.pages.view import Edition, Page, has_page, place_of

_PAGED = ("day", "week", "month", "author", "organisation", "topic")


def pages(edition: Edition) -> Iterator[Page]:
    """Yield a redirect for every address that was or could be guessed, to the page that answers for it."""
    for origin, target in sorted(_moves(edition).items()):
        yield redirect(edition.language, origin, target)


def redirect(language: Language, origin: str, target: str) -> Page:
    """Return the page at `origin` that leads to `target`."""
    return Page(
        url=origin,
        kind="redirect",
        template="redirect.html",
        title=language.gettext("Moved"),
        heading=language.gettext("Moved"),
        indexed=False,
        context={"target": target},
    )


def latest(edition: Edition, kind: str) -> Iterator[Page]:
    """Yield the page that always leads to the newest collection of `kind`, if there is one.

    Every page shows the way to it, and does not change when a new list comes.
    """
    newest = max(edition.archive.collections[kind], default="")
    if newest:
        yield redirect(edition.language, urls.latest(kind), urls.collection(kind, newest))


def former_addresses(edition: Edition) -> dict[str, tuple[str, ...]]:
    """Return the published addresses that lead to each page now, by the page's own address."""
    found: dict[str, tuple[str, ...]] = {}
    for origin, target in sorted(_moves(edition).items()):
        if origin in edition.published:
            found[target] = (*found.get(target, ()), origin)
    return found


def _moves(edition: Edition) -> dict[str, str]:
    moves = {f"{day.key}/": day.url for day in edition.archive.of("day")}
    for entry in edition.archive.entries:
        moves |= {origin: urls.paper(entry.paper) for origin in _other_addresses(entry.paper)}
    for kind in _PAGED:
        for collection in edition.archive.of(kind):
            if len(collection.entries) > edition.rules.page_size and has_page(edition, collection):
                moves[f"{collection.url}page/1/"] = collection.url
    moves |= {f"paper/{key}/": f"paper/{kept}/" for key, kept in edition.duplicates.items()}
    for kind, spellings in edition.aliases.canonical.items():
        for key, name in spellings.items():
            target = place_of(edition, kind, text.key(name))
            if target and text.key(name) != key:
                moves[urls.collection(kind, key)] = target
    return moves | {origin: move.to for origin, move in edition.redirects.items()}


def _other_addresses(paper: Paper) -> Iterator[str]:
    """Yield the addresses of a paper's versions, and of the pages it had before it had an id of its own."""
    for version in paper.versions:
        for number in range(1, version.number + 1):
            yield f"paper/{paper.key}v{number}/"
    for name in paper.identifiers:
        if name.startswith("local:"):
            yield f"paper/{name.replace(':', '-')}/"


PAGES = PageKind(pages, about="addresses that lead elsewhere")
