"""The frame around the generator: packaging, locks, the Makefile and the workflows."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml

import generator
from generator.shipped import demo_folder, theme_folder
from tests.conftest import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
LOCKS = sorted((REPOSITORY / "requirements").glob("*.txt"))
WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
JOBS = [
    pytest.param(job, id=f"{path.stem}-{name}")
    for path in WORKFLOWS
    for name, job in yaml.safe_load(path.read_text())["jobs"].items()
]


@pytest.mark.parametrize("folder", ["content", "theme", "site"])
def test_folders_of_an_archive_are_no_packages(folder: str) -> None:
    """A folder named `site` never shadows the standard module."""
    assert not list((REPOSITORY / folder).rglob("__init__.py"))


def test_theme_and_demo_are_found() -> None:
    """The default theme and the shipped archive are found from a checkout."""
    assert (theme_folder() / "default" / "templates").is_dir()
    assert (demo_folder() / "archive.yml").is_file()
    assert (demo_folder() / "content" / "papers").is_dir()


def test_wheel_holds_theme_and_demo(tmp_path: Path) -> None:
    """A wheel holds the theme, the shipped archive and the generator, and nothing else of the repository."""
    names = _wheel(tmp_path)
    outside = {name for name in names if not name.startswith(("generator/", f"broadsheet-{generator.__version__}."))}
    theme = {f"generator/_theme/{path}" for path in _files(REPOSITORY / "theme")}
    content = {f"generator/_demo/content/{path}" for path in _files(REPOSITORY / "content")}

    assert not outside
    assert names >= theme | content | {"generator/_demo/archive.yml", "generator/cli.py"}


def test_imports_and_dependencies_agree() -> None:
    """Every declared dependency is imported, and every imported distribution is declared."""
    distributions = packages_distributions()
    imported = {_name(found) for module in _imported() for found in distributions.get(module, ())}
    declared = {_name(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for line in PROJECT["dependencies"]}
    extras = PROJECT["optional-dependencies"]
    optional = {
        _name(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for name in ("cluster", "storage") for line in extras[name]
    }

    # The data of time zones is read by the standard library, where the system has none.
    assert imported - {"broadsheet"} == (declared | optional) - {"tzdata"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_names_no_host(lock: Path) -> None:
    """A lock works with whichever index pip is set up for."""
    text = lock.read_text()

    assert "://" not in text
    assert not re.search(r"(?m)^\s*(-|file:|/|\.)(?!-hash=)", text)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_pins_everything_by_hash(lock: Path) -> None:
    """Each line of a lock is one exact release with its hashes."""
    text = re.sub(r"(?m)^\s*#.*\n", "", lock.read_text())
    pinned = re.findall(r"(?m)^[\w.-]+==[\w.!+]+ \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", text)

    assert pinned
    assert "".join(pinned) == text.replace("\n\n", "\n")


def test_development_has_the_releases_that_owners_have() -> None:
    """What is tested is what is installed: the development lock contains the other one."""
    runtime, development = ({*re.findall(r"(?m)^[\w.-]+==\S+", lock.read_text())} for lock in reversed(LOCKS))

    assert runtime < development


@pytest.mark.parametrize("target", ["site", "test", "check", "serve", "fetch"])
def test_target_sets_up_what_it_needs(target: str) -> None:
    """Each target depends on the environment that it runs in."""
    makefile = (REPOSITORY / "Makefile").read_text()

    assert re.search(rf"(?m)^{target}: (install|\$\(VENV\)/dev\.stamp)( \$\(NPM\)/node_modules)? ## ", makefile)


def test_readme_names_real_targets() -> None:
    """What the README tells a newcomer to type exists, and CI types the same."""
    named = set(re.findall(r"(?m)(?:^ *|`)make ([a-z]+)", (REPOSITORY / "README.md").read_text()))
    targets = set(re.findall(r"(?m)^([a-z]+):", (REPOSITORY / "Makefile").read_text()))

    assert {"site", "test"} <= named <= targets
    assert "make test" in (REPOSITORY / ".ci" / "run").read_text().splitlines()


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned(workflow: Path) -> None:
    """No moving tag decides what runs with our permissions."""
    used = re.findall(r"uses: (.+)", workflow.read_text())

    assert used
    assert [use for use in used if not re.fullmatch(r"actions/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use)] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_workflow_grants_nothing_and_runs_once_at_a_time(workflow: Path) -> None:
    """Permissions are given to jobs, never to a whole workflow."""
    settings = yaml.safe_load(workflow.read_text())

    assert settings["permissions"] == {}
    assert settings["concurrency"]["group"]


@pytest.mark.parametrize("job", JOBS)
def test_job_is_bounded(job: dict[str, Any]) -> None:
    """A job says what it may do and how long it may take, keeps no credentials and expands no input in a script."""
    checkouts = [step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@")]

    assert job["permissions"]
    assert job["timeout-minutes"] <= 60
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)
    assert not [step for step in job["steps"] if "${{" in step.get("run", "")]


def _wheel(folder: Path) -> set[str]:
    """Build a wheel of the checkout in `folder` and return the names of its files."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", str(REPOSITORY)]
    subprocess.run([*command, "--wheel-dir", str(folder)], check=True, capture_output=True)
    with ZipFile(next(folder.glob("*.whl"))) as wheel:
        return set(wheel.namelist())


def _files(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _imported() -> Iterator[str]:
    """Yield the top-level name of each module that the generator imports."""
    for path in Path(generator.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield str(node.module).partition(".")[0]


def _name(distribution: str) -> str:
    """Return the one spelling of a distribution's name (Python packaging specification, "Names and normalization")."""
    return re.sub(r"[-_.]+", "-", distribution).lower()
