"""Build the site: read the content, decide the pages, render them, publish. Never touches the network.

What a build makes is a function of the content folder, the theme, the settings and one moment.
"""

import ctypes
import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import cache, partial
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct, field
from msgspec.structs import asdict, replace

import generator.outputs
import generator.pages
from generator import __version__
from generator.archive import Archive, archive_of
from generator.citation.bibtex import bibtex
from generator.commands.history import history
from generator.commands.kinds import sources_of
from generator.commands.start import Made, Report, Start, model_stamp, note, peak_memory, standing, start
from generator.commands.weight import weight_of
from generator.config import Settings
from generator.extents import EXTENTS, extent_of
from generator.language import ENGLISH, Language, language_of
from generator.memo import Memo, Memory
from generator.merge import settled
from generator.model import Aliases, Artifact, Draft, Notes, Override, Paper, Redirect, Revision
from generator.outputs import Output, alternates
from generator.pages import PageKind, few, plan, signs_of
from generator.pages.gone import answers
from generator.pages.view import Edition, Rules
from generator.progress import Progress
from generator.publish import publish, remote
from generator.publish.files import Kept
from generator.publish.shares import Helpers
from generator.publish.stage import Published
from generator.registry import discover
from generator.render.engine import renderer
from generator.render.theme import languages, strings, theme_of
from generator.shipped import theme_folder
from generator.site import Site
from generator.status import State, Watched, status_of
from generator.store import disk
from generator.store import memory as store
from generator.store.scan import Folder
from generator.store.shelf import Shelf
from generator.text import excerpt, key, plural
from generator.trending import Weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from generator.search.meaning import Learn
    from generator.search.postings import Fields, Postings
    from generator.search.prepared import Prepared


_MOST_NAMED = 5
_M_MMAP_THRESHOLD = -3  # malloc.h; https://man7.org/linux/man-pages/man3/mallopt.3.html
_LARGE = 1 << 17


class Content(Struct, frozen=True, kw_only=True):
    """Everything under content/, read but not yet filed."""

    papers: tuple[Paper, ...]
    overrides: Mapping[str, Override] = field(default_factory=dict)
    aliases: Aliases = field(default_factory=Aliases)
    notes: Notes = field(default_factory=Notes)
    redirects: Mapping[str, Redirect] = field(default_factory=dict)
    published: frozenset[str] = frozenset()
    status: State = field(default_factory=State)
    history: Mapping[str, tuple[Revision, ...]] = field(default_factory=dict)


class Crew(Helpers, Protocol):
    """Those who help a build (`crew.py`)."""

    made: int

    def read(self, found: Start, memo: Memo) -> None:
        """Put into `memo` papers of the content that it does not know."""

    def analyse(self, memo: Memo, asked: "Iterable[tuple[bytes, Sequence[Fields]]]") -> None:
        """Put into `memo` what search finds in texts that it does not know."""

    def plan(self, found: Start, content: Content, memory: Memory) -> None:
        """Have the site of `content` planned by all."""


def run(settings: Settings, *, output: Path, now: datetime, progress: Progress) -> Report:
    """Build the archive of `settings` into the folder `output`, as of `now` (a moment with a time zone).

    Raises `ContentError`, `ThemeError` or `OutputError`; the site that was there is then left as it was.
    """
    found = start(settings, output, now)
    return standing(found) or make(found, progress=progress)


def make(found: Start, *, progress: Progress, crew: Crew | None = None) -> Report:
    """Build the archive from where `start` left off, as `run` does; a `crew` makes the same in less time."""
    _give_back()
    # An archive is a million small values without a circle among them: to look for circles takes a third of the time.
    gc.disable()
    try:
        return _make(found, progress, crew)
    finally:
        gc.unfreeze()
        gc.enable()


def _give_back() -> None:
    """Have large blocks of memory return to the system at once: of up to 32 MB, glibc keeps many."""
    with suppress(AttributeError, OSError, TypeError):  # another C library, or Windows
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)


