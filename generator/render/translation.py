"""Templates in the language of the site: strings are translated as a template is compiled, so that pages cost nothing.

Templates say what Jinja's own extension understands (https://jinja.palletsprojects.com/extensions/#i18n-extension):

    {{ _("Menu") }}
    {% trans day=day|long_date %}The last list is {{ day }}.{% endtrans %}
    {% trans count=found|length %}{{ count }} hit{% pluralize %}{{ count }} hits{% endtrans %}
    {% trans "noun" %}Order{% endtrans %}

What stands for a number of things is called `count`, and is written as a number.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.ext import Extension, InternationalizationExtension, extract_from_ast
from jinja2.lexer import Token, TokenStream
from msgspec import Struct

from generator.language import Language

PLURAL = "plural_form"
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_CALL = ("name", "lparen", "string", "rparen")


class String(Struct, frozen=True):
    """A string that a template says. `several` is its plural, or empty."""

    line: int
    context: str
    one: str
    several: str = ""


def translation(language: Language) -> type[Extension]:
    """Return the extension that puts the strings of `language` into templates while Jinja compiles them."""

    class Translation(InternationalizationExtension):
        """Resolves `_("…")` and `{% trans %}` for one language."""

        def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
            """Put translations in the place of `_("…")`."""
            return _resolved(list(stream), language.gettext)

        def _make_node(  # noqa: PLR0917 - Jinja calls it
            self,
            singular: str,
            plural: str | None,
            context: str | None,
            variables: dict[str, nodes.Expr],
            plural_expr: nodes.Expr | None,
            vars_referenced: bool,  # noqa: FBT001
            num_called_num: bool,  # noqa: FBT001
        ) -> nodes.Output:
            """Return what says a string: its text, and between its parts the values."""
            del num_called_num
            if not vars_referenced:
                singular, plural = singular.replace("%%", "%"), plural and plural.replace("%%", "%")
            found = language.strings.get((context or "", singular))
            if plural is None or plural_expr is None:
                return _said(found[0] if found else singular, variables)
            forms = [_said(form, variables) for form in found or (singular, plural)]
            number: nodes.Expr = nodes.Call(nodes.Name(PLURAL, "load"), [plural_expr], [], None, None)
            return _chosen(number if found else None, plural_expr, forms)  # type: ignore[return-value]

    return Translation


def _resolved(tokens: list[Token], said: Callable[[str], str]) -> Iterator[Token]:
    place = 0
    while place < len(tokens):
        part = tokens[place : place + 4]
        if tuple(token.type for token in part) == _CALL and part[0].value == "_":
            yield Token(part[2].lineno, "string", said(part[2].value))
            place += 4
        else:
            yield tokens[place]
            place += 1


def _said(text: str, variables: Mapping[str, nodes.Expr]) -> nodes.Output:
    """Return the output of `text` with values in the place of their names."""
    parts: list[nodes.Expr] = []
    for place, part in enumerate(_PLACEHOLDER.split(text)):
        if place % 2:
            parts.append(_value(part, variables[part]))
        elif part:
            parts.append(nodes.TemplateData(part.replace("%%", "%") if variables else part))
    return nodes.Output(parts)


def _value(name: str, value: nodes.Expr) -> nodes.Expr:
    return nodes.Filter(value, "number", [], [], None, None) if name == "count" else value


def _chosen(number: nodes.Expr | None, count: nodes.Expr, forms: list[nodes.Output]) -> nodes.Node:
    """Return what says the form for `count`: the first for one, or the one that `number` gives."""
    if len(forms) == 1:
        return forms[0]
    tests = [
        nodes.Compare(number or count, [nodes.Operand("eq", nodes.Const(place if number else 1))])
        for place in range(len(forms) - 1)
    ]
    others = [nodes.If(test, [form], [], []) for test, form in zip(tests[1:], forms[1:], strict=False)]
    return nodes.If(tests[0], [forms[0]], others, [forms[-1]])


def strings_of(source: str) -> Iterator[String]:
    """Yield every string that the template `source` says, also those of the filters `plural` and `forms`."""
    try:
        tree = _plain().parse(source)
    except TemplateSyntaxError:
        return  # it is told when the template is rendered
    for line, function, found in extract_from_ast(tree, babel_style=False):
        said = tuple(each or "" for each in found) if isinstance(found, tuple) else ()
        if function in ("_", "gettext"):
            yield String(line, "", said[0])
        elif function == "ngettext" and len(said) > 1:
            yield String(line, "", said[0], said[1])
        elif function == "pgettext" and len(said) > 1:
            yield String(line, said[0], said[1])
        elif function == "npgettext" and len(said) > 2:
            yield String(line, *said[:3])
    for each in tree.find_all(nodes.Filter):
        words = [arg.value for arg in each.args if isinstance(arg, nodes.Const)]
        if each.name == "plural" and words and len(words) == len(each.args):
            yield String(each.lineno, "", *plural_of(*words))
        elif each.name == "forms" and words and isinstance(each.node, nodes.Const):
            yield String(each.lineno, "", each.node.value, words[0])


def plural_of(one: str, several: str = "") -> tuple[str, str]:
    """Return the strings behind `count|plural("paper")`."""
    return f"%(count)s {one}", f"%(count)s {several or one + 's'}"


def _plain() -> Environment:
    """Return Jinja with its own extension, which leaves the strings as they are."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.policies["ext.i18n.trimmed"] = True
    return environment
