"""Themes and the themes they build on."""

from pathlib import Path

import pytest

from generator.errors import ThemeError
from generator.render.theme import theme_of


def theme_at(place: Path, name: str, text: str, **files: str) -> None:
    """Write a theme; `files` are named by path with `__` for the slash and `_` kept."""
    folder = place / name
    folder.mkdir(parents=True)
    (folder / "theme.yml").write_text(text)
    for path, content in files.items():
        file = folder / path.replace("__", "/").replace("_css", ".css").replace("_js", ".js")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)


def test_a_child_changes_one_token_and_one_file(tmp_path: Path) -> None:
    """Everything else comes from the theme below."""
    theme_at(
        tmp_path,
        "default",
        "tokens: {light: {ink: '#111', sheet: '#fff'}}",
        assets__css__10_css="a{color:red}",
        assets__js__one_js="1",
    )
    theme_at(tmp_path, "child", "extends: default\ntokens: {light: {ink: '#222'}}", assets__css__10_css="a{color:blue}")

    theme = theme_of("child", [tmp_path])
    sheet = {artifact.path.name: artifact.data.decode() for artifact in theme.assets}["site.css"]

    assert "--ink:#222;" in sheet and "--sheet:#fff;" in sheet
    assert "a{color:blue}" in sheet and "a{color:red}" not in sheet
    assert "js/one.js" in theme.asset_urls


def test_assets_get_new_addresses_when_they_change(tmp_path: Path) -> None:
    """A browser may keep an asset for ever."""
    theme_at(tmp_path / "a", "default", "{}", assets__js__one_js="1")
    theme_at(tmp_path / "b", "default", "{}", assets__js__one_js="2")

    first, second = (theme_of("default", [tmp_path / place]).asset_urls["js/one.js"] for place in "ab")

    assert first != second


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("extends: child", "builds on itself"),
        ("extends: missing", "there is no theme 'missing'"),
        ("tokens: {light: {ink: 'red} body{display:none'}}", "cannot be a CSS property"),
        ("tokens: {bright: {ink: red}}", "unknown tokens"),
        ("colours: {}", "cannot be used"),
        ("[", "cannot be used"),
    ],
)
def test_a_theme_that_cannot_be_used_says_why(tmp_path: Path, text: str, message: str) -> None:
    """Each mistake in theme.yml names itself."""
    theme_at(tmp_path, "child", text)

    with pytest.raises(ThemeError, match=message):
        theme_of("child", [tmp_path])


def test_a_name_is_never_a_path(tmp_path: Path) -> None:
    """The name of a theme cannot leave the folder of themes."""
    theme_at(tmp_path, "outside", "{}")
    (tmp_path / "theme").mkdir()

    with pytest.raises(ThemeError, match="there is no theme"):
        theme_of("../outside", [tmp_path / "theme"])