def _make(found: Start, progress: Progress, crew: Crew | None) -> Report:
    settings = found.settings
    outputs = discover(generator.outputs, "OUTPUT", Output, **asdict(settings.outputs))
    kinds = discover(generator.pages, "PAGES", PageKind, **asdict(settings.pages))
    memory = Memory(room=store.Waiting) if found.full else store.memory(settings.cache / "memory", found.stamp)
    with progress.step("load") as step:
        if crew:
            crew.read(found, memory.of("papers"))
        content = read(found.content.root, found.content, memory.of("papers"), Shelf())
        store.let_go(memory, "papers", settings.cache / "memory", found.stamp)
        if settings.content.history:
            content = replace(content, history=history(settings.root))
        edition = edition_of(settings, content, found.now, memory, crew)
        if crew:
            edition.prepared()  # what comes of all texts is part of what helpers get
            crew.plan(found, content, memory)
        archive = edition.archive
        step.counts(plural(len(archive.entries), "paper"), plural(len(archive.days), "day"))
    warn_of_untranslated(settings, edition.language, progress)
    warn_of_unshown(edition, progress)
    with progress.step("plan") as step:
        site = site_of(settings, edition, outputs, kinds, memory=memory)
        step.counts(plural(len(site.pages), "page"))
    gc.freeze()
    gc.enable()  # rendering leaves circles behind
    reports: list[Report] = []
    makers: dict[str, _Maker] = {name: _Maker(name, output_) for name, output_ in outputs.items()}

    def reported(published: Published, kept: Mapping[str, Kept]) -> bytes:
        reports.append(report_of(published, kept))
        return msgspec.msgpack.encode(reports[-1])

    def report_of(published: Published, kept: Mapping[str, Kept]) -> Report:
        return Report(
            papers=len(archive.entries),
            days=len(archive.days),
            pages=dict(sorted(Counter(leaf.kind for leaf in site.pages.leaves).items())),
            outputs={name: maker.made(kept) for name, maker in makers.items()},
            published=published,
            extent=edition.rules.extent.name,
            weight=weight_of(kept),
            seconds=perf_counter() - found.began,
            peak_memory=peak_memory(),
        )

    with progress.step("write") as step:
        files = chain.from_iterable(maker.files(site) for maker in makers.values())
        published = _published(found, files, note=reported, helpers=crew)
        [report] = reports
        step.counts(
            f"{plural(published.written, 'file')} written",
            f"{published.removed:,} removed",
            f"{published.unchanged:,} unchanged",
            *([f"{crew.made:,} made by helpers"] if crew else []),
        )
    note(found)
    store.save(memory, settings.cache / "memory", found.stamp)
    for name, part in report.outputs.items():
        progress.detail(f"{name}: {plural(part.files, 'file')}, {part.size / 1e6:,.1f} MB, {part.seconds:.1f} s")
    return report


def _published(
    found: Start,
    files: Iterable[Artifact | Draft],
    *,
    note: Callable[[Published, Mapping[str, Kept]], bytes],
    helpers: Crew | None,
) -> Published:
    """Put the files of a site in their place: a folder, or shared storage."""
    ground, stamp, inputs = found.ground, found.stamp, found.inputs
    if isinstance(ground, remote.Place):
        return remote.publish(files, ground, stamp=stamp, inputs=inputs, note=note, helpers=helpers)
    return publish(files, ground, stamp=stamp, inputs=inputs, note=note, helpers=helpers)


def read(content: Path, folder: Folder | None = None, memo: Memo | None = None, shelf: Shelf | None = None) -> Content:
    """Read everything an editor owns; abstracts stay on the `shelf`, if there is one.

    Raises `ContentError`: every page, override, alias or note that cannot be used, all together.
    """
    return Content(
        papers=tuple(disk.read_papers(content, folder, memo, shelf)),
        overrides=disk.read_overrides(content),
        aliases=disk.read_aliases(content),
        notes=disk.read_notes(content),
        redirects=disk.read_redirects(content),
        published=disk.read_published(content),
        status=disk.read_status(content),
    )


