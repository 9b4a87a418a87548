"""How much one record may say. No honest source goes beyond it, and a site that had to show more would suffer."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Any

from msgspec import Struct

TEXT = 2_000
"""The longest text, in characters, in a field that is not named here."""
LONGER = {"abstract": 100_000, "comment": 10_000, "summary": 10_000, "withdrawn": 10_000}
MANY = 20_000
"""The most members of a list: the longest lists of authors have about five thousand."""
COUNT = 1_000_000_000
MOST = {"number": 1_000, "rank": 100_000}
# One half of a pair that stands for a character beyond the first plane (Unicode, section 3.8): no file can hold it.
_HALF = re.compile("[\ud800-\udfff]")
YEARS = range(1500, 2201)


def excesses(said: Struct) -> Iterator[str]:
    """Yield whatever `said`, a record or a paper, has too much of: texts, lists, counts, dates out of this world."""
    for name in said.__struct_fields__:
        yield from _excesses(getattr(said, name), name)


def _excesses(value: Any, name: str) -> Iterator[str]:
    match value:
        case str():
            yield from _of_text(value, name)
        case int() if not 0 <= value <= MOST.get(name, COUNT):
            yield f"{name} is {_shown(value)}, not from 0 to {MOST.get(name, COUNT):,}"
        case date() if value.year not in YEARS:
            yield f"{name} is {value}, which is no date of a paper"
        case Struct():
            yield from excesses(value)
        case tuple() if len(value) > MANY:
            yield f"{name} has {len(value):,} members, more than {MANY:,}"
        case tuple():
            for each in value:
                yield from _excesses(each, name)
        case Mapping():
            for each in chain.from_iterable(value.items()):
                yield from _excesses(each, name)


def _of_text(text: str, name: str) -> Iterator[str]:
    most = LONGER.get(name, TEXT)
    if len(text) > most:
        yield f"{name} has {len(text):,} characters, more than {most:,}"
    elif _HALF.search(text):
        yield f"{name} has half a character"


def _shown(number: int) -> str:
    """Return a number as it is, if a person could read it."""
    return f"{number:,}" if -COUNT <= number <= COUNT**2 else "out of all bounds"
