"""Each paper as BibTeX."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from generator import urls
from generator.bibtex import bibtex
from generator.model import Alternate, Artifact
from generator.outputs import Output
from generator.pages.view import Edition, Page
from generator.site import Site

FILE = "papers.bib"


def files(site: Site) -> Iterator[Artifact]:
    """Yield the BibTeX entry of every paper."""
    keys = site.edition.citation_keys
    for entry in site.edition.archive.entries:
        paper = entry.paper
        yield Artifact(PurePosixPath(urls.twin(urls.paper(paper), FILE)), bibtex(paper, keys[paper.id]).encode())


def links(edition: Edition, page: Page) -> tuple[Alternate, ...]:  # noqa: ARG001 - the shape of `Output.links`
    """Return the BibTeX entry of the page's paper."""
    if page.paper is None:
        return ()
    return (Alternate(title="BibTeX", url=urls.twin(page.url, FILE), type="application/x-bibtex"),)


OUTPUT = Output(files, about="a BibTeX entry for every paper", links=links)
