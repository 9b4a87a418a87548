"""Find plug-ins: modules of a package, and entry points of other distributions, that each offer one constant."""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import TypeVar

from generator.errors import UsageError

Plugin = TypeVar("Plugin")


def discover(package: ModuleType, constant: str, kind: type[Plugin]) -> Mapping[str, Plugin]:
    """Return every `constant` of type `kind` in the modules of `package`, by module name, in name order.

    Other distributions add theirs through the entry point group `broadsheet.<last part of the package's name>`; they
    come after our own. Raises `UsageError` for a constant of another type, or a name that is already taken.
    """
    found: dict[str, Plugin] = {}
    for module in sorted(info.name for info in iter_modules(package.__path__)):
        value = getattr(import_module(f"{package.__name__}.{module}"), constant, None)
        if value is not None:
            found[module] = _checked(value, kind, f"{package.__name__}.{module}.{constant}")
    group = f"broadsheet.{package.__name__.rpartition('.')[2]}"
    for point in sorted(entry_points(group=group), key=lambda point: point.name):
        if point.name in found:
            raise UsageError(
                f"the plug-in {point.name!r} has the name of another one",
                where=point.value,
                hint=f"give it another name in the entry point group {group!r}",
            )
        found[point.name] = _checked(point.load(), kind, point.value)
    return found


def packages(*groups: str) -> frozenset[Path]:
    """Return the folders of the packages whose plug-ins entry points of `groups` name, without importing any."""
    points = (point for group in groups for point in entry_points(group=f"broadsheet.{group}"))
    specs = (find_spec(point.module.partition(".")[0]) for point in points)
    return frozenset(Path(spec.origin).parent for spec in specs if spec and spec.origin)


def _checked(value: object, kind: type[Plugin], where: str) -> Plugin:
    if not isinstance(value, kind):
        raise UsageError(f"a plug-in must be a {kind.__name__}, not a {type(value).__name__}", where=where)
    return value
