"""What one page owes to those who read it, by eye, by ear or by machine, and to those whom it must not harm."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from lxml import etree

from generator.commands.check.finding import Finding
from generator.render.policy import digest

_MOST_BYTES = 1_000_000
_HEADING = re.compile(r"h([1-6])\Z")
_TYPES_WITH_TEXT_OF_THEIR_OWN = frozenset({"hidden", "submit", "reset", "button", "image"})
_CONTROLS = frozenset({"input", "select", "textarea"})
# Elements of HTML 5, SVG and MathML, which the parser's list of names lacks; ids have a rule of their own
# (https://gnome.pages.gitlab.gnome.org/libxml2/html/xmlerror_8h.html).
_NO_FAULTS = frozenset({513, 801})


def findings(
    file: str, elements: Sequence[etree._Element], size: int, faults: Iterable[etree._LogEntry]
) -> list[Finding]:
    """Return what is wrong with the page `file` of `size` bytes, whose parser found `faults`.

    `elements` are those of the page that one of the rules here is about, in order.
    """
    if any(element.get("http-equiv", "").lower() == "refresh" for element in elements):
        told = [*_syntax(faults), *_policy(elements)]
    else:
        told = [*_syntax(faults), *_policy(elements), *_headings(elements), *_names(elements), *_metadata(elements)]
    if size > _MOST_BYTES:
        told.append((0, "weight", f"the page has {size / 1e6:,.1f} MB"))
    return [
        Finding(file=file, line=line, rule=rule, message=message, warning=rule not in {"policy", "syntax"})
        for line, rule, message in told
    ]


def is_indexed(elements: Iterable[etree._Element]) -> bool:
    """Tell whether a page is for search engines."""
    return not any(each.get("name") == "robots" and "noindex" in each.get("content", "") for each in elements)


def line_of(element: etree._Element) -> int:
    """Return the line on which `element` begins, or 0."""
    # The stubs do not know the type of this attribute.
    return cast("int | None", element.sourceline) or 0


def _syntax(faults: Iterable[etree._LogEntry]) -> Iterator[tuple[int, str, str]]:
    for fault in faults:
        if fault.type not in _NO_FAULTS:
            yield fault.line, "syntax", fault.message


def _policy(elements: Sequence[etree._Element]) -> Iterator[tuple[int, str, str]]:
    """Yield a missing policy, and inline scripts that it stops (https://www.w3.org/TR/CSP3/#match-element-to-source-list)."""
    policies = [each for each in elements if each.get("http-equiv", "").lower() == "content-security-policy"]
    if not policies:
        yield 0, "policy", "there is no Content-Security-Policy"
        return
    allowed = policies[0].get("content", "")
    for each in elements:
        if each.tag != "script" or each.get("src") or not _runs(each.get("type", "")):
            continue
        if digest(each.text or "") not in allowed:
            yield line_of(each), "policy", "the policy of the page does not allow this script"


def _runs(kind: str) -> bool:
    return kind.lower() in {"", "module", "importmap"} or "javascript" in kind.lower()


def _headings(elements: Iterable[etree._Element]) -> Iterator[tuple[int, str, str]]:
    above = 0
    firsts = 0
    for each in elements:
        heading = _HEADING.match(each.tag)
        if heading is None:
            continue
        level = int(heading[1])
        firsts += level == 1
        if above and level > above + 1:
            yield line_of(each), "headings", f"a heading of level {level} follows one of level {above}"
        above = level
    if firsts != 1:
        yield 0, "headings", f"the page has {firsts or 'no'} {'heading' if firsts == 1 else 'headings'} of level 1"


def _names(elements: Sequence[etree._Element]) -> Iterator[tuple[int, str, str]]:
    labelled = {each.get("for") for each in elements if each.tag == "label"}
    for each in elements:
        if each.tag in _CONTROLS:
            told = each.get("type", "") in _TYPES_WITH_TEXT_OF_THEIR_OWN or each.get("id", "") in labelled
            if not told and not _is_told(each) and next(each.iterancestors("label"), None) is None:
                yield line_of(each), "name", f"this <{each.tag}> has no label"
        elif (each.tag == "button" or (each.tag == "a" and each.get("href"))) and not (_is_told(each) or _says(each)):
            yield line_of(each), "name", f"this <{each.tag}> says nothing"


def _is_told(element: etree._Element) -> bool:
    return any(element.get(name) for name in ("aria-label", "aria-labelledby", "title", "aria-hidden"))


def _says(element: etree._Element) -> bool:
    if any(not str(text).isspace() for text in element.itertext()):
        return True
    return any(each.get("alt") or each.get("aria-label") for each in element.iter())


def _metadata(elements: Sequence[etree._Element]) -> Iterator[tuple[int, str, str]]:
    names = {each.get("name", "").lower() for each in elements if each.tag == "meta" and each.get("content")}
    if not any(each.tag == "html" and each.get("lang") for each in elements):
        yield 0, "metadata", "the page does not say its language: <html lang>"
    if not any(each.tag == "title" and (each.text or "").strip() for each in elements):
        yield 0, "metadata", "the page has no <title>"
    if not any(each.tag == "meta" and each.get("charset") for each in elements):
        yield 0, "metadata", "the page does not say its character set: <meta charset>"
    if "viewport" not in names:
        yield 0, "metadata", 'the page has no <meta name="viewport">'
    if "description" not in names and is_indexed(elements):
        yield 0, "metadata", 'the page has no <meta name="description">'
