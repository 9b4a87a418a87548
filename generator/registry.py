"""Find plug-ins: modules of a package, and entry points of other distributions, that each offer one constant."""

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import TypeVar

from generator.errors import UsageError

Plugin = TypeVar("Plugin")


def discover(
    package: ModuleType,
    constant: str,
    kind: type[Plugin],
    *,
    only: Collection[str] = (),
    without: Collection[str] = (),
) -> Mapping[str, Plugin]:
    """Return every `constant` of type `kind` in the modules of `package`, by module name, in name order.

    Other distributions add theirs through the entry point group `broadsheet.<last part of the package's name>`; they
    come after our own. If there is anything in `only`, nothing else is looked at, nor what is in `without`. Raises
    `UsageError` for a constant of another type, a name that is taken, or one in `only` or `without` that is none.
    """
    group = f"broadsheet.{package.__name__.rpartition('.')[2]}"
    own = sorted(info.name for info in iter_modules(package.__path__))
    points = sorted(entry_points(group=group), key=lambda point: point.name)
    _refuse_unknown((*only, *without), [*own, *(point.name for point in points)], group)

    def is_wanted(name: str) -> bool:
        return (not only or name in only) and name not in without

    found: dict[str, Plugin] = {}
    for module in filter(is_wanted, own):
        value = getattr(import_module(f"{package.__name__}.{module}"), constant, None)
        if value is not None:
            found[module] = _checked(value, kind, f"{package.__name__}.{module}.{constant}")
    for point in points:
        if point.name in found:
            raise UsageError(
                f"the plug-in {point.name!r} has the name of another one",
                where=point.value,
                hint=f"give it another name in the entry point group {group!r}",
            )
        if is_wanted(point.name):
            found[point.name] = _checked(point.load(), kind, point.value)
    return found


def _refuse_unknown(names: Collection[str], known: Sequence[str], group: str) -> None:
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            raise UsageError(f"there is no {name!r} in {group.partition('.')[2]}", where="archive.yml", hint=hint)


def packages(*groups: str) -> frozenset[Path]:
    """Return the folders of the packages whose plug-ins entry points of `groups` name, without importing any."""
    points = (point for group in groups for point in entry_points(group=f"broadsheet.{group}"))
    specs = (find_spec(point.module.partition(".")[0]) for point in points)
    return frozenset(Path(spec.origin).parent for spec in specs if spec and spec.origin)


def _checked(value: object, kind: type[Plugin], where: str) -> Plugin:
    if not isinstance(value, kind):
        raise UsageError(f"a plug-in must be a {kind.__name__}, not a {type(value).__name__}", where=where)
    return value
