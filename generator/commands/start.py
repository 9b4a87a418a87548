"""Where a build starts: what there is already, and whether anything has to be done at all.

A site is a function of the content, the theme, the settings, the code and the day. Where the digest of all of these is
that of the site which stands there, whole and untouched, the build has ended before it began.
"""

import resource
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from generator.commands.history import head
from generator.commands.weight import Weight
from generator.config import BuildSettings, Settings
from generator.memo import digest
from generator.publish import Ground, look, remote
from generator.publish.remote import Place
from generator.publish.stage import Published
from generator.publish.storage import opened
from generator.registry import packages
from generator.shipped import code_stamp, theme_folder
from generator.store import scan
from generator.store.mirror import bring
from generator.store.scan import Folder

_NOTES = "content.notes"


class Made(Struct, frozen=True, kw_only=True):
    """What one output made: number of files, bytes before compression, seconds."""

    files: int
    size: int
    seconds: float


class Report(Struct, frozen=True, kw_only=True):
    """What a build did. `extent` is how much the site says, `weight` what it weighs.

    `peak_memory` is the largest resident size of the process so far, in bytes.
    """

    papers: int
    days: int
    pages: Mapping[str, int]
    outputs: Mapping[str, Made]
    published: Published
    extent: str
    weight: Weight
    seconds: float
    peak_memory: int


class Start(Struct, frozen=True, kw_only=True):
    """What a build finds: the place of the site, the files of the content, the stamp of the code, the moment.

    A `full` build makes everything anew, whatever is remembered.
    """

    settings: Settings
    ground: Ground | Place
    content: Folder
    stamp: bytes
    now: datetime
    began: float
    full: bool = False

    @property
    def today(self) -> date:
        """The date where the archive is at home."""
        return self.now.astimezone(ZoneInfo(self.settings.site.timezone)).date()

    def inputs(self) -> bytes:
        """Return the digest of everything that the site is a function of; files are read that were not yet."""
        themes = (Folder(self.settings.root / "theme"), Folder(theme_folder()))
        return digest(
            self.stamp,
            msgspec.msgpack.encode(replace(self.settings, build=BuildSettings()), enc_hook=str),
            self.today.isoformat().encode(),
            *(theme.inputs() for theme in themes),
            self.content.inputs(),
            head(self.settings.root).encode() if self.settings.content.history else b"",
            *self._model(),
        )

    def _model(self) -> Iterator[bytes]:
        """Yield what stands for the sentence model of search, if one is used."""
        if self.settings.search.meaning == "model":
            yield model_stamp(self.settings.root, self.settings.search.model)


def model_stamp(root: Path, model: str) -> bytes:
    """Return what stands for a sentence `model`: the digest of its folder, seen from `root`, or its name."""
    return Folder(root / model).inputs() if (root / model).is_dir() else model.encode()


def start(
    settings: Settings, output: Path | str, now: datetime, *, full: bool = False, content_from: str = ""
) -> Start:
    """Return what there is, or what a `full` build takes account of.

    `output` is a folder, or an address of shared storage; content comes from the address `content_from`, if there is
    one. Raises `OutputError` where `output` is not Broadsheet's to replace, `UsageError` for storage that cannot be
    used, `ContentError` where there is no content at that address.
    """
    ground = look(output) if isinstance(output, Path) else remote.look(output)
    content = _brought(content_from, settings.cache / "content") if content_from else settings.root / "content"
    if full:
        ground = replace(ground, record=replace(ground.record, stamp=b""))
    return Start(
        settings=settings,
        ground=ground,
        content=Folder(content) if full else scan.remembered(settings.cache / _NOTES, content),
        stamp=code_stamp(packages("outputs", "pages")),
        now=now,
        began=perf_counter(),
        full=full,
    )


def _brought(address: str, folder: Path) -> Path:
    """Return the folder that now holds the content at `address`."""
    system, root = opened(address.rstrip("/"))
    bring(system, root, folder, address)
    return folder


def standing(found: Start) -> Report | None:
    """Return the report on the site that stands there, if a build would make the same again."""
    record = found.ground.record
    if found.full or not found.ground.is_as_left or record.stamp != found.stamp or record.inputs != found.inputs():
        return None
    note(found)
    report = msgspec.msgpack.decode(record.note, type=Report)
    before = report.published
    still = Published(written=0, unchanged=before.written + before.unchanged, removed=0, size=before.size)
    return replace(report, published=still, seconds=perf_counter() - found.began, peak_memory=peak_memory())


def peak_memory() -> int:
    """Return the largest resident size of this process so far, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def note(found: Start) -> None:
    """Note what was learned of the content's files."""
    scan.note(found.content, found.settings.cache / _NOTES)
