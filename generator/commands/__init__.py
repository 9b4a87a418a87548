"""One verb a file.

`from generator import commands` imports none of them: each comes when it is first asked for, as `commands.build`,
because together they need many times as long to load as most of them take (PEP 562).
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    # What is so imported is known to type checkers as `commands.build` too.
    from generator.commands import addresses as addresses
    from generator.commands import build as build
    from generator.commands import check as check
    from generator.commands import clean as clean
    from generator.commands import crew as crew
    from generator.commands import doctor as doctor
    from generator.commands import fetch as fetch
    from generator.commands import import_ as import_
    from generator.commands import init as init
    from generator.commands import intake as intake
    from generator.commands import kinds as kinds
    from generator.commands import search as search
    from generator.commands import serve as serve
    from generator.commands import settings as settings
    from generator.commands import start as start
    from generator.commands import wanted as wanted

_ON_DEMAND = frozenset(
    {
        "addresses",
        "build",
        "check",
        "clean",
        "crew",
        "doctor",
        "fetch",
        "import_",
        "init",
        "intake",
        "kinds",
        "search",
        "serve",
        "settings",
        "start",
        "wanted",
    }
)


def __getattr__(name: str) -> "ModuleType":
    """Return the module of a command. Raises `AttributeError` for anything else."""
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")
