"""JSON as services and their archives keep it: one value, a list of them, or a list inside an envelope."""

import re
from collections.abc import Iterable

import msgspec
from msgspec import MsgspecError, Raw

from generator.text import excerpt, one_line

UNREADABLE = (MsgspecError, RecursionError, UnicodeDecodeError)
"""What decoding JSON from anywhere may raise."""

_KEY = re.compile(rb'"([\w@.:-]{1,40})"\s*:')


def keys(head: bytes) -> frozenset[str]:
    """Return the keys, at any depth, in the beginning of a JSON document; none where it is no JSON."""
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {b"{", b"["}:
        return frozenset()
    return frozenset(key.decode(errors="replace") for key in _KEY.findall(head))


def entries(data: bytes, inside: Iterable[str] = ()) -> list[bytes]:
    """Return the values of the list in `data`, or of the first list under a key of `inside`, or else `data` alone.

    Raises `ValueError` for what is not JSON, or neither a list nor an object.
    """
    try:
        value = msgspec.json.decode(data, type=list[Raw] | dict[str, Raw] | str | int | float | None)
    except UNREADABLE as error:
        raise ValueError(f"not JSON: {error}") from error
    if isinstance(value, list):
        return list(map(bytes, value))
    if not isinstance(value, dict):
        raise ValueError(  # noqa: TRY004  What is wrong is the text, not a call.
            f"not a record, but {excerpt(one_line(str(value)), limit=60)!r}"
        )
    for key in inside:
        if bytes(value.get(key, b"")).lstrip().startswith(b"["):
            return list(map(bytes, msgspec.json.decode(value[key], type=list[Raw])))
    return [data]
