"""The content security policy of every page, obeyed in a browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from generator.errors import ThemeError
from tests.support import SETTINGS, files_of, html_pages, paper_of, site

BASE = """{% extends "default/base.html" %}
{% block head %}
{{ script("mark.js") }}
<script type="application/ld+json">{"@type": "ScholarlyArticle"}</script>
{% endblock %}
{% block content %}<h1>x</h1><script>document.documentElement.dataset.foreign = 1</script>{% endblock %}
"""


def themed(
    folder: Path, base: str = BASE, script: str = "document.documentElement.dataset.mark = 1\r\n// é\r\n"
) -> Path:
    """Write a theme with a script inside its pages, and one that nobody allowed; return the folder of themes."""
    theme = folder / "theme" / "marked"
    (theme / "templates").mkdir(parents=True)
    (theme / "inline").mkdir()
    (theme / "theme.yml").write_text("extends: default\n")
    (theme / "templates" / "note.html").write_text(base)
    (theme / "templates" / "404.html").write_text(base)
    (theme / "inline" / "mark.js").write_text(script, newline="")
    return folder


def test_every_page_has_a_policy_before_anything_it_could_forbid() -> None:
    """It allows no script inside the page, and no other host; only the search page's form may ask one."""
    for path, text in html_pages(files_of(site(paper_of()))):
        found = re.findall(
            r'<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="([^"]+)">', text
        )
        rules = dict(rule.partition(" ")[::2] for rule in found[0].split("; "))

        assert rules["default-src"] == rules["base-uri"] == "'none'", path
        assert not re.search(r"unsafe|https?:|\*", " ".join(rules.values()).replace("https://duckduckgo.com", "")), path
        assert ("duckduckgo" in rules["form-action"]) == (path == "search/index.html"), path


def test_a_browser_runs_the_themes_script_and_no_other(tmp_path: Path, browser: Browser) -> None:
    """Also from a plain folder; what is data, as JSON-LD, is not in the policy's way."""
    made = site(paper_of(), settings=SETTINGS + "theme: {name: marked}\n", root=themed(tmp_path))
    file = tmp_path / "404.html"
    file.write_text(files_of(made)["404.html"])
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    page.goto(file.as_uri())
    mark = page.evaluate("document.documentElement.dataset.mark")
    blocked = [text for text in said if "Content Security Policy" in text]
    page.close()

    assert mark == "1"
    assert len(blocked) == 1 and "Executing inline script violates" in blocked[0]


@pytest.mark.parametrize("script", ["'</script >'", "'<SCRIPT src=x>'", "x <!-- y"])
def test_a_script_that_would_not_stay_in_its_element_is_refused(tmp_path: Path, script: str) -> None:
    """What HTML takes for the end of a script ends it, whatever JavaScript thinks."""
    with pytest.raises(ThemeError, match="ends or nests"):
        site(paper_of(), settings=SETTINGS + "theme: {name: marked}\n", root=themed(tmp_path, script=script))


def test_a_script_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A mistyped name stops the build with a guess."""
    made = site(
        paper_of(),
        settings=SETTINGS + "theme: {name: marked}\n",
        root=themed(tmp_path, BASE.replace("mark.js", "mrak.js")),
    )

    with pytest.raises(ThemeError, match=r"no inline script 'mrak.js'"):
        files_of(made)
