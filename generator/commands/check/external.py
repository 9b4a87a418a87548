"""Whether the addresses that papers and hand-written texts link to still answer. It is told, and breaks nothing.

Those come from strangers: only hosts of the public internet are asked, unless the owner says otherwise.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from generator import urls
from generator.client import Client, is_public
from generator.commands.check.finding import Finding
from generator.config import Settings
from generator.errors import ContentError, SourceError
from generator.store import disk, files

RULE = "external"

# What answered is asked again after a month; what did not, after a day.
_GOOD_FOR, _BAD_FOR = timedelta(days=30), timedelta(days=1)
_PACE = 1.0
_PATIENCE = 20.0
_GONE = (404, 410)
_FIELDS = ("code", "project", "url", "pdf")
_WRITTEN = re.compile(r"https?://[^\s<>\"'`\])]+")


class Place(Struct, frozen=True, order=True):
    """Where an address stands: a file, and the header key or nothing."""

    file: str
    key: str = ""


class Asked(Struct, frozen=True, omit_defaults=True):
    """What an address answered, and when it was asked: a status, or in words why there is none."""

    when: datetime
    status: int = 0
    said: str = ""

    @property
    def is_bad(self) -> bool:
        """Whether nobody would find anything there. A host that answers, but not to programs, is not to blame."""
        return bool(self.said) or self.status in _GONE

    def is_fresh(self, now: datetime) -> bool:
        """Whether there is no need to ask again."""
        return now - self.when < (_BAD_FOR if self.is_bad else _GOOD_FOR)


def client_of(settings: Settings) -> Client:
    """Return a client that asks strangers: not for long, and nobody in a private network."""
    return Client(
        contact=settings.fetch.contact,
        tries=2,
        patience=_PATIENCE,
        limit=settings.fetch.time_limit * 60,
        may_reach=None if settings.check.private_links else is_public,
    )


def findings(
    content: Path,
    memory: Path,
    client: Client,
    *,
    now: datetime,
    skip: Sequence[str] = (),
    track: Callable[[Iterable[str], int], Iterable[str]] = lambda items, _: items,
) -> tuple[list[Finding], int, int]:
    """Return the addresses in `content` that do not answer, the number of all, and of those still to be asked.

    Answers are kept in the file `memory`. Asked are those never asked before, then those asked longest ago, until the
    time of `client` is over. `skip` names hosts, with all below them, and beginnings of addresses, that are left out.
    """
    places = {url: place for url, place in addresses(content).items() if not _is_skipped(url, skip)}
    known = _read(memory)
    answers = {url: known[url] for url in places if url in known}
    due = in_turn([url for url in places if url not in answers or not answers[url].is_fresh(now)], answers)
    left = len(due)
    try:
        for url in track(due, len(due)):
            answer = _ask(client, url, now)
            if answer is None:
                break
            answers[url] = answer
            left -= 1
    finally:
        if due:
            files.write(memory, msgspec.json.format(msgspec.json.encode(dict(sorted(answers.items()))), indent=1))
    bad = [
        Finding(
            file=places[url].file, line=_line(places[url]), rule=RULE, message=f"{url} {_said(answer)}", warning=True
        )
        for url, answer in answers.items()
        if answer.is_bad
    ]
    return bad, len(places), left


def addresses(content: Path) -> dict[str, Place]:
    """Return the addresses that papers and hand-written texts link to, each with the first place where it stands."""
    found: dict[str, Place] = {}
    for paper in disk.readable(content):
        file = str(disk.path_of(content, paper.key))
        for key in _FIELDS:
            found.setdefault(getattr(paper, key), Place(file, key))
    with suppress(ContentError):
        notes = disk.read_notes(content)
        texts = [(f"pages/{note.name}.md", note) for note in notes.pages]
        texts += [(f"days/{day}.md", note) for day, note in notes.days.items()]
        texts += [(f"{kind}s/{note.name}.md", note) for kind, of in notes.names.items() for note in of.values()]
        for name, note in texts:
            found.setdefault(note.link, Place(str(content / name), "link"))
            for url in _WRITTEN.findall(note.body):
                found.setdefault(url.rstrip(".,;:!?"), Place(str(content / name)))
    return {url: place for url, place in found.items() if urls.web(url)}


def in_turn(due: Iterable[str], answers: Mapping[str, Asked]) -> list[str]:
    """Return the addresses `due`: those never asked first, then the oldest answers, and one of each host in turn."""
    seen: Counter[str] = Counter()
    ranked: list[tuple[float, int, str]] = []
    for url in sorted(due):
        host = urlsplit(url).netloc
        asked = answers[url].when.timestamp() if url in answers else 0.0
        ranked.append((asked, seen[host], url))
        seen[host] += 1
    return [url for _, _, url in sorted(ranked)]


def _ask(client: Client, url: str, now: datetime) -> Asked | None:
    """Return what `url` answers, or None where there is no time left to ask."""
    try:
        return Asked(when=now, status=client.reach(url, pace=_PACE))
    except SourceError as error:
        return None if client.is_over else Asked(when=now, said=error.message)


def _said(answer: Asked) -> str:
    return answer.said or f"answers {answer.status}"


def _is_skipped(url: str, skip: Iterable[str]) -> bool:
    host = urlsplit(url).hostname or ""
    return any(url.startswith(each) or host == each or host.endswith(f".{each}") for each in filter(None, skip))


def _read(memory: Path) -> Mapping[str, Asked]:
    """Return the answers kept in the file `memory`; a damaged one is as good as none."""
    try:
        return msgspec.json.decode(memory.read_bytes(), type=dict[str, Asked])
    except (OSError, msgspec.MsgspecError):
        return {}


def _line(place: Place) -> int:
    if not place.key:
        return 0
    lines = Path(place.file).read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.startswith(f"{place.key}:")), 0)
