"""What answers for an address that was published once and has no page any more.

The first thing that still knows about it: the list it was a part of, the paper it was a version of; or else a page that
says so and where to look.
"""

import re
from collections.abc import Iterator, KeysView

from generator import urls
from generator.language import Language
from generator.model import ARXIV_ID
from generator.pages.redirects import redirect
from generator.pages.view import Edition, Page

# A part of a list, and a version of a paper.
_PARENT = re.compile(r"(?P<list>.+/)page/\d+/|(?P<paper>paper/.+)v\d+/")
_KINDS = {"author": "author", "org": "organisation", "topic": "topic", "paper": "paper", "q": "query"}


def answers(edition: Edition, claimed: KeysView[str]) -> Iterator[Page]:
    """Yield a page for every address of `edition.published` that is not `claimed` by one."""
    for url in sorted(edition.published - claimed):
        found = _PARENT.fullmatch(url)
        parent = found["list"] or f"{found['paper']}/" if found else ""
        yield redirect(edition.language, url, parent) if parent and parent in claimed else _gone(edition.language, url)


def _gone(language: Language, url: str) -> Page:
    folder, _, rest = url.partition("/")
    key = rest.removesuffix("/")
    return Page(
        url=url,
        kind="gone",
        template="gone.html",
        title=language.gettext("No longer here"),
        heading=language.gettext("No longer here"),
        indexed=False,
        context={
            "was": _KINDS.get(folder, ""),
            "name": key if folder == "paper" else key.replace("-", " "),
            "index": urls.INDEXES.get(_KINDS.get(folder, ""), ""),
            "arxiv": key if folder == "paper" and ARXIV_ID.fullmatch(key) else "",
        },
    )
