"""What editors changed: corrections, withdrawals, duplicates, names put together or apart, moves; when, and why."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from msgspec import Struct

from generator import tex, text, urls
from generator.language import marked
from generator.model import Naming, Override, Paper
from generator.pages import PageKind
from generator.pages.view import Edition, Page, Sign, numbered, pager, parts, place_of


class Change(Struct, frozen=True, kw_only=True):
    """One change: what kind of change, of what, how and why. `url` is the page it is about, or empty."""

    day: date
    kind: str
    title: str
    url: str
    detail: str
    reason: str


class Changes(Struct, frozen=True, kw_only=True):
    """What was changed on one day."""

    day: date
    changes: tuple[Change, ...]


def pages(edition: Edition) -> Iterator[Page]:
    """Yield /changes/, in parts where there are many."""
    changes = changes_of(edition)
    found = parts(changes, edition.rules.page_size)
    said = edition.language.gettext
    for number, part in enumerate(found, 1):
        days = tuple(Changes(day=day, changes=tuple(of)) for day, of in groupby(part, key=lambda change: change.day))
        yield Page(
            url=urls.changes(number),
            kind="changes",
            template="changes.html",
            title=numbered(edition.language, said("Changes"), number),
            heading=said("Changes"),
            description=said("What the editors of this archive corrected, withdrew, merged, split or moved, and why."),
            modified=changes[0].day if changes else None,
            number=number,
            context={"days": days, "pager": pager(number, len(found), urls.changes)},
        )


def changes_of(edition: Edition) -> tuple[Change, ...]:
    """Return every change with a date, the newest first."""
    papers = {entry.paper.key: entry.paper for entry in edition.archive.entries}
    found = [
        *(_of_paper(key, override, edition, papers) for key, override in edition.overrides.items()),
        *(_of_name(naming, edition) for naming in edition.aliases.namings),
        *(
            Change(
                day=move.day,
                kind=edition.language.gettext("Moved address"),
                title=f"/{old}",
                url=move.to,
                detail="",
                reason=move.reason,
            )
            for old, move in edition.redirects.items()
            if move.day
        ),
    ]
    changes = [change for change in found if change]
    return tuple(sorted(changes, key=lambda change: (-change.day.toordinal(), change.kind, change.title, change.url)))


def _of_paper(key: str, override: Override, edition: Edition, papers: dict[str, Paper]) -> Change | None:
    """Return the change that an override is; none where its paper is not in the archive."""
    paper = papers.get(edition.duplicates.get(key, key))
    if paper is None:
        return None
    said = edition.language.gettext
    kind, detail = said("Correction"), ", ".join(override.set)
    if key in edition.duplicates:
        detail = said("%(kept)s stays for %(id)s", kept=override.duplicate_of, id=key)
        kind = said("Duplicate")
    elif "withdrawn" in override.set:
        kind, detail = said("Withdrawal"), paper.withdrawn
    title, url = tex.plain(paper.title), urls.paper(paper)
    return Change(day=override.date, kind=kind, title=title, url=url, detail=detail, reason=override.reason)


def _of_name(naming: Naming, edition: Edition) -> Change | None:
    if not naming.day:
        return None
    key = text.key(naming.name)
    return Change(
        day=naming.day,
        kind=edition.language.gettext("Split name") if naming.parts else edition.language.gettext("Merged names"),
        title=naming.name,
        url=place_of(edition, naming.kind, key),
        detail=", ".join((*naming.spellings, *(part.name for part in naming.parts))),
        reason=naming.reason,
    )


PAGES = PageKind(
    pages,
    about="what editors changed, with date and reason",
    signs=(Sign(title=marked("Changes"), url=urls.CHANGES, place=90, foot=True),),
)
