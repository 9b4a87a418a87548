"""Modules to scripts: what a browser gets needs no further request for what it imports, and has no comments.

The modules stay as they are in the theme; nothing is renamed. An imported module becomes a function that is called
once, so that its names never meet those of another, except what it exports, which is in reach of all that follow. What
a script says in `_("…")` and `plural("…", "…", count)` is put into the language of the site here, so that neither pages
nor requests carry it.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

import rjsmin

from generator.errors import ThemeError
from generator.language import ENGLISH, Language

_IMPORT = re.compile(r'^import \{ ([^}]*) \} from "\./([\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_STRING = r'("(?:[^"\\\n]|\\.)*")'
_SAID = re.compile(rf"(?<![\w$.])(_|plural)\({_STRING}(?:, {_STRING})?")
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def bundled(modules: Mapping[str, str], where: str, language: Language = ENGLISH) -> Iterator[tuple[str, str]]:
    """Yield the scripts that a folder of `modules`, both by their names, is served as in `language`.

    A module that no other one imports is a script, with everything it imports within. Modules may write
    `import { a, b as c } from "./name.js";`, and `export` before a function, class or const; inside a `${}` must be no
    other backtick, which rjsmin would take for the end of the text.

    Raises `ThemeError` for other imports and exports, for modules that import each other, for missing ones, and where
    two of a script export the same name.
    """
    needs = {name: [f"{each[2]}.js" for each in _IMPORT.finditer(text)] for name, text in modules.items()}
    try:
        known = {*TopologicalSorter(needs).static_order()}
    except CycleError as error:
        raise ThemeError(f"modules import each other: {' → '.join(error.args[1])}", where=where) from error
    if missing := sorted(known - set(modules)):
        raise ThemeError(f"there is no {missing[0]} to import", where=where)
    for script in sorted(set(modules).difference(*needs.values())):
        within = _reached(script, needs)
        exported = Counter(each for name in within for each in _exports(modules[name]))
        if twice := [each for each, count in exported.items() if count > 1]:
            raise ThemeError(f"two modules of {script} export {min(twice)}", where=where, hint="give one another name")
        parts = [_called(modules[name], f"{where}/{name}") for name in within]
        text = "\n".join([*parts, _begun(modules[script], f"{where}/{script}")])
        # A block: what scripts of one page declare outside of any is declared for all of them.
        text = _translated(f"{{\n{text}\n}}" if parts else text, language)
        yield script, str(rjsmin.jsmin(text, keep_bang_comments=True))


def _reached(name: str, needs: Mapping[str, Sequence[str]]) -> list[str]:
    """Return all that `name` imports, at first or at second hand, each after what it imports itself."""
    return list(dict.fromkeys(each for one in needs[name] for each in (*_reached(one, needs), one)))


def strings_in(module: str) -> Iterator[tuple[int, str, str]]:
    """Yield each string that `module` says: its line, the string, and its plural or nothing."""
    for found in _SAID.finditer(module):
        several = json.loads(found[3]) if found[1] == "plural" and found[3] else ""
        yield module.count("\n", 0, found.start()) + 1, json.loads(found[2]), several


def _translated(script: str, language: Language) -> str:
    """Return `script` with its strings in `language`; a plural has its forms as `Language.categories` names them."""

    def said(found: re.Match[str]) -> str:
        if found[1] == "plural" and found[3]:
            forms = language.categories(json.loads(found[2]), json.loads(found[3]))
            return f"plural({json.dumps(forms, ensure_ascii=False)}, {found[3]}"
        rest = f", {found[3]}" if found[3] else ""
        return f"{found[1]}({json.dumps(language.gettext(json.loads(found[2])), ensure_ascii=False)}{rest}"

    return _SAID.sub(said, script) if language.strings else script


def _exports(module: str) -> list[str]:
    return [match[1] for match in _EXPORT.finditer(module)]


def _called(module: str, where: str) -> str:
    """Return an imported `module` as a function that is called at once."""
    names = ", ".join(_exports(module))
    given = _renamed(module)
    body = f"{_read(module, where)}\nreturn {{ {names} }};"
    return f"const {{ {names} }} = (({', '.join(given)}) => {{\n{body}\n}})({', '.join(given.values())});"


def _begun(module: str, where: str) -> str:
    """Return the `module` that imports others as blocks, in which it may wait for what comes."""
    read = _read(module, where)
    constants = "".join(f"const {name} = {exported};\n" for name, exported in _renamed(module).items())
    return f"{{\n{constants}{{\n{read}\n}}\n}}" if constants else f"{{\n{read}\n}}"


def _read(module: str, where: str) -> str:
    """Return `module` without its imports, which are there already."""
    read = _EXPORT.sub("", _IMPORT.sub("", module))
    if other := _OTHER.search(read):
        hint = 'write import { name } from "./module.js"; and export before a function, class or const'
        raise ThemeError(f"cannot be served: {other[0]}", where=where, hint=hint)
    return read


def _renamed(module: str) -> dict[str, str]:
    """Return the names that `module` has for what others export under another one, which may be a name of its own."""
    pairs = [each.partition(" as ") for match in _IMPORT.finditer(module) for each in match[1].split(", ")]
    return {name: exported for exported, _, name in pairs if name}
