"""What a picture says."""

from msgspec import Struct


class Preview(Struct, frozen=True, kw_only=True):
    """A headline between two smaller lines, and at the foot the name of the archive; empty parts are left out."""

    above: str
    headline: str
    below: str
    name: str
