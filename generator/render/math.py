"""TeX mathematics as MathML that a browser shows by itself, with its source as an annotation."""

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
