"""Settings as a command shows them."""

from pathlib import Path

import jsonschema
import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator import cli
from generator.commands.settings import as_yaml, said_in, schema
from generator.config import explained, keys
from tests.conftest import REPOSITORY
from tests.support import NOW

SITE = "site: {title: The Archive, base_url: 'https://example.org/papers/'}\n"
KINDS = ("arxiv", "hf-daily")


def run(root: Path, *arguments: str, **environment: str) -> int:
    """Run one command in the archive at `root`."""
    return cli.run(["-C", str(root), *arguments], environment=environment, clock=lambda: NOW)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return the folder of an archive of which a little is set."""
    (tmp_path / "archive.yml").write_text(SITE + "sources:\n  - kind: arxiv\n    pace: 5\nfeeds: {items: 7}\n")
    return tmp_path


def test_each_value_is_shown_with_where_it_comes_from(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file and line, a variable, or the default."""
    assert (
        run(archive, "config", "show", BROADSHEET_BASE_URL="https://a.org/", BROADSHEET_ARXIV_URL="https://b.org") == 0
    )

    file = archive / "archive.yml"
    said = capsys.readouterr().out.splitlines()
    assert said[:3] == [
        "site:",
        f'  title: "The Archive"  # {file}:1',
        '  base_url: "https://a.org/"  # environment BROADSHEET_BASE_URL',
    ]
    assert f'  - kind: "arxiv"  # {file}:3' in said
    assert '    url: "https://b.org"  # environment BROADSHEET_ARXIV_URL' in said
    assert f"    pace: 5.0  # {file}:4" in said
    assert f"  items: 7  # {file}:5" in said
    assert "  page_size: 50  # default" in said


@pytest.mark.parametrize(
    ("key", "lines"),
    [
        ("feeds.items", ["feeds:", "  items: 7  # {file}:5"]),
        ("lists", ["lists:", "  page_size: 50  # default"]),
        ("sources.1.pace", ["sources:", "  - pace: 5.0  # {file}:4"]),
        ("queries", ["queries: []  # default"]),
    ],
)
def test_one_key_can_be_asked_for(
    archive: Path, key: str, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A value, a section, or an item of a list."""
    assert run(archive, "config", "show", key) == 0
    assert capsys.readouterr().out.splitlines() == [line.format(file=archive / "archive.yml") for line in lines]


def test_a_key_that_is_none_is_2_with_a_guess(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A part of a name is no name."""
    assert run(archive, "config", "show", "feed") == 2
    assert "did you mean feeds?" in capsys.readouterr().err


def test_json_has_every_key(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With value and origin."""
    run(archive, "config", "show", "--json")
    said = msgspec.json.decode(capsys.readouterr().out)

    assert said["feeds.items"] == {"value": 7, "from": f"{archive / 'archive.yml'}:5"}
    single = {name for name, _ in keys() if name.partition(".")[0] not in {"sources", "queries"}}
    assert single <= said.keys()


@given(st.text(), st.lists(st.sampled_from(["a", "x-1"]), unique=True), st.integers(1, 99))
def test_what_is_shown_is_a_settings_file(title: str, names: list[str], items: int) -> None:
    """Which means the same again."""
    text = yaml.safe_dump(
        {
            "site": {"title": title, "base_url": "https://a.org/"},
            "queries": [{"name": name, "query": title, "title": name} for name in names],
            "feeds": {"items": items},
        }
    )
    heard: list[str] = []
    first, places = explained(text, root=Path(), kinds=KINDS, warn=lambda message, _: heard.append(message))

    shown = "\n".join(as_yaml(list(said_in(first, places))))
    second, _ = explained(shown, root=Path(), kinds=KINDS, warn=lambda message, _: heard.append(message))

    assert second == first
    assert heard == []


def test_a_check_says_that_all_is_well_or_what_is_not(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All mistakes at once, those that only a build would meet among them; 2."""
    assert run(archive, "config", "check") == 0
    assert capsys.readouterr().out == f"{archive / 'archive.yml'}: nothing is wrong\n"

    with (archive / "archive.yml").open("a") as file:
        file.write("theme: {name: nowhere}\noutputs: {only: [htlm]}\ncheck: {ignore: [lnik]}\n")
    assert run(archive, "config", "check") == 2
    said = capsys.readouterr().err
    assert said.count("error: ") == 3
    for name in ("nowhere", "htlm", "lnik"):
        assert name in said


EXAMPLES = [
    (REPOSITORY / "archive.yml").read_text(encoding="utf-8"),
    "site: {base_url: 'https://a.org/', title: }\nfeeds:\nsources: [{kind: arxiv, pace: 1.5}]\n",
]


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_schema_takes_what_is_right(text: str) -> None:
    """What Broadsheet takes without a word, an editor does too."""
    jsonschema.validate(yaml.safe_load(text), schema())


@pytest.mark.parametrize(
    "text",
    [
        "site: {title: T}",
        "site: {base_url: 'https://a.org/', titel: T}",
        "feeds: {items: 0}",
        "feeds: 3",
        "previews: {pages: some}",
    ],
)
def test_the_schema_refuses_what_is_wrong(text: str) -> None:
    """What has no address, an unknown key, or a wrong value."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"site": {"base_url": "https://a.org/"}} | yaml.safe_load(text), schema())


def test_the_schema_is_a_schema(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is printed as JSON."""
    assert run(archive, "config", "schema") == 0
    jsonschema.Draft202012Validator.check_schema(msgspec.json.decode(capsys.readouterr().out))
