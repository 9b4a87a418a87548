"""Content files as values, and papers as content files. Pure: bytes in, values out, and back.

YAML is read with every scalar a string, so an id is never a number and a title never a truth value; what a field wants
to be is decided by its type in `model`. Unknown keys of a paper's header are kept, as YAML means them, in `extra`.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import partial
from itertools import islice
from typing import Any, TypeVar

import msgspec
import yaml
from msgspec import Struct, field
from yaml import CBaseLoader, CSafeDumper, CSafeLoader, MappingNode, Node, ScalarEvent, ScalarNode, SequenceNode

from generator import text
from generator.bounds import excesses
from generator.errors import ContentError
from generator.model import (
    Aliases,
    Artefact,
    Author,
    Featured,
    Linked,
    Naming,
    Note,
    Organisation,
    Override,
    Paper,
    Part,
    Redirect,
    Version,
)
from generator.status import State
from generator.store import frontmatter

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
KEY_BYTES = 150

Value = TypeVar("Value")

_MOST_BYTES = 4_000_000
# Below this size nothing that `bounds` limits can do harm; most pages are far below.
_SURELY_BOUNDED = 20_000
# Where there may be YAML's anchors, aliases, tags or merge keys; text seldom looks like it.
_SHORTHAND = re.compile(r"(?:^|[\s\[{,:?-])[&*!](?=\S)|<<")
_HEADER = tuple(name for name in Paper.__struct_fields__ if name not in ("abstract", "extra"))
_KNOWN = frozenset(_HEADER)
_TOP_KEY = re.compile(r"\n([^\s#\-\[\]{}\"'][^:\n]*):")
_KINDS = {"topics": "topic", "authors": "author", "organisations": "organisation"}


def decode(data: bytes, where: str) -> Paper:
    """Return the paper that the content page `data` holds. `where` names the file.

    Raises `ContentError`, with the line, for a page that cannot be read.
    """
    header, body = frontmatter.split(_text(data, where), where)
    raw = _mapping(header, where, frontmatter.HEADER_LINE)
    extra = _extra(header, raw, where) if raw.keys() - _KNOWN else {}
    if "authors" in raw:
        raw["authors"] = _authors(raw["authors"])
    known = {name: value for name, value in raw.items() if name in _KNOWN} if extra else raw
    for required in ("id", "title"):
        if not known.get(required):
            raise ContentError(f"no {required}", where=where, hint=f"add a line {required}: … to the header")
    known["abstract"] = body
    known["extra"] = extra
    paper = _converted(known, Paper, header, where)
    checked_key(paper.key, where)
    if len(data) > _SURELY_BOUNDED and (reasons := list(islice(excesses(paper), 3))):
        raise ContentError("; ".join(reasons), where=where, hint="shorten it")
    return paper


def encode(paper: Paper) -> bytes:
    """Return `paper` as a content page: the fields in the order of `Paper`, those that say nothing left out."""
    fields = [(name, getattr(paper, name)) for name in _HEADER]
    pairs = [(_scalar(name), _NODES.get(name, _node)(value)) for name, value in fields if _says(value)]
    header = _written(lambda **how: yaml.serialize(MappingNode(_MAP, pairs), **how))
    if paper.extra:
        header += _written(lambda **how: yaml.dump(dict(paper.extra), sort_keys=False, **how))
    return frontmatter.join(header, paper.abstract).encode()


def is_key(key: str) -> bool:
    """Tell whether `key` can be the name of a file."""
    return bool(KEY.fullmatch(key)) and ".." not in key and len(key) <= KEY_BYTES and not key.endswith(".")


def checked_key(key: str, where: str) -> str:
    """Return `key`, the name of a file. Raises `ContentError` where it could not be one, or could leave its folder."""
    if not is_key(key):
        raise ContentError(
            f"{key!r} cannot be the id of a paper",
            where=where,
            hint=f"use letters, digits, dots and dashes, at most {KEY_BYTES}, the first a letter or digit",
        )
    return key


def decode_override(data: bytes, where: str) -> Override:
    """Return the correction that the YAML file `data` holds; the values it sets have the types of `Paper`'s fields.

    Raises `ContentError` for an unknown field, a value of the wrong type, no reason, or nothing to correct.
    """
    source = _text(data, where)
    raw = _mapping(source, where)
    _refuse_unknown(raw, ("reason", "date", "set", "duplicate_of"), source, where)
    for required in ("reason", "date"):
        if not raw.get(required):
            raise ContentError(f"no {required}", where=where, hint=f"add {required}: … to the override")
    if not raw.get("set") and not raw.get("duplicate_of"):
        hint = "add set: {title: …} to the override, or duplicate_of: the id of the paper that stays"
        raise ContentError("nothing is corrected", where=where, hint=hint)
    fields = raw.get("set") or {}
    if not isinstance(fields, dict):
        raise ContentError("set is not a mapping", where=_at("set", source, where), hint="write set: {title: …}")
    _refuse_unknown(fields, [name for name in (*_HEADER, "abstract") if name != "id"], source, where)
    if "authors" in fields:
        fields["authors"] = _authors(fields["authors"])
    paper = _converted({"id": "x", "title": "x"} | fields, Paper, source, where)
    typed = {name: getattr(paper, name) for name in fields}
    return Override(
        reason=_converted(raw["reason"], str, source, where, "reason"),
        date=_converted(raw["date"], date, source, where, "date"),
        set=typed,
        duplicate_of=_converted(raw.get("duplicate_of", ""), str, source, where, "duplicate_of"),
        where=where,
    )


def decode_aliases(data: bytes, where: str) -> Aliases:
    """Return the names that the YAML file `data` says are the same, and those that it says are several.

    Raises `ContentError` for a spelling of two names, a name that is itself a spelling of another, or a part of a name
    that could not be told from the others.
    """
    source = _text(data, where)
    raw = _mapping(source, where)
    _refuse_unknown(raw, tuple(_KINDS), source, where)
    namings = tuple(
        _naming(_KINDS[kind], name, said, source, where)
        for kind, names in _converted(raw, dict[str, dict[str, Any]], source, where).items()
        for name, said in names.items()
    )
    kinds = dict.fromkeys(naming.kind for naming in namings)
    return Aliases(
        canonical={kind: _canonical([each for each in namings if each.kind == kind], source, where) for kind in kinds},
        parts={
            kind: {text.key(each.name): each.parts for each in namings if each.kind == kind and each.parts}
            for kind in kinds
        },
        namings=namings,
    )


def decode_note(data: bytes, name: str, where: str) -> Note:
    """Return the hand-written text `data` with the name `name`; its title may be missing.

    Raises `ContentError` for a header that cannot be used.
    """
    header, body = frontmatter.split(_text(data, where), where)
    raw = _mapping(header, where, frontmatter.HEADER_LINE)
    _refuse_unknown(raw, ("title", "menu", "link"), header, where)
    return _converted({"title": ""} | raw | {"name": name, "body": body}, Note, header, where)


def decode_redirects(data: bytes, where: str) -> Mapping[str, Redirect]:
    """Return the moved addresses in the YAML file `data`: where each old path leads, all from the site's root.

    Raises `ContentError` for an address outside the site, or one that leads to itself.
    """
    source = _text(data, where)
    found: dict[str, Redirect] = {}
    for origin, said in _mapping(source, where).items():
        at = _at(origin, source, where)
        move = _converted({"to": said} if isinstance(said, str) else said, Redirect, source, where, origin)
        old, new = _site_path(origin, at), _site_path(move.to, at)
        if old == new:
            raise ContentError(f"{origin!r} leads to itself", where=at)
        found[old] = Redirect(to=new, day=move.day, reason=move.reason)
    return found


def decode_published(data: bytes, where: str) -> frozenset[str]:
    """Return the addresses in the text file `data`, one a line. Raises `ContentError` for one outside the site."""
    lines = _text(data, where).split("\n")
    return frozenset(_site_path(line, f"{where}:{number}") for number, line in enumerate(lines, 1) if line.strip())


def encode_published(addresses: Iterable[str]) -> bytes:
    """Return `addresses` as a text file: one a line, in order, so that a change is a line."""
    return "".join(f"{address}\n" for address in sorted(addresses)).encode()


def decode_status(data: bytes, where: str) -> State:
    """Return how the sources are doing, from the YAML file `data`. Raises `ContentError` where it cannot be used."""
    source = _text(data, where)
    return _converted(_mapping(source, where), State, source, where)


def encode_status(state: State) -> bytes:
    """Return the YAML file that says how the sources are doing."""
    said = msgspec.to_builtins(state)
    text_ = _written(lambda **how: yaml.dump(said, sort_keys=False, **how))
    return f"# Written by broadsheet fetch, where something changed; the site shows it at /status/.\n{text_}".encode()


def _written(write: Callable[..., Any]) -> str:
    """Return what `write` makes of a value: YAML with letters as they are.

    An accent behind a letter that is written as an escape (libyaml writes everything beyond U+FFFF so) would be one
    letter with the last digit of it to whoever normalises the file, as reading does: then all letters are escapes.
    """
    made = write(Dumper=CSafeDumper, allow_unicode=True, width=_WIDTH)
    if not unicodedata.is_normalized("NFC", made):
        made = write(Dumper=CSafeDumper, allow_unicode=False, width=_WIDTH)
    return str(made)


# --- reading ---------------------------------------------------------------------------------------------------------


def _text(data: bytes, where: str) -> str:
    """Return `data` as clean text."""
    if len(data) > _MOST_BYTES:
        message = f"has {len(data) / 1e6:,.1f} MB, more than {_MOST_BYTES / 1e6:,.0f} MB"
        raise ContentError(message, where=where, hint="no file of content needs that much")
    try:
        return text.clean(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ContentError("not UTF-8", where=f"{where}:{line}", hint="save the file as UTF-8") from error


def _mapping(source: str, where: str, line: int = 1) -> dict[str, Any]:
    """Return the YAML mapping `source`, which begins on line `line` of its file, with every scalar a string."""
    # As anchors are refused, texts in the shape of the YAML are all there is to construct: half of PyYAML's time.
    raw = _loaded(source, _Plain, where, line)
    if raw is None or raw == "":
        return {}
    if not isinstance(raw, dict):
        raise ContentError("not a mapping", where=f"{where}:{line}", hint="write key: value, one a line")
    if len(raw) < source.count(":") and len(raw) < len(keys := _TOP_KEY.findall(f"\n{source}")):
        key, count = Counter(key.strip() for key in keys).most_common(1)[0]
        if count > 1:
            raise ContentError(f"{key} stands there twice", where=_at(key, source, where), hint="keep one of them")
    # An escape in a quoted string may hide what `text.clean` took out of the file.
    return _cleaned(raw) if '"' in source and "\\" in source else raw


def _loaded(source: str, loader: type[Any], where: str, line: int) -> Any:
    """Return what `loader` makes of `source`, in which nothing stands for something else."""
    try:
        if _SHORTHAND.search(source):
            _refuse_shorthand(source, where, line)
        return yaml.load(source, loader)  # noqa: S506 - only safe loaders come here
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "unreadable"
        at = f"{where}:{mark.line + line}" if mark else where
        hint = "text with a colon or a leading sign needs quotes: title: 'A: B'"
        raise ContentError(f"not YAML: {problem}", where=at, hint=hint) from error
    except (ValueError, RecursionError, TypeError) as error:
        raise ContentError(f"not YAML that can be used: {error}", where=where) from error


class _Plain(CBaseLoader):
    """Reads YAML without anchors, every scalar a text."""

    def descend_resolver(self, *_: object) -> None:
        """Nobody asks what a node would be if it were more than text."""

    def ascend_resolver(self) -> None:
        """Go on as before."""

    def resolve(self, *_: object) -> str:
        """Return no tag."""
        return ""

    def get_single_data(self) -> Any:
        """Return the document as dictionaries, lists and texts."""
        node = self.get_single_node()
        return None if node is None else _texts(node)


def _texts(node: Any) -> Any:
    if type(node) is ScalarNode:
        return node.value
    if type(node) is MappingNode:
        return {key.value: _texts(value) for key, value in node.value}
    return [_texts(item) for item in node.value]


def _refuse_shorthand(source: str, where: str, line: int) -> None:
    """Raise for an anchor, an alias, a tag or a merge key: a few of them can stand for more than any memory holds."""
    for event in yaml.parse(source, CBaseLoader):
        is_merge = isinstance(event, ScalarEvent) and event.value == "<<" and event.implicit[0]
        if is_merge or getattr(event, "anchor", None) or getattr(event, "tag", None):
            hint = "write it out, or put it between quotes: title: '*A'"
            raise ContentError(
                "anchors, aliases, tags and merge keys have no place here",
                where=f"{where}:{event.start_mark.line + line}" if event.start_mark else where,
                hint=hint,
            )


def _cleaned(value: Any) -> Any:
    """Return `value` with every text in it cleaned."""
    if isinstance(value, str):
        return text.clean(value)
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(inner) for key, inner in value.items()}
    return [_cleaned(inner) for inner in value] if isinstance(value, list) else value


def _extra(header: str, raw: Mapping[str, object], where: str) -> dict[str, object]:
    """Return the unknown keys of a header with their values as YAML means them."""
    values = _cleaned(_loaded(header, CSafeLoader, where, frontmatter.HEADER_LINE))
    named = zip(raw, values.values(), strict=True)
    return {name: value for name, value in named if name not in _KNOWN}


def _authors(raw: object) -> object:
    """Return a list of authors with the plain names among them as mappings."""
    if not isinstance(raw, list):
        return raw
    return [{"name": author} if isinstance(author, str) else author for author in raw]


def _converted(raw: object, kind: type[Value], source: str, where: str, field: str = "") -> Value:
    """Return `raw` as a `kind`, or say where it is something else."""
    try:
        return msgspec.convert(raw, kind, strict=False)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at ")
        place = path.strip("`").removeprefix("$").removeprefix(".") or field
        top = re.split(r"[.\[]", place)[0]
        message = _PROBLEMS.get(problem, problem.replace("`", ""))
        hint = "write a date as 2026-02-03" if "date" in message else ""
        message = f"{place}: {message}" if place else message
        raise ContentError(message, where=_at(top, source, where), hint=hint) from error


_PROBLEMS = {
    "Invalid RFC3339 encoded date": "not a date",
    "Expected `array`, got `str`": "not a list",
    "Expected `object`, got `str`": "not a mapping",
    "Expected `str`, got `array`": "a list where text belongs",
    "Expected `str`, got `object`": "a mapping where text belongs; text with a colon needs quotes",
}


def _at(key: str, source: str, where: str) -> str:
    """Return the file and the line where `key` stands, as far as can be told."""
    match = re.search(rf"^\s*[\"']?{re.escape(key)}[\"']?\s*:", source, re.MULTILINE) if key else None
    if not match:
        return where
    first = 1 if where.endswith((".yml", ".yaml")) else frontmatter.HEADER_LINE
    return f"{where}:{source.count(chr(10), 0, match.end()) + first}"


def _refuse_unknown(raw: Mapping[str, object], known: Iterable[str], source: str, where: str) -> None:
    """Raise for the first key of `raw` that is not known."""
    names = list(known)
    for key in raw:
        if key not in names:
            near = get_close_matches(key, names, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(names)}"
            raise ContentError(f"{key}: unknown", where=_at(key, source, where), hint=hint)


class _Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a name as aliases.yml says it."""

    papers: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


