"""What the words of a text are, and what they are found by."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.search import analysis
from generator.search.analysis import fold, follows, normalised, terms, tokens, words
from tests.search.made import found, titled


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in-context", ["context", "incontext"]),
        ("pre\u2010training", ["pre", "train", "pretrain"]),
        ("Schrödinger", ["schroding"]),
        ("schrodinger", ["schroding"]),
        ("李明", ["李明"]),
        ("模型的", ["模型", "型的"]),
        ("强", ["强"]),
        ("한국어 모델", ["한국어", "모델"]),
        ("GPT-4, GPT4", ["gpt", "4", "gpt4", "gpt4"]),
        ("2512.07783", ["2512.07783"]),
        ("C++ and C# over I/O.", ["c++", "c#", "over", "i/o"]),
        ("models,", ["model"]),
        ("(e.g., BERT's)", ["e", "g", "bert"]),
        ("Søren Łódź straße", ["soren", "lodz", "strass"]),
        ("ﬁne ℝ²", ["fine", "r2"]),
        ("hi/o a/bc", ["hi", "o", "bc"]),
        ("the of and", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    """Accents, case, hyphens, signs and scripts come out as docs/search.md has it."""
    assert terms(text) == expected


def test_stop_words_stay_where_there_is_nothing_else() -> None:
    """A title of stop words can be found by them, any other title cannot."""
    titles = titled("What Is It?", "What is a model?")

    assert [found(titles, f"title:{word}") for word in ("what", "is", "it")] == [["0"]] * 3
    assert found(titles, "title:model") == ["1"]


@given(st.text())
def test_nothing_in_a_text_is_too_odd(text: str) -> None:
    """Whatever is typed has words whose terms can stand on a line of their own, and no filter can be made of it."""
    for word in words(text):
        assert word.units
        for term in word.every:
            assert term
            assert len(term) <= analysis.LONGEST
            assert not set(term) & set("\n: ")


@given(st.text())
def test_composed_and_decomposed_text_are_the_same(text: str) -> None:
    """How an accent is encoded does not matter."""
    assert tokens(unicodedata.normalize("NFC", text)) == tokens(unicodedata.normalize("NFD", text))


@given(st.text(st.characters(max_codepoint=0x24F)))
def test_folded_text_is_not_folded_further(text: str) -> None:
    """Folding twice is folding once."""
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(codec="ascii")))
def test_the_short_way_is_the_long_way(text: str) -> None:
    """Text of ASCII letters is read as it is beside letters of other scripts."""
    assert tokens(f"{text} é李")[:-2] == tokens(text)


def test_titles_that_differ_in_dots_are_the_same() -> None:
    """What makes two titles the same is their words."""
    assert normalised("BERT: Pre-Training!") == normalised("bert pre training") == "bert pre training"
    assert analysis.check("BERT: Pre-Training!") == analysis.check("bert pre training")


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("models of reward hacking", "reward hacking", True),
        ("reward of hacking", "reward hacking", False),
        ("hacking reward", "reward hacking", False),
        ("pretraining", "pre-training", True),
        ("pre-training", "pretraining", True),
        ("pre training", "pre-training", True),
        ("overtraining", "training", False),
        ("attention is all you need", "is all you", True),
        ("强化学习", "化学", True),
        ("强化学习", "强学", False),
    ],
)
def test_phrases(text: str, phrase: str, expected: object) -> None:
    """A phrase is found where its words stand one after another, however they are joined."""
    assert follows(_units(text), _units(phrase)) is expected


def _units(text: str) -> list[str]:
    return [unit for word in words(text) for unit in word.units]
