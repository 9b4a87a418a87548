"""Papers for reference managers: BibTeX, RIS and CSL-JSON of each paper, and of each list.

A paper's own files hold its abstract where the format has a place for it that does no harm; those of lists do not.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial

import msgspec
from msgspec import Struct

from generator import urls
from generator.archive import Collection
from generator.citation.bibtex import bibtex
from generator.citation.csl import csl_item
from generator.citation.ris import ris
from generator.memo import digest
from generator.model import Alternate, Draft, Paper
from generator.outputs import Output
from generator.pages.view import Edition, Page, is_beside
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


def files(site: Site) -> Iterator[Draft]:
    """Yield each paper and each list in every format."""
    edition = site.edition
    papers = {entry.paper.id: entry.paper for entry in edition.archive.entries}
    for form in FORMATS:
        for paper in papers.values() if is_beside(edition, form.file) else ():
            make = partial(_alone, form, paper, edition.citation_keys[paper.id])
            yield _draft(edition, form, urls.paper(paper), [paper.id], make)
        yield from _lists(edition, form, papers)


def links(edition: Edition, page: Page) -> tuple[Alternate, ...]:
    """Return the page's paper or list in every format."""
    if page.paper is None and page.collection is None:
        return ()
    home = page.url if page.collection is None else page.collection.url
    return tuple(
        Alternate(title=form.title, url=urls.twin(home, form.file), type=form.type)
        for form in FORMATS
        if is_beside(edition, form.file, page.collection)
    )


def _alone(form: Format, paper: Paper, key: str) -> bytes:
    return form.several([form.one(paper, key, markdown.plain(paper.abstract))])


def _lists(edition: Edition, form: Format, papers: dict[str, Paper]) -> Iterator[Draft]:
    @lru_cache(maxsize=_REMEMBERED)
    def one(id_: str) -> bytes:
        return form.one(papers[id_], edition.citation_keys[id_], "")

    for kind in edition.archive.collections:
        for collection in edition.archive.of(kind):
            if is_beside(edition, form.file, collection):
                ids = tuple(_ids(collection))
                yield _draft(edition, form, collection.url, ids, partial(_together, form, one, ids))


def _together(form: Format, one: Callable[[str], bytes], ids: Sequence[str]) -> bytes:
    return form.several([one(id_) for id_ in ids])


def _ids(collection: Collection) -> Iterator[str]:
    """Yield the id of each paper once: a week may show a paper on two of its days."""
    yield from dict.fromkeys(entry.paper.id for entry in collection.entries)


def _draft(edition: Edition, form: Format, url: str, ids: Sequence[str], make: Callable[[], bytes]) -> Draft:
    """Return the file of `form` at `url`, which depends on the papers `ids` and on what they are cited by."""
    parts = (part for id_ in ids for part in (edition.digests[id_], edition.citation_keys[id_].encode()))
    return Draft(urls.twin(url, form.file), digest(form.file.encode(), *parts), make)


OUTPUT = Output(files, about="BibTeX, RIS and CSL-JSON of every paper and list", links=links, in_shares=True)
