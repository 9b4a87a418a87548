"""A whole site from text, in memory."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import generator.outputs
import generator.pages
from generator.commands.build import Content, edition_of
from generator.commands.build import site_of as planned
from generator.config import load
from generator.model import Aliases, Author, Featured, Notes, Organisation, Override, Paper, Redirect
from generator.outputs import Output
from generator.pages import PageKind
from generator.registry import discover
from generator.site import Site
from generator.status import State
from generator.store import codec, disk

NOW = datetime(2026, 2, 3, 12, tzinfo=UTC)
NOWHERE = Path("nowhere")
SETTINGS = "site: {title: The Archive, base_url: 'https://example.org/papers/'}\npeople: {min_papers: 1}\n"


def paper_of(id: str = "2602.00001", *, day: str = "2026-02-02", rank: int = 1, **fields: object) -> Paper:  # noqa: A002
    """Return a paper on the list of `day`, complete but for what `fields` say."""
    given: dict[str, object] = {
        "title": f"Paper {id}",
        "authors": (Author(name="Ada Lovelace"), Author(name="李明")),
        "organisation": Organisation(slug="analytical", name="Analytical Society"),
        "published": date(2026, 1, 30),
        "featured": (Featured(day=date.fromisoformat(day), rank=rank, upvotes=12, comments=2, by="Jo"),),
        "topics": ("engines", "notes"),
        "abstract": "An engine weaves patterns.",
        "sources": {"hf-daily": ("title",)},
    }
    return Paper(id=id, **(given | fields))  # type: ignore[arg-type]


def site(
    *papers: Paper,
    settings: str = SETTINGS,
    now: datetime = NOW,
    aliases: Aliases | None = None,
    notes: Notes | None = None,
    overrides: Mapping[str, Override] | None = None,
    redirects: Mapping[str, str] | None = None,
    published: frozenset[str] = frozenset(),
    status: State | None = None,
    root: Path = NOWHERE,
) -> Site:
    """Return the planned site of `papers`; themes are looked for in `root` first."""
    chosen = load(settings, root=root, kinds=("arxiv", "hf-daily"), warn=lambda *_: None)
    content = Content(
        papers=papers,
        overrides=overrides or {},
        aliases=aliases or Aliases(),
        notes=notes or Notes(),
        redirects={old: Redirect(to=new) for old, new in (redirects or {}).items()},
        published=published,
        status=status or State(),
    )
    outputs, kinds = discover(generator.outputs, "OUTPUT", Output), discover(generator.pages, "PAGES", PageKind)
    return planned(chosen, edition_of(chosen, content, now), outputs, kinds)


def files_of(made: Site) -> dict[str, str]:
    """Return the text of every file of `made` by its path; files that are not text are left out."""
    return dict(_texts(made))


def bytes_of(made: Site) -> dict[str, bytes]:
    """Return every file of `made` by its path."""
    outputs = discover(generator.outputs, "OUTPUT", Output).values()
    return {str(artifact.path): artifact.data for output in outputs for artifact in output.files(made)}


def archive_at(root: Path, *papers: Paper, settings: str = SETTINGS) -> Path:
    """Write an archive of `papers` at `root`."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "archive.yml").write_text(settings)
    for paper in papers:
        disk.write_paper(root / "content", paper)
    return root


def files_below(folder: Path) -> dict[str, bytes]:
    """Return every file below `folder` by its path from there."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def site_of(*pages: str, **given: object) -> dict[str, str]:
    """Return the files of the site whose content pages are `pages`, the texts of Markdown files."""
    papers = [codec.decode(page.encode(), f"page {number}") for number, page in enumerate(pages, 1)]
    return files_of(site(*papers, **given))  # type: ignore[arg-type]


def _texts(made: Site) -> Iterator[tuple[str, str]]:
    for path, data in bytes_of(made).items():
        with suppress(UnicodeDecodeError):
            yield path, data.decode()


def html_pages(files: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """Return the HTML pages among `files`."""
    return [(path, text) for path, text in sorted(files.items()) if path.endswith(".html")]
