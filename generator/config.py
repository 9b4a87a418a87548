"""The settings: `archive.yml`, flags and environment become one frozen `Settings`, every mistake reported at once.

The structs below are the only list of keys and defaults; docs/settings.md describes each.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import msgspec
import yaml
from msgspec import Meta, Struct
from msgspec.structs import FieldInfo, fields, replace

from generator.errors import SettingsError, raise_all
from generator.model import Masthead

FILE = "archive.yml"
Section = TypeVar("Section", bound=Struct)
Warn = Callable[[str, str], None]

Text = Annotated[str, Meta(description="text")]
Count = Annotated[int, Meta(ge=1, description="a whole number above 0")]
Papers = Annotated[int, Meta(ge=0, description="a whole number of papers, 0 or more")]
Pages = Annotated[int, Meta(ge=0, le=10_000, description="a whole number of pages from 0 to 10000")]
Days = Annotated[int, Meta(ge=0, description="a whole number of days, 0 or more")]
Weight = Annotated[float, Meta(ge=0, le=100, description="a number from 0 to 100")]
HalfLife = Annotated[float, Meta(ge=0.1, le=3650, description="a number of days from 0.1 to 3650")]
Flag = Annotated[bool, Meta(description="true or false")]
Seconds = Annotated[float, Meta(ge=0, le=3600, description="a number of seconds from 0 to 3600")]
Minutes = Annotated[int, Meta(ge=1, le=1440, description="a whole number of minutes from 1 to 1440")]
Percent = Annotated[int, Meta(ge=0, le=100, description="a whole number from 0 to 100")]
# The shape of RFC 5646, without a list of all languages.
Language = Annotated[
    str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*\Z", description="a language tag such as en or pt-BR")
]
# The same, or nothing.
NoLanguage = Annotated[
    str,
    Meta(
        pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*)?\Z", description="a language tag such as en or pt-BR, or nothing"
    ),
]
# A name becomes a folder: theme/<name>/.
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*\Z", description="a name of letters, digits and dashes")]
Previews = Annotated[Literal["none", "archive", "days", "papers"], Meta(description="none, archive, days or papers")]
Meaning = Annotated[Literal["off", "lsa", "model"], Meta(description="off, lsa or model")]
Extents = Annotated[Literal["auto", "full", "lean", "bare", "core"], Meta(description="auto, full, lean, bare or core")]
Names = tuple[Name, ...]
Texts = tuple[Text, ...]
FilingDate = Annotated[Literal["featured", "published"], Meta(description="featured or published")]


class SiteSettings(Masthead, frozen=True, kw_only=True):
    """What the archive says of itself, and where it lives."""

    title: Text = "Paper archive"
    base_url: Text
    description: Text = ""
    language: Language = "en"
    papers_language: NoLanguage = ""
    timezone: Text = "UTC"
    curator: Text = ""
    licence: Text = ""
    repository: Text = ""
    newsletter: Text = ""
    newsletter_schedule: Text = ""
    announcement: Text = ""


class SourceSettings(Struct, frozen=True, kw_only=True):
    """One source of records. An empty `url`, or no `pace`, is the source's own."""

    kind: Text
    url: Text = ""
    query: Text = ""
    pace: Seconds | None = None


class FetchSettings(Struct, frozen=True, kw_only=True):
    """How Broadsheet behaves towards the services it asks."""

    contact: Text = ""
    schedule: Text = ""
    time_limit: Minutes = 45
    max_shrink: Percent = 20


class ContentSettings(Struct, frozen=True, kw_only=True):
    """How the content folder changes."""

    freeze_after_days: Days = 7
    history: Flag = True


class ArchiveSettings(Struct, frozen=True, kw_only=True):
    """How papers are filed."""

    day: FilingDate = "featured"


class ListSettings(Struct, frozen=True, kw_only=True):
    """Long lists."""

    page_size: Count = 50


class SizeSettings(Struct, frozen=True, kw_only=True):
    """How much the site says: less in a larger archive."""

    extent: Extents = "auto"


