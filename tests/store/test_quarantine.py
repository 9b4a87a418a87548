"""What cannot be read is kept as it came, and let go when it comes well."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.store import quarantine
from generator.store.quarantine import Quarantined


def bad(what: str, data: bytes = b"{}", source: str = "hf-daily") -> Quarantined:
    """Return something that could not be read."""
    return Quarantined(what=what, source=source, reason="no title", record=quarantine.shown(data))


def test_it_is_kept_with_its_reason_until_it_is_released(tmp_path: Path) -> None:
    """One file a paper and source, named after the paper."""
    path = quarantine.keep(tmp_path, bad("2512.00001", b'{"id": "2512.00001"}'))
    quarantine.keep(tmp_path, bad("2512.00001", source="arxiv"))

    assert path == tmp_path / "hf-daily" / "2512.00001.json"
    assert json.loads(path.read_text()) == {
        "what": "2512.00001",
        "source": "hf-daily",
        "reason": "no title",
        "record": {"id": "2512.00001"},
    }
    assert [each.source for each in quarantine.kept(tmp_path)] == ["arxiv", "hf-daily"]
    assert quarantine.release(tmp_path, "hf-daily", "2512.00001")
    assert not quarantine.release(tmp_path, "hf-daily", "2512.00001")
    assert [each.source for each in quarantine.kept(tmp_path)] == ["arxiv"]


@pytest.mark.parametrize(
    "what", ["../../etc/passwd", "", "http://a/b?date=2025-12-11, entry 3", "x" * 999, "\ud800", "."]
)
def test_no_name_leads_out_of_the_folder(what: str, tmp_path: Path) -> None:
    """Whatever a record calls itself."""
    path = quarantine.keep(tmp_path, bad(what))

    assert path.parent == tmp_path / "hf-daily"
    assert path.name.startswith("x-")


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: json.dumps(text).encode()))
def test_anything_can_be_kept(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """JSON stays JSON, other bytes become text; the file is always JSON in UTF-8."""
    folder = tmp_path_factory.mktemp("quarantine")
    path = quarantine.keep(folder, bad("2512.00001", data))

    assert json.loads(path.read_text(encoding="utf-8"))["what"] == "2512.00001"
    assert len(quarantine.kept(folder)) == 1
