"""How the sources are doing, for programs that watch the site."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import PurePosixPath

import msgspec
from msgspec import Struct

from generator.language import ENGLISH
from generator.model import Alternate, Artifact
from generator.outputs import Output
from generator.pages.status import said
from generator.pages.view import Edition, Page
from generator.site import Site
from generator.status import Incident, Standing

SCHEMA = 1
FILE = "status.json"


class SourceStatus(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One source: what is not known is left out. Moments are in UTC."""

    name: str
    ok: bool
    status: str
    checked: datetime | None = None
    newest: date | None = None
    expected: date | None = None
    received: int = 0
    usual: int = 0
    failures: int = 0


class StatusJson(Struct, frozen=True, kw_only=True):
    """All sources: `ok` where none is late or fails."""

    schema: int = SCHEMA
    ok: bool
    sources: tuple[SourceStatus, ...]
    incidents: tuple[Incident, ...]


def files(site: Site) -> Iterator[Artifact]:
    """Yield status.json."""
    status = site.edition.status
    sources = tuple(map(_source, status.standings))
    told = StatusJson(ok=all(each.ok for each in sources), sources=sources, incidents=status.incidents)
    yield Artifact(PurePosixPath(FILE), msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n")


def links(edition: Edition, page: Page) -> tuple[Alternate, ...]:
    """Return the file for the page about the same."""
    return (
        (Alternate(title=edition.language.gettext("Status (JSON)"), url=FILE, type="application/json"),)
        if page.kind == "status"
        else ()
    )


def _source(standing: Standing) -> SourceStatus:
    words = said(ENGLISH, standing)
    return SourceStatus(
        name=standing.label,
        ok=words == "Fine" or not standing.checked,
        status=words,
        checked=standing.checked,
        newest=standing.newest,
        expected=standing.due,
        received=standing.received,
        usual=standing.usual,
        failures=standing.failures,
    )


OUTPUT = Output(files, about="how the sources are doing", links=links)