class _Group(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name as aliases.yml says it, where it says more than its spellings."""

    names: tuple[str, ...] = ()
    split: Mapping[str, _Part] = field(default_factory=dict)
    day: date | None = field(default=None, name="date")
    reason: str = ""


def _naming(kind: str, name: str, said: object, source: str, where: str) -> Naming:
    """Return what aliases.yml says of one name: a list of spellings, or those with parts, date and reason."""
    at = _at(name, source, where)
    group = _converted({"names": said} if isinstance(said, list) else said, _Group, source, at, name)
    if bool(group.day) != bool(group.reason):
        raise ContentError(f"{name!r} needs both a date and a reason, or neither", where=at)
    parts = tuple(
        Part(name=part, papers=frozenset(of.papers), organisations=frozenset(map(text.key, of.organisations)))
        for part, of in group.split.items()
    )
    keys = Counter([text.key(name), *(text.key(part.name) for part in parts)])
    claims = Counter(claim for part in parts for claim in (*part.papers, *part.organisations))
    for part in parts:
        if keys[text.key(part.name)] > 1:
            hint = "write another: Wei Wang (Tsinghua University)"
            raise ContentError(f"{part.name!r} is not a name of its own", where=at, hint=hint)
        if not part.papers and not part.organisations:
            raise ContentError(f"nothing says what belongs to {part.name!r}", where=at, hint="name papers: ['…']")
    for claim, count in claims.items():
        if count > 1:
            raise ContentError(f"two parts of {name!r} claim {claim}", where=at, hint="keep it under one of them")
    return Naming(kind=kind, name=name, spellings=group.names, parts=parts, day=group.day, reason=group.reason)


def _canonical(namings: Iterable[Naming], source: str, where: str) -> dict[str, str]:
    """Return the canonical name for the key of every spelling, its own and those of its parts among them."""
    found: dict[str, str] = {}
    groups = [(each.name, each.spellings) for each in namings]
    groups += [(part.name, ()) for each in namings for part in each.parts]
    own = {text.key(name) for name, _ in groups}
    for name, spellings in groups:
        for spelling in (name, *spellings):
            key = text.key(spelling)
            other = found.setdefault(key, name)
            if other != name or (key in own and key != text.key(name)):
                raise ContentError(
                    f"{spelling!r} stands for two names",
                    where=_at(name, source, where),
                    hint="keep it under one of them",
                )
    return found


_SITE_PATH = re.compile(r"[^\s\\?#<>\":]+")


def _site_path(path: str, where: str) -> str:
    """Return `path` as a path from the site's root."""
    relative = path.strip().removeprefix("/")
    steps = relative.removesuffix("/").split("/")
    if not _SITE_PATH.fullmatch(relative) or {"", ".", ".."} & set(steps):
        raise ContentError(
            f"{path!r} is not a path of this site", where=where, hint="write old/path/: day/2026-02-03/, from the root"
        )
    return relative if relative.endswith("/") or "." in steps[-1] else f"{relative}/"


# --- writing ---------------------------------------------------------------------------------------------------------

_MAP = "tag:yaml.org,2002:map"
_SEQ = "tag:yaml.org,2002:seq"
_WIDTH = 2**31 - 1


_DEFAULTS: Mapping[type[Struct], tuple[tuple[str, object], ...]] = {
    kind: tuple((field.name, field.default) for field in msgspec.structs.fields(kind))
    for kind in (Artefact, Author, Featured, Linked, Organisation, Version)
}


def _says(value: object) -> bool:
    """Return whether a field says anything."""
    return value is not None and value not in ("", (), {})


def _scalar(value: object, style: str | None = None) -> ScalarNode:
    """Return one value on one line, quoted where YAML would take it for something else."""
    if isinstance(value, str):
        return ScalarNode("tag:yaml.org,2002:str", value, style=style)
    return ScalarNode(f"tag:yaml.org,2002:{'int' if isinstance(value, int) else 'timestamp'}", str(value))


def _node(value: object, *, flow: bool = True) -> Node:
    """Return `value` as a node; collections on one line unless `flow` is false."""
    if isinstance(value, Struct):
        fields = ((name, getattr(value, name), default) for name, default in _DEFAULTS[type(value)])
        value = {name: inner for name, inner, default in fields if inner != default}
    if isinstance(value, Mapping):
        return MappingNode(_MAP, [(_scalar(name), _node(inner)) for name, inner in value.items()], flow_style=flow)
    if isinstance(value, tuple):
        return SequenceNode(_SEQ, [_node(inner) for inner in value], flow_style=flow)
    return _scalar(value)


def _people(authors: tuple[Author, ...]) -> Node:
    """Return authors one a line, the name alone where there is nothing else."""
    plain = (author if author.affiliation or author.orcid else author.name for author in authors)
    return SequenceNode(_SEQ, [_node(author) for author in plain], flow_style=False)


_block = partial(_node, flow=False)
_NODES: Mapping[str, Callable[[Any], Node]] = {
    "id": partial(_scalar, style="'"),
    "authors": _people,
    "versions": _block,
    "featured": _block,
    "sources": _block,
}
