"""Every recorded answer there is: who takes it, and what becomes of it."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.commands.documents import documents, opened
from generator.model import Record
from generator.sources import Hints, Rejected
from tests.sources.reading import SOURCES, recognised, sound

# The folder or file, who takes it, how many records it has, and how many parts of it are rejected.
EXPECTED = {
    "acl_anthology/2022.acl.xml.gz": ("acl-anthology", 774, 0),
    "acl_anthology/J89.xml": ("acl-anthology", 58, 0),
    "acl_anthology/old-schema-2019/K16.xml": ("acl-anthology", 53, 0),
    "arxiv_abs/abs.jsonl.gz": ("arxiv-mail", 550, 0),
    "arxiv_bulk/arxivData.json.gz": ("table", 1000, 0),
    "arxiv_bulk/arxiv_data.csv.gz": ("table", 1000, 0),
    "arxiv_bulk/kaggle_snapshot_head.jsonl.gz": ("kaggle", 100, 0),
    "arxiv_listings/astro-ph-0007.txt.gz": ("arxiv-mail", 535, 0),
    "arxiv_listings/astro-ph-1805.txt.gz": ("arxiv-mail", 1424, 0),
    "arxiv_listings/math-new.OA.txt": ("arxiv-mail", 3, 0),
    "arxiv_oai/arXiv-format": ("arxiv-oai", 11, 0),
    "arxiv_oai/arXivRaw-format": ("arxiv-oai", 6, 3),
    "arxiv_oai/generic-oai-pmh": ("arxiv-oai", 9, 11),
    "arxiv_oai/oai_dc-format": ("arxiv-oai", 3, 0),
    "bibtex": ("bibtex", 94, 0),
    "conference_csv/miniconf-iclr2020-papers.csv.gz": ("table", 687, 0),
    "daily_papers_page/search-result.txt": ("page-text", 37, 1),
    "hf_third_party/scraped-page-archive.2025-12_2026-02.jsonl.gz": ("hf-archive", 1878, 0),
    "hf_third_party/zh-translations/2025-01-13_HF_deepseek_clean.json": ("hf-archive", 5, 0),
    "ir_cisi/corpus.jsonl.gz": ("table", 1460, 0),
    "ir_cranfield/corpus.jsonl.gz": ("table", 1398, 2),
    "openalex": ("openalex", 4, 0),
    "openreview_lists": ("openreview", 489, 1),
    "pubmed": ("pubmed", 5, 0),
    "rss": ("arxiv-rss", 7, 0),
    "semantic_scholar": ("semantic-scholar", 5, 0),
}
FOREIGN = ("arxiv_api/index.json", "ir_cisi/queries.jsonl", "ir_cisi/qrels.tsv", "ir_cranfield/original/cran.qry")


def files(path: Path) -> Iterator[Path]:
    """Yield the files at `path` that are meant to be read."""
    found = sorted(path.iterdir()) if path.is_dir() else [path]
    yield from (each for each in found if each.name != "ListRecordsBroken.xml")


def head(path: Path) -> bytes:
    """Return how a file begins, unpacked."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        return stream.read(1 << 16)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_recorded_answer_is_read_by_its_source_alone(real_data: Path, name: str) -> None:
    """No two sources of one kind of file want it, all of its papers come, and what does not come has a reason."""
    source, count, rejections = EXPECTED[name]
    found: list[Record | Rejected] = []
    for path in files(real_data / name):
        own = [each.name for each in SOURCES.values() if not each.general and each.recognises(head(path))]
        taken = recognised(head(path))
        assert taken and taken.name == source and own in ([source], [])
        with opened(path) as stream:
            found += sound(taken.parse(documents(stream, path, Hints(year=2025))))

    assert sum(isinstance(each, Record) for each in found) == count
    assert sum(isinstance(each, Rejected) for each in found) == rejections


@pytest.mark.parametrize("name", FOREIGN)
def test_a_file_of_something_else_is_nobodys(real_data: Path, name: str) -> None:
    """Queries, judgements and indexes are no papers."""
    assert recognised(head(real_data / name)) is None
