"""The archive that travels with Broadsheet: real facts, and descriptions in the editors' own words."""

import gzip
import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from generator import config, shipped, verbatim
from generator.archive import Archive, archive_of
from generator.merge import merge
from generator.model import Paper, Record
from generator.sources import Document, hf_daily
from generator.store import codec, disk

CONTENT = shipped.demo_folder() / "content"
SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z0-9$*])")
RUN = 6


@pytest.fixture(scope="module")
def papers() -> tuple[Paper, ...]:
    """Return the papers that are shipped."""
    return disk.read_papers(CONTENT)


@pytest.fixture(scope="module")
def archive(papers: tuple[Paper, ...]) -> Archive:
    """Return the archive of the shipped papers."""
    return archive_of(papers, aliases=disk.read_aliases(CONTENT))


@pytest.fixture(scope="module")
def told(real_data: Path, papers: tuple[Paper, ...]) -> Mapping[str, list[Record]]:
    """Return what the stored lists say of the shipped papers, by id, on the days that are shipped."""
    shown = {(paper.id, seen.day) for paper in papers for seen in paper.featured}
    found: dict[str, list[Record]] = defaultdict(list)
    for month in sorted({day.strftime("%Y-%m") for _, day in shown}):
        file = real_data / "hf_daily_papers" / "months" / f"{month}.jsonl.gz"
        lines = gzip.decompress(file.read_bytes()).splitlines()
        for record in hf_daily.parse(Document(file.name, line) for line in lines):
            if isinstance(record, Record) and record.featured and (record.id, record.featured.day) in shown:
                found[record.id].append(record)
    assert found.keys() == {paper.id for paper in papers}
    return found


def test_there_is_enough_to_see(archive: Archive) -> None:
    """Sixty papers on twelve days, in weeks of several months and years."""
    assert len(archive.entries) >= 60
    assert len(archive.days) >= 12
    assert len(archive.collections["week"]) >= 4
    assert len(archive.collections["month"]) >= 3
    assert len(archive.collections["year"]) >= 2


@pytest.mark.parametrize("kind", ["topic", "organisation", "author"])
def test_groups_have_something_in_them(archive: Archive, kind: str) -> None:
    """Topics, organisations and people come back, so that their pages are worth a visit."""
    assert sum(len(group.entries) > 1 for group in archive.of(kind)) >= 10


def test_aliases_are_alive(archive: Archive) -> None:
    """Every alias joins or renames something that is shipped."""
    used = {kind: {group.title for group in archive.of(kind)} for kind in ("topic", "organisation", "author")}

    unused = {
        name
        for kind, names in disk.read_aliases(CONTENT).canonical.items()
        for name in names.values()
        if name not in used[kind]
    }

    assert not unused


def test_instructive_papers_are_there(papers: tuple[Paper, ...]) -> None:
    """A paper of two days, a crowd of authors, awkward titles, silence and talk, with and without code."""
    assert any(len(paper.featured) > 1 for paper in papers)
    assert any(len(paper.authors) > 100 for paper in papers)
    assert all(any(mark in paper.title for paper in papers) for mark in ("<think>", '"', "|", "^", "&"))
    assert {bool(seen.comments) for paper in papers for seen in paper.featured} == {True, False}
    assert {paper.organisation is None for paper in papers} == {True, False}
    assert {paper.stars is None for paper in papers if paper.code} == {True, False}
    assert any(paper.project for paper in papers)


def test_descriptions_are_short_and_marked(papers: tuple[Paper, ...]) -> None:
    """Each paper has two or three sentences by the editors, and no other text that somebody wrote."""
    odd = {
        paper.id
        for paper in papers
        if not paper.abstract_by
        or not 2 <= len(SENTENCE_END.split(paper.abstract)) <= 3
        or "\n" in paper.abstract
        or paper.summary
    }

    assert not odd


