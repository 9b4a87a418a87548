"""The settings as they are: each with where it comes from, whether they can be used, and their schema for editors."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import fields

import generator.outputs
import generator.pages
from generator.commands.check.rules import RULES
from generator.config import OVERRIDES, Settings
from generator.errors import BroadsheetError, SettingsError, UsageError, raise_all
from generator.outputs import Output
from generator.pages import PageKind
from generator.progress import Progress
from generator.registry import discover
from generator.render.theme import theme_of
from generator.shipped import theme_folder

# https://yaml.org/spec/1.2.2/#51-character-set, and the breaks and marks that a reader does not see.
_UNWRITTEN = re.compile("[\x7f-\x9f\u2028-\u202e\ufeff\ufffe\uffff]")
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


class Said(Struct, frozen=True, kw_only=True):
    """A key with its value, and where that was said: "default", "archive.yml:3", "environment BROADSHEET_BASE_URL"."""

    key: str
    value: object
    origin: str


def show(settings: Settings, places: Mapping[str, str], key: str, *, as_json: bool, progress: Progress) -> None:
    """Print the settings as a settings file in which each line tells where its value comes from.

    With a `key` ("feeds", "feeds.items", "sources.1.url"), print only what begins with it. `places` are those of
    `config.explained`. Raises `UsageError` for a key that there is not.
    """
    found = [said for said in said_in(settings, places) if f"{said.key}.".startswith(f"{key}." if key else "")]
    if not found:
        near = get_close_matches(key, {part for said in said_in(settings, places) for part in _heads(said.key)}, n=1)
        hint = f"did you mean {near[0]}?" if near else "config show, without a key, prints all"
        raise UsageError(f"there is no key {key!r}", hint=hint)
    if as_json:
        progress.data({said.key: {"value": said.value, "from": said.origin} for said in found})
        return
    for line in as_yaml(found):
        progress.result(line)


def said_in(settings: Settings, places: Mapping[str, str]) -> Iterator[Said]:
    """Yield every key of `settings`, in the order of docs/settings.md."""
    values = msgspec.to_builtins(settings, enc_hook=str)
    del values["root"]
    for key, value in _leaves(values, ""):
        place = places.get(key, "default")
        origin = f"environment {place}" if place in OVERRIDES else place
        yield Said(key=key, value=value, origin=origin)


def as_yaml(found: Sequence[Said]) -> Iterator[str]:
    """Yield the lines of a settings file that says what was `found`, with a comment on each."""
    above: list[str] = []
    for said in found:
        *sections, name = said.key.split(".")
        for depth, section in enumerate(sections):
            if above[: depth + 1] != sections[: depth + 1] and not section.isdecimal():
                yield f"{'  ' * depth}{section}:"
        starts = bool(sections) and sections[-1].isdecimal() and above != sections
        above = sections
        indent = "  " * len(sections)
        dash = f"{indent[:-2]}- " if starts else indent
        yield f"{dash}{name}: {_scalar(said.value)}  # {said.origin}"


def _scalar(value: object) -> str:
    """Return `value` as JSON, which is YAML once what YAML takes for no character is escaped."""
    return _UNWRITTEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def check(settings: Settings, where: Path, progress: Progress) -> None:
    """Say that `settings`, of the file `where`, can be used. Raises `BroadsheetError` for whatever cannot."""
    errors: list[BroadsheetError] = []
    for part, constant, kind in (("outputs", "OUTPUT", Output), ("pages", "PAGES", PageKind)):
        chosen = getattr(settings, part)
        try:
            discover(getattr(generator, part), constant, kind, only=chosen.only, without=chosen.without)
        except BroadsheetError as error:
            errors.append(error)
    try:
        theme_of(settings.theme.name, (settings.root / "theme", theme_folder()))
    except BroadsheetError as error:
        errors.append(error)
    for rule in settings.check.ignore:
        if rule not in RULES:
            hint = f"there are {', '.join(RULES)}"
            errors.append(SettingsError(f'check.ignore: there is no rule "{rule}"', where=str(where), hint=hint))
    raise_all(errors)
    progress.result(f"{where}: nothing is wrong")


def schema() -> Mapping[str, Any]:
    """Return the JSON Schema (2020-12) of a settings file; an empty value stands for the default, so it may be null."""
    sections = [(item.name, item.type, item.default) for item in fields(Settings) if item.type is not Path]
    made = msgspec.json.schema(msgspec.defstruct("Settings", sections, kw_only=True))
    parts = made["$defs"]
    for part in parts.values():
        part["additionalProperties"] = False
        part["properties"] = {name: _or_null(said) for name, said in part["properties"].items()}
    return {"$schema": _DRAFT, "title": "archive.yml of Broadsheet", **made}


def _or_null(said: Mapping[str, Any]) -> dict[str, Any]:
    default = {"default": said["default"]} if "default" in said and said["default"] not in ({}, []) else {}
    inner = {name: value for name, value in said.items() if name != "default"}
    return {"anyOf": [inner, {"type": "null"}], **default}


def _leaves(value: Any, path: str) -> Iterator[tuple[str, object]]:
    """Yield what is not a section, with its key; a list of sections has numbers for keys."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list | tuple) and value and isinstance(value[0], dict):
        for number, inner in enumerate(value, 1):
            yield from _leaves(inner, f"{path}.{number}")
    else:
        yield path, value


def _heads(key: str) -> Iterator[str]:
    parts = key.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts) + 1))