class PeopleSettings(Struct, frozen=True, kw_only=True):
    """Which authors get a page. None is what the extent says."""

    min_papers: Count | None = None


class OrganisationSettings(Struct, frozen=True, kw_only=True):
    """Which organisations get a page. None is what the extent says."""

    min_papers: Count | None = None


class TopicSettings(Struct, frozen=True, kw_only=True):
    """Which topics get a page. None is what the extent says."""

    min_papers: Count | None = None


class RankingSettings(Struct, frozen=True, kw_only=True):
    """How much each part of a trending score counts."""

    votes: Weight = 1.0
    comments: Weight = 0.5
    stars: Weight = 0.25
    recency: Weight = 2.0
    half_life: HalfLife = 7.0


class FeedSettings(Struct, frozen=True, kw_only=True):
    """What feeds hold, and which collections have one; None is what the extent says."""

    items: Count = 60
    min_papers: Count | None = None


class SearchSettings(Struct, frozen=True, kw_only=True):
    """How search weighs words, and what it offers besides its own index."""

    meaning: Meaning = "off"
    model: Text = ""
    lunr_papers: Papers = 2000


class PreviewSettings(Struct, frozen=True, kw_only=True):
    """Pictures for shared links. None is what the extent says."""

    pages: Previews | None = None


class OfflineSettings(Struct, frozen=True, kw_only=True):
    """Reading without a network: how many pages a browser keeps; none, unless the owner says so."""

    pages: Pages = 0


class QuerySettings(Struct, frozen=True, kw_only=True):
    """A saved query: a page that lists what it finds. An empty `title` is the query itself."""

    name: Name
    query: Text
    title: Text = ""


class BuildSettings(Struct, frozen=True, kw_only=True):
    """How the site is built; what it comes to is the same."""

    jobs: Count = 1


class PartSettings(Struct, frozen=True, kw_only=True):
    """Which of several parts to make: those named in `only`, or all; not those named in `without`."""

    only: Names = ()
    without: Names = ()


class CheckSettings(Struct, frozen=True, kw_only=True):
    """What `broadsheet check` keeps to itself, and whom it asks."""

    ignore: Names = ()
    skip_links: Texts = ()
    private_links: Flag = False


class ThemeSettings(Struct, frozen=True, kw_only=True):
    """How pages look."""

    name: Name = "default"


SOURCES = (SourceSettings(kind="arxiv"), SourceSettings(kind="hf-daily"))


class Settings(Struct, frozen=True, kw_only=True):
    """Everything an owner can choose. `root` is the folder of `archive.yml`; it is not a key of the file.

    The order of `sources` is the order of trust: where two sources differ, the first one is believed.
    """

    root: Path = Path()
    site: SiteSettings
    sources: tuple[SourceSettings, ...] = SOURCES
    fetch: FetchSettings = FetchSettings()
    content: ContentSettings = ContentSettings()
    archive: ArchiveSettings = ArchiveSettings()
    lists: ListSettings = ListSettings()
    size: SizeSettings = SizeSettings()
    people: PeopleSettings = PeopleSettings()
    organisations: OrganisationSettings = OrganisationSettings()
    topics: TopicSettings = TopicSettings()
    ranking: RankingSettings = RankingSettings()
    feeds: FeedSettings = FeedSettings()
    search: SearchSettings = SearchSettings()
    previews: PreviewSettings = PreviewSettings()
    offline: OfflineSettings = OfflineSettings()
    queries: tuple[QuerySettings, ...] = ()
    theme: ThemeSettings = ThemeSettings()
    outputs: PartSettings = PartSettings()
    pages: PartSettings = PartSettings()
    build: BuildSettings = BuildSettings()
    check: CheckSettings = CheckSettings()

    @property
    def cache(self) -> Path:
        """The folder of everything that may be deleted at any time."""
        return self.root / ".broadsheet"


# What may be said outside the file, and the key it replaces; of two that are said, the later one here wins.
OVERRIDES: Mapping[str, str] = {
    "BROADSHEET_BASE_URL": "site.base_url",
    "--base-url": "site.base_url",
    "BROADSHEET_HF_URL": "sources.hf-daily.url",
    "BROADSHEET_ARXIV_URL": "sources.arxiv.url",
}

