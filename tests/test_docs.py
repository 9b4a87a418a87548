"""The documentation says what is true."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import NODEFAULT

from generator.cli import Session, broadsheet, config
from generator.config import OVERRIDES, keys, load
from tests.conftest import REPOSITORY

CLI = (REPOSITORY / "docs/cli.md").read_text(encoding="utf-8")
EXTENT = "what the extent says"
SETTINGS = (REPOSITORY / "docs/settings.md").read_text(encoding="utf-8")
COMMANDS = ["", *broadsheet.commands, *(f"config {name}" for name in config.commands)]
KINDS = ("arxiv", "hf-daily")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_in_the_documentation_is_current(command: str) -> None:
    """docs/cli.md shows what `--help` prints."""
    title = f"broadsheet {command}".strip()
    section = CLI.partition(f"\n## {title}\n")[2].partition("\n## ")[0]

    session = Session({}, lambda: datetime.now(UTC))
    shown = CliRunner().invoke(
        broadsheet, [*command.split(), "--help"], prog_name="broadsheet", obj=session, terminal_width=80
    )

    assert shown.exit_code == 0
    assert re.findall(r"```text\n(.*?)```", section, re.DOTALL) == [shown.stdout]


def test_every_setting_is_documented_with_its_default() -> None:
    """docs/settings.md has a row for each key, no more and no less, and tells its default."""
    rows = dict(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \| (.*?) \|", SETTINGS, re.MULTILINE))

    told = {
        name: "–" if item.default is NODEFAULT else "(empty)" if item.default in ("", ()) else str(item.default)
        for name, item in keys()
    }

    names = ("people", "organisations", "topics", "feeds")
    extent = dict.fromkeys((*(f"{name}.min_papers" for name in names), "previews.pages"), EXTENT)
    assert rows == told | {"sources.pace": "the source's own"} | extent


@pytest.mark.parametrize("name", [name for name in OVERRIDES if name.isupper()])
def test_every_variable_is_documented(name: str) -> None:
    """docs/settings.md tells which key a variable replaces."""
    assert f"| `{name}` |" in SETTINGS


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", SETTINGS, re.DOTALL))
def test_examples_work_as_they_stand(example: str) -> None:
    """Each example of settings is accepted without a word."""
    said: list[str] = []

    load(example, root=Path(), kinds=KINDS, warn=lambda message, _: said.append(message))

    assert said == []


def test_warnings_and_errors_are_quoted_as_they_are() -> None:
    """The messages shown in docs/settings.md are those that one gets."""
    said: list[str] = []
    text = "site: {base_url: 'https://a.org/'}\nfeeds: {limit: 3}"
    load(text, root=Path(), kinds=KINDS, warn=lambda message, _: said.append(message))

    assert f"archive.yml:14: {said[0]}\n" in SETTINGS
