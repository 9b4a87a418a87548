"""What several sources say about one paper becomes the paper, field by field; pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from msgspec.structs import fields, replace

from generator import urls
from generator.bounds import excesses
from generator.errors import BroadsheetError, ContentError, raise_all
from generator.model import Counts, Featured, Override, Paper, Record, Version
from generator.verbatim import markdown

_REASONS = 3
EDITOR = "editor"
"""The name under which a person's own words stand in `Paper.sources`; no source is trusted more."""

# What a source may know better than another. `featured` and `identifiers` are not here: they grow.
FACTS = (
    "title",
    "authors",
    "organisation",
    "published",
    "updated",
    "versions",
    "subjects",
    "topics",
    "doi",
    "type",
    "issued",
    "journal",
    "venue",
    "volume",
    "issue",
    "pages",
    "publisher",
    "comment",
    "licence",
    "withdrawn",
    "code",
    "stars",
    "project",
    "url",
    "pdf",
    "models",
    "datasets",
    "demos",
    "author_count",
    "comments",
    "summary",
    "abstract",
)
GROWING = ("identifiers", "featured")
_ORDER = {name: place for place, name in enumerate((*FACTS, *GROWING))}
_UNSET = {item.name: item.default for item in fields(Paper)} | {"title": ""}


def merge(
    known: Paper | None,
    records: Sequence[Record],
    *,
    trust: Sequence[str],
    today: date,
    freeze_after_days: int,
) -> Paper:
    """Return the paper that `known` becomes with what `records`, all of one id, say.

    `trust` names the sources, most trusted first; one that is not named is trusted least. Each field comes from the
    most trusted source that gave it, `Paper.sources` remembers which, and the same source may change it later. What a
    person wrote (a field that is set and has no source, or `EDITOR`) stays. What a record does not know erases nothing.

    A record adds its day to `featured`, or renews the counts of that day unless they are frozen: said (`Record.seen`,
    or else `today`) more than `freeze_after_days` after the day. Then they stand beside those of the day. Stars freeze
    with the last day. What a source said before the last day on which the paper was listed fills gaps only.

    Raises `ContentError` where there is no paper yet and nobody gives a title, or a record says more than it may.
    """
    for record in records:
        _check(record)
    paper = known or Paper(id=records[0].id, title="")
    ranks = {EDITOR: -1} | {name: rank for rank, name in reversed(list(enumerate(trust)))}
    for record in sorted(records, key=lambda record: (_rank(ranks, record.source), record.seen or today)):
        seen = record.seen or today
        frozen = frozenset(each.day for each in paper.featured if (seen - each.day).days > freeze_after_days)
        paper = _with(paper, record, ranks, frozen)
    if not paper.title:
        raise ContentError("no source gives a title", where=paper.id)
    return paper


def changed(before: Paper, after: Paper) -> tuple[str, ...]:
    """Return the fields that `before` had and that have another value in `after`."""
    facts = (name for name in FACTS if getattr(before, name) != _UNSET[name])
    return tuple(name for name in facts if getattr(before, name) != getattr(after, name))


def _check(record: Record) -> None:
    """Raise where `record` goes beyond all bounds."""
    if reasons := list(islice(excesses(record), _REASONS)):
        raise ContentError("; ".join(reasons), where=record.id)


def corrected(paper: Paper, override: Override) -> Paper:
    """Return `paper` with what a person set in its override, which is checked when it is read."""
    return replace(paper, **override.set)


def settled(papers: Iterable[Paper], overrides: Mapping[str, Override]) -> tuple[tuple[Paper, ...], dict[str, str]]:
    """Return the papers as editors left them, and for the key of each duplicate that of the paper which stays.

    A paper that stays is listed on the days of its duplicates too, if it was not already.

    Raises `ContentError`, all of them together, where a duplicate leads to no paper or back to itself, and where two
    papers want one page.
    """
    by_key: dict[str, Paper] = {}
    duplicates: dict[str, str] = {}
    errors: list[BroadsheetError] = []
    for each in papers:
        if each.key in by_key:
            errors.append(
                ContentError(
                    f"two pages want this address: the papers {by_key[each.key].id} and {each.id}",
                    where=f"/{urls.paper(each)}",
                    hint="remove one of them",
                )
            )
        by_key[each.key] = corrected(each, overrides[each.key]) if each.key in overrides else each
    for key in sorted(key for key in by_key.keys() & overrides.keys() if overrides[key].duplicate_of):
        try:
            duplicates[key] = _kept(key, by_key, overrides)
        except ContentError as error:
            errors.append(error)
    raise_all(errors)
    for key, kept in duplicates.items():
        by_key[kept] = _listed_as(by_key[kept], by_key[key])
    return tuple(paper for key, paper in by_key.items() if key not in duplicates), duplicates


