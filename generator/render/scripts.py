"""Modules to scripts: what a browser gets needs no further request for what it imports, and has no comments.

The modules stay as they are in the theme; nothing is renamed. An imported module becomes a function that is called
once, so that its names never meet those of another.
"""

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

import rjsmin

from generator.errors import ThemeError

_IMPORT = re.compile(r'^import \{ ([^}]*) \} from "\./([\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def bundled(modules: Mapping[str, str], where: str) -> Iterator[tuple[str, str]]:
    """Yield the scripts that a folder of `modules`, both by their names, is served as.

    A module that no other one imports is a script, with everything it imports within. Modules may write
    `import { a, b as c } from "./name.js";`, and `export` before a function, class or const; inside a `${}` must be no
    other backtick, which rjsmin would take for the end of the text.

    Raises `ThemeError` for other imports and exports, for modules that import each other, and for missing ones.
    """
    needs = {name: {f"{each[2]}.js" for each in _IMPORT.finditer(text)} for name, text in modules.items()}
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        raise ThemeError(f"modules import each other: {' → '.join(error.args[1])}", where=where) from error
    if missing := sorted(set(order) - set(modules)):
        raise ThemeError(f"there is no {missing[0]} to import", where=where)
    for script in sorted(set(modules) - set().union(*needs.values())):
        within = _reached(script, needs)
        parts = [_called(name, modules[name], f"{where}/{name}") for name in order if name in within]
        text = "\n".join([*parts, _read(modules[script], f"{where}/{script}")])
        yield script, str(rjsmin.jsmin(text, keep_bang_comments=True))


def _reached(name: str, needs: Mapping[str, set[str]]) -> set[str]:
    """Return all that `name` imports, at first or at second hand."""
    return needs[name].union(*(_reached(each, needs) for each in needs[name]))


def _called(name: str, module: str, where: str) -> str:
    exported = ", ".join(_EXPORT.findall(module))
    return f"const {_variable(name)} = (() => {{\n{_read(module, where)}\nreturn {{ {exported} }};\n}})();"


def _read(module: str, where: str) -> str:
    """Return `module` with its imports as constants."""
    read = _EXPORT.sub("", _IMPORT.sub(_destructured, module))
    if other := _OTHER.search(read):
        hint = 'write import { name } from "./module.js"; and export before a function, class or const'
        raise ThemeError(f"cannot be served: {other[0]}", where=where, hint=hint)
    return read


def _destructured(match: re.Match[str]) -> str:
    return f"const {{ {match[1].replace(' as ', ': ')} }} = {_variable(match[2])};\n"


def _variable(name: str) -> str:
    return "$" + name.removesuffix(".js").replace("-", "_")