_SECRET_KEY = re.compile(r"passw(or)?d|secret|token|api_?key|private_?key|credential", re.IGNORECASE)
# The beginnings of keys that well-known services hand out, and a password inside an address.
_SECRET_VALUE = re.compile(
    r"(hf_|gh[opsu]_|github_pat_|glpat-|sk-|xox[bp]-|AKIA)\w{12,}|-----BEGIN|://[^/\s]*:[^/\s]*@"
)


def load(
    text: str,
    *,
    root: Path,
    kinds: Collection[str],
    where: str = FILE,
    overrides: Mapping[str, str] | None = None,
    warn: Warn,
) -> Settings:
    """Return the settings that `text` (YAML) and `overrides` stand for, as `explained` does."""
    return explained(text, root=root, kinds=kinds, where=where, overrides=overrides, warn=warn)[0]


def explained(
    text: str,
    *,
    root: Path,
    kinds: Collection[str],
    where: str = FILE,
    overrides: Mapping[str, str] | None = None,
    warn: Warn,
) -> tuple[Settings, Mapping[str, str]]:
    """Return the settings that `text` (YAML) and `overrides` stand for, and where each key that was given was given.

    A place is a line ("archive.yml:3") or a name in `OVERRIDES`; in a list of sections, keys have numbers
    ("sources.1.url"). `kinds` are the kinds of sources there are. `overrides` are values by the name of a flag or
    environment variable; names other than those in `OVERRIDES` are ignored. `warn` hears of keys that mean nothing:
    what, and where. Raises `SettingsError`, or `Several` with every mistake in the order of the file.
    """
    told = {OVERRIDES[name]: (name, overrides[name]) for name in OVERRIDES if overrides and overrides.get(name)}
    reading = _Reading(where, told, warn)
    settings = reading.section(_node(text, where), Settings, "")
    for key, message, hint in _problems(settings, kinds):
        if not reading.mistaken & {key, key.rpartition(".")[0]}:
            reading.wrong(key, message, hint)
    raise_all(sorted(reading.errors, key=lambda error: _line_number(error.where)))
    site = replace(settings.site, base_url=settings.site.base_url.rstrip("/") + "/")
    return replace(settings, root=root, site=site), reading.places


