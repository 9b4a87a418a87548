"""The settings: every mistake is found at once, and nothing in the file can do harm."""

from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.config import Settings, load
from generator.errors import BroadsheetError, SettingsError, Several
from generator.model import Masthead

ROOT = Path("archive")
KINDS = ("arxiv", "hf-daily")
LEAST = "site: {base_url: 'https://example.org/papers/'}\n"


ZONE = (
    'archive.yml:2: site.timezone must be the name of a time zone, got "Europe/Zürich"; did you mean "Europe/Zurich"?'
)


def read(text: str, **overrides: str) -> tuple[Settings, list[str]]:
    """Return the settings in `text`, and the warnings."""
    warnings: list[str] = []
    settings = load(
        text,
        root=ROOT,
        kinds=KINDS,
        overrides={name.replace("__", "--").replace("base_", "base-"): value for name, value in overrides.items()},
        warn=lambda message, where: warnings.append(f"{where}: {message}"),
    )
    return settings, warnings


def mistakes(text: str, **overrides: str) -> list[str]:
    """Return what is wrong with `text`, each with its place."""
    with pytest.raises(BroadsheetError) as caught:
        read(text, **overrides)
    error = caught.value
    return [str(one) for one in (error.errors if isinstance(error, Several) else (error,))]


def test_only_the_address_is_required() -> None:
    """Everything else has a default."""
    settings, warnings = read("site:\n  base_url: https://example.org/papers/\n")

    assert settings == Settings(root=ROOT, site=settings.site)
    assert settings.site.title == "Paper archive"
    assert warnings == []


def test_the_masthead_is_what_pages_are_made_for() -> None:
    """The section `site` is a masthead, and nothing else."""
    settings, _ = read(LEAST)

    assert isinstance(settings.site, Masthead)
    assert settings.site.__struct_fields__ == Masthead.__struct_fields__


@pytest.mark.parametrize("text", ["", "# nothing\n", "site:\n", "site: {base_url: }\n", "site: {title: T}\n"])
def test_a_missing_address_is_named(text: str) -> None:
    """Whichever way it is left out."""
    assert [line.partition(": ")[2] for line in mistakes(text)] == ["site.base_url is missing"]


def test_all_mistakes_are_told_together_in_the_order_of_the_file() -> None:
    """One run is enough to mend everything."""
    text = """\
site:
  timezone: Europe/Zürich
  language: 12
  title: [a]
lists:
  page_size: many
feeds: 60
sources:
  - kind: hf_daily
  - kind: arxiv
    pace: -1
  - kind: arxiv
    url: ftp://example.org
  - arxiv
theme: { name: ../../etc }
archive: { day: yesterday }
"""
    assert mistakes(text) == [
        "archive.yml:2: site.base_url is missing",
        ZONE,
        'archive.yml:3: site.language must be a language tag such as en or pt-BR, got "12"',
        "archive.yml:4: site.title must be text, got a list",
        'archive.yml:6: lists.page_size must be a whole number above 0, got "many"',
        'archive.yml:7: feeds must be a list of keys, got "60"',
        'archive.yml:9: unknown kind of source "hf_daily"; did you mean "hf-daily"?',
        'archive.yml:11: sources.2.pace must be a number of seconds from 0 to 3600, got "-1"',
        'archive.yml:12: the source "arxiv" is given twice',
        'archive.yml:13: sources.3.url must be an absolute http or https address, got "ftp://example.org"',
        'archive.yml:14: sources.4 must be a list of keys, got "arxiv"',
        'archive.yml:15: theme.name must be a name of letters, digits and dashes, got "../../etc"',
        'archive.yml:16: archive.day must be featured or published, got "yesterday"',
    ]


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("feeds: {limit: 3}", 'archive.yml:2: unknown key "feeds.limit"; did you mean "feeds.items"?'),
        ("feed: {items: 3}", 'archive.yml:2: unknown key "feed"; did you mean "feeds"?'),
        (
            "sources: [{kind: arxiv, pase: 3}]",
            'archive.yml:2: unknown key "sources.1.pase"; did you mean "sources.pace"?',
        ),
        ("zzz: 1", 'archive.yml:2: unknown key "zzz"'),
        ("? [a, b]\n: 1", 'archive.yml:2: unknown key "a list"; did you mean "lists"?'),
    ],
)
def test_unknown_keys_are_warnings_with_a_guess(text: str, warning: str) -> None:
    """Settings of a newer version do no harm, and a slip is easy to see."""
    settings, warnings = read(LEAST + text)

    assert warnings == [warning]
    assert settings.feeds.items == 60


