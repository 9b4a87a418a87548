"""What the map's script draws and says: places of all papers, names of topics, and titles by the hundred."""

from collections.abc import Iterator
from pathlib import PurePosixPath

import msgspec
from msgspec import Struct

from generator import tex, urls
from generator.model import Artifact
from generator.outputs import Output
from generator.pages.map import Chart
from generator.site import Site

CHUNK = 256


class RegionJson(Struct, frozen=True, kw_only=True):
    """A name on the map: where its middle is, and how many papers the topic has."""

    title: str
    count: int
    x: int
    y: int


class MapJson(Struct, frozen=True, kw_only=True):
    """What is not a point: `fresh` are the papers, the last ones, that are new; titles come `chunk` in a file."""

    schema: int
    papers: int
    fresh: int
    chunk: int
    regions: tuple[RegionJson, ...]


def files(site: Site) -> Iterator[Artifact]:
    """Yield the points, the names, and the titles of the points in the order of the points."""
    chart = next((each for page in site.pages.of("map") if isinstance(each := page.context.get("chart"), Chart)), None)
    if chart is None:
        return
    edition = site.edition
    documents = edition.prepared().documents
    # All x, then all y.
    yield Artifact(PurePosixPath(urls.MAP, "points.bin"), edition.places.T.astype("<u2").tobytes())
    index = MapJson(
        schema=1,
        papers=len(documents),
        fresh=chart.fresh,
        chunk=CHUNK,
        regions=tuple(
            RegionJson(title=tex.plain(region.title), count=region.count, x=region.x, y=region.y)
            for region in chart.regions
        ),
    )
    yield Artifact(PurePosixPath(urls.MAP, "index.json"), msgspec.json.encode(index))
    for number, start in enumerate(range(0, len(documents), CHUNK)):
        lines = [
            (document.fields[0], urls.quoted(document.url).removeprefix("paper/").removesuffix("/"), document.day)
            for document in documents[start : start + CHUNK]
        ]
        yield Artifact(PurePosixPath(urls.MAP, "titles", f"{number}.json"), msgspec.json.encode(lines))


OUTPUT = Output(files, about="the points, names and titles of the map")
