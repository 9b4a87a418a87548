"""The language of the interface: strings, plurals, numbers and dates; and what an owner may change with one file."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from generator.errors import ThemeError
from generator.language import ENGLISH, Language, language_of
from generator.model import Author
from generator.render.scripts import bundled, strings_in
from generator.render.translation import strings_of
from tests.support import SETTINGS, files_of, paper_of, site

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n{forms}"\n\n'
TWO = "Plural-Forms: nplurals=2; plural=n != 1;\\n"
POLISH = "Plural-Forms: nplurals=3; plural=n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2;\\n"
DAY = date(2025, 12, 11)


def said(folder: Path, tag: str, text: str, forms: str = TWO) -> Language:
    """Return the language `tag` whose strings are `text`."""
    file = folder / f"{tag}.po"
    file.write_text(HEAD.format(forms=forms) + text, "utf-8")
    return language_of(tag, [file])


def archive_in(root: Path, tag: str, text: str, forms: str = TWO) -> dict[str, str]:
    """Return the files of a site of one paper whose theme says `text` in the language `tag`."""
    theme = root / "theme" / "mine"
    (theme / "languages").mkdir(parents=True, exist_ok=True)
    (theme / "theme.yml").write_text("extends: default\n")
    (theme / "languages" / f"{tag}.po").write_text(HEAD.format(forms=forms) + text, "utf-8")
    settings = SETTINGS.replace("site: {", f"site: {{language: {tag}, ") + "theme: {name: mine}\n"
    return files_of(site(paper_of(), settings=settings, root=root))


def test_what_has_no_translation_stays_english(tmp_path: Path) -> None:
    """String by string."""
    french = said(tmp_path, "fr", 'msgid "Menu"\nmsgstr "Sommaire"\n')

    assert french.gettext("Menu") == "Sommaire"
    assert french.gettext("Papers of %(day)s", day="lundi") == "Papers of lundi"
    assert french.things(3, "paper") == "3 papers"


@pytest.mark.parametrize(
    ("count", "form"), [(1, "1 praca"), (3, "3 prace"), (5, "5 prac"), (22, "22 prace"), (112, "112 prac")]
)
def test_a_language_has_as_many_plurals_as_it_needs(tmp_path: Path, count: int, form: str) -> None:
    """Polish has three; scripts get them by the names of their numbers."""
    text = 'msgid "%(count)s paper"\nmsgid_plural "%(count)s papers"\nmsgstr[0] "%(count)s praca"\n'
    polish = said(tmp_path, "pl", text + 'msgstr[1] "%(count)s prace"\nmsgstr[2] "%(count)s prac"\n', POLISH)

    assert polish.things(count, "paper") == form
    assert polish.categories("%(count)s paper", "%(count)s papers") == {
        "one": "%(count)s praca",
        "few": "%(count)s prace",
        "many": "%(count)s prac",
    }


def test_templates_choose_the_plural_too(tmp_path: Path) -> None:
    """As the catalog's rule says."""
    text = 'msgid "%(count)s vote that day"\nmsgid_plural "%(count)s votes that day"\nmsgstr[0] "%(count)s głos"\n'
    made = archive_in(tmp_path, "pl", text + 'msgstr[1] "%(count)s głosy"\nmsgstr[2] "%(count)s głosów"\n', POLISH)

    assert "<span>12 głosów</span>" in made["day/2026-02-02/index.html"]


def test_dates_and_numbers_are_those_of_the_language(tmp_path: Path) -> None:
    """By the CLDR; English keeps its house style."""
    writes = said(tmp_path, "de", 'msgid "Menu"\nmsgstr "Menü"\n').writes

    assert writes.long_date(DAY) == "Donnerstag, 11. Dezember 2025"
    assert writes.medium_date(DAY) == "11. Dezember 2025"
    assert writes.month_name(DAY) == "Dezember 2025"
    assert writes.day_name(DAY) == "Donnerstag, 11. Dezember"
    assert writes.span(date(2025, 12, 8), date(2025, 12, 14)) == "8.–14. Dez. 2025"
    assert writes.moment(datetime(2025, 12, 11, 6, 10, tzinfo=UTC)) == "11. Dezember 2025, 06:10 UTC"
    assert (writes.number(1234567), writes.decimal(3.14159, 2)) == ("1.234.567", "3,14")
    assert ENGLISH.writes.long_date(DAY) == "Thursday, 11 December 2025"
    assert (ENGLISH.writes.number(1234567), ENGLISH.writes.decimal(3.14159, 2)) == ("1,234,567", "3.14")


def test_one_string_is_one_file(tmp_path: Path) -> None:
    """In English as well, and everything else stays."""
    made = archive_in(tmp_path, "en", 'msgid "People"\nmsgstr "Authors & others"\n')["index.html"]

    assert ">Authors &amp; others</a>" in made and ">People<" not in made
    assert ">Topics</a>" in made and '<html lang="en">' in made and "2 February 2026" in made