def keys(kind: type[Struct] = Settings, path: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Yield every key of the file as it is written with dots ("feeds.items", "sources.url"), and its field."""
    for item in _fields(kind):
        name = f"{path}{item.name}"
        section = _section(item)
        if section is None:
            yield name, item
        else:
            yield from keys(section, f"{name}.")


class _Reading:
    """One pass over a file: what it says, and all that is wrong with it."""

    def __init__(self, where: str, told: Mapping[str, tuple[str, str]], warn: Warn) -> None:
        self.where = where
        self.told = told
        self.warn = warn
        self.places = {path: name for path, (name, _) in told.items()}
        self.mistaken: set[str] = set()
        self.errors: list[SettingsError] = []

    def section(self, node: yaml.Node | None, kind: type[Section], path: str) -> Section:
        """Return the `kind` that a mapping stands for, with defaults for what it leaves out or gets wrong."""
        nodes = self.nodes(node, kind, path)
        return kind(**{item.name: self.value(nodes.get(item.name), item, path + item.name) for item in _fields(kind)})

    def nodes(self, node: yaml.Node | None, kind: type[Struct], path: str) -> dict[str, yaml.Node]:
        """Return the value of each key of `kind` that `node` holds."""
        found: dict[str, yaml.Node] = {}
        if node is None:
            return found
        self.places.setdefault(path.rstrip("."), self.line(node))
        if not isinstance(node, yaml.MappingNode):
            self.wrong(path.rstrip("."), f"{path.rstrip('.') or 'the file'} must be a list of keys, got {_shown(node)}")
            return found
        known = {item.name for item in _fields(kind)}
        for key_node, value in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else _shown(key_node)
            if _is_secret(key, value):
                self.mistaken.add(path + key)
                self.error(self.line(key_node), f"{path}{key} looks like a secret", "keep secrets out of this file")
            elif key not in known:
                self.warn(f'unknown key "{path}{key}"{_suggestion(path + key)}', self.line(key_node))
            elif key in found:
                self.error(self.line(key_node), f"{path}{key} is given twice", f"first at {self.line(found[key])}")
            elif not _is_empty(value):
                found[key] = value
        return found

    def value(self, node: yaml.Node | None, item: FieldInfo, path: str) -> Any:
        """Return the value of the field `item`: what was said outside the file, else in `node`, else the default."""
        section = _section(item)
        if section is not None and get_origin(item.type) is tuple:
            given = item.default if node is None else self.entries(node, section, path)
            return tuple(self.addressed(entry, f"{path}.{number}.url") for number, entry in enumerate(given, 1))
        if section is not None:
            return self.section(node, section, f"{path}.")
        if node is not None:
            self.places.setdefault(path, self.line(node))
        if get_origin(item.type) is tuple:
            return item.default if node is None else self.names(node, item, path)
        text = self.told[path][1] if path in self.told else node.value if isinstance(node, yaml.ScalarNode) else None
        if text is not None:
            try:
                return msgspec.convert(text, item.type, strict=False)
            except msgspec.ValidationError:
                self.wrong(path, f'{path} must be {_wanted(item)}, got "{text}"')
        elif node is not None:
            self.wrong(path, f"{path} must be {_wanted(item)}, got {_shown(node)}")
        elif item.required and not self.mistaken & {path, path.rpartition(".")[0]}:
            self.wrong(path, f"{path} is missing", _HINTS.get(path, ""))
        return "" if item.required else item.default

    def entries(self, node: yaml.Node, kind: type[Section], path: str) -> Iterator[Section]:
        """Yield what each entry of a list stands for."""
        if isinstance(node, yaml.SequenceNode):
            for number, child in enumerate(node.value, 1):
                yield self.section(child, kind, f"{path}.{number}.")
        else:
            self.places.setdefault(path, self.line(node))
            self.wrong(path, f"{path} must be a list, got {_shown(node)}", _LISTS[path])

    def names(self, node: yaml.Node, item: FieldInfo, path: str) -> Any:
        """Return a list of names."""
        listed = isinstance(node, yaml.SequenceNode) and [child.value for child in node.value]
        try:
            return msgspec.convert(listed, item.type)
        except msgspec.ValidationError:
            self.wrong(path, f"{path} must be a list, each {_wanted(item)}, got {_shown(node)}")
            return item.default

    def addressed(self, entry: Struct, path: str) -> Struct:
        """Return `entry`, a source with the address that was given outside the file, if one was."""
        key = f"sources.{entry.kind}.url" if isinstance(entry, SourceSettings) else ""
        if key not in self.told:
            return entry
        self.places[path], url = self.told[key]
        return replace(entry, url=url)

    def wrong(self, path: str, message: str, hint: str = "") -> None:
        """Note a mistake in the value of the key `path`."""
        self.mistaken.add(path)
        while path and path not in self.places:
            path = path.rpartition(".")[0]
        self.error(self.places.get(path, self.where), message, hint)

    def error(self, where: str, message: str, hint: str = "") -> None:
        """Note a mistake."""
        self.errors.append(SettingsError(message, where=where, hint=hint))

    def line(self, node: yaml.Node) -> str:
        """Return where `node` begins."""
        return f"{self.where}:{node.start_mark.line + 1}"


_LISTS = {
    "sources": "write below sources:   - kind: hf-daily",
    "queries": "write below queries:   - {name: agents, query: agent memory}",
}
_HINTS = {"site.base_url": "write under site:   base_url: https://example.org/papers/"}


def _node(text: str, where: str) -> yaml.Node | None:
    # The base loader makes every scalar a text and obeys no tag: "language: no" is Norwegian.
    try:
        return yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{where}:{mark.line + 1}" if mark else where
        raise SettingsError(f"this is not YAML: {error.problem or error.context}", where=place) from error
    except yaml.YAMLError as error:
        raise SettingsError(f"this is not YAML: {' '.join(str(error).split())}", where=where) from error


def _problems(settings: Settings, kinds: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Yield every reason why `settings` cannot be used, with its key and a hint."""
    site = settings.site
    yield from _without_address(site)
    if site.timezone not in available_timezones():
        near = _suggestion(site.timezone, available_timezones())
        hint = "write UTC, or a name such as Europe/Zurich"
        yield "site.timezone", f'site.timezone must be the name of a time zone, got "{site.timezone}"{near}', hint
    seen: set[str] = set()
    for number, source in enumerate(settings.sources, 1):
        path = f"sources.{number}"
        if source.kind not in kinds:
            hint = f"the kinds are {', '.join(sorted(kinds))}"
            yield f"{path}.kind", f'unknown kind of source "{source.kind}"{_suggestion(source.kind, kinds)}', hint
        if source.kind in seen:
            yield f"{path}.kind", f'the source "{source.kind}" is given twice', "keep one of the two"
        if source.url and not _is_address(source.url):
            yield f"{path}.url", f'{path}.url must be an absolute http or https address, got "{source.url}"', ""
        seen.add(source.kind)
    yield from _without_model(settings.search)
    names: set[str] = set()
    for number, query in enumerate(settings.queries, 1):
        if query.name.lower() in names:
            yield f"queries.{number}.name", f'the query "{query.name}" is given twice', "give one of them another name"
        names.add(query.name.lower())


def _without_address(site: SiteSettings) -> Iterator[tuple[str, str, str]]:
    hint = "write it as https://example.org/papers/"
    # The page of a mailing service may need more than its place to know the list.
    for key, url in (
        ("base_url", site.base_url),
        ("repository", site.repository),
        ("newsletter", site.newsletter.partition("?")[0]),
    ):
        if not _is_address(url) and (url or key == "base_url"):
            message = f'site.{key} must be an absolute http or https address, got "{url}"'
            yield f"site.{key}", message, hint if key == "base_url" else ""


def _without_model(search: SearchSettings) -> Iterator[tuple[str, str, str]]:
    if search.meaning == "model" and not search.model:
        hint = "give the folder of a model of sentence-transformers"
        yield "search.model", "search.meaning is model, but search.model names none", hint


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        whole = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        return False
    return bool(whole) and not re.search(r"[?#\s@<>\"]", url)


def _is_secret(key: str, node: yaml.Node) -> bool:
    said = isinstance(node, yaml.ScalarNode) and node.value
    return bool(said) and bool(_SECRET_KEY.search(key) or _SECRET_VALUE.search(node.value))


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in {"", "~", "null"}


def _fields(kind: type[Struct]) -> Iterator[FieldInfo]:
    return (item for item in fields(kind) if item.type is not Path)


def _section(item: FieldInfo) -> type[Struct] | None:
    """Return the struct a field holds, by itself or in a list."""
    kind = get_args(item.type)[0] if get_origin(item.type) is tuple else item.type
    return kind if isinstance(kind, type) and issubclass(kind, Struct) else None


def _wanted(item: FieldInfo) -> str:
    """Return the words for what a field holds."""
    parts = (item.type, *get_args(item.type))
    return next(str(meta.description) for part in parts for meta in getattr(part, "__metadata__", ()))


def _line_number(where: str) -> int:
    line = where.rpartition(":")[2]
    return int(line) if line.isdecimal() else 0


def _shown(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return f'"{node.value}"'
    return "a list" if isinstance(node, yaml.SequenceNode) else "a list of keys"


def _suggestion(word: str, known: Collection[str] = ()) -> str:
    names = known or {*(key for key, _ in keys()), *(item.name for item in _fields(Settings))}
    near = get_close_matches(re.sub(r"\.\d+\.", ".", word), sorted(names), n=1)
    return f'; did you mean "{near[0]}"?' if near else ""
