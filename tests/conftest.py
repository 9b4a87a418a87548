"""Fixtures that every test may use."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from tests.browser import installed
from tests.servers import running

REPOSITORY = Path(__file__).resolve().parent.parent
# Nothing the browser does by itself may reach out of the machine.
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

# How long one example takes says more about the machine's other work than about ours.
settings.register_profile("broadsheet", settings.get_profile(settings.get_current_profile_name()), deadline=None)
settings.load_profile("broadsheet")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve `folder` on this machine; give its address, which ends with a slash."""
    with running(ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))) as root:
        yield root


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real records that lies beside the repository, or skip where there is none."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no real records beside this checkout (../shared/data)")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a running Chromium; a machine without one fails, because a test that did not run proves nothing.

    One for each file of tests: while Playwright runs, its event loop keeps this thread from running another.
    """
    program = installed()
    if program is None:
        pytest.fail("no Chromium found; `make test` installs one")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield running
        running.close()
