"""The index that the search page and `broadsheet search` read; docs/search.md is its format."""

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from generator import tex, urls
from generator.archive import Archive, Collection
from generator.model import Artifact, Draft, Paper
from generator.outputs import Output
from generator.pages.view import Page
from generator.render import markdown
from generator.search import analysis, index
from generator.search.postings import Document
from generator.search.stock import lunr_index
from generator.site import Site

STOCK = "lunr.json"
_CARD = "hit.html"
_NAMES = {"topic": "topic", "organisation": "org"}


def files(site: Site) -> Iterator[Artifact | Draft]:
    """Yield every file of the index, and that for stock lunr.js where the archive is small enough."""
    archive = site.edition.archive
    entries = {entry.paper.id: entry for entry in archive.entries}

    def hit(document: Document) -> Page:
        context = {"entry": entries[document.id]}
        return Page(url=urls.SEARCH, kind="hit", template=_CARD, title="", heading="", context=context)

    def card(document: Document) -> str:
        return site.html(hit(document)).strip()

    prepared = site.edition.prepared()
    drafts = index.drafts(prepared, choices(archive), card=card, stands_for=lambda document: site.key(hit(document)))
    for name, key, make in drafts:
        path = PurePosixPath(urls.SEARCH, name)
        yield Draft(str(path), key, make) if key else Artifact(path, make())
    found = prepared.documents
    if found and len(found) <= site.lunr_papers:
        yield Artifact(PurePosixPath(urls.SEARCH, STOCK), lunr_index(sorted(found, key=lambda each: each.id)))


def documents(archive: Archive) -> Iterator[Document]:
    """Yield every paper of `archive` as search sees it, without its card."""
    named = {
        kind: {group.key: _filters(prefix, group) for group in archive.of(kind)} for kind, prefix in _NAMES.items()
    }
    for entry in archive.entries:
        paper = entry.paper
        if paper.withdrawn:  # found by who asks for it, and by nobody else
            none = ("", "", "", "", "")
            yield Document(id=paper.id, day="", fields=none, filters=(f"id:{paper.id.lower()}",), url=urls.paper(paper))
            continue
        when = entry.featured.day if entry.featured else paper.published
        filters = [f"id:{paper.id.lower()}", *_facts(paper)]
        for kind, names in named.items():
            filters += [term for key in archive.filed[kind][paper.id] for term in names[key]]
        yield Document(
            id=paper.id,
            day=when.isoformat() if when else "",
            fields=_fields(paper),
            also=tuple(seen.day.isoformat() for seen in paper.featured if seen.day != when),
            filters=tuple(dict.fromkeys(filters)),
            votes=entry.featured.upvotes if entry.featured else 0,
            url=urls.paper(paper),
        )


def choices(archive: Archive) -> dict[str, list[tuple[str, int]]]:
    """Return topics, organisations and subjects to choose from, the commonest first, with their numbers of papers."""
    found = {
        prefix: [(group.title, len(group.entries)) for group in sorted(archive.of(kind), key=_commonest)]
        for kind, prefix in _NAMES.items()
    }
    papers = (entry.paper for entry in archive.entries if not entry.paper.withdrawn)
    subjects = Counter(subject for paper in papers for subject in dict.fromkeys(paper.subjects))
    return found | {"subject": sorted(subjects.items(), key=lambda pair: (-pair[1], pair[0]))}


def _commonest(group: Collection) -> tuple[int, str]:
    return -len(group.entries), group.key


def _fields(paper: Paper) -> tuple[str, str, str, str, str]:
    texts = (markdown.plain(paper.abstract), tex.plain(paper.summary))
    return (
        tex.plain(paper.title),
        "\n\n".join(text for text in texts if text),
        "\n".join(author.name for author in paper.authors),
        "\n".join(paper.topics),
        paper.organisation.name if paper.organisation else "",
    )


def _filters(prefix: str, group: Collection) -> tuple[str, ...]:
    """Return the filter terms of a group: it is found by each of its spellings."""
    keys = dict.fromkeys(analysis.key(name) for name in (group.title, *group.names))
    return tuple(f"{prefix}:{key}" for key in keys if key)


def _facts(paper: Paper) -> Iterator[str]:
    """Yield the filter terms for what a paper has."""
    for subject in paper.subjects:
        yield f"subject:{analysis.key(subject)}"
    if paper.code:
        yield "has:code"
    if paper.project:
        yield "has:project"
    if paper.arxiv:
        yield "has:pdf"


OUTPUT = Output(files, about="the search index")
