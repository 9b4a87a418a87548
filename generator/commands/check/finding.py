"""What `check` finds: a rule, a place, and whether it is an error."""

from msgspec import Struct


class Finding(Struct, frozen=True, kw_only=True, order=True):
    """Something that is wrong, or looks wrong (`warning`), in `file`; `line` is 0 where it is about the whole file."""

    file: str
    line: int = 0
    rule: str
    message: str
    warning: bool = False