def edition_of(
    settings: Settings, content: Content, now: datetime, memory: Memory | None = None, crew: Crew | None = None
) -> Edition:
    """Return the edition that `settings` make of `content` at the moment `now`.

    Raises `ContentError` for an override that cannot be applied.
    """
    papers, duplicates = settled(content.papers, content.overrides)
    archive = archive_of(papers, aliases=content.aliases, filed_by=settings.archive.day)
    prepared = cache(lambda: _prepared(archive, settings, memory, crew))
    filed = archive
    if settings.queries:
        from generator.commands.queries import with_queries  # noqa: PLC0415  As in `_prepared`.

        filed = with_queries(archive, prepared(), settings.queries)
    today = now.astimezone(ZoneInfo(settings.site.timezone)).date()
    extent = EXTENTS.get(settings.size.extent) or extent_of(len(archive.entries))
    return Edition(
        archive=filed,
        prepared=prepared,
        arranged=partial(_arranged, memo=memory.of("map") if memory else None),
        today=today,
        language=language_of(
            settings.site.language, languages(settings.theme.name, _themes(settings), settings.site.language)
        ),
        rules=Rules(
            page_size=settings.lists.page_size,
            frozen_after=settings.content.freeze_after_days,
            extent=extent,
            least={
                "author": settings.people.min_papers or extent.least["author"],
                "organisation": settings.organisations.min_papers or extent.least["organisation"],
                "topic": settings.topics.min_papers or extent.least["topic"],
            },
            feed_least=settings.feeds.min_papers or extent.feed_least,
            previews=settings.previews.pages or ("archive" if extent.brief else "days"),
            offline=settings.offline.pages,
            ranking=Weights(
                votes=settings.ranking.votes,
                comments=settings.ranking.comments,
                stars=settings.ranking.stars,
                recency=settings.ranking.recency,
                half_life=settings.ranking.half_life,
            ),
        ),
        aliases=content.aliases,
        overrides=content.overrides,
        duplicates=duplicates,
        notes=content.notes.pages,
        day_notes=content.notes.days,
        name_notes=content.notes.names,
        redirects=content.redirects,
        published=content.published,
        history=content.history,
        status=status_of(
            content.status,
            _watched(settings),
            counts={date.fromisoformat(key): len(day.entries) for key, day in archive.days.items()},
            today=today,
            schedule=settings.fetch.schedule,
        ),
    )


def _themes(settings: Settings) -> tuple[Path, Path]:
    """Return where themes lie: those of the archive come first."""
    return settings.root / "theme", theme_folder()


def warn_of_untranslated(settings: Settings, language: Language, progress: Progress) -> None:
    """Say which strings of the interface stay English though the site speaks another language."""
    tag = settings.site.language
    if tag.partition("-")[0].lower() == ENGLISH.tag:
        return
    where = f"theme/{settings.theme.name}/languages/{tag}.po"
    if language is ENGLISH:
        progress.warn(
            f"no theme speaks {tag}: the interface stays English; docs/themes.md says how to translate", where
        )
        return
    known = strings(settings.theme.name, _themes(settings))
    missing = sorted(text for context, text in known if (context, text) not in language.strings)
    if missing:
        some = ", ".join(f"“{excerpt(text, limit=40)}”" for text in missing[:_MOST_NAMED])
        more = ", …" if len(missing) > _MOST_NAMED else ""
        count = f"{len(missing):,} of {plural(len(known), 'string')}"
        progress.warn(
            f"{count} of the interface stay English, for want of a translation into {tag}: {some}{more}", where
        )
        for text in missing:
            progress.detail(f"not translated: {text}")


def warn_of_unshown(edition: Edition, progress: Progress) -> None:
    """Say which words about names are shown nowhere, as no paper carries the name."""
    for kind, notes in edition.name_notes.items():
        known = {key(name) for each in edition.archive.of(kind) if notes for name in (each.title, *each.names)}
        for unknown in notes.keys() - known:
            progress.warn(
                f"no paper has the {kind} “{notes[unknown].title or notes[unknown].name}”", f"content/{kind}s"
            )


