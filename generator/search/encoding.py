"""Values as bytes and back: varints (unsigned LEB128), packed files, cards, digests."""

import gzip
import zlib
from collections.abc import Sequence
from hashlib import blake2b

# The highest level takes thrice the time for a thousandth less.
_LEVEL = 7
# Memory of who packs a card: more of it takes longer to get ready than the card does.
_SMALL = 6
# The commonest varints, made once.
_SHORT = [bytes((number,)) for number in range(0x80)]


def varint(number: int) -> bytes:
    """Return `number` as a varint."""
    if number <= 0x7F:
        return _SHORT[number]
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    made.append(number)
    return bytes(made)


class Bytes:
    """Bytes that are read from the beginning; `at` is the next one."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def varint(self) -> int:
        """Return the next varint."""
        made = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            made |= (byte & 0x7F) << shift
            if byte < 0x80:
                return made
            shift += 7

    def varints(self, count: int) -> list[int]:
        """Return the next `count` varints."""
        return [self.varint() for _ in range(count)]

    def deltas(self, count: int) -> list[int]:
        """Return the next `count` ascending numbers."""
        numbers, number = [], 0
        for _ in range(count):
            number += self.varint()
            numbers.append(number)
        return numbers

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        self.at += count
        return self.data[self.at - count : self.at]


def packed(data: bytes) -> bytes:
    """Return `data` as one gzip member that is the same whenever and wherever it is made."""
    made = gzip.compress(data, _LEVEL, mtime=0)
    return made[:9] + b"\xff" + made[10:]  # the system that made it: unknown (RFC 1952)


def opened(data: bytes) -> bytes:
    """Return what was packed."""
    return gzip.decompress(data)


def deflated(data: bytes, dictionary: bytes) -> bytes:
    """Return `data` as raw deflate that begins with the memory of `dictionary`."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, _SMALL, zlib.Z_DEFAULT_STRATEGY, dictionary)
    return packer.compress(data) + packer.flush()


def prefix(dictionary: bytes) -> bytes:
    """Return the raw deflate of `dictionary` without an end, so that `deflated` data may follow in the same stream."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(dictionary) + packer.flush(zlib.Z_SYNC_FLUSH)


def inflated(data: bytes, start: bytes, skipped: int) -> bytes:
    """Return what was `deflated` with the dictionary whose `prefix` is `start`, `skipped` bytes long."""
    return zlib.decompressobj(-15).decompress(start + data)[skipped:]


def tag(parts: Sequence[bytes]) -> str:
    """Return the six characters that stand for the content of some files."""
    return _digest(parts).hexdigest()[:6]


def epoch(ids: Sequence[str]) -> int:
    """Return the number that stands for which documents, in which order, a segment has."""
    return int.from_bytes(_digest([id_.encode() for id_ in ids]).digest()[:4], "little")


def _digest(parts: Sequence[bytes]) -> blake2b:
    made = blake2b(digest_size=8)
    for part in parts:
        made.update(len(part).to_bytes(4, "little"))
        made.update(part)
    return made
