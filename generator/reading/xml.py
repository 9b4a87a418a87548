"""XML from strangers: nothing outside the text is ever read, and nothing in it can grow."""

from lxml import etree

from generator.text import one_line

Element = etree._Element  # noqa: SLF001  The library has no public name for it.


def root(data: bytes, *, mend: bool = False) -> Element:
    """Return the outermost element of `data`; `mend` takes XML that is not well-formed as far as it can be understood.

    libxml2's own limits hold: 256 levels, 10 MB a text. Raises `ValueError` where there is none.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=mend)
    try:
        found = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ValueError(f"not XML: {one_line(str(error))}") from error
    if not etree.iselement(found):  # What is mended may turn out to be nothing at all.
        raise ValueError("not XML")
    return found


def text(element: Element | None, path: str = "") -> str:
    """Return all text in `element`, or in the first element at `path` below it; nothing where there is none.

    In `path`, `{*}name` stands for a name in any namespace.
    """
    found = element.find(path) if path and element is not None else element
    return str(found.xpath("string()")) if found is not None else ""


def name(element: Element) -> str:
    """Return the name of `element` without its namespace; nothing for a comment."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
