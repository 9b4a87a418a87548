"""Find the Chromium that browser tests use, or install one: `python -m tests.browser`."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

VARIABLE = "BROADSHEET_CHROMIUM"
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def installed() -> str | None:
    """Return the program to start: the one the variable names, one of the system's, or Playwright's own."""
    named = os.environ.get(VARIABLE)
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None) or _from_playwright()


def ways_to_install() -> Iterator[Sequence[Sequence[str]]]:
    """Yield the commands of each way to get a Chromium that may work here, the best one first."""
    if shutil.which("apt-get"):
        if os.geteuid() == 0:
            yield _from_debian()
        elif _works("sudo", "-n", "true"):
            yield _from_debian("sudo", "-n")
    yield [[sys.executable, "-m", "playwright", "install", "chromium"]]


def main() -> int:
    """Make sure that there is a Chromium; return the exit code."""
    if os.environ.get(VARIABLE) and not installed():
        return _failed(f"{VARIABLE} is {os.environ[VARIABLE]!r}, which is no program")
    found = installed()
    for way in () if found else ways_to_install():
        print("No Chromium found, trying:", *map(shlex.join, way), sep="\n  ", flush=True)
        if all(_works(*command) for command in way) and (found := installed()):
            break
    if not found:
        return _failed(f"no Chromium for the browser tests; install one, or name one in {VARIABLE}")
    print("Chromium for browser tests:", found)
    return 0


def _from_playwright() -> str | None:
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).is_file() else None


def _from_debian(*prefix: str) -> Sequence[Sequence[str]]:
    apt_get = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--yes", "--quiet"]
    return [[*apt_get, "update"], [*apt_get, "install", "--no-install-recommends", "chromium"]]


def _works(*command: str) -> bool:
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode == 0
    except FileNotFoundError:
        return False


def _failed(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
