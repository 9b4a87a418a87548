"""What a person typed, as clauses. Nothing is an error: what is not understood is words. Grammar: docs/search.md, 4."""

import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from generator.search import analysis
from generator.search.analysis import Word

Kind = Literal["word", "phrase", "prefix", "fuzzy", "term", "period"]
Occur = Literal["should", "must", "not"]

MOST_CHARACTERS = 2000
MOST_CLAUSES = 128
# So many items are a text that somebody pasted: its quotes ask for nothing.
PASTED = 16
BOOST = 10

_BLANKS = " \t\n\v\f\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_ITEM = re.compile(rf'([+-]?)((?:[A-Za-z]+:)?)(?:"([^"]*)"([^{_BLANKS}"]*)|([^{_BLANKS}"]+))')
_BOOST = re.compile(r"\^([0-9]{1,4}(?:\.[0-9]{1,4})?)$")
_FUZZY = re.compile(r"~([12]?)$")
_FIELDS = {
    **{name: name for name in ("title", "abstract", "author", "topic", "org", "subject", "year", "day", "id", "has")},
    "authors": "author",
    "topics": "topic",
    "organisation": "org",
    "organization": "org",
}
_WITHOUT_WORDS = {"year", "day", "id", "has", "subject"}
_HAS = ("code", "project", "pdf")
_MOMENT = r"(?:[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)"
_PERIOD = re.compile(rf"({_MOMENT})|({_MOMENT}?)\.\.({_MOMENT}?)")
_ARXIV = re.compile(r"(?:https?://[^/]+/(?:abs|pdf|papers)/|arxiv:)?(.+?)(?:v[0-9]{1,2})?(?:\.pdf)?")


class Clause(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing asked for. `boost` is in tenths.

    `words` are those of a word (one) or phrase (several). `text` is the beginning of a prefix or the word of a fuzzy
    one, both folded, or a filter term. `field` limits words to a field; a `term` with `words` falls back to them.
    `first` and `last` are the ends of a period, as texts that dates are compared with.
    """

    kind: Kind
    occur: Occur = "should"
    field: str = ""
    words: tuple[Word, ...] = ()
    text: str = ""
    distance: int = 0
    first: str = ""
    last: str = ""
    boost: int = BOOST


class Query(Struct, frozen=True, kw_only=True):
    """A whole query: its clauses, the id it may be, and the normalised text by which a title is the same."""

    clauses: tuple[Clause, ...]
    id: str = ""
    title: str = ""


def parse(text: str) -> Query:
    """Return what `text` asks for."""
    text = text[:MOST_CHARACTERS].translate(_QUOTES)
    items = [match.groups(default="") for match in _ITEM.finditer(text)]
    is_pasted = len(items) > PASTED
    clauses = tuple(clause for item in items for clause in _item(*item, is_pasted=is_pasted))
    if any(_is_bare(clause) and clause.words[0].terms for clause in clauses):
        # Stop words are asked for only where there is nothing else.
        clauses = tuple(clause for clause in clauses if not _is_bare(clause) or clause.words[0].terms)
    return Query(clauses=clauses[:MOST_CLAUSES], id=_id(text), title=analysis.normalised(text))


def _id(text: str) -> str:
    """Return the id that the whole of `text` may be, in lower case."""
    typed = text.strip().lower()
    match = _ARXIV.fullmatch(typed)
    plausible = match and re.search("[0-9]", match[1]) and not re.search(rf"[{_BLANKS}\"]", match[1])
    return match[1] if match and plausible else ""


def _is_bare(clause: Clause) -> bool:
    return clause.kind == "word" and clause.occur == "should"


def _item(sign: str, prefix: str, quoted: str, tail: str, plain: str, *, is_pasted: bool) -> Iterator[Clause]:
    """Yield the clauses of one item of a query."""
    if is_pasted and quoted and not sign and not prefix:
        yield from _words("should", "", f"{quoted} {tail}", BOOST)
        return
    field = _FIELDS.get(prefix[:-1].lower(), "")
    value, boost = _boosted(tail if quoted else plain or tail)
    if quoted:
        rest = "" if boost != BOOST or not tail else tail
        yield from _made(sign, field, quoted, boost, is_quoted=True, lead="" if field else prefix)
        if rest:
            yield from _made("", "", rest, BOOST, is_quoted=False)
    elif value:
        yield from _made(sign, field, value, boost, is_quoted=False, lead="" if field else prefix)


def _boosted(value: str) -> tuple[str, int]:
    """Return `value` without its boost, and the boost in tenths."""
    match = _BOOST.search(value)
    if match is None:
        return value, BOOST
    whole, _, tenths = match[1].partition(".")
    return value[: match.start()], min(100, max(1, int(whole) * 10 + int((tenths + "0")[0])))


def _made(sign: str, field: str, value: str, boost: int, *, is_quoted: bool, lead: str = "") -> Iterator[Clause]:
    special = _special(field, value)
    if special is not None:
        yield replace(special, occur="not" if sign == "-" else "must")
        return
    if field in _WITHOUT_WORDS:
        field, lead = "", field
    occur: Occur = "not" if sign == "-" else "must" if sign == "+" or field or is_quoted else "should"
    if lead:
        yield from _words(occur if not is_quoted else "should", "", lead, boost)
    if is_quoted:
        words = tuple(analysis.words(value))
        several = sum(len(word.units) for word in words) > 1
        named = _name(field, value)
        if named or several:
            yield Clause(
                kind="term" if named else "phrase", occur=occur, field=field, words=words, text=named, boost=boost
            )
        else:
            yield from _words(occur, field, value, boost)
        return
    yield from _plain(occur, field, value, boost)


def _plain(occur: Occur, field: str, value: str, boost: int) -> Iterator[Clause]:
    """Yield the clauses of a value without quotes."""
    fuzzy = _FUZZY.search(value)
    stem = value[: fuzzy.start()] if fuzzy else value[:-1] if value.endswith("*") else ""
    tokens = analysis.tokens(stem)
    if fuzzy and len(tokens) == 1 and len(analysis.analysed(tokens[0]).parts) == 1:
        yield Clause(kind="fuzzy", occur=occur, field=field, text=tokens[0], distance=int(fuzzy[1] or 1), boost=boost)
    elif value.endswith("*") and len(tokens) == 1 and analysis.is_beginning(tokens[0]):
        yield Clause(kind="prefix", occur=occur, field=field, text=tokens[0], boost=boost)
    elif named := _name(field, value):
        words = tuple(analysis.words(value))
        yield Clause(kind="term", occur=occur, field=field, words=words, text=named, boost=boost)
    else:
        yield from _words(occur, field, value, boost)


def _words(occur: Occur, field: str, value: str, boost: int) -> Iterator[Clause]:
    for word in analysis.words(value):
        if word.units:
            yield Clause(kind="word", occur=occur, field=field, words=(word,), boost=boost)


def _name(field: str, value: str) -> str:
    """Return the filter term of a topic or organisation called `value`."""
    name = analysis.key(value) if field in {"topic", "org"} else ""
    return f"{field}:{name}" if name else ""


def _special(field: str, value: str) -> Clause | None:
    """Return what `value` means for a field that holds no words, or nothing where it makes no sense there."""
    if field == "id":
        return Clause(kind="term", text=f"id:{value.strip().lower()}")
    if field == "has" and value.lower() in _HAS:
        return Clause(kind="term", text=f"has:{value.lower()}")
    if field == "subject" and analysis.key(value):
        return Clause(kind="term", text=f"subject:{analysis.key(value)}")
    return _period(field, value) if field in {"year", "day"} else None


def _period(field: str, value: str) -> Clause | None:
    match = _PERIOD.fullmatch(value)
    if match is None or value == "..":
        return None
    first, last = (match[1], match[1]) if match[1] else (match[2], match[3])
    return Clause(kind="period", field=field, first=first, last=last)