def test_a_slip_in_a_required_key_is_seen() -> None:
    """The warning about the unknown key is heard although the settings cannot be used."""
    warnings: list[str] = []

    with pytest.raises(BroadsheetError):
        load("site: {base_ulr: x}", root=ROOT, kinds=KINDS, warn=lambda message, _: warnings.append(message))

    assert warnings == ['unknown key "site.base_ulr"; did you mean "site.base_url"?']


def test_text_is_what_is_written() -> None:
    """`no` is Norwegian, 2024 is a title, and neither is a boolean or a number."""
    settings, _ = read("site: {base_url: 'https://example.org/', language: no, title: 2024, curator: yes}")

    assert (settings.site.language, settings.site.title, settings.site.curator) == ("no", "2024", "yes")


def test_numbers_are_numbers() -> None:
    """Whole ones and others."""
    settings, _ = read(LEAST + "feeds: {items: 7}\nsources: [{kind: arxiv, pace: 1.5}]")

    assert (settings.feeds.items, settings.sources[0].pace) == (7, 1.5)


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "many", "'1,000'", "nan", "[1]", "{a: 1}", "true"])
def test_counts_are_whole_and_above_nothing(value: str) -> None:
    """A page size of nothing would never end."""
    assert mistakes(f"{LEAST}lists: {{page_size: {value}}}")[0].startswith(
        "archive.yml:2: lists.page_size must be a whole number above 0, got "
    )


@pytest.mark.parametrize("value", ["", " ", " ~", " null"])
def test_an_empty_value_is_the_default(value: str) -> None:
    """A key that is kept for later changes nothing."""
    settings, _ = read(f"{LEAST}lists:\n  page_size:{value}\nfeeds:{value}\nsources:{value}\n")

    assert settings == read(LEAST)[0]


@pytest.mark.parametrize("url", ["https://example.org", "https://example.org/", "https://example.org//"])
def test_the_address_ends_with_one_slash(url: str) -> None:
    """Whether or not it was written with one."""
    settings, _ = read(f"site: {{base_url: '{url}'}}")

    assert settings.site.base_url == "https://example.org/"


@pytest.mark.parametrize(
    "url", ["example.org", "/papers/", "ftp://example.org/", "https://", "https:///x", "https://a b/", "http://[x/",
            "https://example.org/?a=b", "https://example.org/#top", "javascript:alert(1)", "http://h:99999/"]
)  # fmt: skip
def test_other_addresses_are_refused(url: str) -> None:
    """Only absolute http and https addresses, with nothing behind the path, can carry a site."""
    assert mistakes(f"site: {{base_url: '{url}'}}") == [
        f'archive.yml:1: site.base_url must be an absolute http or https address, got "{url}"'
    ]


def test_the_environment_replaces_the_file_and_a_flag_both() -> None:
    """What is said nearest to the command wins."""
    environment = {"BROADSHEET_BASE_URL": "https://env.example/"}

    assert read(LEAST, **environment)[0].site.base_url == "https://env.example/"
    assert read("", **environment)[0].site.base_url == "https://env.example/"
    assert read(LEAST, **environment, __base_url="https://flag.example/")[0].site.base_url == "https://flag.example/"
    assert read(LEAST, BROADSHEET_BASE_URL="")[0].site.base_url == "https://example.org/papers/"


def test_the_environment_moves_services() -> None:
    """Sources can be asked at another address, whether or not the file lists them."""
    moved = {"BROADSHEET_HF_URL": "http://127.0.0.1:1/hf/", "BROADSHEET_ARXIV_URL": "http://127.0.0.1:1/arxiv"}

    for text in (LEAST, LEAST + "sources: [{kind: hf-daily, url: 'https://a.org'}, {kind: arxiv}]"):
        settings, _ = read(text, **moved)
        urls = {source.kind: source.url for source in settings.sources}
        assert urls == {"hf-daily": "http://127.0.0.1:1/hf/", "arxiv": "http://127.0.0.1:1/arxiv"}


