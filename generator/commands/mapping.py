"""A mapping file: which column of a table holds which field, in YAML. `venue: =ICLR` is a fixed text."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from generator.errors import UsageError
from generator.text import one_line


def read(path: Path) -> Mapping[str, str]:
    """Return the column of each field. Raises `UsageError` where the file cannot be used."""
    try:
        said = yaml.load(path.read_bytes(), yaml.CBaseLoader)  # noqa: S506  Every scalar stays text.
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UsageError(f"{path}: not YAML: {one_line(str(error))}") from error
    if not isinstance(said, dict) or not all(isinstance(value, str) for value in said.values()):
        raise UsageError(f"{path}: not a mapping of fields to columns", hint="write title: Name of the column")
    if "title" not in said:
        raise UsageError(f"{path}: no title", hint="write title: and the name of the column with the titles")
    return said
