"""The language that pages speak: their words, and how it counts and writes numbers and dates.

Words stand in English where they are used, and are looked up as GNU gettext does, under their context: what has no
translation stays English. Translations are PO files (https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html)
that themes bring along, and that Babel reads. English dates and numbers follow the house style of `dates`; those of
every other language follow the Unicode CLDR (https://cldr.unicode.org/), which Babel holds.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec
from msgspec import Struct

from generator import dates
from generator.errors import BroadsheetError, ThemeError, raise_all
from generator.memo import digest

# Babel takes longer to load than many a build takes, and English does not need it.
if TYPE_CHECKING:
    from babel import Locale
    from babel.messages.catalog import Catalog, Message

# The context of a string, mostly empty, and the string in English; of a plural, its singular.
Key: TypeAlias = tuple[str, str]

FOLDER = "languages"
TEMPLATE = "messages.pot"
# January 2024 began on a Monday.
_MONDAY = 1
# Every rule for plurals there is repeats itself within so many numbers (CLDR, plural rules).
_COUNTED = 200


class Conventions(Struct, frozen=True, kw_only=True):
    """How a language writes numbers and dates."""

    number: Callable[[int], str]
    decimal: Callable[[float, int], str]
    long_date: Callable[[date], str]
    medium_date: Callable[[date], str]
    short_date: Callable[[date], str]
    day_name: Callable[[date], str]
    month_name: Callable[[date], str]
    span: Callable[[date, date], str]
    moment: Callable[[datetime], str]
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    weekdays: tuple[str, ...]
    short_weekdays: tuple[str, ...]


def _english_decimal(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}"


def _english_day(when: date) -> str:
    return f"{when:%A} {when.day} {when:%B}"


_MONTHS = tuple(date(2024, month, 1) for month in range(1, 13))
_WEEK = tuple(date(2024, 1, day) for day in range(_MONDAY, _MONDAY + 7))

_ENGLISH = Conventions(
    number="{:,}".format,
    decimal=_english_decimal,
    long_date=dates.long_date,
    medium_date=dates.medium_date,
    short_date=dates.short_date,
    day_name=_english_day,
    month_name=dates.month_name,
    span=dates.span,
    moment=dates.moment,
    months=tuple(f"{month:%B}" for month in _MONTHS),
    short_months=tuple(f"{month:%b}" for month in _MONTHS),
    weekdays=tuple(f"{day:%A}" for day in _WEEK),
    short_weekdays=tuple(f"{day:%a}" for day in _WEEK),
)


class Language(Struct, frozen=True, kw_only=True):
    """A language, ready to be spoken.

    `tag` is its name as in RFC 5646. `strings` are the translations; those of a plural in the order of `plural`, which
    tells the form that belongs to a number. `digest` stands for all of it, in keys of what is made with it.
    """

    tag: str = "en"
    direction: Literal["ltr", "rtl"] = "ltr"
    strings: Mapping[Key, tuple[str, ...]] = msgspec.field(default_factory=dict)
    plural: Callable[[int], int] = lambda count: int(count != 1)
    writes: Conventions = _ENGLISH
    digest: bytes = b""

    def gettext(self, message: str, **values: object) -> str:
        """Return `message` in this language, with `values` in the place of its `%(name)s`."""
        found = self.strings.get(("", message))
        text = found[0] if found else message
        return text % values if values else text

    def ngettext(self, one: str, several: str, count: int, **values: object) -> str:
        """Return what is said of `count` things; it stands as `%(count)s` in the strings, written as a number."""
        return self.form(one, several, count) % {"count": self.writes.number(count), **values}

    def form(self, one: str, several: str, count: int) -> str:
        """Return the form for `count` things, nothing filled in."""
        found = self.strings.get(("", one))
        if found:
            return found[self.plural(count)]
        return one if count == 1 else several

    def things(self, count: int, one: str, several: str = "") -> str:
        """Return "1 paper", "26 papers", "1,200 papers", in this language."""
        return self.ngettext(f"%(count)s {one}", f"%(count)s {several or one + 's'}", count)

    def categories(self, one: str, several: str) -> dict[str, str]:
        """Return the forms of a plural under the names that `Intl.PluralRules` gives to numbers."""
        if self.tag == ENGLISH.tag or ("", one) not in self.strings:
            return {"one": one, "other": several}
        rule = _locale(self.tag).plural_form
        return {rule(count): self.form(one, several, count) for count in reversed(range(_COUNTED))}


ENGLISH = Language()


def marked(message: str) -> str:
    """Return `message`, a string to be translated where it is said, not where it stands."""
    return message


def language_of(tag: str, files: Iterable[Path]) -> Language:
    """Return the language `tag` with the strings of `files`, each over those before it.

    Without any string, it is English. Raises `ThemeError` where files cannot be used, all of them together.
    """
    files = tuple(files)
    if not files:
        return ENGLISH
    strings: dict[Key, tuple[str, ...]] = {}
    plural = ENGLISH.plural
    errors: list[BroadsheetError] = []
    for path in files:
        try:
            catalog = _catalog(tag, path)
        except ThemeError as error:
            errors.append(error)
            continue
        errors += _mistakes(catalog, path)
        strings |= {(each.context, each.one): each.said for each in _told(catalog) if each.said}
        plural = _plural(catalog)
    raise_all(errors)
    is_english = tag.partition("-")[0] == ENGLISH.tag
    return Language(
        tag=tag,
        direction=_direction(tag),
        strings=strings,
        plural=ENGLISH.plural if is_english else plural,
        writes=_ENGLISH if is_english else _conventions(tag),
        digest=digest(tag.encode(), msgspec.msgpack.encode(sorted(strings.items()))),
    )


def keys_of(path: Path) -> frozenset[Key]:
    """Return the strings that the template of translations at `path` holds. Raises `ThemeError`."""
    return frozenset((each.context, each.one) for each in _told(_catalog(ENGLISH.tag, path)))


def is_known(tag: str) -> bool:
    """Return whether the CLDR knows the language `tag`."""
    from babel import UnknownLocaleError  # noqa: PLC0415

    try:
        _locale(tag)
    except (ValueError, UnknownLocaleError):
        return False
    return True


class _Told(Struct, frozen=True):
    """A string of a catalog: what it stands for, and what it is in the catalog's language, if anybody wrote that."""

    context: str
    one: str
    said: tuple[str, ...]


