"""Papers for reference managers: BibTeX, RIS and CSL-JSON of each paper, and of each list.

A paper's own files hold its abstract where the format has a place for it that does no harm; those of lists do not.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import PurePosixPath

import msgspec
from msgspec import Struct

from generator import urls
from generator.archive import Collection
from generator.citation.bibtex import bibtex
from generator.citation.csl import csl_item
from generator.citation.ris import ris
from generator.model import Alternate, Artifact, Paper
from generator.outputs import Output
from generator.pages.view import Edition, Page, has_exports
from generator.render import markdown
from generator.site import Site

# A list's papers are on other lists too; more than so many are written again rather than kept in memory.
_REMEMBERED = 1 << 13


class Format(Struct, frozen=True, kw_only=True):
    """A format: the name of its files, their media type, one paper in it (key, abstract), and several as one file."""

    title: str
    file: str
    type: str
    one: Callable[[Paper, str, str], bytes]
    several: Callable[[Sequence[bytes]], bytes] = b"".join


BIBTEX = Format(
    title="BibTeX",
    file="papers.bib",
    type="application/x-bibtex",
    one=lambda paper, key, _: bibtex(paper, key).encode(),
)
FORMATS = (
    BIBTEX,
    Format(
        title="RIS",
        file="papers.ris",
        type="application/x-research-info-systems",
        one=lambda paper, key, abstract: ris(paper, key, abstract=abstract).encode(),
    ),
    Format(
        title="CSL-JSON",
        file="papers.csl.json",
        type="application/vnd.citationstyles.csl+json",
        one=lambda paper, key, abstract: msgspec.json.encode(csl_item(paper, key, abstract=abstract)),
        several=lambda items: b"[" + b",\n".join(items) + b"]\n",
    ),
)


def files(site: Site) -> Iterator[Artifact]:
    """Yield each paper and each list in every format."""
    edition = site.edition
    papers = {entry.paper.id: entry.paper for entry in edition.archive.entries}
    for form in FORMATS:
        for paper in papers.values():
            data = form.one(paper, edition.citation_keys[paper.id], markdown.plain(paper.abstract))
            yield _artifact(urls.paper(paper), form, [data])
        yield from _lists(edition, form, papers)


def links(edition: Edition, page: Page) -> tuple[Alternate, ...]:
    """Return the page's paper or list in every format."""
    if page.paper is None and (page.collection is None or not has_exports(edition, page.collection)):
        return ()
    home = page.url if page.collection is None else page.collection.url
    return tuple(Alternate(title=form.title, url=urls.twin(home, form.file), type=form.type) for form in FORMATS)


def _lists(edition: Edition, form: Format, papers: dict[str, Paper]) -> Iterator[Artifact]:
    @lru_cache(maxsize=_REMEMBERED)
    def one(id_: str) -> bytes:
        return form.one(papers[id_], edition.citation_keys[id_], "")

    for kind in edition.archive.collections:
        for collection in edition.archive.of(kind):
            if has_exports(edition, collection):
                yield _artifact(collection.url, form, [one(id_) for id_ in _ids(collection)])


def _ids(collection: Collection) -> Iterator[str]:
    """Yield the id of each paper once: a week may show a paper on two of its days."""
    yield from dict.fromkeys(entry.paper.id for entry in collection.entries)


def _artifact(url: str, form: Format, items: Sequence[bytes]) -> Artifact:
    return Artifact(PurePosixPath(urls.twin(url, form.file)), form.several(items))


OUTPUT = Output(files, about="BibTeX, RIS and CSL-JSON of every paper and list", links=links)
