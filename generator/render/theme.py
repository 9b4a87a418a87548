"""Find a theme and the themes it builds on; read their templates, tokens and assets.

A theme is a folder with a `theme.yml`:

    extends: default          the theme it builds on; only `default` builds on none
    tokens:                   CSS custom properties, merged over those of the theme below
      base: {measure: 68ch}
      light: {ink: '#16130d'}
      dark: {ink: '#ece7da'}

A file in `templates/` or `assets/` replaces the file of the same name in the themes below, which stays in reach under
its theme's name: `{% extends "default/day.html" %}`. All files in `assets/css/` become one style sheet behind the
tokens, in name order. A script in `assets/js/` is served with the modules that it imports within. A script in
`inline/` may stand inside a page, and no other: see `policy`. A file in `languages/` such as `de.po` translates what
templates and pages say; of one string, the last theme's translation holds.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path, PurePosixPath

import msgspec
import rcssmin
import yaml
from msgspec import Struct, field

from generator import language
from generator.errors import ThemeError
from generator.language import ENGLISH, Key, Language
from generator.model import Artifact
from generator.render import scripts
from generator.render.translation import strings_of

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
# A value that could end its declaration would let a token write any rule.
_TOKEN_VALUE = re.compile(r"[^;{}<>\\]+")
# What HTML takes for the end of a script, or for the beginning of one inside it.
_SCRIPT_END = re.compile(r"</script|<script|<!--", re.IGNORECASE)
_GROUPS = ("base", "light", "dark")


class ThemeFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `theme.yml` says."""

    extends: str = ""
    tokens: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Template(Struct, frozen=True):
    """The source of a template, and its file."""

    source: str
    path: Path


class Theme(Struct, frozen=True, kw_only=True):
    """A theme ready for use: its name, its templates by theirs, the finished assets.

    `asset_urls` gives the address of an asset by its name inside `assets/` ("js/plain.js"); "site.css" is the bundle.
    `inline` holds the scripts that may stand inside a page, by their names.
    """

    name: str
    templates: Mapping[str, Template]
    asset_urls: Mapping[str, str]
    assets: tuple[Artifact, ...]
    inline: Mapping[str, str]
    colours: Mapping[str, str]


def theme_of(name: str, places: Sequence[Path], spoken: Language = ENGLISH) -> Theme:
    """Return the theme `name`, looked for in each of `places` in turn, with scripts in the language `spoken`.

    Raises `ThemeError` where a theme is missing, builds on itself, or has a `theme.yml` that cannot be used.
    """
    chain = tuple(_chain(name, places))
    tokens = _merged([theme for _, theme in chain])
    folders = tuple(folder for folder, _ in chain)
    files = _files(folders, "assets")
    sheets = [files[path] for path in sorted(files) if path.startswith("css/") and path.endswith(".css")]
    bundle = {path: data for path, data in files.items() if not path.startswith("css/") and not path.endswith(".js")}
    style = rcssmin.cssmin("\n".join(sheet.decode() for sheet in sheets))
    bundle["site.css"] = f"{stylesheet(tokens)}\n{style}".encode()
    bundle |= _scripts({path: data.decode() for path, data in files.items() if path.endswith(".js")}, name, spoken)
    # One digest for all, so that a style sheet or a script can name its neighbour by a relative address.
    digest = blake2b(
        b"".join(f"{path}\0".encode() + bundle[path] for path in sorted(bundle)), digest_size=6
    ).hexdigest()
    urls = {path: f"assets/{digest}/{path}" for path in bundle}
    return Theme(
        name=name,
        templates=_templates(folders),
        asset_urls=urls,
        assets=tuple(Artifact(PurePosixPath(urls[path]), bundle[path]) for path in sorted(bundle)),
        inline=_inline(folders),
        colours={mode: tokens.get(mode, {}).get("sheet", "") for mode in ("light", "dark")},
    )


def languages(name: str, places: Sequence[Path], tag: str) -> tuple[Path, ...]:
    """Return the files that translate the theme `name` into the language `tag`, each to be laid over those before it.

    "pt-BR" builds on "pt". Raises `ThemeError` as `theme_of` does.
    """
    whole, _, _ = tag.partition("-")
    files = (
        folder / language.FOLDER / f"{each}.po"
        for folder in reversed([folder for folder, _ in _chain(name, places)])
        for each in dict.fromkeys((whole.lower(), tag))
    )
    return tuple(file for file in files if file.is_file())


def strings(name: str, places: Sequence[Path]) -> frozenset[Key]:
    """Return every string that a translation of the theme `name` has to hold.

    They are listed in the theme's `languages/messages.pot`; where there is none, templates are looked through. Raises
    `ThemeError` as `theme_of` does.
    """
    return frozenset().union(*(_strings(folder) for folder, _ in _chain(name, places)))


