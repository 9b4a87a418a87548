"""Begin an archive: settings, content, a place for a theme, and a workflow that keeps it up to date."""

import shlex
from collections.abc import Collection, Iterator
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Literal

import yaml
from msgspec import Struct
from msgspec.structs import replace

from generator import __version__
from generator.config import FILE, SOURCES, load
from generator.errors import OutputError, UsageError
from generator.model import Artifact
from generator.progress import Progress
from generator.shipped import demo_folder

Template = Literal["minimal", "demo"]

WORKFLOW = ".github/workflows/update.yml"
# A folder where only this is already there counts as empty.
_HARMLESS = {".git"}
_SOURCES = {
    "hf-daily": "the list of each day from Hugging Face Daily Papers, with votes and comments",
    "arxiv": "authors, subjects, versions and the full abstract, from arXiv",
}


class Answers(Struct, frozen=True, kw_only=True):
    """What an owner is asked, but for the description. `sources` are kinds of sources, the most trusted first."""

    title: str = "Paper archive"
    base_url: str = "https://example.org/"
    sources: tuple[str, ...] = tuple(source.kind for source in SOURCES)
    language: str = "en"
    timezone: str = "UTC"
    description: str = ""


QUESTIONS = {
    "title": "Title",
    "base_url": "Address of the site",
    "sources": "Sources, the most trusted first",
    "language": "Language",
    "timezone": "Time zone of a day",
}


def run(folder: Path, answers: Answers, *, template: Template, force: bool, progress: Progress) -> None:
    """Write the files of a new archive into `folder`; a file that exists is left alone.

    Raises `UsageError` where the folder is not empty, unless `force`; `OutputError` where it cannot be written.
    """
    if not force and folder.is_dir() and {item.name for item in folder.iterdir()} - _HARMLESS:
        hint = "choose another folder, or add what is missing with --force (nothing is overwritten)"
        raise UsageError("this folder is not empty", where=str(folder), hint=hint)
    for artifact in starter(answers, template):
        path = folder / artifact.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as stream:
                stream.write(artifact.data)
        except FileExistsError:
            progress.result(f"exists, left alone: {artifact.path}")
        except OSError as error:
            raise OutputError(f"cannot be written: {error.strerror}", where=str(path)) from error
    progress.result(_next(folder, template))


def defaults(template: Template, kinds: Collection[str]) -> Answers:
    """Return the answers of an owner who accepts everything; the demo's own where it is the template."""
    if template == "minimal":
        return Answers()
    folder = demo_folder()
    text = (folder / FILE).read_text(encoding="utf-8")
    shipped = load(text, root=folder, kinds=kinds, warn=lambda *_: None)
    return Answers(
        title=shipped.site.title,
        sources=tuple(source.kind for source in shipped.sources),
        language=shipped.site.language,
        timezone=shipped.site.timezone,
        description=shipped.site.description,
    )


def answered(answers: Answers, name: str, answer: str, kinds: Collection[str]) -> Answers:
    """Return `answers` with the `answer` to one question. Raises `SettingsError` where it cannot be used."""
    value = tuple(answer.replace(",", " ").split()) if name == "sources" else answer.strip()
    changed = replace(answers, **{name: value})
    load(settings_text(changed), root=Path(), kinds=kinds, where=name, warn=lambda *_: None)
    return changed


def starter(answers: Answers, template: Template) -> Iterator[Artifact]:
    """Yield the files of a new archive."""
    yield _artifact(FILE, settings_text(answers))
    yield _artifact(".gitignore", _shipped("gitignore"))
    yield _artifact(WORKFLOW, _shipped("update.yml").replace("BROADSHEET_VERSION", __version__))
    yield _artifact("theme/README.md", _shipped("theme.md"))
    if template == "demo":
        content = demo_folder() / "content"
        for file in sorted(path for path in content.rglob("*") if path.is_file()):
            yield Artifact(PurePosixPath("content", file.relative_to(content).as_posix()), file.read_bytes())
    else:
        yield _artifact("content/pages/about.md", _shipped("about.md"))
        for name in ("papers", "overrides", "days"):
            yield _artifact(f"content/{name}/.gitkeep", "")


def settings_text(answers: Answers) -> str:
    """Return an `archive.yml` that says `answers` and explains the rest."""
    sources = "\n".join(
        f"  - kind: {_quoted(kind)}{'  # ' + _SOURCES[kind] if kind in _SOURCES else ''}" for kind in answers.sources
    )
    return f"""\
# The settings of this archive. Every key but base_url may be left out; docs/settings.md of Broadsheet tells of all.
site:
  title: {_quoted(answers.title)}
  # Where the site will live, as readers type it. BROADSHEET_BASE_URL in the environment replaces it.
  base_url: {_quoted(answers.base_url)}
  # One line under the title.
  description: {_quoted(answers.description)}
  language: {_quoted(answers.language)}
  # In which a day begins and ends.
  timezone: {_quoted(answers.timezone)}

# Where papers come from. Where two sources differ, the first one is believed.
sources:{" []" if not answers.sources else ""}
{sources}

fetch:
  # How the services can reach you: an address, or a web page. They ask for it; it is sent with every request.
  contact: ""
  # When it runs by itself, in words for readers. Keep it in step with {WORKFLOW}.
  schedule: "on weekdays at 06:43 and 17:43 UTC"

content:
  # The votes and comments of a day are final after so many days.
  freeze_after_days: 7

lists:
  page_size: 50

feeds:
  items: 60
"""


def _quoted(text: str) -> str:
    """Return `text` as a YAML scalar in quotes, on one line."""
    return yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10**9).strip()


def _shipped(name: str) -> str:
    return files("generator").joinpath("starter", name).read_text(encoding="utf-8")


def _artifact(path: str, text: str) -> Artifact:
    return Artifact(PurePosixPath(path), text.encode())


def _next(folder: Path, template: Template) -> str:
    steps = ["broadsheet serve", "broadsheet build"] if template == "demo" else ["broadsheet fetch", "broadsheet serve"]
    if folder.resolve() != Path.cwd():
        steps.insert(0, f"cd {shlex.quote(str(folder))}")
    else:
        steps.append("broadsheet check")
    return "\n".join(["Next:", *(f"  {step}" for step in steps[:3])])
