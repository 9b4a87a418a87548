"""Dates as people read them, in English: months have the names of the process's locale, which nobody here sets."""

from datetime import UTC, date, datetime


def long_date(when: date) -> str:
    """Return "Thursday, 11 December 2025"."""
    return f"{when:%A}, {when.day} {when:%B} {when.year}"


def medium_date(when: date) -> str:
    """Return "11 December 2025"."""
    return f"{when.day} {when:%B} {when.year}"


def short_date(when: date) -> str:
    """Return "11 Dec 2025"."""
    return f"{when.day} {when:%b} {when.year}"


def moment(when: datetime) -> str:
    """Return "11 December 2025, 06:10 UTC"."""
    return f"{medium_date(when.astimezone(UTC).date())}, {when.astimezone(UTC):%H:%M} UTC"


def month_name(when: date) -> str:
    """Return "December 2025"."""
    return f"{when:%B} {when.year}"


def span(first: date, last: date) -> str:
    """Return "8–14 December 2025", "29 December 2025 – 4 January 2026": as short as it can be said."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{medium_date(last)}"
    if first.year == last.year:
        return f"{first.day} {first:%B} – {medium_date(last)}"
    return f"{medium_date(first)} – {medium_date(last)}"


def duration(seconds: float) -> str:
    """Return "20 s", "3 min 20 s", "1 h 5 min"."""
    whole = round(seconds)
    minutes, left = divmod(whole, 60)
    hours, rest = divmod(minutes, 60)
    if hours:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    if minutes:
        return f"{minutes} min {left} s" if left else f"{minutes} min"
    return f"{whole} s"
