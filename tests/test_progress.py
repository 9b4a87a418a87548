"""What a command says: plain lines, and nothing in a message can command a terminal or a runner."""

from itertools import count

import pytest

from generator.errors import ContentError, Several, SourceError
from generator.progress import Progress


def test_a_step_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Name, counts, seconds; nothing else where there is no terminal."""
    with Progress(clock=iter(count(1.0, 0.4)).__next__).step("render") as step:
        done = list(step.track("abc", 3))
        step.counts("96 pages", "2 removed")

    assert done == ["a", "b", "c"]
    assert capsys.readouterr().err == "render   96 pages   2 removed   0.4 s\n"


def test_a_step_that_fails_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """The error is said where it is caught."""
    with pytest.raises(ContentError), Progress().step("load"):
        raise ContentError("no")

    assert capsys.readouterr().err == ""


def test_long_lines_stay_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """A path that is broken over two lines cannot be clicked or searched for."""
    Progress().result("x/" * 300)

    assert capsys.readouterr().out == "x/" * 300 + "\n"


def test_text_is_not_markup(capsys: pytest.CaptureFixture[str]) -> None:
    """A title with brackets or colons is shown as it is."""
    Progress().result("[bold]A[/bold] :smile: [link=x]")

    assert capsys.readouterr().out == "[bold]A[/bold] :smile: [link=x]\n"


def test_several_errors_are_said_one_after_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    """Each with its place, its hint below."""
    Progress().error(Several([ContentError("bad", where="a.md:1", hint="mend it\nsoon"), SourceError("gone")]))

    assert capsys.readouterr().err == "error: a.md:1: bad\n       mend it\n       soon\nerror: gone\n"


def test_a_message_cannot_command_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Escape sequences and carriage returns in a record's title are not sent."""
    Progress().warn("\x1b[2J\x1b]0;title\x07 over\rwritten \u202eback")

    said = capsys.readouterr().err
    assert not {"\x1b", "\x07", "\r", "\u202e"} & set(said)


@pytest.mark.parametrize("text", ["::error::x", "a\n::add-path::x", "a\n   ::set-output name=a::x", "##[add-path]x"])
def test_a_message_cannot_command_a_runner(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No line that a record's title makes begins like a workflow command, old style or new."""
    progress = Progress()
    progress.warn(text)
    progress.result(text)

    said = capsys.readouterr()
    for line in (said.out + said.err).splitlines():
        assert not line.lstrip().startswith("::")
        assert "##[" not in line


def test_annotations_are_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    """A message of several lines is one annotation, at the right place."""
    Progress(annotate=True).warn("100 %\n::error::x", "content/a,b:c.md:12")

    assert capsys.readouterr().err.splitlines()[-1] == (
        "::warning file=content/a%2Cb%3Ac.md,line=12::100 %25%0A::error::x"
    )


def test_quiet_leaves_warnings_and_results(capsys: pytest.CaptureFixture[str]) -> None:
    """What went wrong is never hidden."""
    progress = Progress(quiet=True)
    with progress.step("load"):
        progress.line("fetch", "26 received")
    progress.warn("odd")
    progress.result("done")

    said = capsys.readouterr()
    assert (said.out, said.err) == ("done\n", "warning: odd\n")


def test_colours_only_where_they_are_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    """Not in a pipe, unless they are asked for."""
    Progress().warn("odd")
    plain = capsys.readouterr().err
    Progress(colour="always").warn("odd")

    assert "\x1b[" not in plain
    assert "\x1b[" in capsys.readouterr().err
