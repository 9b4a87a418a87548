"""Preview the site while writing: build, serve on this machine, build again and reload the browser on every change.

What is served is built into the cache folder; the script that reloads is added to pages on their way out only.
"""

import asyncio
import json
import mimetypes
import socket
import webbrowser
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from secrets import token_hex
from time import perf_counter

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from watchfiles import awatch

from generator.config import FILE
from generator.errors import BroadsheetError, Several, UsageError
from generator.lock import SERVE, held
from generator.progress import Progress
from generator.text import plural

PORT = 8000
Build = Callable[[Path, str], int]

_PORTS_TRIED = 50
_WATCHED = ("content", "theme")
_SCRIPT = Path(__file__).with_name("serve.js")
_NO_CACHE = {"Cache-Control": "no-store"}
# What other hosts say too, or should: mimetypes knows no feeds.
_TYPES = {
    "feed.xml": "application/rss+xml",
    "atom.xml": "application/atom+xml",
    "feed.json": "application/feed+json",
    ".bib": "application/x-bibtex",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".opml": "text/x-opml",
    ".xml": "application/xml",
}


@dataclass
class Preview:
    """What the browser should see: the folder of the last good site, and what is wrong with the newest one.

    `version` counts the good builds of this `run`; `pages` is the last one that changed more than style sheets.
    """

    site: Path
    run: str = field(default_factory=lambda: token_hex(4))
    version: int = 0
    pages: int = 0
    error: str = ""
    stopping: bool = False
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    def state(self) -> str:
        """Return what a page has to know, as JSON."""
        return json.dumps({"run": self.run, "version": self.version, "pages": self.pages, "error": self.error})

    async def tell(self) -> None:
        """Let every open page know."""
        async with self.news:
            self.news.notify_all()


def run(
    root: Path,
    build: Build,
    *,
    progress: Progress,
    host: str = "127.0.0.1",
    port: int | None = None,
    base_path: str = "/",
    reload: bool = True,
    watch: bool = True,
    open_browser: bool = False,
) -> None:
    """Serve the archive in `root` until interrupted.

    `build` makes the site in a folder, for an address, and returns how many files it changed. Raises `UsageError` where
    the wanted port is taken, `OutputError` where another preview of this archive is running.
    """
    base_path = f"/{base_path.strip('/')}/".replace("//", "/")
    cache = root / ".broadsheet"
    with held(cache / SERVE, "serve"), _listening(host, port) as listener:
        url = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}{base_path}"
        if port is None and listener.getsockname()[1] != PORT:
            progress.warn(f"port {PORT} is taken; this preview is at port {listener.getsockname()[1]}")
        session = _Session(root, build, progress, url, Preview(cache / "serve"))
        try:
            asyncio.run(session.serve(listener, base_path, reload=reload, watch=watch, open_browser=open_browser))
        except KeyboardInterrupt:
            progress.line("stopped")


def application(preview: Preview, base_path: str = "/", *, reload: bool = True) -> Starlette:
    """Return the web application that serves `preview` below `base_path`."""

    async def page(request: Request) -> Response:
        return _answer(preview, request, base_path if reload else "")

    async def events(_: Request) -> Response:
        return StreamingResponse(_events(preview), media_type="text/event-stream", headers=_NO_CACHE)

    async def script(_: Request) -> Response:
        return FileResponse(_SCRIPT, media_type="text/javascript", headers=_NO_CACHE)

    async def home(_: Request) -> Response:
        return RedirectResponse(base_path)

    own = [Route("/_preview/events", events), Route("/_preview/reload.js", script)] if reload else []
    below = [Mount(base_path.rstrip("/"), routes=[*own, Route("/{path:path}", page)])]
    return Starlette(routes=below if base_path == "/" else [*below, Route("/", home)])


