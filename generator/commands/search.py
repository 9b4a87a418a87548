"""Search the finished site from a terminal: the same files, the same ranking as the page."""

from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from generator import urls
from generator.config import Settings
from generator.errors import OutputError
from generator.outputs.citations import BIBTEX
from generator.progress import Progress
from generator.search.reader import Answer, Card, Hit, Reader, Sort, StaleError
from generator.text import one_line, plural
from generator.verbatim import markdown

Form = Literal["text", "json", "bib", "md", "ids"]


class Options(Struct, frozen=True, kw_only=True):
    """How many papers to show at most, in what order, and in what form."""

    limit: int = 10
    sort: Sort = "relevance"
    form: Form = "text"


def run(settings: Settings, query: str, options: Options, *, output: Path, progress: Progress) -> int:
    """Print what `query` finds in the site in `output`, and return the exit code.

    Raises `OutputError` where there is no index, or one that cannot be read.
    """
    folder = output / urls.SEARCH
    try:
        answer = Reader(lambda name: (folder / name).read_bytes()).search(query, limit=options.limit, sort=options.sort)
        shown = "\n".join(_line(settings, output, hit, options.form) for hit in answer.hits)
    except FileNotFoundError as error:
        hint = "make it with: broadsheet build"
        raise OutputError("there is no search index", where=str(folder), hint=hint) from error
    except (StaleError, EOFError, OSError, msgspec.MsgspecError) as error:
        hint = "make it anew with: broadsheet build"
        raise OutputError(f"the search index cannot be read: {error}", where=str(folder), hint=hint) from error
    progress.line("found", *_told(answer))
    if shown:
        progress.result(f"[\n{shown.rstrip(',')}\n]" if options.form == "json" else shown)
    elif options.form == "json":
        progress.result("[]")
    return 0


def _told(answer: Answer) -> list[str]:
    """Return how much was found, and what was searched for instead."""
    about = "about " if answer.is_estimate else ""
    instead = [f"“{word}” instead of “{typed}”" for typed, word in answer.corrected.items()]
    return [f"{about}{plural(answer.matching, 'paper')}", *instead]


def _line(settings: Settings, output: Path, hit: Hit, form: Form) -> str:
    card, address = hit.card, urls.absolute(settings.site.base_url, hit.card.url)
    match form:
        case "ids":
            return card.id
        case "bib":
            return (output / urls.twin(card.url, BIBTEX.file)).read_text("utf-8").strip() + "\n"
        case "md":
            return f"- [{markdown(one_line(card.fields[0]))}](<{address}>)"
        case "json":
            return msgspec.json.encode(_facts(card, address)).decode() + ","
    when = f" ({card.day})" if card.day else ""
    return f"{card.id}{when}  {one_line(card.fields[0])}\n    {address}"


def _facts(card: Card, address: str) -> dict[str, object]:
    title, abstract, authors, topics, organisation = card.fields
    facts: dict[str, object] = {
        "id": card.id,
        "url": address,
        "title": title,
        "authors": authors.split("\n") if authors else [],
        "organisation": organisation,
        "topics": topics.split("\n") if topics else [],
        "day": card.day,
        "votes": card.votes,
        "abstract": abstract,
    }
    return {name: value for name, value in facts.items() if value}