def test_a_mistake_in_the_environment_is_blamed_on_it() -> None:
    """The place of a wrong value is the name of its variable or flag."""
    text = LEAST + "sources: [{kind: hf-daily}]"

    assert mistakes(text, BROADSHEET_HF_URL="nowhere", BROADSHEET_BASE_URL="here") == [
        'BROADSHEET_BASE_URL: site.base_url must be an absolute http or https address, got "here"',
        'BROADSHEET_HF_URL: sources.1.url must be an absolute http or https address, got "nowhere"',
    ]


@pytest.mark.parametrize(
    "text",
    [
        "fetch: {api_token: abc}",
        "password: abc",
        "sources: [{kind: arxiv, url: 'https://me:abc@example.org/'}]",
        f"fetch: {{contact: hf_{'a' * 30}}}",
        f"site: {{title: ghp_{'a' * 36}}}",
    ],
)
def test_secrets_are_refused_and_not_repeated(text: str) -> None:
    """The file is public; the message goes to a public log."""
    found = mistakes(text)

    assert any("looks like a secret" in line for line in found)
    assert not any("abc" in line or "aaaa" in line for line in found)


@pytest.mark.parametrize(
    "text",
    [LEAST + "feeds: &f {items: 5}\n", "site: !!python/object:os.system {base_url: 'https://a.org'}\n",
     LEAST + "feeds: !!str {items: 5}\n", LEAST + "zz: &a [*a]\n"],
)  # fmt: skip
def test_tags_and_anchors_do_nothing(text: str) -> None:
    """The file is read as plain keys and texts."""
    settings, _ = read(text)

    assert settings.feeds.items == (5 if "items" in text else 60)


@pytest.mark.parametrize("text", ["site: [", "a: b: c", "\t- x", "site: *nowhere", "a: 1\n---\nb: 2\n", "\x00"])
def test_what_is_not_yaml_is_one_error(text: str) -> None:
    """With a line where there is one."""
    (line,) = mistakes(text)

    assert line.startswith("archive.yml")
    assert "this is not YAML: " in line


def test_a_key_given_twice_is_an_error() -> None:
    """Which of the two was meant cannot be known."""
    assert mistakes(LEAST + "feeds: {}\nfeeds: {items: 3}\n") == ["archive.yml:3: feeds is given twice"]


@given(st.text(max_size=200))
def test_any_text_is_settings_or_a_plain_error(text: str) -> None:
    """Nothing else ever comes out."""
    with suppress(SettingsError, Several):
        load(text, root=ROOT, kinds=KINDS, warn=lambda *_: None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["site", "sources", "kind", "feeds"]) | st.text(), inner)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["site", "sources", "feeds", "theme"]), JSON))
def test_any_structure_is_settings_or_a_plain_error(value: object) -> None:
    """Wherever a list stands for a number, or a number for a section."""
    with suppress(SettingsError, Several):
        load(yaml.safe_dump(value), root=ROOT, kinds=KINDS, warn=lambda *_: None)


def test_parts_are_named_in_lists() -> None:
    """Outputs and kinds of pages by name; anything else is said to be no list of names."""
    settings, warnings = read(LEAST + "outputs: {without: [json_twin, feeds]}\npages: {only: []}\n")

    assert settings.outputs.without == ("json_twin", "feeds")
    assert settings.pages.only == () and not warnings
    assert "must be a list" in mistakes(LEAST + "outputs: {without: feeds}\n")[0]
    assert "must be a list" in mistakes(LEAST + "pages: {only: [{a: b}]}\n")[0]
    assert "must be a list" in mistakes(LEAST + "pages: {only: ['../x']}\n")[0]


def test_a_model_has_a_name() -> None:
    """Whoever wants meaning by a model says by which."""
    text = LEAST + "search: {meaning: model}\n"

    assert mistakes(text) == ["archive.yml:2: search.meaning is model, but search.model names none"]
    assert read(LEAST + "search: {meaning: model, model: models/mini}\n")[0].search.model == "models/mini"
    assert read(LEAST + "search: {meaning: off}\n")[0].search.meaning == "off"
