"""Hugging Face's page about one paper: the models, data sets and demos that are linked to it, and how many there are.

The call is that of huggingface_hub (`paper_info`): `/api/papers/{id}`.
"""

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import quote

import msgspec
from msgspec import Struct

from generator.errors import SourceError
from generator.model import ARXIV_ID, Artefact, Linked, Record
from generator.reading import json
from generator.reading.identifiers import names
from generator.sources import UNREADABLE, Document, Found, Get, Papers, Rejected, Source, Wanted, json_records, record
from generator.text import one_line

NAME = "hf-papers"

_PAGES = "https://huggingface.co/"
_FIRST = 20


class _Repository(Struct, frozen=True):
    id: str | None = None


class _Paper(
    Struct,
    frozen=True,
    rename={
        "models": "linkedModels",
        "datasets": "linkedDatasets",
        "demos": "linkedSpaces",
        "all_models": "numTotalModels",
        "all_datasets": "numTotalDatasets",
        "all_demos": "numTotalSpaces",
        "code": "githubRepo",
        "stars": "githubStars",
        "project": "projectPage",
    },
):
    id: str
    title: str
    models: list[_Repository] | None = None
    datasets: list[_Repository] | None = None
    demos: list[_Repository] | None = None
    all_models: int | None = None
    all_datasets: int | None = None
    all_demos: int | None = None
    code: str | None = None
    stars: int | None = None
    project: str | None = None


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` is such an answer."""
    return bool(json.keys(head) & {"linkedModels", "numTotalModels", "linkedSpaces", "numTotalSpaces"})


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each answer."""
    return json_records(documents, lambda data, _: _read(data))


def fetch(get: Get, wanted: Wanted, _query: str) -> Found:
    """Yield a record or a rejection for each paper that is asked for by its id."""
    if not isinstance(wanted, Papers):
        return
    for each in wanted.ids:
        if not ARXIV_ID.fullmatch(each):
            yield Rejected(each, "not an id of arXiv's")
            continue
        answer = get(f"/api/papers/{quote(each)}")
        if answer.status == HTTPStatus.NOT_FOUND:
            yield Rejected(each, "Hugging Face has no page for it")
            continue
        if answer.status != HTTPStatus.OK:
            raise SourceError(f"Hugging Face answered {answer.status}", where=answer.url)
        try:
            yield _read(answer.body)
        except (*UNREADABLE, ValueError) as error:
            yield Rejected(each, str(error))


def _read(data: bytes) -> Record:
    """Return what one answer says. Raises `ValueError` where it is none."""
    paper = msgspec.json.decode(data, type=_Paper)
    id_ = one_line(paper.id)
    if not ARXIV_ID.fullmatch(id_):
        raise ValueError(f"{paper.id!r} is not an id of arXiv's")
    return record(
        NAME,
        names(title=paper.title, arxiv_id=id_),
        title=paper.title,
        models=_linked(paper.models, paper.all_models, ""),
        datasets=_linked(paper.datasets, paper.all_datasets, "datasets/"),
        demos=_linked(paper.demos, paper.all_demos, "spaces/"),
        code=paper.code,
        stars=paper.stars,
        project=paper.project,
    )


def _linked(said: list[_Repository] | None, total: int | None, folder: str) -> Linked | None:
    """Return how many there are, and the first of them; nothing where there is none."""
    found = list(dict.fromkeys(one_line(each.id or "") for each in said or ()))
    first = tuple(Artefact(name=name, url=f"{_PAGES}{folder}{quote(name)}") for name in found[:_FIRST] if name)
    count = max(total or 0, len(first))
    return Linked(total=count, first=first) if count else None


SOURCE = Source(
    name=NAME,
    label="hf papers",
    about="the models, data sets and demos that Hugging Face links to a paper",
    url="https://huggingface.co",
    pace=0.6,
    recognises=recognises,
    parse=parse,
    fetch=fetch,
    details=True,
)
