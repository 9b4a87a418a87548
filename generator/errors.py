"""Everything that can go wrong in a way a person can mend.

    BroadsheetError
    ├── UsageError      2   a wrong flag or argument
    ├── SettingsError   2   archive.yml cannot be used
    ├── ThemeError      2   a template or theme file cannot be used
    ├── ContentError    1   a file under content/, or an imported file, cannot be used
    ├── SourceError     3   a service could not be reached, refused, or sent something unreadable
    ├── OutputError     5   a file could not be written, or somebody else is writing there
    └── Several         –   more than one of the above, reported together

Each error says *where* it happened, *what* is wrong, and gives a *hint* at what to do next. Its class decides the
exit code (the table is in docs/cli.md). Only `cli.py` catches them.
"""

from collections.abc import Sequence


class BroadsheetError(Exception):
    """Something a person can mend.

    `where` is a file with a line, a URL or a record's id; `hint` is the next thing to do. Either may be empty.
    """

    exit_code = 1

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class UsageError(BroadsheetError):
    """A flag or argument cannot be used."""

    exit_code = 2


class SettingsError(BroadsheetError):
    """The settings cannot be used."""

    exit_code = 2


class ThemeError(BroadsheetError):
    """A theme, template or asset cannot be used."""

    exit_code = 2


class ContentError(BroadsheetError):
    """A content file or an imported file cannot be used."""

    exit_code = 1


class SourceError(BroadsheetError):
    """A service could not be reached, refused, or sent something unreadable."""

    exit_code = 3


class OutputError(BroadsheetError):
    """The site, a file of the content or the cache cannot be written."""

    exit_code = 5


class Several(BroadsheetError):
    """Several errors found together; the gravest decides the exit code."""

    def __init__(self, errors: Sequence[BroadsheetError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = tuple(errors)
        self.exit_code = max(error.exit_code for error in errors)

    def __reduce__(self) -> tuple[type["Several"], tuple[Sequence[BroadsheetError]]]:
        """Return what another process makes it of."""
        return Several, (self.errors,)


def raise_all(errors: Sequence[BroadsheetError]) -> None:
    """Raise what was collected: nothing, the one error, or `Several`."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise Several(errors)
