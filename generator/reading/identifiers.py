"""Names of papers: arXiv's, DOIs, those of other catalogues, and our own for papers that have none."""

import re
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from msgspec import Struct

from generator.model import ARXIV_ID, Author
from generator.reading.people import family
from generator.tex import plain
from generator.text import key, one_line

LOCAL = "local"
"""The scheme of ids that we give."""

_ARXIV = re.compile(
    r"(?:arxiv(?:\.org)?[\s:./]*(?:(?:abs|pdf|html)/)?|huggingface\.co/papers/|alphaxiv\.org/abs/)"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?!\d)",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?:oai:arXiv\.org:)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?(?:\s*\[[\w.-]+\])?")
# https://www.doi.org/doi-handbook/HTML/doi-syntax.html; no registrant ever had more than nine digits in a part.
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"<>{}\\^|`\x00-\x1f]{1,180}")
_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,78}[a-z0-9])?")
_FILE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")


class Names(Struct, frozen=True, kw_only=True):
    """What a paper is called: `id` in the archive, its DOI, and its names elsewhere with their schemes."""

    id: str
    doi: str | None = None
    identifiers: tuple[str, ...] | None = None


def arxiv(said: str | None) -> str | None:
    """Return the arXiv id, without a version, that `said` is or that an address or DOI in it names; or nothing."""
    bare = one_line(said or "")
    found = _BARE.fullmatch(bare) or _ARXIV.search(bare)
    return found[1] if found and ARXIV_ID.fullmatch(found[1]) else None


def doi(said: str | None) -> str | None:
    """Return the first DOI in `said`, alone or in an address, or nothing."""
    found = _DOI.search(one_line(said or ""))
    if not found:
        return None
    # What ends a sentence or closes a bracket around it is not part of it; a bracket of its own is.
    name = found[0].rstrip(".,;:'")
    while name.endswith((")", "]")) and name.count("(") + name.count("[") < name.count(")") + name.count("]"):
        name = name[:-1].rstrip(".,;:'")
    return name


def dois(said: str | None) -> list[str]:
    """Return every DOI in a text that holds some, separated by blanks."""
    return [found for part in (said or "").split() if (found := doi(part))]


def names(
    *,
    title: str,
    authors: Sequence[Author] = (),
    year: str | None = None,
    arxiv_id: str | None = None,
    said_doi: str | None = None,
    others: Mapping[str, str] | None = None,
    own: str = "",
) -> Names:
    """Return what a paper is called, given what a source says of it.

    Its id is arXiv's, or else the ACL Anthology's or OpenReview's, or one made from its DOI, or from the first of
    `others` (scheme → name) that can be a file's name. A paper without any gets one made from its title, first author
    and year (and `own`, what its source calls it), so that it gets the same one each time.
    """
    first, *more = (*dois(said_doi),) or ("",)
    arxiv_id = arxiv_id or (arxiv(first) if "arxiv" in first.casefold() else None)
    known = {scheme: one_line(name) for scheme, name in (others or {}).items() if name and one_line(name)}
    elsewhere = {f"{scheme}:{name}" for scheme, name in known.items() if len(name) <= 200}
    elsewhere |= {f"doi:{each}" for each in more}
    made = {scheme: id_ for scheme, name in known.items() if scheme != "report" and (id_ := _named(scheme, name))}
    own_pages = (made[scheme] for scheme in ("acl", "openreview") if scheme in made)
    given = arxiv_id or next(own_pages, None) or (_of_doi(first) if first else next(iter(made.values()), None))
    id_ = given or _local(title, authors, year, own)
    return Names(id=id_, doi=first or None, identifiers=tuple(sorted(elsewhere)) or None)


def _named(scheme: str, name: str) -> str | None:
    """Return the id that stands for a name in another catalogue; the ACL Anthology's are ids as they are."""
    id_ = name if scheme == "acl" else f"{scheme}-{name}"
    return id_ if _FILE.fullmatch(id_) and ".." not in id_ else None


def _of_doi(said: str) -> str:
    """Return the id that stands for a DOI: 10.1162/tacl_a_00001 → 10.1162-tacl_a_00001. Never the same for two."""
    prefix, _, suffix = said.casefold().partition("/")
    if _PLAIN.fullmatch(suffix) and ".." not in suffix:
        return f"{prefix}-{suffix}"
    digest = blake2b(said.casefold().encode(), digest_size=5).hexdigest()
    return f"{prefix}-{re.sub(r'[^a-z0-9]+', '-', suffix)[:60].strip('-')}-{digest}".replace("--", "-")


def _local(title: str, authors: Sequence[Author], year: str | None, own: str) -> str:
    told = "|".join((title_key(title), key(family(authors[0].name)) if authors else "", year or "", own))
    return f"{LOCAL}-{blake2b(told.encode(), digest_size=6).hexdigest()}"


def title_key(title: str) -> str:
    """Return what two spellings of one title share: no mathematics' dollars, accents, capitals or punctuation."""
    return key(plain(title))
