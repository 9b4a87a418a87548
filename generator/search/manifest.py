"""The file from which a reader finds all others; docs/search.md, section 3, says what each key means."""

from msgspec import Struct

VERSION = 1
INDEX = "index.bin"


class Segment(Struct, frozen=True, kw_only=True):
    """What the index says of a segment; `first` has the separator of each shard on a line."""

    name: str
    epoch: int
    start: int
    count: int
    tag: str
    first: str


class Cards(Struct, frozen=True, kw_only=True):
    """What the index says of the cards; each `group` of files has a tag, and an epoch that its cards repeat."""

    per: int
    slot: int
    group: int
    tags: tuple[str, ...]
    epochs: tuple[int, ...]
    prefix: str
    dictionary: int


class Index(Struct, frozen=True, kw_only=True):
    """The file from which a reader finds all others."""

    version: int
    papers: int
    segments: tuple[Segment, ...]
    cards: Cards
    months: tuple[tuple[str, int], ...]
    words: dict[str, str]
    days: str
    votes: str
    facets: str


def letter(word: str) -> str:
    """Return the name of the vocabulary file that `word` would be in."""
    return word[0] if "a" <= word[0] <= "z" else "0" if "0" <= word[0] <= "9" else "_"
