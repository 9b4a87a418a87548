"""The feed and the style sheet of the benchmark."""

from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from functools import partial
from pathlib import Path, PurePosixPath

from broadsheet_bench.pages import latest
from generator.archive import Entry
from generator.memo import digest
from generator.model import Artifact, Draft
from generator.outputs import Output
from generator.site import Site

_STYLE = Path(__file__).with_name("style.css").read_bytes()


def files(site: Site) -> Iterator[Artifact | Draft]:
    """Yield feed.xml, RSS of the 50 papers that came last, and style.css."""
    entries = latest(site.edition)
    key = digest(repr((site.masthead, entries)).encode())
    yield Draft("feed.xml", key, partial(_feed, site.masthead.title, site.masthead.base_url, entries))
    yield Artifact(PurePosixPath("style.css"), _STYLE)


def _feed(title: str, base_url: str, entries: tuple[Entry, ...]) -> bytes:
    # Here, because they take a while to load, and most builds leave the feed as it is.
    from lxml import etree  # noqa: PLC0415

    from generator.render import markdown  # noqa: PLC0415

    root = etree.Element("rss", version="2.0")
    channel = etree.SubElement(root, "channel")
    for name, value in (("title", title), ("link", base_url), ("description", title)):
        etree.SubElement(channel, name).text = value
    for entry in entries:
        paper, seen = entry.paper, entry.featured
        assert seen is not None
        url = f"{base_url}papers/{paper.id}/"
        item = etree.SubElement(channel, "item")
        when = format_datetime(datetime.fromisoformat(f"{seen.day}T{seen.by.replace('Z', '+00:00')}"))
        values = (("title", paper.title), ("link", url), ("guid", url), ("pubDate", when))
        for name, value in (*values, ("description", str(markdown.html(paper.abstract)))):
            etree.SubElement(item, name).text = value
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


OUTPUT = Output(files, about="the feed and the style sheet of the benchmark")
