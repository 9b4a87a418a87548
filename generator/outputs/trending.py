"""Every ranking of trending papers as JSON, beside its page; docs/formats.md describes the keys."""

from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath

import msgspec
from msgspec import Struct

from generator import tex, urls
from generator.model import Alternate, Artifact
from generator.outputs import Output
from generator.pages.view import Edition, Page
from generator.site import Site
from generator.trending import Ranked, Ranking, Weights

SCHEMA = 1
FILE = "index.json"


class RankedJson(Struct, frozen=True, kw_only=True):
    """A paper of the ranking: its place, its score, and for each part of it what was counted and the points it gave."""

    place: int
    id: str
    url: str
    title: str
    day: date
    score: float
    counts: dict[str, int]
    points: dict[str, float]


class RankingJson(Struct, frozen=True, kw_only=True):
    """The ranking of the lists from `first` to `last`, and the weights it was made with."""

    schema: int
    url: str
    first: date
    last: date
    papers: int
    weights: Weights
    ranked: tuple[RankedJson, ...]


def files(site: Site) -> Iterator[Artifact]:
    """Yield the JSON of every ranking."""
    for page in site.pages.of("trending"):
        ranking = page.context.get("ranking")
        if isinstance(ranking, Ranking):
            data = msgspec.json.encode(_ranking(site, page, ranking))
            path = PurePosixPath(urls.twin(page.url, FILE))
            yield Artifact(path, msgspec.json.format(data, indent=1) + b"\n")


def links(edition: Edition, page: Page) -> tuple[Alternate, ...]:  # noqa: ARG001 - the shape of `Output.links`
    """Return the JSON of a ranking."""
    if not isinstance(page.context.get("ranking"), Ranking):
        return ()
    return (Alternate(title="JSON", url=urls.twin(page.url, FILE), type="application/json"),)


def _ranking(site: Site, page: Page, ranking: Ranking) -> RankingJson:
    return RankingJson(
        schema=SCHEMA,
        url=urls.absolute(site.masthead.base_url, page.url),
        first=ranking.first,
        last=ranking.last,
        papers=ranking.papers,
        weights=site.edition.rules.ranking,
        ranked=tuple(_row(site, row) for row in ranking.ranked),
    )


def _row(site: Site, row: Ranked) -> RankedJson:
    paper, seen = row.entry.paper, row.entry.featured
    assert seen is not None, "only papers on a list are ranked"
    return RankedJson(
        place=row.place,
        id=paper.id,
        url=urls.absolute(site.masthead.base_url, urls.paper(paper)),
        title=tex.plain(paper.title),
        day=seen.day,
        score=row.score,
        counts={"age" if part.name == "recency" else part.name: part.count for part in row.parts},
        points={part.name: part.points for part in row.parts},
    )


OUTPUT = Output(files, about="every ranking of trending papers as JSON", links=links)
