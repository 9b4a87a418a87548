"""Terms count as they fit, by what the archive or a model knows."""

import random
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from generator.commands.embeddings import embedding, load
from generator.errors import SettingsError
from generator.memo import Memo
from generator.search import index
from generator.search.meaning import LEAST, Vectors, space
from generator.search.postings import Document
from generator.search.prepared import prepare
from generator.search.reader import Reader
from tests.search import node
from tests.search.made import document, found

# Two subjects, each with words of its own and the same common ones.
SUBJECTS = (
    "bridge steel concrete load beam arch girder truss span pier cable deck",
    "retina cornea vision lens pupil optic iris sight eye blink glare macula",
)
COMMON = "result method study model test measure"
SEAL = 48


def archive(size: int = 2 * LEAST) -> list[Document]:
    """Return papers on one subject or the other, in turn."""
    return list(_papers(random.Random(3), size))


def _papers(chance: random.Random, size: int) -> Iterator[Document]:
    for number in range(size):
        own = SUBJECTS[number % 2].split()
        words = chance.sample(own, 4) + chance.sample(COMMON.split(), 2)
        # A slip of the pen: one word of the other subject.
        words += [chance.choice(SUBJECTS[1 - number % 2].split())] if number % 7 == 0 else []
        day = f"{2020 + number // 300}-{number // 25 % 12 + 1:02}-{number % 25 + 1:02}"
        yield document(f"{number:04}", " ".join(words[:3]), " ".join(words[3:]) + f" only{number}", day=day)


class Told:
    """A model that knows the subjects, and how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def encode(self, sentences: str, /) -> Sequence[float]:
        """Return how many words of each subject `sentences` has."""
        self.asked += 1
        return [
            float(sum(word in text.split() for word in sentences.replace(".", "").split())) for text in SUBJECTS
        ] + [float(len(sentences) % 7) / 100] * 70


def reader(documents: Sequence[Document], **how: object) -> Reader:
    """Return a reader of the index of `documents`."""
    return Reader(dict(index.files(prepare(documents, SEAL, **how))).__getitem__)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def papers() -> Sequence[Document]:
    """Return papers on two subjects."""
    return archive()


@pytest.mark.parametrize("kind", ["lsa", "model"])
def test_what_fits_counts_more(papers: Sequence[Document], kind: str) -> None:
    """Of two papers with a word, the one that is about it comes first."""
    slips = {each.id for number, each in enumerate(papers) if number % 7 == 0 and number % 2 == 0}
    learn = partial(space, embed=embedding(Told, b"told")) if kind == "model" else space
    plain, refined = (
        [found(each, word, limit=300) for word in SUBJECTS[1].split()]
        for each in (reader(papers), reader(papers, learn=learn))
    )

    assert [set(hits) for hits in refined] != [set[str]()] * len(refined)
    assert _places(refined, slips) > _places(plain, slips)


def _places(answers: Sequence[Sequence[str]], wanted: set[str]) -> float:
    """Return where in the answers those that are `wanted` stand, from 0 to 1 in the mean."""
    return float(np.mean([place / len(hits) for hits in answers for place, id_ in enumerate(hits) if id_ in wanted]))


def test_few_papers_span_no_space(papers: Sequence[Document]) -> None:
    """Below a few hundred papers the index is that without meaning."""
    few = papers[: LEAST - 1]

    assert dict(index.files(prepare(few, learn=space))) == dict(index.files(prepare(few)))
    assert dict(index.files(prepare(papers, learn=space))) != dict(index.files(prepare(papers)))


@pytest.mark.parametrize("kind", ["lsa", "model"])
def test_the_order_of_papers_does_not_show(papers: Sequence[Document], kind: str) -> None:
    """The same papers make the same bytes."""
    learn = partial(space, embed=embedding(Told, b"told")) if kind == "model" else space

    assert dict(index.files(prepare(papers, SEAL, learn=learn))) == dict(
        index.files(prepare(reversed(papers), SEAL, learn=learn))
    )


def test_a_new_paper_moves_no_sealed_one(papers: Sequence[Document]) -> None:
    """Files of the base stay as they are while papers are added."""
    before, after = (dict(index.files(prepare(each, SEAL, learn=space))) for each in (papers[:-20], papers))
    sealed = [name for name in before if name.startswith("base/")]

    assert sealed
    assert [before[name] for name in sealed] == [after[name] for name in sealed]


def test_a_model_reads_a_text_once(papers: Sequence[Document]) -> None:
    """A later build with nothing new is not even given the model, and makes the same bytes."""
    told, memo = Told(), Memo()
    cold = dict(index.files(prepare(papers, learn=partial(space, embed=embedding(lambda: told, b"told", memo)))))
    assert told.asked == len(papers)

    def never() -> Told:
        raise AssertionError

    warm = Memo(dict(memo.kept()))
    learn = partial(space, embed=embedding(never, b"told", warm))

    assert dict(index.files(prepare(papers, learn=learn))) == cold
    assert not warm.is_worth_saving


def test_the_page_finds_the_same(papers: Sequence[Document], tmp_path: Path) -> None:
    """The page's reader needs nothing more, and finds what the command finds."""
    files = dict(index.files(prepare(papers, SEAL, learn=space)))
    chance = random.Random(5)
    words = " ".join((*SUBJECTS, COMMON)).split()
    queries = [" ".join(chance.choices(words, k=chance.randint(1, 7))) for _ in range(200)]
    numbers = [[hit.number for hit in Reader(files.__getitem__).search(query).hits] for query in queries]

    answers = node.hits(files, [[query, "relevance", 0] for query in queries], tmp_path)

    assert [hits for hits, *_ in answers] == numbers


def test_a_model_that_is_not_there_is_said(tmp_path: Path) -> None:
    """Whether the library or the model is missing, the error says what to do."""
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, "none-such")

    assert raised.value.where == "search.model"
    assert raised.value.hint


def test_a_model_of_sentence_transformers(tmp_path: Path, papers: Sequence[Document]) -> None:
    """A folder that sentence-transformers wrote is read, and its vectors are those of the texts."""
    library = pytest.importorskip("sentence_transformers", reason="needs pip install broadsheet[embeddings]")
    pieces = pytest.importorskip("sentence_transformers.sentence_transformer.modules", reason="the same")
    words = sorted({word for text in (*SUBJECTS, COMMON) for word in text.split()})
    model = library.SentenceTransformer(modules=[pieces.BoW(vocab=words)], device="cpu")
    model.save(str(tmp_path / "model"))

    vectors: Vectors = embedding(lambda: load(tmp_path, "model"), b"bag")(papers[:3])

    assert [[words[at] for at in np.flatnonzero(row)] for row in vectors] == [
        sorted({word for word in " ".join(each.fields[:2]).split() if word in words}) for each in papers[:3]
    ]
