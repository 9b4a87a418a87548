"""Pictures of every kind of page of a built site, on two devices, in light and dark, and on paper.

`python -m tests.screenshots [site] [folder for the pictures] [part of a name …]`, or `make screenshots`.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from tests.browser import installed
from tests.conftest import QUIET, serving

WIDTHS = {"phone": 390, "desktop": 1280}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# A long list looks the same further down.
_TALLEST = 4200
# Periods have names that sort by time; of everything else the largest page has most to show.
_PERIODS = {"day", "week", "month", "year"}
_PRINTED = ("home", "week", "month", "paper", "author")
_ADDRESS = re.compile(r'<link rel="canonical"')


def addresses(site: Path) -> Iterator[tuple[str, str]]:
    """Yield a name and the address of one or two pages of each kind in the folder `site`."""
    yield "home", ""
    yield "404", "404.html"
    for folder in sorted(path for path in site.iterdir() if path.is_dir() and path.name != "assets"):
        if (folder / "index.html").is_file():
            text = (folder / "index.html").read_text()
            if 'data-page="redirect"' not in text:
                yield folder.name, f"{folder.name}/"
        pages = sorted(page for page in folder.glob("*/index.html") if page.parent.name != "letter")
        if pages and folder.name in _PERIODS:
            listed = [page for page in pages[-15:] if _ADDRESS.search(page.read_text())]
            newest = (listed or pages)[-1]
            yield f"{folder.name}-newest", _address(site, newest)
            empty = [page for page in pages if page not in listed][-1:] if folder.name == "day" else []
            yield from ((f"{folder.name}-empty", _address(site, page)) for page in empty)
        elif pages:
            by_size = sorted(pages, key=lambda page: page.stat().st_size)
            yield f"{folder.name}-largest", _address(site, by_size[-1])
            yield f"{folder.name}-median", _address(site, by_size[len(by_size) // 2])


def _address(site: Path, page: Path) -> str:
    return page.parent.relative_to(site).as_posix() + "/"


def take(browser: Browser, base: str, pages: list[tuple[str, str]], folder: Path) -> None:
    """Put the pictures of `pages`, which a server shows below `base`, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for device, width in WIDTHS.items():
        for scheme in SCHEMES:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            for name, address in pages:
                page.goto(base + address)
                height = min(_TALLEST, page.evaluate("document.documentElement.scrollHeight"))
                clip = {"x": 0, "y": 0, "width": width, "height": height}
                page.screenshot(path=folder / f"{name}-{device}-{scheme}.png", full_page=True, clip=clip)  # type: ignore[arg-type]
            context.close()
    page = browser.new_page()
    for name, address in pages:
        if name.partition("-")[0] in _PRINTED:
            page.goto(base + address)
            page.pdf(path=folder / f"{name}-print.pdf", format="A4", prefer_css_page_size=True)


def main(site: str = "site", folder: str = "screenshots", *parts: str) -> int:
    """Take the pictures; return the exit code."""
    program = installed()
    if program is None or not (Path(site) / "index.html").is_file():
        print("error: no Chromium" if program is None else f"error: no site in {site}", file=sys.stderr)
        return 1
    pages = [(name, url) for name, url in addresses(Path(site)) if not parts or any(part in name for part in parts)]
    with serving(Path(site)) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        take(browser, base, pages, Path(folder))
        browser.close()
    print(f"{len(pages)} pages in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
