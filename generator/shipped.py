"""What travels with Broadsheet: the default theme, a small real archive, and the code itself.

In a checkout both lie beside the package; in an installed wheel they lie inside it (see `pyproject.toml`).
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from generator.memo import digest

_PACKAGE = Path(__file__).resolve().parent


def theme_folder() -> Path:
    """Return the folder that holds the shipped themes, `default` among them."""
    return _found("_theme", beside="theme")


def demo_folder() -> Path:
    """Return the folder that holds the shipped archive: its `archive.yml` and its `content/`.

    In a checkout this is the repository itself, so only those two may be taken from it.
    """
    return _found("_demo", beside=".")


def code_stamp(packages: Iterable[Path] = ()) -> bytes:
    """Return 16 bytes that stand for all that computes: Broadsheet's code, that in the folders `packages`, libraries.

    What was remembered under another stamp may have been made by other code.
    """
    libraries = sorted({found.name for folder in sys.path for found in Path(folder or ".").glob("*.dist-info")})
    return digest(sys.version.encode(), "\n".join(libraries).encode(), code_of(packages))


def code_of(packages: Iterable[Path] = ()) -> bytes:
    """Return 16 bytes that stand for Broadsheet's code and that in the folders `packages`, wherever they lie."""
    sources = sorted(
        (path.relative_to(place.parent), path) for place in {_PACKAGE, *packages} for path in place.rglob("*.py")
    )
    return digest(*(part for name, path in sources for part in (name.as_posix().encode(), path.read_bytes())))


def _found(inside: str, *, beside: str) -> Path:
    installed = _PACKAGE / inside
    return installed if installed.is_dir() else _PACKAGE.parent / beside