def _kept(key: str, papers: Mapping[str, Paper], overrides: Mapping[str, Override]) -> str:
    """Return the key of the paper that stays for the duplicate `key`, which may be one of a duplicate."""
    where, met = overrides[key].where or key, [key]
    while key in overrides and (other := overrides[key].duplicate_of):
        key = other.replace("/", "-")
        if key not in papers:
            raise ContentError(f"there is no paper {other} that this could be a duplicate of", where=where)
        if key in met:
            raise ContentError(f"duplicates in a circle: {' → '.join([*met, key])}", where=where)
        met.append(key)
    return key


def _listed_as(paper: Paper, duplicate: Paper) -> Paper:
    """Return `paper` with the days on which only its duplicate was listed."""
    days = {each.day for each in paper.featured}
    more = (each for each in duplicate.featured if each.day not in days)
    return replace(paper, featured=tuple(sorted((*paper.featured, *more), key=lambda each: each.day)))


Rank = tuple[int, str]


def _rank(ranks: Mapping[str, int], source: str) -> Rank:
    """Return the place of `source`: the lower, the more it is trusted. Names settle it between unknown ones."""
    return ranks.get(source, len(ranks)), source


def _with(paper: Paper, record: Record, ranks: Mapping[str, int], frozen: frozenset[date]) -> Paper:
    """Return `paper` with what one record says, as far as it may say it. `frozen` are the days that are over."""
    owners = {name: source for source, names in paper.sources.items() for name in names}
    featured = _featured(paper, record, ranks, frozen)
    identifiers = tuple(sorted({*paper.identifiers, *(record.identifiers or ())}))
    changes: dict[str, Any] = {"featured": featured, "identifiers": identifiers}
    gained: list[str] = [name for name in GROWING if getattr(record, name)]
    over = bool(featured) and all(each.day in frozen for each in featured)
    # What a source said before the last list we know does not replace what it said with that list.
    stale = bool(featured) and record.seen is not None and record.seen < featured[-1].day
    for name in FACTS:
        value, owner = getattr(record, name), _owner(paper, name, owners)
        mine = owner == record.source
        if value is None or (owner and not mine and _rank(ranks, owner) < _rank(ranks, record.source)):
            continue
        if mine and (stale or (over and name == "stars")):
            continue
        gained.append(name)
        changes |= _change(paper, record, name, mine=mine)
    return replace(paper, **changes, sources=_provenance(paper, record.source, gained))


def _owner(paper: Paper, name: str, owners: Mapping[str, str]) -> str | None:
    """Return who gave the field `name`: a source, a person, or nobody."""
    if getattr(paper, name) == _UNSET[name]:
        return None
    if name == "abstract" and paper.abstract_by:
        return EDITOR
    return owners.get(name, EDITOR)


def _change(paper: Paper, record: Record, name: str, *, mine: bool) -> dict[str, object]:
    """Return the fields that change when `record` gives the field `name`; `mine` if it had given it before."""
    if name == "abstract":
        return {name: markdown(record.abstract or "")}
    if name == "summary":
        return {name: record.summary, "summary_by": record.summary_by or ""}
    if name == "versions" and mine:
        return {name: _together(paper.versions, record.versions or ())}
    return {name: getattr(record, name)}


def _together(older: Sequence[Version], newer: Sequence[Version]) -> tuple[Version, ...]:
    """Return all versions; a source that tells only the first and the last is told more each time."""
    return tuple(sorted({each.number: each for each in (*older, *newer)}.values(), key=lambda each: each.number))


def _featured(paper: Paper, record: Record, ranks: Mapping[str, int], frozen: frozenset[date]) -> tuple[Featured, ...]:
    """Return the days of `paper`, by day, with the one that `record` was on."""
    new = record.featured
    if not new:
        return paper.featured
    known = next((each for each in paper.featured if each.day == new.day), None)
    givers = [_rank(ranks, name) for name, names in paper.sources.items() if "featured" in names]
    best, mine = min(givers, default=_rank(ranks, EDITOR)), _rank(ranks, record.source)
    if known and mine > best:
        return paper.featured
    if known and mine == best:
        new = _beside(known, new) if new.day in frozen else _beside(new, known.now)
    return tuple(sorted((*(each for each in paper.featured if each.day != new.day), new), key=lambda each: each.day))


def _beside(day: Featured, later: Featured | Counts | None) -> Featured:
    """Return `day` with the counts that were seen when its own were final."""
    own = Counts(upvotes=day.upvotes, comments=day.comments)
    now = Counts(upvotes=later.upvotes, comments=later.comments) if later else None
    return replace(day, now=None if now == own else now)


def _provenance(paper: Paper, source: str, gained: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return which source gave which fields, now that `source` gave those in `gained`. Several may give what grows."""
    taken = set(gained) - set(GROWING)
    names = {each: set(given) - taken for each, given in paper.sources.items()}
    names.setdefault(source, set()).update(gained)
    return {
        each: tuple(sorted(given, key=lambda name: (_ORDER.get(name, len(_ORDER)), name)))
        for each, given in sorted(names.items())
        if given
    }
