"""Every string of templates, scripts and code: `python -m tests.strings` writes them as a PO template."""

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from generator.language import TEMPLATE
from generator.render.scripts import strings_in
from generator.render.translation import String, plural_of, strings_of

ROOT = Path(__file__).parent.parent
THEME = ROOT / "theme" / "default"
FILE = THEME / "languages" / TEMPLATE
# The functions that take a string of the interface, and which of their arguments it is.
_FUNCTIONS = {"gettext": 0, "said": 0, "marked": 0, "ngettext": 0, "things": 1, "categories": 0}
_CODE = ("pages/*.py", "outputs/**/*.py", "statistics.py", "status.py", "urls.py")
_HEADER = """\
# Every string of the interface, in English. Copy it to <tag>.po and translate it, by hand or in Poedit and its like.
# What is written as %(name)s is put in later."""


def strings() -> Iterator[tuple[str, String]]:
    """Yield each string with the file that says it, in the order of files and lines."""
    for path in sorted((THEME / "templates").rglob("*.html")):
        found = sorted(strings_of(path.read_text("utf-8")), key=lambda each: each.line)
        yield from ((path.relative_to(ROOT).as_posix(), each) for each in found)
    for path in sorted((THEME / "assets" / "js").rglob("*.js")):
        found = [String(line, "", one, several) for line, one, several in strings_in(path.read_text("utf-8"))]
        yield from ((path.relative_to(ROOT).as_posix(), each) for each in found)
    for path in sorted(path for pattern in _CODE for path in (ROOT / "generator").glob(pattern)):
        found = sorted(_of_code(ast.parse(path.read_text("utf-8"))), key=lambda each: each.line)
        yield from ((path.relative_to(ROOT).as_posix(), each) for each in found)


def template() -> str:
    """Return the PO template of all strings; places are files without lines, so that it changes only with a string."""
    catalog = Catalog(project="Broadsheet", header_comment=_HEADER, charset="utf-8")
    for path, each in strings():
        key = (each.one, each.several) if each.several else each.one
        catalog.add(key, locations=[(path, 0)], context=each.context or None)
    data = BytesIO()
    write_po(data, catalog, width=120, include_lineno=False, omit_header=True)
    return f'{_HEADER}\nmsgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n{data.getvalue().decode()}'


def _of_code(tree: ast.AST) -> Iterator[String]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name not in _FUNCTIONS or not words:
            continue
        if name == "things":
            yield String(node.lineno, "", *plural_of(*words))
        else:
            yield String(node.lineno, "", *words[: 2 if name in ("ngettext", "categories") else 1])


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(template(), "utf-8")
    sys.stdout.write(f"{FILE.relative_to(ROOT)}: {len({(each.context, each.one) for _, each in strings()})} strings\n")