def _watched(settings: Settings) -> Iterator[Watched]:
    """Yield the sources of the archive, in the order of the settings."""
    sources = sources_of(source.kind for source in settings.sources)
    for each in settings.sources:
        source = sources[each.kind]
        yield Watched(source=source.name, label=source.label, listed=source.listed if source.lists else None)


def _prepared(archive: Archive, settings: Settings, memory: Memory | None, crew: Crew | None) -> "Prepared":
    # Here, because it brings numpy and scipy along, which take longer to load than many a build takes.
    from generator.outputs import search  # noqa: PLC0415
    from generator.search.prepared import prepare  # noqa: PLC0415

    memo = memory.of("search") if memory else None
    learn, fill = _learn(settings, memory), crew.analyse if crew else None
    return prepare(search.documents(archive), memo=memo, learn=learn, room=store.Waiting, fill=fill)


def _learn(settings: Settings, memory: Memory | None) -> "Learn | None":
    """Return what finds the space in which terms fit papers, if the owner wants one."""
    from generator.search.meaning import space  # noqa: PLC0415  The same.

    if settings.search.meaning != "model":
        return space if settings.search.meaning == "lsa" else None
    from generator.commands import embeddings  # noqa: PLC0415  The same.

    root, model = settings.root, settings.search.model
    memo = memory.of("search.vectors") if memory else None
    embed = embeddings.embedding(partial(embeddings.load, root, model), model_stamp(root, model), memo)
    return partial(space, embed=embed)


def _arranged(ids: Sequence[str], postings: "Postings", *, memo: Memo | None) -> "NDArray[np.uint16]":
    from generator.layout import layout  # noqa: PLC0415  The same.

    return layout(ids, postings, memo=memo)


def site_of(
    settings: Settings,
    edition: Edition,
    outputs: Mapping[str, Output],
    kinds: Mapping[str, PageKind],
    *,
    memory: Memory | None = None,
    keyed: bool = True,
) -> Site:
    """Decide all pages of `edition` and how they will be rendered; nothing is rendered yet.

    Who knows which pages to make needs no keys: unless the plan is `keyed`, they are empty.

    Raises `ContentError` where two pages want one address, `ThemeError` where the theme cannot be used.
    """
    memory = memory or Memory()
    pages = few(edition, kinds)
    theme = theme_of(settings.theme.name, _themes(settings), edition.language)
    made = renderer(
        theme,
        edition,
        settings.site,
        alternates=lambda page: alternates(outputs, edition, page),
        citation=lambda paper: bibtex(paper, edition.citation_keys[paper.id]),
        signs=signs_of(edition, kinds, pages),
        version=__version__,
        memo=memory.of("templates"),
    )
    return Site(
        masthead=settings.site,
        edition=edition,
        pages=plan(edition, kinds, pages=pages, key=made.key if keyed else lambda _: b"", answers=answers),
        html=made.html,
        key=made.key,
        assets=theme.assets,
        feed_items=settings.feeds.items,
        lunr_papers=settings.search.lunr_papers,
        memory=memory,
    )


class _Maker:
    """Watches what one output makes, and how long that takes; the time of publishing is left out."""

    def __init__(self, name: str, output: Output) -> None:
        self.name, self.output = name if output.in_shares else "", output
        self.paths: list[str] = []
        self.seconds = 0.0

    def files(self, site: Site) -> Iterator[Artifact | Draft]:
        """Yield the files of the output."""
        artifacts = self.output.files(site)
        while True:
            started = perf_counter()
            artifact = next(artifacts, None)
            self.seconds += perf_counter() - started
            if artifact is None:
                break
            self.paths.append(str(artifact.path))
            if isinstance(artifact, Draft):
                yield replace(artifact, make=partial(self._make, artifact), output=self.name)
            else:
                yield artifact

    def made(self, kept: Mapping[str, Kept]) -> Made:
        """Return what the output made, given every file of the site."""
        return Made(files=len(self.paths), size=sum(kept[path].size for path in self.paths), seconds=self.seconds)

    def _make(self, draft: Draft) -> bytes:
        started = perf_counter()
        data = draft.data
        self.seconds += perf_counter() - started
        return data
