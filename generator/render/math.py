"""TeX mathematics as MathML that a browser shows by itself, with its source as an annotation."""

import re
from functools import lru_cache

import nh3
from markupsafe import Markup
from math_core import LatexError, LatexToMathML

from generator.tex import MATH_LIMIT

# MathML Core (https://www.w3.org/TR/mathml-core/), with the two elements that hold the source and the one that boxes.
TAGS = {
    *("math", "semantics", "annotation", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mstyle", "mpadded"),
    *("msup", "msub", "msubsup", "mover", "munder", "munderover", "mmultiscripts", "mprescripts", "mphantom"),
    *("mfrac", "msqrt", "mroot", "mtable", "mtr", "mtd", "menclose"),
}
_SIGN = {
    "form",
    "fence",
    "separator",
    "stretchy",
    "symmetric",
    "largeop",
    "movablelimits",
    "lspace",
    "rspace",
    "minsize",
}
ATTRIBUTES = {
    "math": {"display"},
    "annotation": {"encoding"},
    "mi": {"mathvariant"},
    "mo": _SIGN | {"maxsize", "accent"},
    "mspace": {"width", "height", "depth"},
    "mpadded": {"width", "height", "depth", "lspace", "voffset"},
    "mfrac": {"linethickness"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "munderover": {"accent", "accentunder"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mtable": {"columnalign", "displaystyle"},
    "mtd": {"columnalign", "columnspan", "rowspan"},
    "menclose": {"notation"},
}

# What abstracts use and math-core does not know.
_MACROS = {
    "widetilde": r"\tilde{#1}",
    "mathbbm": r"\mathbb{#1}",
    "mbox": r"\text{#1}",
    "ensuremath": r"{#1}",
    "xspace": r"{}",
}
_converter = LatexToMathML(annotation=True, fancy_error=False, macros=_MACROS)
_cleaner = nh3.Cleaner(tags=TAGS, attributes=ATTRIBUTES, link_rel=None)


_FORMULA = re.compile(r"<math.*?</math>", re.DOTALL)
_UNSEEN = re.compile(r"<annotation.*?</annotation>|<[^>]+>", re.DOTALL)
# So many signs have room beside each other on the narrowest phone.
_NARROW = 16


def scrolling(html: Markup) -> Markup:
    """Return HTML made here with every formula that may be too wide for a screen in a region that scrolls by itself.

    A formula cannot be broken into lines. Whoever has no mouse moves it with the arrow keys, so the region can have the
    focus (https://www.w3.org/WAI/standards-guidelines/act/rules/0ssw9k/).
    """
    if "<math" not in html:
        return html
    return Markup(_FORMULA.sub(lambda match: _region(match[0]), html))  # noqa: S704 - its input is safe


@lru_cache(maxsize=1 << 14)
def _region(formula: str) -> str:
    if len(_UNSEEN.sub("", formula)) <= _NARROW:
        return formula
    return f'<span class="formula" role="group" aria-label="Formula" tabindex="0">{formula}</span>'


@lru_cache(maxsize=1 << 14)
def mathml(tex: str, *, display: bool) -> Markup | None:
    """Return the TeX `tex` (without delimiters) as MathML, or None where it cannot be read or is too long."""
    if len(tex) > MATH_LIMIT:
        return None
    try:
        made = _converter.convert_with_local_state(tex, displaystyle=display)
    except LatexError:
        return None
    return Markup(_cleaner.clean(made))  # noqa: S704 - cleaned in this very line