class _Server(uvicorn.Server):
    """A server that lets go of the pages that wait for news before it ends."""

    def __init__(self, app: Starlette, preview: Preview) -> None:
        config = uvicorn.Config(app, log_level="warning", lifespan="off", ws="none", timeout_graceful_shutdown=5)
        super().__init__(config)
        self.preview = preview

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End, as soon as every answer has ended."""
        self.preview.stopping = True
        await self.preview.tell()
        await super().shutdown(sockets)


@dataclass
class _Session:
    """One run of the command. `unbuilt` is what changed since the last good build."""

    root: Path
    build: Build
    progress: Progress
    url: str
    preview: Preview
    unbuilt: set[str] = field(default_factory=set)

    async def serve(
        self, listener: socket.socket, base_path: str, *, reload: bool, watch: bool, open_browser: bool
    ) -> None:
        """Build, then serve and watch until the server is told to stop."""
        changes: asyncio.Queue[set[str]] = asyncio.Queue()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(follow) for follow in self.followers(changes)] if watch else []
            # Whoever watches begins now: what changes during the first build counts.
            await asyncio.sleep(0)
            await self.rebuild()
            tasks.append(group.create_task(self.rebuild_after(changes)))
            server = _Server(application(self.preview, base_path, reload=reload), self.preview)
            if open_browser:
                webbrowser.open(self.url)
            await server.serve([listener])
            for task in tasks:
                task.cancel()

    def followers(self, changes: asyncio.Queue[set[str]]) -> Iterator[Coroutine[None, None, None]]:
        """Yield what watches each folder."""
        # Editors replace files: archive.yml is watched through its folder, which must not be watched as a whole.
        yield self.follow(self.root, changes, recursive=False)
        for name in _WATCHED:
            if (self.root / name).is_dir():
                yield self.follow(self.root / name, changes, recursive=True)

    async def rebuild_after(self, changes: asyncio.Queue[set[str]]) -> None:
        """Build again whenever something changes."""
        while True:
            self.unbuilt |= await changes.get()
            while not changes.empty():
                self.unbuilt |= changes.get_nowait()
            await self.rebuild()

    async def follow(self, folder: Path, changes: asyncio.Queue[set[str]], *, recursive: bool) -> None:
        """Put what changes in `folder` into `changes`, as paths from the root."""
        async for found in awatch(folder, recursive=recursive, ignore_permission_denied=True):
            paths = {Path(path).relative_to(self.root).as_posix() for _, path in found}
            if wanted := {path for path in paths if recursive or path in {FILE, *_WATCHED}}:
                await changes.put(wanted)

    async def rebuild(self) -> None:
        """Build, and tell the terminal and every open page how it went."""
        started = perf_counter()
        preview, changed = self.preview, sorted(self.unbuilt)
        try:
            files = await asyncio.to_thread(self.build, preview.site, self.url)
        except BroadsheetError as error:
            self.progress.error(error)
            preview.error = _told(error)
        else:
            self.unbuilt.clear()
            style_only = bool(changed) and all(name.endswith(".css") for name in changed)
            preview.version += 1
            preview.pages = preview.pages if style_only else preview.version
            preview.error = ""
            cause = f": {', '.join(changed[:3])}{' …' if len(changed) > 3 else ''}" if changed else ""
            made = f"{plural(files, 'file')} in {perf_counter() - started:.1f} s"
            self.progress.result(f"serving {self.url}  ({'re' if changed else ''}built {made}{cause})")
        await preview.tell()


def _told(error: BroadsheetError) -> str:
    errors = error.errors if isinstance(error, Several) else (error,)
    return "\n\n".join(f"{one}\n{one.hint}".strip() for one in errors)


def _listening(host: str, port: int | None) -> socket.socket:
    """Return a socket that listens at `port`, or at the next free port where none is wanted in particular."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    wanted: Iterable[int] = range(PORT, PORT + _PORTS_TRIED) if port is None else (port,)
    failure: OSError | None = None
    for number in wanted:
        try:
            return socket.create_server((host, number), family=family)
        except OSError as error:
            failure = error
    reason = failure.strerror if failure else "no port is free"
    raise UsageError(f"cannot listen: {reason}", where=f"{host}:{port or PORT}", hint="choose another one with --port")


async def _events(preview: Preview) -> AsyncIterator[str]:
    """Yield the state at once, and again whenever it changes (HTML standard, server-sent events)."""
    while not preview.stopping:
        yield f"data: {preview.state()}\n\n"
        async with preview.news:
            await preview.news.wait()


def _answer(preview: Preview, request: Request, base_path: str) -> Response:
    """Return the file that answers for an address, else the page that says that there is none."""
    path = request.path_params["path"]
    if not preview.version:
        return _html(_unbuilt(preview), preview, base_path, 503)
    file = _file(preview.site, path)
    if file is None:
        missing = preview.site / "404.html"
        return _html(missing.read_text("utf-8") if missing.is_file() else "Not found", preview, base_path, 404)
    if file.is_dir():
        return RedirectResponse(request.url.path + "/")
    if file.suffix == ".html":
        return _html(file.read_text("utf-8"), preview, base_path, 200)
    return FileResponse(file, media_type=content_type(file.name), headers=_NO_CACHE)


def _file(site: Path, path: str) -> Path | None:
    """Return the file or folder that `path` names inside `site`."""
    name = f"{path}index.html" if path.endswith("/") or not path else path
    if "\0" in name:
        return None
    file = (site / name).resolve()
    return file if file.is_relative_to(site.resolve()) and file.exists() else None


def content_type(name: str) -> str:
    """Return the media type of a file by its name."""
    suffix = Path(name).suffix
    return _TYPES.get(name) or _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _html(text: str, preview: Preview, base_path: str, status: int) -> Response:
    if base_path:
        seen = f'data-run="{preview.run}" data-version="{preview.version}"'
        script = f'<script src="{escape(base_path)}_preview/reload.js" {seen}></script>'
        head, end, tail = text.rpartition("</body>")
        text = f"{head}{script}{end}{tail}" if end else text + script
    return Response(text, status, _NO_CACHE, "text/html")


def _unbuilt(preview: Preview) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Not built yet</title>'
        f"<body><h1>Not built yet</h1><pre>{escape(preview.error)}</pre></body></html>"
    )
