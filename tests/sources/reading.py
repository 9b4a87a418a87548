"""What every source owes whoever reads with it."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

import msgspec

from generator.commands.kinds import known_sources
from generator.errors import ContentError
from generator.merge import merge
from generator.model import Record
from generator.sources import Document, Found, Hints, Rejected, Source
from generator.store import codec

SOURCES = known_sources()
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\ufeff]")


def recognised(head: bytes) -> Source | None:
    """Return the source that takes a file that begins so."""
    ordered = sorted(SOURCES.values(), key=lambda source: source.general)
    return next((source for source in ordered if source.recognises(head)), None)


def parsed(source: str, *data: bytes | str, hints: Hints = Hints()) -> list[Record | Rejected]:  # noqa: B008
    """Return all that `source` makes of some documents, having checked each."""
    documents = [
        Document(f"x:{number}", each.encode() if isinstance(each, str) else each, hints)
        for number, each in enumerate(data, 1)
    ]
    return list(sound(SOURCES[source].parse(documents)))


def records(source: str, *data: bytes | str, hints: Hints = Hints()) -> list[Record]:  # noqa: B008
    """Return the records that `source` makes of some documents, none of which may be rejected."""
    found = parsed(source, *data, hints=hints)
    assert [each for each in found if isinstance(each, Rejected)] == []
    return [each for each in found if isinstance(each, Record)]


def record(source: str, *data: bytes | str, hints: Hints = Hints()) -> Record:  # noqa: B008
    """Return the only record that `source` makes of some documents."""
    [found] = records(source, *data, hints=hints)
    return found


def said(found: Record) -> dict[str, object]:
    """Return what a record knows, without its source."""
    values = {name: getattr(found, name) for name in Record.__struct_fields__}
    return {name: value for name, value in values.items() if value is not None and name != "source"}


def sound(found: Found) -> Iterator[Record | Rejected]:
    """Yield what is found, having checked that it can be kept: clean text, a safe id, addresses of the web, a page."""
    for each in found:
        if isinstance(each, Record):
            _check(each)
        else:
            assert each.what and each.reason
        yield each


def _check(each: Record) -> None:
    for text in _texts(msgspec.to_builtins(each)):
        assert not _FORBIDDEN.search(text), repr(text)
        assert unicodedata.is_normalized("NFC", text)
    for address in (each.url, each.pdf, each.code, each.project):
        assert address is None or address.startswith(("https://", "http://"))
    try:
        paper = merge(None, (each,), trust=(), today=date(2026, 1, 1), freeze_after_days=7)
    except ContentError:
        assert each.title is None
        return
    codec.checked_key(paper.key, "x")
    assert codec.decode(codec.encode(paper), "x") == paper


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
