"""What a command says while it works: one line per step to standard error, results to standard output.

On a terminal a running step shows a bar; elsewhere there are only finished lines. In continuous integration errors and
warnings are also said in the form that GitHub puts beside the file.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Literal, TypeVar

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TaskID, TextColumn
from rich.progress import Progress as Bars
from rich.text import Text

from generator.errors import BroadsheetError, Several
from generator.text import clean

Colour = Literal["auto", "always", "never"]
Item = TypeVar("Item")

_NAME_WIDTH = 9
# Where a backslash is put so that a line is no workflow command: before "::" at its beginning, inside of "##[".
_RUNNER_COMMAND = re.compile(r"(?m)^(?=\s*::)|(?<=#)(?=#\[)")


@dataclass
class Step:
    """A step under way. `counts` says what came of it; `track` shows how far it is."""

    said: tuple[str, ...] = ()
    advance: Callable[[int], None] = field(default=lambda _: None)
    expect: Callable[[int], None] = field(default=lambda _: None)

    def counts(self, *counts: str) -> None:
        """Say what the step came to ("96 pages", "2 removed"); the last word counts."""
        self.said = counts

    def track(self, items: Iterable[Item], total: int) -> Iterator[Item]:
        """Yield `items`, and show how many of `total` are done."""
        self.expect(total)
        for item in items:
            yield item
            self.advance(1)


class Progress:
    """The voice of one command.

    `quiet` leaves only warnings, errors and results; `verbose` adds details. `annotate` is for GitHub's runners. With
    `as_json` everything but results is one JSON object a line, for a program that collects logs.
    """

    def __init__(
        self,
        *,
        quiet: bool = False,
        verbose: bool = False,
        colour: Colour = "auto",
        annotate: bool = False,
        as_json: bool = False,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self.out = _console(colour, stderr=False)
        self.err = _console(colour, stderr=True)
        self.quiet = quiet
        self.verbose = verbose
        self.annotate = annotate
        self.as_json = as_json
        self.clock = clock

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Run a step, then say its name, what it came to and how long it took. A step that fails says nothing."""
        started = self.clock()
        step = Step()
        if self.quiet or self.as_json or not self.err.is_terminal:
            yield step
        else:
            columns = (SpinnerColumn(), TextColumn(name), BarColumn(), MofNCompleteColumn())
            with Bars(*columns, console=self.err, transient=True) as bars:
                task = bars.add_task(name, total=None)
                step.advance = lambda count: bars.advance(task, count)
                step.expect = lambda total: _expect(bars, task, total)
                yield step
        self.line(name, *step.said, f"{self.clock() - started:.1f} s")

    def line(self, name: str, *parts: str) -> None:
        """Say a line of progress."""
        if self.as_json and not self.quiet:
            self._log(level="info", step=name, said=parts)
        elif not self.quiet:
            self._print(self.err, Text.assemble((f"{name:<{_NAME_WIDTH}}", "bold"), _safe("   ".join(parts))))

    def detail(self, message: str) -> None:
        """Say what only somebody looking for a fault wants to know."""
        if self.as_json and self.verbose:
            self._log(level="debug", message=message)
        elif self.verbose:
            self._print(self.err, Text(_safe(message), "dim"))

    def result(self, message: str) -> None:
        """Say what the command was run for, to standard output."""
        self._print(self.out, Text(_safe(message)))

    def data(self, value: object) -> None:
        """Say what the command was run for as JSON, for a program to read."""
        self._print(self.out, Text(_json(value)))

    def annotation(self, kind: str, message: str, where: str, *, title: str) -> None:
        """Say, to standard output, what GitHub's runners put beside the file and line `where`."""
        self._print(self.out, Text(_annotation(kind, message, where, title)))

    def warn(self, message: str, where: str = "") -> None:
        """Say what went otherwise than meant but does no harm, and where."""
        self._say("warning", "yellow", message, where)

    def error(self, error: BroadsheetError) -> None:
        """Say what went wrong, where, and what to do about it; several errors one after the other."""
        for one in error.errors if isinstance(error, Several) else (error,):
            self._say("error", "red", one.message, one.where, one.hint)

    def _say(self, kind: str, colour: str, message: str, where: str, hint: str = "") -> None:
        if self.as_json:
            self._log(level=kind, message=message, where=where, hint=hint)
            return
        place = f"{where}: " if where else ""
        indent = "\n" + " " * (len(kind) + 2)
        lines = indent.join(_safe("\n".join(filter(None, (place + message, hint)))).splitlines())
        self._print(self.err, Text.assemble((f"{kind}:", f"bold {colour}"), " ", lines))
        if self.annotate:
            self._print(self.err, Text(_annotation(kind, message, where)))

    def _log(self, **said: object) -> None:
        self._print(self.err, Text(_json({name: value for name, value in said.items() if value})))

    def _print(self, console: Console, line: Text) -> None:
        console.print(line, soft_wrap=True, highlight=False)


def _console(colour: Colour, *, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    if colour == "always":
        return Console(file=stream, force_terminal=True)
    return Console(file=stream, color_system=None) if colour == "never" else Console(file=stream)


def _expect(bars: Bars, task: TaskID, total: int) -> None:
    bars.update(task, total=total)


def _json(value: object) -> str:
    # A program decodes what keeps a text from being a command to a runner.
    return clean(msgspec.json.encode(value).decode().replace("##[", "#\\u0023["))


def _safe(text: str) -> str:
    """Return `text` without what could command a terminal, or a runner that reads commands from its log."""
    return _RUNNER_COMMAND.sub(r"\\", clean(text))


def _annotation(kind: str, message: str, where: str, title: str = "") -> str:
    """Return a workflow command; the escapes are those of the actions toolkit (packages/core/src/command.ts)."""
    file, _, line = where.rpartition(":")
    if line.isdecimal() and file:
        place = {"file": file, "line": line}
    elif title:
        place = {"file": where}
    else:
        place = {"title": where} if where else {}
    place |= {"title": title} if title else {}
    said = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in place.items())
    return f"::{kind}{' ' + said if said else ''}::{_escaped(message)}"


def _escaped(text: str, more: str = "") -> str:
    return "".join(f"%{ord(character):02X}" if character in "%\r\n" + more else character for character in clean(text))
