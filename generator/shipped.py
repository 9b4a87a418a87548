"""What travels with Broadsheet: the default theme and a small real archive.

In a checkout both lie beside the package; in an installed wheel they lie inside it (see `pyproject.toml`).
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def theme_folder() -> Path:
    """Return the folder that holds the shipped themes, `default` among them."""
    return _found("_theme", beside="theme")


def demo_folder() -> Path:
    """Return the folder that holds the shipped archive: its `archive.yml` and its `content/`.

    In a checkout this is the repository itself, so only those two may be taken from it.
    """
    return _found("_demo", beside=".")


def _found(inside: str, *, beside: str) -> Path:
    installed = _PACKAGE / inside
    return installed if installed.is_dir() else _PACKAGE.parent / beside
