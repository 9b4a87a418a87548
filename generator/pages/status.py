"""How the sources are doing: when each was last heard of, what it sent, and what went wrong."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from generator import urls
from generator.pages import PageKind
from generator.pages.view import Edition, Page, Sign
from generator.status import Incident, Standing, notice

_KINDS = {"late": "Late", "failed": "Failed"}


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
    troubles = tuple(map(trouble_of, status.incidents))
    yield Page(
        url=urls.STATUS,
        kind="status",
        template="status.html",
        title="Status",
        heading="Status",
        description="How the sources of this archive are doing, and what went wrong.",
        indexed=False,
        modified=troubles[0].since.date() if troubles else None,
        context={
            "standings": tuple((each, said(each)) for each in status.standings),
            "troubles": troubles,
            "schedule": status.schedule,
            "notice": notice(status, edition.today),
        },
    )


def said(standing: Standing) -> str:
    """Return in a few words how a source is doing."""
    if standing.incident:
        return f"{_KINDS[standing.incident.kind]}: {standing.incident.message}"
    if not standing.checked:
        return "Not asked yet"
    if standing.newest and standing.due and standing.newest < standing.due:
        return "Late"
    return "Fine"


def trouble_of(incident: Incident) -> Trouble:
    """Return an incident in words."""
    return Trouble(
        name=f"{incident.since:%Y-%m-%d-%H%M}-{incident.source}",
        title=f"{incident.source}: {_KINDS[incident.kind].lower()}",
        message=incident.message,
        since=incident.since,
        until=incident.until,
    )


PAGES = PageKind(
    pages,
    about="how the sources are doing, and what went wrong",
    signs=(Sign(title="Status", url=urls.STATUS, place=95, foot=True),),
)
