"""Whether two builds from nothing make the same site, byte for byte, in processes that order sets otherwise."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from generator.commands.check.finding import Finding
from generator.errors import ContentError
from generator.progress import Progress
from generator.text import plural

RULE = "reproducible"


def findings(
    command: Sequence[str], cache: Path, environment: Mapping[str, str], progress: Progress
) -> tuple[list[Finding], int]:
    """Return the files in which two builds differ, and the number of files.

    `command` builds the archive from nothing into the folder that follows it. The sites lie in `cache` for as long as
    it takes. Raises `ContentError` where a build fails.
    """
    cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=cache, prefix="twice-") as name:
        sites = [Path(name) / each for each in ("first", "second")]
        for seed, site in enumerate(sites, 1):
            with progress.step("build") as step:
                _build([*command, str(site)], {**environment, "PYTHONHASHSEED": str(seed)})
                step.counts(site.name)
        return list(differences(*sites)), len(_files(sites[0]))


def differences(first: Path, second: Path) -> Iterator[Finding]:
    """Yield each file that is not the same in both folders, with the first line that differs."""
    one, other = _files(first), _files(second)
    for path in sorted(one ^ other):
        yield Finding(file=path, rule=RULE, message=f"only the {'first' if path in one else 'second'} build made it")
    for path in sorted(one & other):
        here, there = (first / path).read_bytes(), (second / path).read_bytes()
        if here != there:
            same = _alike(here, there)
            message = f"differs from byte {same + 1:,} on, of {plural(len(here), 'byte')}"
            yield Finding(file=path, line=here.count(b"\n", 0, same) + 1, rule=RULE, message=message)


def _alike(one: bytes, other: bytes) -> int:
    """Return how many bytes at the beginning are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (here, there) in pairs if here != there), min(len(one), len(other)))


def _build(command: Sequence[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        command, env=environment, stdout=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        raise ContentError(f"the build ended with {done.returncode}, so there is nothing to compare")


def _files(folder: Path) -> frozenset[str]:
    return frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
