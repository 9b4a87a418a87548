"""No page says anything in English that nobody could translate: a site in a language that says all in wide letters.

Its papers, people and topics are written in Hebrew: whatever Latin letters are left came from a template or from code,
and was not looked up.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import cast

import msgspec
import pytest
from babel.messages.pofile import read_po
from lxml import html
from lxml.html import HtmlElement

from generator.language import ENGLISH, keys_of, language_of
from generator.model import (
    Aliases,
    Artefact,
    Author,
    Counts,
    Featured,
    Linked,
    Naming,
    Note,
    Notes,
    Organisation,
    Override,
    Paper,
    Part,
    Version,
)
from generator.render.scripts import strings_in
from generator.site import Site
from generator.status import Health, Incident, State
from tests import strings
from tests.support import files_of, html_pages, paper_of, site

TAG = "he"
GERMAN = strings.THEME / "languages" / "de.po"
# Names of formats and services, and what people type.
NAMES = {
    *("RSS", "Atom", "JSON", "Feed", "OPML", "BibTeX", "RIS", "CSL", "Markdown", "PDF", "DOI", "arXiv", "ORCID", "CSV"),
    *("UTC", "Broadsheet", "Hugging", "Face", "Daily", "Papers", "huggingface", "log"),
    *("Feedly", "Inoreader", "NewsBlur"),
    *("doi", "withdrawn"),  # a correction names the fields it sets as content/ does
}
QUIET = "//script | //style | //code | //kbd | //pre | //math | //a[starts-with(@href, '?q=')] | //*[@class='Z3988']"
SPOKEN = "//@title | //@aria-label | //@placeholder | //@alt | //meta[@name='description']/@content"
KEPT = re.compile(r"%\(\w+\)s|<code>.*?</code>|<kbd>.*?</kbd>|<[^>]*>")
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(ord("A"), ord("z") + 1) if chr(code).isalpha()})
WORD = re.compile(r"[A-Za-z]{2,}")
ADDRESS = re.compile(r"https?://\S+|\S+@\S+|\b(?:index|papers)\.\w+")


def widened(text: str) -> str:
    """Return `text` in wide letters but for names of values, markup and what stands for the machine."""
    parts, at = [], 0
    for kept in KEPT.finditer(text):
        parts += [text[at : kept.start()].translate(WIDE), kept[0]]
        at = kept.end()
    return "".join(parts) + text[at:].translate(WIDE)


def wide_theme(root: Path) -> None:
    """Write a theme that says everything in wide letters; it is one file."""
    folder = root / "theme" / "wide" / "languages"
    folder.mkdir(parents=True)
    (folder.parent / "theme.yml").write_text("extends: default\n")
    catalog = read_po(BytesIO(strings.FILE.read_bytes()), locale=TAG)
    blocks = [
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=n != 1;\\n"\n'
    ]
    for message in filter(lambda each: each.id, catalog):
        context = f"msgctxt {quoted(message.context)}\n" if message.context else ""
        if isinstance(message.id, str):
            said = f"msgid {quoted(message.id)}\nmsgstr {quoted(widened(message.id))}\n"
        else:
            one, several = message.id
            said = f"msgid {quoted(one)}\nmsgid_plural {quoted(several)}\n"
            said += f"msgstr[0] {quoted(widened(one))}\nmsgstr[1] {quoted(widened(several))}\n"
        blocks.append(context + said)
    (folder / f"{TAG}.po").write_text("\n".join(blocks), "utf-8")


def quoted(text: str) -> str:
    """Return `text` as it stands in a PO file."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def hebrew_papers() -> Iterator[Paper]:
    """Yield papers of two years, with everything a paper may have, whose every word is Hebrew."""
    items = Linked(total=3, first=(Artefact(name="מודל", url="https://example.org/1"),))
    for number in range(40):
        day = date(2024 + number // 20, 1 + number % 12, 1 + number % 28)
        seen = Featured(
            day=day,
            rank=1 + number % 5,
            upvotes=number,
            comments=number % 4,
            by="דוד",
            now=Counts(upvotes=99, comments=7),
        )
        also = Featured(day=date(2025, 12, 11), rank=1 + number, upvotes=3)
        people = tuple(
            Author(name=f"אדם {chr(0x5D0 + each % 20)}{number % 3}") for each in range(45 if number < 2 else 3)
        )
        yield Paper(
            id=f"2512.{number:05}",
            title=f"על מכונות {number}",
            authors=(Author(name="דוד לוי", affiliation="מכון", orcid="0000-0002-1825-0097"), *people),
            organisation=Organisation(slug=f"1-{number % 3}", name=f"מכון {number % 3}"),
            published=date(2024, 1, 3),
            updated=date(2024, 2, 3),
            versions=(Version(number=1, date=date(2024, 1, 3)), Version(number=2, date=date(2024, 2, 3))),
            featured=(seen, also) if number % 8 == 0 else (seen,),
            topics=("מכונות", f"נושא {number % 4}"),
            doi="10.1000/182",
            journal="כתב עת",
            comment="הערה",
            licence="רישיון",
            code="https://github.com/1/2",
            stars=12,
            project="https://example.org/",
            url="https://example.org/2",
            models=items,
            datasets=items,
            demos=items,
            summary="משפט אחד",
            summary_by="דוד",
            abstract="מכונה אורגת דפוסים.",
            abstract_by="דוד" if number % 2 else "",
            withdrawn="טעות" if number == 5 else "",
            sources={"hf-daily": ("title", "topics", "featured"), "arxiv": ("abstract",), "editor": ("comment",)},
        )
    yield paper_of(
        "2512.90000", featured=(), title="לבד", authors=(), organisation=None, topics=("לבד",), abstract="אין"
    )


SETTINGS = f"""
site: {{title: ארכיון, base_url: 'https://example.org/1/', language: {TAG}, curator: דוד, licence: רישיון,
  repository: 'https://github.com/1/2'}}
theme: {{name: wide}}
lists: {{page_size: 10}}
offline: {{pages: 9}}
sources: [{{kind: hf-daily}}]
fetch: {{schedule: מדי יום}}
queries: [{{name: '1', query: מכונות}}]
"""


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Return a site with every kind of page."""
    root = tmp_path_factory.mktemp("wide")
    wide_theme(root)
    when = datetime(2025, 12, 30, 6, 43, tzinfo=UTC)
    late = Incident(
        source="huggingface", kind="late", since=datetime(2025, 12, 1, tzinfo=UTC), until=when, message="אין"
    )
    failed = Incident(source="huggingface", kind="failed", since=datetime(2026, 2, 2, tzinfo=UTC), message="אין")
    split = Naming(kind="author", name="שרה", parts=(Part(name="שרה א"), Part(name="שרה ב")), day=date(2026, 1, 1))
    merged = Naming(kind="topic", name="מכונות", spellings=("מכונה",), day=date(2026, 1, 1), reason="אחד")
    return site(
        *hebrew_papers(),
        settings=SETTINGS,
        root=root,
        now=datetime(2026, 2, 3, 12, tzinfo=UTC),
        aliases=Aliases(namings=(split, merged)),
        notes=Notes(
            pages=(Note(name="1", title="דף", body="שלום"),),
            days={date(2025, 12, 11): Note(name="2", title="", body="שלום")},
        ),
        overrides={
            "2512.00003": Override(reason="כי", date=date(2026, 1, 2), set={"doi": "10.1000/183"}),
            "2512.00005": Override(reason="כי", date=date(2026, 1, 2), set={"withdrawn": "טעות"}),
        },
        redirects={"1/2/": "topics/"},
        published=frozenset({"paper/2512.99999/", "topic/1/", "1/1/"}),
        status=State(
            sources={"huggingface": Health(checked=when, newest=date(2025, 12, 11))}, incidents=(failed, late)
        ),
    )


@pytest.fixture(scope="module")
def pages(full: Site, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Return the files of that site, and of one that has nothing yet."""
    root = tmp_path_factory.mktemp("nothing")
    wide_theme(root)
    nothing = files_of(site(settings=SETTINGS, root=root))
    return files_of(full) | {f"nothing/{path}": text for path, text in nothing.items()}


def english(text: str) -> set[str]:
    """Return the words of `text` in Latin letters that are no names."""
    return set(WORD.findall(ADDRESS.sub(" ", text))) - NAMES


def test_every_template_is_shown(full: Site) -> None:
    """Or else this file would look at less than it promises."""
    parts = {"base.html", "hit.html", "names.html", "period.html"}
    templates = {path.name for path in (strings.THEME / "templates").glob("*.html")} - parts

    assert templates <= {page.template for page in full.pages}


def test_no_page_says_anything_in_english(pages: Mapping[str, str]) -> None:
    """Neither in its text nor in what is read aloud or shown on hovering."""
    found: dict[str, set[str]] = {}
    for path, text in html_pages(pages):
        tree = html.document_fromstring(text)
        for quiet in cast("list[HtmlElement]", tree.xpath(QUIET)):
            quiet.drop_tree()
        said = cast("list[str]", tree.xpath(f"//body//text() | //title/text() | {SPOKEN}"))
        for word in english(" ".join(map(str, said))):
            found.setdefault(word, set()).add(path)

    assert {word: sorted(where)[:3] for word, where in found.items()} == {}


def test_scripts_are_given_translated_strings(pages: Mapping[str, str]) -> None:
    """All that stands in a page's `#words`, and all that scripts say themselves."""
    found = re.compile(r'<script type="application/json" id="words">(.*?)</script>')
    given = [words for _, page in html_pages(pages) for words in found.findall(page)]

    scripts = [text for path, text in pages.items() if path.endswith(".js")]
    heard = [text for script in scripts for said in strings_in(script) for text in said[1:]]

    assert given
    assert len(heard) > 100
    assert english(re.sub(r"%\(\w+\)s", " ", " ".join(heard))) == set()
    for words in map(msgspec.json.decode, given):
        said = [text for value in words.values() for text in (value.values() if isinstance(value, dict) else [value])]
        assert english(re.sub(r"%\(\w+\)s", " ", " ".join(said))) == {TAG} & set(said)


@pytest.mark.parametrize("name", ["feed.xml", "changes/feed.xml", "status/atom.xml", "trending/feed.json", "latest.md"])
def test_feeds_and_markdown_say_nothing_in_english(pages: Mapping[str, str], name: str) -> None:
    """Titles, descriptions, names of facts and links."""
    text = pages[name]
    if name.endswith(".xml"):
        shown = re.findall(r"<(?:title|subtitle|description|summary)>([^<]*)<", text)
    elif name.endswith(".json"):
        shown = re.findall(r'"(?:title|description|user_comment)":"([^"]*)"', text)
    else:
        shown = [text]

    assert shown and english(" ".join(shown)) == set()


def test_german_is_complete() -> None:
    """Every string, and none that nobody says."""
    assert set(language_of("de", [GERMAN]).strings) == keys_of(strings.FILE)


def test_the_list_of_strings_is_current() -> None:
    """`make strings` writes it."""
    assert strings.FILE.read_text("utf-8") == strings.template()


def test_no_two_plurals_begin_alike() -> None:
    """A catalog knows them by their singular."""
    plurals: dict[tuple[str, str], str] = {}
    for _, each in strings.strings():
        assert plurals.setdefault((each.context, each.one), each.several) == each.several, each


def test_english_says_what_stands_in_templates(tmp_path: Path) -> None:
    """A build in English looks nothing up."""
    assert language_of("en", []) is ENGLISH