def test_a_region_builds_on_its_language(tmp_path: Path) -> None:
    """pt-BR.po is laid over pt.po."""
    languages = tmp_path / "theme" / "mine" / "languages"
    languages.mkdir(parents=True)
    (languages / "pt.po").write_text(
        HEAD.format(forms=TWO) + 'msgid "Menu"\nmsgstr "Ementa"\n\nmsgid "Day"\nmsgstr "Dia"\n'
    )
    made = archive_in(tmp_path, "pt-BR", 'msgid "Menu"\nmsgstr "Cardápio"\n')

    assert "Cardápio" in made["index.html"] and ">Dia</a>" in made["index.html"] and "Ementa" not in made["index.html"]


def test_a_language_may_read_from_right_to_left(tmp_path: Path) -> None:
    """The page says so, and names say for themselves which way they read."""
    made = archive_in(tmp_path, "he", 'msgid "Menu"\nmsgstr "תפריט"\n')["index.html"]

    assert '<html lang="he" dir="rtl">' in made and "תפריט" in made
    assert '<h2 dir="auto"' in made or 'dir="auto">Ada Lovelace' in made


def test_a_name_that_reads_the_other_way_says_so() -> None:
    """In a page from left to right; a character that would turn its neighbours is kept to its own place."""
    names = ("Ada Lovelace", "李明", "עדה", "آدا", "Mal\u202elory")
    authors = tuple(Author(name=name) for name in names)
    made = files_of(site(paper_of(authors=authors), paper_of("2602.00002", authors=authors)))["people/index.html"]

    said = re.findall(r'href="../author/[^"]*"( dir="auto")?>([^<]*)</a>', made)
    assert {name for turned, name in said if turned} == {"עדה", "آدا", "Mal\u202elory"} & {name for _, name in said}
    assert {name for turned, name in said if not turned} == {"Ada Lovelace", "李明"}


def test_titles_say_their_own_language(tmp_path: Path) -> None:
    """Where the owner says that papers are in another one than pages: German pages read English titles as English."""
    german = SETTINGS.replace("site: {", "site: {language: de, ")
    plain = files_of(site(paper_of(), settings=german, root=tmp_path))["index.html"]
    told = files_of(site(paper_of(), settings=german.replace("de,", "de, papers_language: en,"), root=tmp_path))

    assert '<html lang="de">' in plain and 'lang="en"' not in plain
    assert '<h2 lang="en">' in told["index.html"] and '<h1 dir="auto" lang="en">' in told["paper/2602.00001/index.html"]
    assert "<language>en</language>" in told["feed.xml"]


def test_a_language_nobody_wrote_is_english(tmp_path: Path) -> None:
    """And says so to those who read aloud."""
    settings = SETTINGS.replace("site: {", "site: {language: fr, ")

    assert '<html lang="en">' in files_of(site(paper_of(), settings=settings, root=tmp_path))["index.html"]


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        ('msgid "Papers of %(day)s"\nmsgstr "%(dya)s"\n', "Papers of %(day)s"),
        ("msgid Menu\n", "cannot be used"),
    ],
    ids=["another name", "no PO"],
)
def test_a_translation_that_cannot_be_used_says_where(tmp_path: Path, text: str, said_: str) -> None:
    """File, line, string."""
    with pytest.raises(ThemeError) as caught:
        said(tmp_path, "fr", text)

    assert said_ in str(caught.value) and "fr.po" in str(caught.value)


def test_the_strings_of_a_template_are_found() -> None:
    """In expressions, blocks, plurals and filters."""
    source = """{{ _("One") }}{% trans day=when %}Two {{ day }}{% endtrans %}
    {% trans "noun" %}Order{% endtrans %}{{ n|plural("paper") }}{{ "%(count)s a"|forms("%(count)s b") }}
    {% trans count=n %}{{ count }} hit{% pluralize %}{{ count }} hits{% endtrans %}"""

    assert {(each.context, each.one, each.several) for each in strings_of(source)} == {
        ("", "One", ""),
        ("", "Two %(day)s", ""),
        ("noun", "Order", ""),
        ("", "%(count)s paper", "%(count)s papers"),
        ("", "%(count)s a", "%(count)s b"),
        ("", "%(count)s hit", "%(count)s hits"),
    }


def test_scripts_say_what_they_say_in_the_language_of_the_site(tmp_path: Path) -> None:
    """In their own text, so that pages do not carry it; what nobody translated stays English."""
    forms = 'msgid "%(count)s paper"\nmsgid_plural "%(count)s papers"\nmsgstr[0] "%(count)s praca"\n'
    forms += 'msgstr[1] "%(count)s prace"\nmsgstr[2] "%(count)s prac"\n\n'
    polish = said(tmp_path, "pl", forms + 'msgid "Saved"\nmsgstr "Zapisano „tu”"\n', POLISH)
    module = 'say(_("Saved"), _("Gone", { id }), plural("%(count)s paper", "%(count)s papers", n), a_("Saved"));\n'

    script = dict(bundled({"a.js": module}, "theme", polish))["a.js"].replace(" ", "")

    assert '_("Zapisano„tu”"),_("Gone",{id})' in script
    assert 'plural({"many":"%(count)sprac","few":"%(count)sprace","one":"%(count)spraca"}' in script
    assert 'a_("Saved")' in script
    assert [each[1:] for each in strings_in(module)] == [
        ("Saved", ""),
        ("Gone", ""),
        ("%(count)s paper", "%(count)s papers"),
    ]