def test_descriptions_differ(papers: tuple[Paper, ...]) -> None:
    """No two descriptions share a run of words: none was written by filling in a form."""
    runs = [run for paper in papers for run in _runs(paper.abstract)]

    assert len(runs) == len(set(runs))


def test_descriptions_are_our_own(papers: tuple[Paper, ...], told: Mapping[str, list[Record]]) -> None:
    """No six words in a row stand in the paper's abstract, or in the summary that the list gives."""
    copied = {
        paper.id: runs
        for paper in papers
        for record in told[paper.id]
        if (runs := _runs(paper.abstract) & (_runs(record.abstract or "") | _runs(record.summary or "")))
    }

    assert not copied


def test_facts_are_those_of_the_lists(papers: tuple[Paper, ...], told: Mapping[str, list[Record]]) -> None:
    """All but descriptions and the choice of topics is what an import of the lists gives; nothing is invented."""
    own = ("abstract", "abstract_by", "topics", "summary", "summary_by", "sources")

    for paper in papers:
        fresh = _merged(None, told[paper.id])

        assert replace(paper, **{name: getattr(fresh, name) for name in own}) == fresh
        assert set(paper.topics) <= set(fresh.topics)
        assert bool(paper.topics) == bool(fresh.topics)


def test_import_leaves_descriptions_alone(papers: tuple[Paper, ...], told: Mapping[str, list[Record]]) -> None:
    """A later import of the same lists changes neither a description nor a choice of topics."""
    for paper in papers:
        again = _merged(paper, told[paper.id])

        assert (again.abstract, again.abstract_by, again.topics) == (paper.abstract, paper.abstract_by, paper.topics)
        assert again.featured == paper.featured


def test_files_are_as_they_would_be_written() -> None:
    """Reading a page and writing it again gives the same bytes, so that no fetch makes noise in the history."""
    files = sorted((CONTENT / "papers").rglob("*.md"))

    changed = [
        file.name for file in files if codec.encode(codec.decode(file.read_bytes(), file.name)) != file.read_bytes()
    ]

    assert files
    assert not changed


def test_descriptions_are_plain_text(papers: tuple[Paper, ...]) -> None:
    """No description depends on Markdown to be read rightly."""
    assert not [paper.id for paper in papers if verbatim.text(paper.abstract) is None]


def test_overrides_correct_shipped_papers(papers: tuple[Paper, ...]) -> None:
    """Every override is about a paper that is there, and changes it."""
    known = {paper.key: paper for paper in papers}

    idle = {
        key
        for key, override in disk.read_overrides(CONTENT).items()
        if key not in known or all(getattr(known[key], name) == value for name, value in override.set.items())
    }

    assert not idle


def test_notes_are_about_shipped_days(archive: Archive) -> None:
    """There is a page about the archive, and words about some of its days and no others."""
    notes = disk.read_notes(CONTENT)

    assert "about" in {note.name for note in notes.pages}
    assert notes.days
    assert {day.isoformat() for day in notes.days} <= set(archive.days)


def test_settings_are_right_and_known() -> None:
    """The shipped settings load, and nothing in them means nothing."""
    unknown: list[str] = []
    folder = shipped.demo_folder()

    settings = config.load(
        (folder / config.FILE).read_text(encoding="utf-8"),
        root=folder,
        kinds=("arxiv", "hf-daily"),
        warn=lambda what, _where: unknown.append(what),
    )

    assert [source.kind for source in settings.sources] == ["arxiv", "hf-daily"]
    assert not unknown


def _merged(known: Paper | None, records: list[Record]) -> Paper:
    return merge(known, records, trust=("hf-daily", "arxiv"), today=date(2027, 1, 1), freeze_after_days=7)


def _runs(text: str) -> set[tuple[str, ...]]:
    """Return every run of `RUN` words in `text`; a decimal number is one word."""
    words = re.findall(r"\w+(?:[.,]\d+)*", text.casefold())
    return set(zip(*(words[start:] for start in range(RUN)), strict=False))
