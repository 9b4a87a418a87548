"""The files of the index."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from generator.memo import Memo
from generator.search import analysis, encoding, index
from generator.search.manifest import INDEX
from generator.search.postings import Document, analyse
from generator.search.prepared import prepare
from generator.search.reader import Reader
from generator.search.similar import similar
from tests.search.made import document, found, reader

SEAL = 128
WORDS = [
    f"{first}{second}" for first in ("ab", "cer", "dor", "ful", "gam") for second in ("ak", "el", "ist", "omy", "ux")
]


def archive(size: int, seed: int = 1) -> list[Document]:
    """Return papers with made-up texts, four a day; the first `n` of a larger archive are those of a smaller one."""
    dice = random.Random(seed)
    return [
        document(
            f"{2400 + number // 9000:04}.{number % 9000:05}",
            " ".join(dice.choices(WORDS, k=5)),
            " ".join(dice.choices(WORDS, k=12)) + f" only{number % 97} once{number}",
            day=f"{2020 + number // 1440}-{number // 120 % 12 + 1:02}-{number // 4 % 30 + 1:02}",
            card=f"<article><h2>{number}</h2></article>",
        )
        for number in range(size)
    ]


@pytest.fixture(scope="module")
def large() -> Sequence[Document]:
    """Return an archive that has a base."""
    return archive(1100)


def test_twice_made_is_the_same(large: Sequence[Document]) -> None:
    """The same papers make the same bytes."""
    assert dict(index.files(large, seal=SEAL)) == dict(index.files(reversed(large), seal=SEAL))


def test_what_is_remembered_makes_the_same_bytes(large: Sequence[Document]) -> None:
    """A warm build is a cold one, byte for byte, and only a block with another text, and the base, are made again."""
    cold = Memo()
    made = dict(index.files(prepare(large, SEAL, cold)))
    known = dict(cold.kept())
    texts = [replace(large[5], fields=("other words", *large[5].fields[1:]))]
    changed = [*texts, *(each for each in large if each.id != texts[0].id)]
    warm, again = Memo(known), Memo(known)

    assert made == dict(index.files(large, seal=SEAL)) == dict(index.files(prepare(large, SEAL, warm)))
    assert not warm.is_worth_saving
    assert dict(index.files(prepare(changed, SEAL, again))) == dict(index.files(changed, seal=SEAL))
    assert len(dict(again.kept())) == len(known)
    # The block, all sealed and its seven arrays, neighbours, the segment.
    assert len(dict(again.kept()).keys() - known.keys()) == 4 + 7


Made = dict[str, tuple[bytes, bytes]]


def made_of(documents: Sequence[Document], memo: Memo | None, before: Made) -> tuple[Made, object]:
    """Return key and bytes of every file of the index, those of `before` with the same key as they were; likes."""
    prepared = prepare(documents, 16, memo)
    files = {
        name: before[name] if key and key == before.get(name, (b"",))[0] else (key, make())
        for name, key, make in index.drafts(prepared, stands_for=lambda each: each.card.encode())
    }
    return files, similar(prepared)


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_a_warm_build_is_a_cold_one(data: st.DataObject) -> None:
    """Whatever came, went or changed since: what is remembered, or left as it was, is what would be made anew."""
    papers = archive(200)
    first = data.draw(st.integers(120, 200))
    memo = Memo()
    before, _ = made_of(papers[:first], memo, {})
    texts = data.draw(
        st.dictionaries(st.integers(0, first - 1), st.sampled_from(["", "abak cerel new", "李明"]), max_size=2)
    )
    cards = data.draw(st.dictionaries(st.integers(0, first - 1), st.just("<p>other</p>"), max_size=2))
    gone = data.draw(st.sets(st.integers(0, first - 1), max_size=2))
    last = data.draw(st.integers(first, 200))
    changed = [
        replace(each, fields=(texts.get(number, each.fields[0]), *each.fields[1:]), card=cards.get(number, each.card))
        for number, each in enumerate(papers[:last])
        if number not in gone
    ]

    warm, cold = made_of(changed, Memo(dict(memo.kept())), before), made_of(changed, None, {})

    assert {name: made for name, (_, made) in warm[0].items()} == {name: made for name, (_, made) in cold[0].items()}
    assert warm[1] == cold[1]


def test_titles_are_checked_as_their_words_are() -> None:
    """What is told of a title is `analysis.check` of it, whatever it is written in."""
    titles = ["", "One", "The the", "李明 on C++", "Schrödinger's pre-training, of i/o", "2512.07783", "…"]

    assert analyse([document(title, title) for title in titles]).checks.tolist() == list(map(analysis.check, titles))


@given(st.text(st.sampled_from("aB1é李 .,-'/&+#_`(\n\u00a8\u0301"), max_size=30))
def test_pieces_have_the_words_of_the_whole(text: str) -> None:
    """A text that is cut into pieces says the same."""
    assert [token for piece in analysis.pieces(text) for token in analysis.tokens_of(piece)] == analysis.tokens(text)


def test_a_new_day_leaves_most_files_as_they_were(large: Sequence[Document]) -> None:
    """The recent segment changes, what counts papers or words, and the cards that share a tag with a new one."""
    before, after = dict(index.files(large[:-20], seal=SEAL)), dict(index.files(large, seal=SEAL))

    changed = {name for name, data in after.items() if before.get(name) != data}
    cards = {int(name[6:-4]) for name in changed if name.startswith("cards/")}

    assert {name.partition("/")[0] for name in changed} == {"recent", "cards", "words", INDEX, "days.bin", "votes.bin"}
    assert min(cards) == 1080 // index.GROUP * index.GROUP
    assert not before.keys() - after.keys()
    # Twice as much as 76 of 1,100 papers have of the postings: what files begin with weighs more in small ones.
    postings = {name: len(data) for name, data in after.items() if name.startswith(("base/", "recent/"))}
    assert sum(postings[name] for name in changed & postings.keys()) < 2 * 76 / 1100 * sum(postings.values())


def test_both_segments_answer_as_one(large: Sequence[Document]) -> None:
    """A paper is found wherever it is filed, and a rare word says how many have it."""
    papers = Reader(dict(index.files(large, seal=SEAL)).__getitem__)

    assert [segment.count for segment in papers.index.segments] == [1024, 76]
    assert found(papers, "once17") == [large[17].id]
    assert found(papers, "once1099") == [large[1099].id]
    assert papers.search("only5").matching == len([n for n in range(1100) if n % 97 == 5])


@pytest.mark.parametrize("size", [0, 1, 2, 40])
def test_small_archives(size: int) -> None:
    """An archive of any size has an index that answers."""
    answer = reader(archive(size)).search(WORDS[0])

    assert answer.total <= size
    assert all(hit.card.html.startswith("<article>") for hit in answer.hits)


def test_a_long_card_comes_back_whole() -> None:
    """A card that does not fit its slot is put together from two places."""
    dice = random.Random(3)
    noise = " ".join(f"{dice.random():.12f}" for _ in range(900))
    papers = [document(str(n), f"paper {n}", card="<p>short</p>") for n in range(40)]
    papers[7] = document("7", "paper long", noise, card=f"<p>{noise}</p>")

    assert reader(papers).search("long").hits[0].card.html == f"<p>{noise}</p>"


def test_files_are_named_as_documented() -> None:
    """Names are those of docs/search.md, and no file is empty."""
    files = dict(index.files(archive(30)))

    assert INDEX in files
    assert {name.partition("/")[0] for name in files} == {
        *("cards", "recent", "words", INDEX, "days.bin", "votes.bin", "facets.bin")
    }
    assert all(files.values())


@pytest.mark.parametrize("number", [0, 1, 127, 128, 16383, 16384, 2**32 - 1])
def test_varints(number: int) -> None:
    """A varint is read as it was written."""
    assert encoding.Bytes(encoding.varint(number)).varint() == number


def test_readers_ask_for_little(large: Sequence[Document]) -> None:
    """A query of two words needs few files."""
    files = dict(index.files(large, seal=SEAL))
    asked: list[str] = []

    def fetch(name: str) -> bytes:
        asked.append(name)
        return files[name]

    Reader(fetch).search("once17 only17")

    assert len([name for name in asked if not name.startswith("cards/")]) <= 7
    assert len(asked) == len(set(asked))
