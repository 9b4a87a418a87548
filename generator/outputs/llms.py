"""llms.txt: what this site is and where its texts are, for programs that read (https://llmstxt.org/)."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import PurePosixPath

from generator import urls
from generator.dates import long_date
from generator.model import Artifact
from generator.outputs import Output
from generator.pages.view import is_beside
from generator.site import Site
from generator.text import one_line, plural
from generator.verbatim import inert, label, markdown

FILE = "llms.txt"
_MARKDOWN = "index.md"
_DAYS = 10
_FILES = (
    ("latest.md", "The newest list as Markdown", "with a summary or the abstract of each paper"),
    ("latest.json", "The newest list as JSON", "everything known; `previous` leads to the list before"),
    ("day/index.json", "All days as JSON", "with the number of papers of each"),
    ("feed.json", "The newest papers", "JSON Feed; also feed.xml and atom.xml"),
    ("feeds.opml", "All feeds", "OPML"),
    ("sitemap.xml", "All pages", "sitemap"),
)
_RULES = (
    "- A paper lies at `paper/<id>/`; an arXiv paper has its arXiv id, with a dash for the slash of old ones.",
    "- A day is the day on which people put papers on the list, not the day of their publication.",
    "- Beside papers and lists lie the other forms that this archive has: `index.md`, `index.json`, `papers.bib`.",
    "- Votes and comments are those seen for that day's list; what is unknown is left out.",
)


def files(site: Site) -> Iterator[Artifact]:
    """Yield llms.txt."""
    yield Artifact(PurePosixPath(FILE), inert("\n\n".join(filter(None, _blocks(site))) + "\n").encode())


def _blocks(site: Site) -> Iterator[str]:
    masthead, archive = site.masthead, site.edition.archive
    yield f"# {_text(masthead.title)}"
    yield f"> {_text(masthead.description or 'An archive of research papers that people chose, day by day.')}"
    yield f"{plural(len(archive.entries), 'paper')} on {plural(len(archive.days), 'day')}."
    yield "\n".join(_RULES)
    if archive.days:
        yield _section(site, "Data", _FILES)
        newest = islice(archive.of("day"), _DAYS)
        lists = [
            (
                urls.twin(day.url, _MARKDOWN) if is_beside(site.edition, _MARKDOWN, day) else day.url,
                long_date(date.fromisoformat(day.key)),
                "",
            )
            for day in newest
        ]
        yield _section(site, "Newest lists", lists)
    yield _section(site, "Pages", [(urls.note(note.name), note.title, "") for note in site.edition.notes])


def _section(site: Site, title: str, links: Iterable[tuple[str, str, str]]) -> str:
    lines = [
        f"- [{label(name)}]({urls.absolute(site.masthead.base_url, url)})" + (f": {told}" if told else "")
        for url, name, told in links
    ]
    return "\n".join((f"## {title}\n", *lines)) if lines else ""


def _text(text: str) -> str:
    """Return Markdown that shows exactly `text`, on one line."""
    return markdown(one_line(text))


OUTPUT = Output(files, about="what programs that read should know")
