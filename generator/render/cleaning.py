"""What may stay in HTML that came from outside, and the addresses in a text."""

import re
from collections.abc import Iterator

import nh3

from generator.render import math

TAGS = math.TAGS | {
    *("p", "a", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "br"),
    *("h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
# An address in running text ends before the marks that end a sentence or a bracket.
_URL = re.compile(
    r"(?<![\w/:@.-])https?://[A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9](?::\d+)?(?:[/?#][\w\-./~:?#@!&'()+,;=%]*)?"
)
_URL_TAIL = re.compile(r"[.,;:!?'&]+$")

_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href", "title"}, "ol": {"start"}, **math.ATTRIBUTES},
    link_rel="nofollow",
    url_schemes={"http", "https", "mailto"},
)
_UNLINKED = re.compile(r'<a(?: title="[^"]*")? rel="nofollow">(.*?)</a>', re.DOTALL)


def cleaned(made: str) -> str:
    """Return HTML without anything that is not allowed; a link whose address was refused is plain text."""
    return _UNLINKED.sub(r"\1", _cleaner.clean(made))


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield `text` in pieces, and whether each is an address."""
    end = 0
    for match in _URL.finditer(text):
        url = _URL_TAIL.sub("", match[0])
        while url.endswith(")") and url.count(")") > url.count("("):
            url = _URL_TAIL.sub("", url[:-1])
        yield text[end : match.start()], False
        yield url, True
        end = match.start() + len(url)
    yield text[end:], False
