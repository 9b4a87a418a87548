"""Finding plug-ins."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

import generator.outputs
import generator.pages
from generator.errors import UsageError
from generator.outputs import Output
from generator.pages import PageKind
from generator.registry import discover


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return an empty package in which a test may write modules."""
    folder = tmp_path / "some_plugins"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.startswith("some_plugins")]:
        del sys.modules[name]
    return __import__("some_plugins")


def test_plugins_come_in_name_order(package: ModuleType) -> None:
    """The order of plug-ins never depends on the file system."""
    folder = Path(package.__path__[0])
    for name in ("zebra", "apple", "mango"):
        (folder / f"{name}.py").write_text(f"PLUGIN = {name!r}")
    (folder / "none.py").write_text("")

    assert list(discover(package, "PLUGIN", str).items()) == [("apple",) * 2, ("mango",) * 2, ("zebra",) * 2]


def test_a_constant_of_another_type_is_named(package: ModuleType) -> None:
    """A plug-in of the wrong shape says where it is."""
    (Path(package.__path__[0]) / "wrong.py").write_text("PLUGIN = 7")

    with pytest.raises(UsageError, match=r"some_plugins\.wrong\.PLUGIN.*must be a str"):
        discover(package, "PLUGIN", str)


def test_our_own_plugins_are_found() -> None:
    """Every kind of page and every output in the package is in use."""
    for package, constant, kind in ((generator.pages, "PAGES", PageKind), (generator.outputs, "OUTPUT", Output)):
        files = {
            path.stem: path / "__init__.py" if path.is_dir() else path for path in Path(package.__path__[0]).iterdir()
        }
        said = {name for name, file in files.items() if file.is_file() and f"\n{constant} = " in file.read_text()}
        assert set(discover(package, constant, kind)) == said - {"__init__"}
        assert len(said) > 5
