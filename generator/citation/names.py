"""The parts of a name: what citation styles sort by, and what they shorten."""

import re
from functools import lru_cache

from msgspec import Struct

SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
# What a group calls itself; it has no family name.
_GROUPS = frozenset({"collaboration", "collaborations", "consortium", "team", "group", "project", "initiative", "lab"})


class Name(Struct, frozen=True, kw_only=True):
    """A person's name in parts, or a name that has none: then only `literal` is set."""

    family: str = ""
    given: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def is_group(self) -> bool:
        """Whether this is the name of several people."""
        return _is_group(self.literal)

    @property
    def inverted(self) -> str:
        """The name as it is sorted, "Lovelace, Ada", with a suffix last."""
        return self.literal or ", ".join(filter(None, (self.family, self.given, self.suffix)))


# Each form of a paper tells its authors.
@lru_cache(maxsize=1 << 14)
def name_of(spelled: str) -> Name:
    """Return the parts of a name as it is spelled, by BibTeX's rule ("First von Last", btxdoc section 4).

    The family name is the last word with the words before it that begin small; a name that has a comma has the family
    name first. A single word, and the name of a group ("The ATLAS Collaboration"), stay whole.
    """
    words = spelled.replace(",", " , ").split()
    last = _plain(words[-1]) if words else ""
    if "," in words:
        family, _, rest = " ".join(words).partition(" , ")
        given, _, suffix = rest.partition(" , ")
        return _person(family, given, suffix) if family and given else Name(literal=spelled.strip(" ,"))
    suffix = words.pop() if len(words) > 2 and last in SUFFIXES else ""
    if len(words) < 2 or _is_group(spelled):
        return Name(literal=spelled.strip())
    first = len(words) - 1
    while first > 1 and words[first - 1][0].islower():
        first -= 1
    return _person(" ".join(words[first:]), " ".join(words[:first]), suffix)


def _is_group(name: str) -> bool:
    return _plain(name.rpartition(" ")[2]) in _GROUPS


def _person(family: str, given: str, suffix: str) -> Name:
    if _plain(given) in SUFFIXES and suffix:  # BibTeX writes "Last, Jr, First"
        given, suffix = suffix, given
    return Name(family=family, given=given.replace(" , ", ", "), suffix=suffix.replace(" , ", ", "))


def _plain(word: str) -> str:
    return re.sub(r"[^a-z]", "", word.lower())
