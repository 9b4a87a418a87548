"""People who may be taken for each other: names that differ by order, initials, middle names or a hyphen only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from generator.archive import Collection

_MOST = 5


def lookalikes(people: Iterable[Collection]) -> Mapping[str, tuple[Collection, ...]]:
    """Return, by the key of each person, those whose names are nearly the same, the one with most papers first.

    "Ming Li", "Li Ming", "Ming A. Li" and "M. Li" are; of the many that an initial may stand for, the first five.
    """
    same: dict[str, list[Collection]] = defaultdict(list)
    initials: dict[str, list[Collection]] = defaultdict(list)
    for person in sorted(people, key=lambda each: (-len(each.entries), each.key)):
        given, family = _parts(person.key)
        if not given:
            continue
        same[_signature(given, family)].append(person)
        initials[f"{given[0][0]} {family}"].append(person)
    found: dict[str, dict[str, Collection]] = defaultdict(dict)
    for group in same.values():
        _introduce(group, group, found)
    for group in initials.values():
        _introduce([each for each in group if len(_parts(each.key)[0][0]) == 1], group, found)
    return {key: tuple(others.values())[:_MOST] for key, others in found.items()}


def _parts(key: str) -> tuple[list[str], str]:
    """Return the given names and the family name, taken to be the last word."""
    *given, family = key.split("-")
    return given, family


def _signature(given: list[str], family: str) -> str:
    """Return the letters of a name without its middle initials, whichever of its ends is said first."""
    kept = [given[0], *(name for name in given[1:] if len(name) > 1)]
    return " ".join(sorted(("".join(kept), family)))


def _introduce(some: list[Collection], all_: list[Collection], found: dict[str, dict[str, Collection]]) -> None:
    """Note for each of `some` the others in `all_`, and the other way round."""
    if len(all_) < 2:
        return
    for one in some:
        for other in all_:
            if one is not other:
                found[one.key].setdefault(other.key, other)
                found[other.key].setdefault(one.key, one)
