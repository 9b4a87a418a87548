"""One at a time."""

import os
import sys
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from generator.errors import OutputError
from generator.lock import held

HOLD = """
import sys
from pathlib import Path
from generator.lock import held
with held(Path(sys.argv[1]), "fetch"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_second_is_told_who_the_first_is(tmp_path: Path) -> None:
    """Command and process, so that one can look for it; and it may begin as soon as the first is dead."""
    file = tmp_path / "cache/lock"
    with Popen([sys.executable, "-c", HOLD, str(file)], stdin=PIPE, stdout=PIPE, text=True) as first:
        assert first.stdout
        assert first.stdout.readline() == "held\n"

        with (
            pytest.raises(OutputError, match=rf"broadsheet fetch \(process {first.pid}\) is at work"),
            held(file, "build"),
        ):
            pass
        first.kill()
        first.wait()

        with held(file, "build"):
            assert file.read_text() == f"broadsheet build (process {os.getpid()})\n"


def test_it_is_let_go_of_after_a_failure(tmp_path: Path) -> None:
    """A command that fails does not lock out the next one."""
    with pytest.raises(ZeroDivisionError), held(tmp_path / "lock", "build"):
        raise ZeroDivisionError

    with held(tmp_path / "lock", "build"):
        pass


def test_a_place_that_cannot_be_locked_is_an_error(tmp_path: Path) -> None:
    """And not a bug."""
    (tmp_path / "file").write_text("")

    with pytest.raises(OutputError), held(tmp_path / "file/lock", "build"):
        pass
