"""The numbers behind each figure of the statistics, as CSV (RFC 4180) and as JSON."""

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import PurePosixPath

import msgspec
from msgspec import Struct

from generator import tex, urls
from generator.language import ENGLISH
from generator.model import Alternate, Artifact
from generator.outputs import Output
from generator.pages.statistics import statistics
from generator.pages.view import Edition, Page
from generator.site import Site
from generator.statistics import Cell, Statistics, Table

SCHEMA = 1
FILE = "index.json"
# A spreadsheet takes a text that begins like this for a formula (https://owasp.org/www-community/attacks/CSV_Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class FigureJson(Struct, frozen=True, kw_only=True):
    """A figure: what is counted, the names of the columns, and the rows."""

    key: str
    title: str
    text: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class StatisticsJson(Struct, frozen=True, kw_only=True):
    """All figures. `first` and `last` are the days of the first and the newest list."""

    schema: int
    first: date | None
    last: date | None
    totals: dict[str, int]
    figures: tuple[FigureJson, ...]


def files(site: Site) -> Iterator[Artifact]:
    """Yield a CSV file for each figure, and one JSON file for all."""
    for page in site.pages.of("statistics"):
        made = page.context.get("statistics")
        if isinstance(made, Statistics) and site.edition.language is not ENGLISH:
            made = statistics(site.edition, ENGLISH)  # a file for programs is the same in every language
        if isinstance(made, Statistics):
            for figure in made.figures:
                yield Artifact(PurePosixPath(page.url, f"{figure.key}.csv"), _csv(figure.table).encode())
            data = msgspec.json.encode(_json(made))
            yield Artifact(PurePosixPath(page.url, FILE), msgspec.json.format(data, indent=1) + b"\n")


def links(edition: Edition, page: Page) -> tuple[Alternate, ...]:  # noqa: ARG001 - the shape of `Output.links`
    """Return the JSON of the statistics."""
    if page.kind != "statistics":
        return ()
    return (Alternate(title="JSON", url=urls.twin(page.url, FILE), type="application/json"),)


def _csv(table: Table) -> str:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(map(_safe, table.columns))
    writer.writerows(map(_safe, row.cells) for row in table.rows)
    return text.getvalue()


def _safe(cell: Cell) -> Cell:
    """Return `cell` so that no spreadsheet takes it for a formula."""
    plain = _plain(cell)
    return f"'{plain}" if isinstance(plain, str) and plain.startswith(_FORMULA) else plain


def _plain(cell: Cell) -> Cell:
    return tex.plain(cell) if isinstance(cell, str) else cell


def _json(made: Statistics) -> StatisticsJson:
    return StatisticsJson(
        schema=SCHEMA,
        first=made.first,
        last=made.last,
        totals={total.title: total.count for total in made.totals},
        figures=tuple(
            FigureJson(
                key=figure.key,
                title=figure.title,
                text=figure.text,
                columns=tuple(tex.plain(name) for name in figure.table.columns),
                rows=tuple(tuple(map(_plain, row.cells)) for row in figure.table.rows),
            )
            for figure in made.figures
        ),
    )


OUTPUT = Output(files, about="the numbers behind the statistics as CSV and JSON", links=links)
