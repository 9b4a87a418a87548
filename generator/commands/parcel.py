"""What helpers are given once: the content of an archive, and all else that its plan is a function of.

A parcel is values, never code: a head, then the papers one by one, each part as MessagePack behind its length (32 bits,
little-endian). Who reads it knows the digest of the whole.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from struct import Struct as Layout
from typing import BinaryIO

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from generator.commands.build import Content
from generator.config import Settings
from generator.errors import OutputError
from generator.model import Override, Paper
from generator.store import codec

_LENGTH = Layout("<I")
# An abstract may be on a shelf, and a path is a text.
_encode = msgspec.msgpack.Encoder(enc_hook=str).encode
_decode = msgspec.msgpack.Decoder(Paper | bytes).decode
_paper = msgspec.msgpack.Decoder(Paper).decode


class Head(Struct, frozen=True, kw_only=True):
    """Everything but the papers: the rest of the content, settings, moment, and what was found out of the papers.

    `code` is the builder's code and libraries by name, `theme` the digest of the archive's own themes; `memos` are what
    functions returned before.
    """

    settings: Settings
    now: datetime
    code: Mapping[str, str]
    theme: bytes
    content: Content
    memos: Mapping[str, Mapping[bytes, bytes]] = field(default_factory=dict)


def write(file: BinaryIO, head: Head, papers: Iterable[Paper]) -> bytes:
    """Write a parcel, and return its digest."""
    check = blake2b(digest_size=16)
    _put(file, _encode(head), check.update)
    for paper in papers:
        _put(file, _packed(paper), check.update)
    return check.digest()


def read(file: BinaryIO, digest: bytes, where: str) -> tuple[Head, Iterator[Paper]]:
    """Return a parcel with this `digest`. Raises `OutputError` where it is another one, of papers at their end."""
    check = blake2b(digest_size=16)
    parts = _parts(file, check.update)
    try:
        head = msgspec.msgpack.decode(next(parts, b""), type=Head, dec_hook=_as)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _other(where) from error
    content = replace(head.content, overrides={key: _typed(each) for key, each in head.content.overrides.items()})
    return replace(head, content=content), _papers(parts, lambda: check.digest() == digest, where)


def _as(kind: type, value: object) -> object:
    """Return what MessagePack has no type for: a path, or a value of any type."""
    return Path(str(value)) if kind is Path else value


def _typed(override: Override) -> Override:
    """Return `override` with values of the types of a paper's fields, as they were before they were packed."""
    paper = msgspec.convert({"id": "x", "title": "x"} | dict(override.set), Paper)
    return replace(override, set={name: getattr(paper, name) for name in override.set})


def _papers(parts: Iterator[bytes], is_whole: Callable[[], bool], where: str) -> Iterator[Paper]:
    for part in parts:
        try:
            found = _decode(part)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise _other(where) from error
        yield codec.decode(found, where) if isinstance(found, bytes) else found
    if not is_whole():
        raise _other(where)


def _packed(paper: Paper) -> bytes:
    """Return what a helper makes the same paper of: its page, where MessagePack knows less than YAML."""
    data = _encode(paper)
    return _encode(codec.encode(paper)) if paper.extra and _paper(data) != paper else data


def _put(file: BinaryIO, data: bytes, update: Callable[[bytes], None]) -> None:
    for part in (_LENGTH.pack(len(data)), data):
        file.write(part)
        update(part)


def _parts(file: BinaryIO, update: Callable[[bytes], None]) -> Iterator[bytes]:
    while len(head := file.read(_LENGTH.size)) == _LENGTH.size:
        update(head)
        data = file.read(_LENGTH.unpack(head)[0])
        update(data)
        yield data


def _other(where: str) -> OutputError:
    return OutputError("this is not what the builder wrote", where=where, hint="build again")
