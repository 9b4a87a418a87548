"""Text is cleaned once; keys group what belongs together and nothing else."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import text

_ANY = st.text(
    st.characters(codec=None) | st.sampled_from("\u202e\ufeff\x00\x85\u2028\r\n\ud800ée\u0301İß李#+"), max_size=40
)


@given(_ANY)
def test_clean_text_is_fit_for_every_file(source: str) -> None:
    """No control, surrogate or bidirectional override, one kind of line break, composed; cleaning twice is once."""
    cleaned = text.clean(source)
    assert not any(
        unicodedata.category(character) in ("Cc", "Cs") for character in cleaned.replace("\n", "").replace("\t", "")
    )
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\ufeff\u2028\u2029")
    assert unicodedata.is_normalized("NFC", cleaned)
    assert text.clean(cleaned) == cleaned
    cleaned.encode()


def test_joiners_and_marks_stay() -> None:
    """What scripts and emoji need is not a forbidden character."""
    assert text.clean("می\u200cخواهم 👩\u200d🔬 \u200fעברית") == "می\u200cخواهم 👩\u200d🔬 \u200fעברית"


@given(_ANY)
def test_one_line_is_one_line(source: str) -> None:
    """A title has no break, no run of blanks and no blank at its ends."""
    line = text.one_line(source)
    assert line == " ".join(line.split())


@given(_ANY, st.integers(1, 30))
def test_an_excerpt_keeps_its_limit(source: str, limit: int) -> None:
    """Never longer than asked for, and the whole text where it fits."""
    cut = text.excerpt(source, limit=limit)
    assert len(cut) <= limit
    whole = " ".join(source.split())
    assert (cut == whole) == (len(whole) <= limit)


def test_an_excerpt_ends_at_a_word() -> None:
    """A cut text does not end inside a word or with a comma."""
    assert text.excerpt("One, two, three, four", limit=12) == "One, two…"


@given(_ANY)
def test_a_key_is_safe(source: str) -> None:
    """Whatever the name, its key is a short file name and a part of an address, and its own key."""
    key = text.key(source)
    assert key
    assert len(key.encode()) <= 120
    assert not set(key) & set('/\\.?#%:*"<>| ')
    assert text.key(key) == key


@pytest.mark.parametrize(
    "names",
    [
        ("José Núñez", "Jose Nunez", "JOSÉ  NÚÑEZ", "Jose\u0301 Nu\u0301n\u0303ez"),
        ("LLM-agents", "LLM agents"),
        ("Łukasz", "Lukasz"),
    ],
)
def test_spellings_share_a_key(names: tuple[str, ...]) -> None:
    """Accents, capitals and punctuation do not make another name."""
    assert len({text.key(name) for name in names}) == 1


@pytest.mark.parametrize(
    "names", [("李明", "王芳"), ("C", "C++", "C#"), ("?", "!"), ("a" * 200, "a" * 201), ("हिन्दी", "हद")]
)
def test_different_names_have_different_keys(names: tuple[str, ...]) -> None:
    """Every script's letters count, and a name without any is told apart too."""
    assert len({text.key(name) for name in names}) == len(names)


def test_plural() -> None:
    """One paper, two papers, two entries."""
    assert [text.plural(1, "paper"), text.plural(1200, "paper"), text.plural(2, "entry", "entries")] == [
        "1 paper",
        "1,200 papers",
        "2 entries",
    ]
