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


def code_stamp(plugins: Iterable[object] = ()) -> bytes:
    """Return 16 bytes that stand for all that computes: Broadsheet's code, that of the functions `plugins`, libraries.

    What was remembered under another stamp may have been made by other code.
    """
    places = {_PACKAGE, *(_package_of(plugin) for plugin in plugins)}
    sources = sorted(path for place in places for path in place.rglob("*.py"))
    libraries = sorted({found.name for folder in sys.path for found in Path(folder or ".").glob("*.dist-info")})
    code = (part for path in sources for part in (str(path.relative_to(path.anchor)).encode(), path.read_bytes()))
    return digest(sys.version.encode(), "\n".join(libraries).encode(), *code)


def _package_of(plugin: object) -> Path:
    """Return the folder of the package that a function is from."""
    top = sys.modules[str(getattr(plugin, "__module__", "generator")).partition(".")[0]]
    return Path(str(top.__file__)).resolve().parent


def _found(inside: str, *, beside: str) -> Path:
    installed = _PACKAGE / inside
    return installed if installed.is_dir() else _PACKAGE.parent / beside
