"""The only place that makes an address.

Every address is a path from the site's root without a leading slash, as it is on disk: "day/2025-12-11/",
"author/李明/". `quoted` makes it fit for a link.
"""

import re
from datetime import date
from functools import lru_cache
from pathlib import PurePosixPath
from urllib.parse import quote, urlencode, urljoin, urlsplit

from generator.language import marked
from generator.model import Link, Paper
from generator.text import key

HOME = ""
ABOUT = "about/"
ARCHIVE = "archive/"
FEEDS = "feeds/"
SEARCH = "search/"
LIST = "list/"
OFFLINE = "offline/"
TRENDING = "trending/"
STATISTICS = "stats/"
MAP = "map/"
CHANGES = "changes/"
STATUS = "status/"
NOT_FOUND = "404.html"
INDEXES = {"author": "people/", "organisation": "orgs/", "topic": "topics/"}

_URL_LENGTH = 2_000
# Controls, blanks of all kinds, what ends an address in text, the backslash that some take for a slash, and what has no
# width or turns the text.
_NOT_IN_URL = re.compile(r"[\x00-\x20\x7f-\xa0\\\"<>\s\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_FOLDERS = {"organisation": "org", "query": "q"}


def paper(item: Paper) -> str:
    """Return the address of a paper."""
    return f"paper/{item.key}/"


def collection(kind: str, name: str, page: int = 1) -> str:
    """Return the address of page `page` (from 1) of the collection of `kind` whose key is `name`."""
    first = f"{_FOLDERS.get(kind, kind)}/{name}/"
    return first if page == 1 else f"{first}page/{page}/"


def latest(kind: str) -> str:
    """Return the address that always leads to the newest collection of `kind`: day/latest/."""
    return collection(kind, "latest")


def whole(kind: str, name: str) -> str:
    """Return the address of a collection in one piece: week/2025-W50/all/."""
    return f"{collection(kind, name)}all/"


def day(when: date) -> str:
    """Return the address of a day: day/2025-12-11/."""
    return collection("day", when.isoformat())


def week(when: date) -> str:
    """Return the address of the ISO 8601 week `when` is in: week/2025-W50/."""
    return collection("week", week_key(when))


def month(when: date) -> str:
    """Return the address of the month `when` is in: month/2025-12/."""
    return collection("month", month_key(when))


def year(when: date) -> str:
    """Return the address of the year `when` is in: year/2025/."""
    return collection("year", year_key(when))


def week_key(when: date) -> str:
    """Return the ISO 8601 week of `when`; its year is the ISO year (30 December 2024 is in 2025-W01)."""
    iso = when.isocalendar()
    return f"{iso.year:04}-W{iso.week:02}"


def month_key(when: date) -> str:
    """Return the month of `when`: 2025-12."""
    return f"{when.year:04}-{when.month:02}"


def year_key(when: date) -> str:
    """Return the year of `when`: 2025."""
    return f"{when.year:04}"


def letter(kind: str, name: str, page: int = 1) -> str:
    """Return the address of page `page` of the names of `kind` under the letter `name`: people/letter/a/."""
    first = f"{INDEXES[kind]}letter/{name}/"
    return first if page == 1 else f"{first}page/{page}/"


def trending(name: str) -> str:
    """Return the address of a ranking: trending/ itself for the name "", trending/month/, trending/2025-W50/."""
    return f"{TRENDING}{name}/" if name else TRENDING


def changes(page: int = 1) -> str:
    """Return the address of page `page` (from 1) of the changes: changes/page/2/."""
    return CHANGES if page == 1 else f"{CHANGES}page/{page}/"


def feeds(kind: str, page: int = 1) -> str:
    """Return the address of page `page` of the feeds of `kind`: feeds/topics/page/2/."""
    first = f"{FEEDS}{INDEXES.get(kind, 'queries/')}"
    return first if page == 1 else f"{first}page/{page}/"


def note(name: str) -> str:
    """Return the address of a hand-written page: about/."""
    return f"{key(name)}/"


def twin(url: str, name: str) -> str:
    """Return the address of the twin `name` (index.json, papers.bib, …) of the page at `url`."""
    return f"{url}{name}"


def path(url: str) -> str:
    """Return the path of the file that answers for `url`."""
    return f"{url}index.html" if url.endswith("/") or not url else url


def file(url: str) -> PurePosixPath:
    """Return the file that answers for `url`."""
    return PurePosixPath(path(url))


def quoted(url: str) -> str:
    """Return `url` as it may stand in a link: percent-encoded as UTF-8 (RFC 3986)."""
    return quote(url, safe="/:@!$&'()*+,;=~-._#?%" if "://" in url else "/~-._@!$()*,;=#")


def absolute(base_url: str, url: str) -> str:
    """Return `url` with scheme and host. `base_url` ends with a slash."""
    return urljoin(base_url, quoted(url)) if "://" in url else base_url + quoted(url)


# A paper's links stand on its page and on every card.
@lru_cache(maxsize=1 << 14)
def web(url: str) -> str:
    """Return `url` if it is an address of the web that may become a link (RFC 3986), or nothing.

    That is: http or https, a host and no password before it, no blank or invisible character, of a length that
    browsers and hosts take.
    """
    if not url.startswith(("https://", "http://")) or len(url) > _URL_LENGTH or _NOT_IN_URL.search(url):
        return ""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return ""
    return url if parts.hostname and "@" not in parts.netloc else ""


def outside(item: Paper) -> tuple[Link, ...]:
    """Return the addresses of a paper at other hosts, the PDF first, with their names in English.

    What is not known is left out.
    """
    links = []
    if item.arxiv:
        links.append(Link(title="PDF", url=f"https://arxiv.org/pdf/{item.arxiv}"))
        links.append(Link(title="arXiv", url=f"https://arxiv.org/abs/{item.arxiv}"))
    elif item.pdf:
        links.append(Link(title="PDF", url=item.pdf))
    if item.url and not (item.doi and item.url.endswith(item.doi)):
        links.append(Link(title=marked("Publisher"), url=item.url))
    if item.doi:
        links.append(Link(title="DOI", url=doi(item)))
    if "hf-daily" in item.sources:
        links.append(Link(title=marked("Discussion"), url=f"https://huggingface.co/papers/{quote(item.id)}"))
    if item.code:
        links.append(Link(title=marked("Code"), url=item.code))
    if item.project:
        links.append(Link(title=marked("Project"), url=item.project))
    return tuple(links)


def doi(item: Paper) -> str:
    """Return the address that a paper's DOI resolves at, or nothing."""
    return f"https://doi.org/{quote(item.doi, safe='/:;()._-')}" if item.doi else ""


def report(repository: str, title: str, page: str) -> str:
    """Return where something wrong with the page at `page` can be told: a new issue called `title`, already begun.

    GitHub, Gitea and Forgejo take the same words; GitLab has its own.
    """
    if not web(repository):
        return ""
    body = f"{page}\n\nWhat is wrong, and how you know:\n"
    if "gitlab" in urlsplit(repository).netloc:
        return f"{repository.rstrip('/')}/-/issues/new?{urlencode({'issue[title]': title, 'issue[description]': body})}"
    return f"{repository.rstrip('/')}/issues/new?{urlencode({'title': title, 'body': body})}"


def landing(item: Paper) -> str:
    """Return the paper's page at arXiv or its publisher, else the first other address, or nothing."""
    shown = (link.url for link in outside(item) if link.title != "PDF")
    return next((url for url in shown if url.startswith(("https://", "http://"))), "")


def pdf(item: Paper) -> str:
    """Return the address of the paper's PDF, or nothing where it is not known."""
    shown = (link.url for link in outside(item) if link.title == "PDF")
    return next((url for url in shown if url.startswith(("https://", "http://"))), "")
