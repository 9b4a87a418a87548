"""Pages to HTML."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from generator.render.engine import escaped, external
from tests.support import SETTINGS, files_of, paper_of, site


def test_pages_lead_to_the_root_from_any_depth() -> None:
    """The same card works on home and three folders down."""
    files = files_of(site(*(paper_of(f"2602.{n:05}", rank=n) for n in range(60))))

    assert 'href="./paper/2602.00001/"' in files["index.html"]
    assert 'href="../../paper/2602.00001/"' in files["day/2026-02-02/index.html"]
    assert 'href="../../../../paper/' in files["org/analytical/page/2/index.html"]


def test_the_404_page_starts_at_the_sites_own_root() -> None:
    """A host shows it at any depth."""
    assert 'href="/papers/' in files_of(site(paper_of()))["404.html"]
    assert 'href="../' not in files_of(site(paper_of()))["404.html"]


def test_canonical_addresses_are_absolute() -> None:
    """Every indexed page says where it really lives."""
    page = files_of(site(paper_of()))["day/2026-02-02/index.html"]

    assert '<link rel="canonical" href="https://example.org/papers/day/2026-02-02/">' in page


def test_the_stand_in_for_the_root_never_stays() -> None:
    """No control character reaches a file, even where content holds one."""
    files = files_of(site(paper_of(title="a\x1eb"), settings=SETTINGS))

    assert not [path for path, text in files.items() if path.endswith(".html") and "\x1e" in text]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//host/x", "file:///etc/passwd", ""])
def test_only_web_addresses_become_links(url: str) -> None:
    """Other schemes are dropped."""
    assert external(url) == ""


@given(
    st.one_of(st.text(), st.text("<>&'\"a"), st.text().map(Markup), st.integers(), st.booleans(), st.dates(), st.none())
)
def test_what_is_put_out_is_escaped_as_anywhere(value: str | Markup | int | date | None) -> None:
    """The fast way is markupsafe's."""
    assert str(escaped(value)) == str(escape(value))
