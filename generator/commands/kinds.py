"""The sources there are, by name: the kinds that settings speak of."""

from collections.abc import Collection, Iterable, Mapping
from pkgutil import iter_modules

import generator.sources
from generator.errors import UsageError
from generator.registry import discover
from generator.sources import Source


def known_sources(only: Collection[str] = ()) -> Mapping[str, Source]:
    """Return every source there is, or those in the modules `only`. Raises `UsageError` where two share a name."""
    found: dict[str, Source] = {}
    for source in discover(generator.sources, "SOURCE", Source, only=only).values():
        if source.name in found:
            raise UsageError(f"two sources are called {source.name!r}", hint="remove one of the plug-ins")
        found[source.name] = source
    return found


def sources_of(kinds: Iterable[str]) -> Mapping[str, Source]:
    """Return at least the sources called `kinds`; where each is in the module of its name, no other one is loaded."""
    ours = {module.name for module in iter_modules(generator.sources.__path__)}
    wanted = {kind.replace("-", "_") for kind in kinds}
    return known_sources(wanted) if wanted and wanted <= ours else known_sources()
