"""How the sources are doing: when each was last heard of, what it sent, and what went wrong."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from generator import urls
from generator.language import Language, marked
from generator.pages import PageKind
from generator.pages.view import Edition, Page, Sign
from generator.status import Incident, Standing, notice

_KINDS = {"late": marked("Late"), "failed": marked("Failed")}
_HAPPENED = {"late": marked("late"), "failed": marked("failed")}


class Trouble(Struct, frozen=True, kw_only=True):
    """An incident in words. `name` is its place on the page, `until` is none while it lasts."""

    name: str
    title: str
    message: str
    since: datetime
    until: datetime | None


def pages(edition: Edition) -> Iterator[Page]:
    """Yield /status/."""
    status = edition.status
    language = edition.language
    troubles = tuple(trouble_of(language, each) for each in status.incidents)
    yield Page(
        url=urls.STATUS,
        kind="status",
        template="status.html",
        title=language.gettext("Status"),
        heading=language.gettext("Status"),
        description=language.gettext("How the sources of this archive are doing, and what went wrong."),
        indexed=False,
        modified=troubles[0].since.date() if troubles else None,
        context={
            "standings": tuple((each, said(language, each)) for each in status.standings),
            "troubles": troubles,
            "schedule": status.schedule,
            "notice": notice(status, edition.today, language),
        },
    )


def said(language: Language, standing: Standing) -> str:
    """Return in a few words how a source is doing."""
    if standing.incident:
        return f"{language.gettext(_KINDS[standing.incident.kind])}: {standing.incident.message}"
    if not standing.checked:
        return language.gettext("Not asked yet")
    if standing.newest and standing.due and standing.newest < standing.due:
        return language.gettext("Late")
    return language.gettext("Fine")


def trouble_of(language: Language, incident: Incident) -> Trouble:
    """Return an incident in words."""
    return Trouble(
        name=f"{incident.since:%Y-%m-%d-%H%M}-{incident.source}",
        title=f"{incident.source}: {language.gettext(_HAPPENED[incident.kind])}",
        message=incident.message,
        since=incident.since,
        until=incident.until,
    )


PAGES = PageKind(
    pages,
    about="how the sources are doing, and what went wrong",
    signs=(Sign(title=marked("Status"), url=urls.STATUS, place=95, foot=True),),
)
