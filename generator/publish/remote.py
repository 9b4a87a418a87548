"""Put a site into shared storage, where no two trees can be exchanged: files first, the record last.

While a build is at work, who reads the site sees new files beside old ones, each of them whole. Before the first file
is written, the record of the site that stood there is taken away, and the new one is the last thing written: a build
that dies leaves a site without a record, of which the next build believes nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future

import msgspec
from msgspec import Struct

from generator.errors import OutputError
from generator.memo import digest
from generator.model import Artifact, Draft
from generator.publish import MARKER, Record, with_marker
from generator.publish.files import Kept, told
from generator.publish.shares import Helpers, Wanted
from generator.publish.stage import Published, Stage
from generator.publish.storage import Storage

_OWN = ".broadsheet/"
_RECORD = f"{_OWN}record"
_HINT = "build again, which writes every file anew"


class Place(Struct, frozen=True, kw_only=True):
    """A place in shared storage, looked at: what the last build left there. Whoever else changes it is not noticed."""

    address: str
    record: Record

    @property
    def is_as_left(self) -> bool:
        """Whether a build ended here."""
        return bool(self.record.files)

    def tree(self, build: str = "") -> str:  # noqa: ARG002  As on a disk, where each has its own.
        """Return where files are written: to where they stay."""
        return self.address

    def parcel(self, build: str) -> str:
        """Return where that lies which helpers of a `build` are given."""
        return f"{self.address}/{_OWN}help{build}"


def look(address: str) -> Place:
    """Return what is known of the site at `address`.

    Raises `UsageError` where that cannot be used, `OutputError` where it is not Broadsheet's to replace, or refuses.
    """
    storage = Storage(address)
    with told(address, "look whether it can be reached, and with which rights"):
        data = storage.read(_RECORD)
        others = (path for path in storage.files() if not path.startswith(_OWN)) if data is None else iter(())
        if storage.read(str(MARKER.path)) is None and any(others):
            hint = "choose a place with nothing in it"
            raise OutputError("there are files here, and Broadsheet did not make them", where=address, hint=hint)
    return Place(address=storage.place, record=_record(data or b""))


def publish(
    artifacts: Iterable[Artifact | Draft],
    place: Place,
    *,
    stamp: bytes = b"",
    inputs: Callable[[], bytes] = lambda: b"",
    note: Callable[[Published, Mapping[str, Kept]], bytes] = lambda *_: b"",
    helpers: Helpers | None = None,
) -> Published:
    """Make the place hold exactly `artifacts`, as `publish` does with a folder; files of equal bytes are not written.

    Raises `OutputError` where the storage refuses. Of a build that fails before it has written anything, nothing is
    seen; one that fails later leaves files of both sites.
    """
    tree = _Tree(place)
    stage = Stage(tree, place.record.files.get, is_known=place.record.stamp == stamp, where=place.address, hint=_HINT)
    with told(place.address, _HINT):
        present = set(place.record.files) or tree.storage_files()
        try:
            stage.fill(with_marker(artifacts), helpers and _Telling(helpers, tree))
        finally:
            tree.remove(sorted(tree.own_files() - {_RECORD}))  # what helpers were given
        removed = sorted(present - stage.files.keys())
        published = stage.published(removed=len(removed))
        if removed:
            tree.begin()
            tree.remove(removed)
        record = Record(files=stage.files, inputs=inputs(), stamp=stamp, note=note(published, stage.files))
        if record != place.record:
            tree.begin()
            data = msgspec.msgpack.encode(record)
            tree.put(_RECORD, digest(data) + data, b"")
            tree.flush()
    return published


class _Tree(Storage):
    """The storage of a site, in which nothing is written before it has begun."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.address)
        self._has_begun = False
        self._has_record = place.is_as_left

    def begin(self) -> None:
        """Take the record away; where there is none, say whose the files are before there are any."""
        if self._has_begun:
            return
        self._has_begun = True
        if self._has_record:
            self.remove([_RECORD])
        else:
            super().put(str(MARKER.path), MARKER.data, b"")
            self.flush()

    def put(self, path: str, data: bytes, own: bytes) -> Kept:
        """Have a file written."""
        self.begin()
        return super().put(path, data, own)

    def storage_files(self) -> set[str]:
        """Return every path of the site, as the storage lists them."""
        return {path for path in self.files() if not path.startswith(_OWN)}

    def own_files(self) -> set[str]:
        """Return the paths of what is not of the site."""
        return self.files(_OWN.rstrip("/"))


class _Telling:
    """Helpers, before whom the record goes."""

    def __init__(self, helpers: Helpers, tree: _Tree) -> None:
        self.name, self._helpers, self._tree = helpers.name, helpers, tree

    def offer(self, output: str, wanted: Sequence[Wanted]) -> Future[Sequence[Kept | None]] | None:
        """Hand out drafts."""
        self._tree.begin()
        return self._helpers.offer(output, wanted)

    def taken(self, answer: Future[Sequence[Kept | None]]) -> Sequence[Kept | None] | None:
        """Wait for an answer."""
        return self._helpers.taken(answer)


def _record(data: bytes) -> Record:
    """Return the record that `data` is, an empty one where it is none."""
    try:
        return msgspec.msgpack.decode(data[16:], type=Record) if digest(data[16:]) == data[:16] else Record()
    except msgspec.MsgspecError:
        return Record()
