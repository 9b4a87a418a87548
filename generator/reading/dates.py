"""Dates as catalogues write them: whole, or only a month or a year."""

import re
from datetime import UTC, date
from email.utils import parsedate_to_datetime

from generator.text import excerpt, one_line

YEARS = range(1400, 2200)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?:[T ].*)?", re.DOTALL)


def month(said: str | int | None) -> int | None:
    """Return the month that `said` names, as a number or in English ("May", "05", "dec."), or nothing."""
    word = one_line(str(said or "")).casefold()
    if word.isdecimal():
        return int(word) if len(word) <= 2 and 1 <= int(word) <= len(_MONTHS) else None
    return next((number for number, name in enumerate(_MONTHS, 1) if word.startswith(name)), None)


def issued(year: str | int | None, of: str | int | None = None, day: str | int | None = None) -> str | None:
    """Return "2022-05-22", "2022-05" or "2022", as much of a date as is known and possible; nothing without a year."""
    said = one_line(str(year or ""))
    if not said.isdecimal() or len(said) != 4 or int(said) not in YEARS:
        return None
    number, place = month(of), one_line(str(day or ""))
    if not number:
        return said
    if place.isdecimal() and len(place) <= 2:
        try:
            return date(int(said), number, int(place)).isoformat()
        except ValueError:
            pass
    return f"{said}-{number:02}"


def written(said: str | None) -> str | None:
    """Return the date in "2022-05-22T10:00:00", "2022/5" or "2022" as `issued` does, or nothing."""
    found = _ISO.fullmatch(one_line(said or ""))
    return issued(*found.groups()) if found else None


def whole(said: str | None) -> date | None:
    """Return `said`, a result of `issued`, as a date if it is a whole one."""
    return date.fromisoformat(said) if said and len(said) == len("2022-05-22") else None


def mailed(said: str) -> date:
    """Return the day, in UTC, of a date in a mail's header (RFC 5322). Raises `ValueError` where it is none."""
    try:
        when = parsedate_to_datetime(said)
        day = (when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)).date()
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise ValueError(f'"{excerpt(one_line(said), limit=40)}" is not a date') from error
    if day.year not in YEARS:
        raise ValueError(f'"{excerpt(one_line(said), limit=40)}" is not a date of any paper')
    return day
