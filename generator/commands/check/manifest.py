"""Whether the files of a site still are what the build made: by the digests in the record beside it."""

from collections.abc import Iterator
from pathlib import Path

from generator import publish
from generator.commands.check.finding import Finding
from generator.errors import UsageError
from generator.memo import digest

RULE = "manifest"


def findings(output: Path) -> tuple[list[Finding], int]:
    """Return the files in `output` that are missing, changed or foreign, and the number of those that were made.

    Raises `UsageError` where no record lies beside the folder.
    """
    made = publish.record_of(output).files
    if not made:
        hint = "a build writes it; a copy of a site has none"
        raise UsageError("there is no record of what was made here", where=str(output), hint=hint)
    return list(_altered(output, {path: kept.digest for path, kept in made.items()})), len(made)


def _altered(output: Path, made: dict[str, bytes]) -> Iterator[Finding]:
    present = {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_symlink() or path.is_file()}
    for path in sorted(present | made.keys()):
        said = ""
        if path not in present:
            said = "is missing"
        elif path not in made:
            said = "was not made by the build"
        elif (output / path).is_symlink() or digest((output / path).read_bytes()) != made[path]:
            said = "is not what the build made"
        if said:
            yield Finding(file=str(output / path), rule=RULE, message=said)