def _told(catalog: "Catalog") -> Iterable[_Told]:
    for message in catalog:
        if message.id:
            one = message.id if isinstance(message.id, str) else message.id[0]
            said = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            yield _Told(message.context or "", one, said if said and all(said) and not message.fuzzy else ())


def _catalog(tag: str, path: Path) -> "Catalog":
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415

    if not is_known(tag):
        hint = "write site.language as in RFC 5646, as de or pt-BR; https://cldr.unicode.org/ has all languages"
        raise ThemeError(f"nothing is known of the language {tag!r}", where=str(path), hint=hint)
    try:
        with path.open("rb") as file:
            return read_po(file, locale=_locale(tag), abort_invalid=True)
    except (PoFileError, ValueError, OSError) as error:
        hint = "it is a PO file in UTF-8, as Poedit and others write it"
        raise ThemeError(f"cannot be used: {error}", where=str(path), hint=hint) from error


def _mistakes(catalog: "Catalog", path: Path) -> list[BroadsheetError]:
    """Return what is wrong with translations: names in them that nothing stands for, too few or too many forms."""
    return [
        ThemeError(
            f"{_name(message)}: {error}", where=f"{path}:{message.lineno}", hint="keep what is written as %(name)s"
        )
        for message, errors in catalog.check()
        if not message.fuzzy
        for error in errors
    ]


def _name(message: "Message") -> str:
    return f"“{message.id if isinstance(message.id, str) else message.id[0]}”"


def _plural(catalog: "Catalog") -> Callable[[int], int]:
    from gettext import c2py  # noqa: PLC0415

    return cache(c2py(catalog.plural_expr))


@cache
def _locale(tag: str) -> "Locale":
    from babel import Locale  # noqa: PLC0415

    return Locale.parse(tag, sep="-")


def _direction(tag: str) -> Literal["ltr", "rtl"]:
    return "rtl" if _locale(tag).text_direction == "rtl" else "ltr"


@cache
def _conventions(tag: str) -> Conventions:
    """Return how the CLDR says that a language writes numbers and dates."""
    from babel.dates import format_date, format_interval, format_skeleton, format_time  # noqa: PLC0415
    from babel.numbers import format_decimal  # noqa: PLC0415

    locale = _locale(tag)
    # A skeleton stands for its fields at any length; the patterns that are found for these have the day's name short.
    skeleton = next(name for name in ("MMMMEd", "MMMEd", "MEd") if name in locale.datetime_skeletons)
    day = re.sub("E+|c+", "EEEE", str(locale.datetime_skeletons[skeleton]))

    def moment(when: datetime) -> str:
        there = when.astimezone(UTC)
        return f"{format_date(there.date(), 'long', locale)}, {format_time(there, 'HH:mm', locale=locale)} UTC"

    def decimal(value: float, digits: int) -> str:
        pattern = "#,##0." + "0" * digits if digits else "#,##0"
        return format_decimal(value, pattern, locale)

    # Names of months that stand alone may be those of another language, once that was spoken in this process:
    # https://github.com/python-babel/babel/issues/1234. A build speaks one.
    # A site shows the same days and numbers again and again.
    kept = lru_cache(maxsize=1 << 14)
    return Conventions(
        number=kept(lambda value: format_decimal(value, locale=locale)),
        decimal=kept(decimal),
        long_date=kept(lambda when: format_date(when, "full", locale)),
        medium_date=kept(lambda when: format_date(when, "long", locale)),
        short_date=kept(lambda when: format_skeleton("yMMMd", when, locale=locale)),
        day_name=kept(lambda when: format_date(when, day, locale)),
        month_name=kept(lambda when: format_skeleton("yMMMM", when, locale=locale)),
        span=kept(lambda first, last: str(format_interval(first, last, "yMMMd", locale=locale))),
        moment=moment,
        months=tuple(format_date(month, "LLLL", locale) for month in _MONTHS),
        short_months=tuple(format_date(month, "LLL", locale) for month in _MONTHS),
        weekdays=tuple(format_date(day, "cccc", locale) for day in _WEEK),
        short_weekdays=tuple(format_date(day, "ccc", locale) for day in _WEEK),
    )