def _strings(folder: Path) -> Iterable[Key]:
    listed = folder / language.FOLDER / language.TEMPLATE
    if listed.is_file():
        return language.keys_of(listed)
    templates = _templates([folder]).values()
    return {(each.context, each.one) for template in templates for each in strings_of(template.source)}


def _templates(folders: Sequence[Path]) -> dict[str, Template]:
    """Return the templates of a theme, its own first, those of each theme also under its name."""
    found: dict[str, Template] = {}
    for folder in folders:
        root = folder / "templates"
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                try:
                    template = Template(source=path.read_text("utf-8"), path=path)
                except UnicodeDecodeError as error:
                    raise ThemeError("not UTF-8", where=str(path), hint="save the file as UTF-8") from error
                name = path.relative_to(root).as_posix()
                found.setdefault(name, template)
                found[f"{folder.name}/{name}"] = template
    return found


def stylesheet(tokens: Mapping[str, Mapping[str, str]]) -> str:
    """Return the tokens as CSS custom properties: for all, for light, and for dark.

    Dark follows the system, unless the reader's choice in `data-theme` says otherwise.
    """
    dark = _declarations(tokens.get("dark", {}))
    return (
        f":root{{color-scheme:light dark;{_declarations(tokens.get('base', {}))}"
        f"{_declarations(tokens.get('light', {}))}}}\n"
        f'@media (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}}}}}\n'
        f':root[data-theme="dark"]{{{dark}}}\n'
        ':root[data-theme="light"]{color-scheme:light}:root[data-theme="dark"]{color-scheme:dark}\n'
    )


def _declarations(tokens: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in tokens.items())


def _chain(name: str, places: Sequence[Path]) -> Iterator[tuple[Path, ThemeFile]]:
    seen: list[str] = []
    while name:
        if name in seen:
            raise ThemeError(f"builds on itself: {' → '.join([*seen, name])}", where=f"theme {seen[0]}")
        seen.append(name)
        folder = _folder(name, places)
        theme = _theme_file(folder / "theme.yml")
        yield folder, theme
        name = theme.extends


def _folder(name: str, places: Sequence[Path]) -> Path:
    if _NAME.fullmatch(name):
        for place in places:
            if (place / name / "theme.yml").is_file():
                return place / name
    known = sorted({file.parent.name for place in places for file in place.glob("*/theme.yml")})
    raise ThemeError(f"there is no theme {name!r}", where="archive.yml", hint=f"themes here: {', '.join(known)}")


def _theme_file(path: Path) -> ThemeFile:
    try:
        theme = msgspec.convert(yaml.safe_load(path.read_text("utf-8")) or {}, ThemeFile, strict=False)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        hint = "it holds `extends:` and `tokens:` with base, light and dark"
        raise ThemeError(f"cannot be used: {error}", where=str(path), hint=hint) from error
    for group, tokens in theme.tokens.items():
        if group not in _GROUPS:
            raise ThemeError(f"unknown tokens {group!r}", where=str(path), hint=f"use {', '.join(_GROUPS)}")
        for token, value in tokens.items():
            if not _NAME.fullmatch(token) or not _TOKEN_VALUE.fullmatch(value):
                raise ThemeError(f"token {token!r} cannot be a CSS property", where=str(path))
    return theme


def _merged(themes: Sequence[ThemeFile]) -> dict[str, dict[str, str]]:
    merged: dict[str, dict[str, str]] = {}
    for theme in reversed(themes):
        for group, tokens in theme.tokens.items():
            merged.setdefault(group, {}).update(tokens)
    return merged


def _scripts(files: Mapping[str, str], theme: str, spoken: Language) -> Iterator[tuple[str, bytes]]:
    """Yield the scripts that are served; modules import only from their own folder."""
    folders: dict[str, dict[str, str]] = defaultdict(dict)
    for path, text in files.items():
        folder, _, name = path.rpartition("/")
        folders[folder][name] = text
    for folder, modules in folders.items():
        for name, text in scripts.bundled(modules, f"theme {theme}: {folder}", spoken):
            yield f"{folder}/{name}", text.encode()


def _inline(folders: Sequence[Path]) -> dict[str, str]:
    """Return the scripts in `inline/`, with the line ends that a browser makes of them before it takes their digest."""
    scripts = {}
    for name, data in _files(folders, "inline").items():
        scripts[name] = data.decode().replace("\r\n", "\n").replace("\r", "\n")
        if _SCRIPT_END.search(scripts[name]):
            hint = "write it in two parts, or put the script into assets/js/"
            raise ThemeError(f"inline/{name} holds what ends or nests a script", where="theme", hint=hint)
    return scripts


def _files(folders: Sequence[Path], part: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for folder in reversed(folders):
        root = folder / part
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                files[path.relative_to(root).as_posix()] = path.read_bytes()
    return files
