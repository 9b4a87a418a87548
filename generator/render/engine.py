"""Pages to HTML: one Jinja environment a build, each card rendered once, links made to work wherever the site lies."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache, lru_cache
from traceback import extract_tb
from types import CodeType
from typing import Literal, Protocol, cast
from urllib.parse import urlsplit

from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateError, TemplateSyntaxError, meta
from jinja2 import Template as Compiled
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.compiler import CodeGenerator
from jinja2.filters import FILTERS
from markupsafe import Markup, escape
from msgspec import Struct
from msgspec.structs import replace

from generator import tex, text, urls
from generator.archive import Collection, Entry
from generator.citation import plain as in_words
from generator.citation.coins import coins
from generator.citation.schema import scholarly_article
from generator.errors import ThemeError
from generator.language import ENGLISH, Language
from generator.memo import Memo
from generator.model import Alternate, Masthead, Paper
from generator.pages.view import Card, Edition, Page, Sign
from generator.render import markdown
from generator.render.keys import CARD, Keys, Reads, shown
from generator.render.math import scrolling
from generator.render.policy import policy
from generator.render.theme import Template, Theme
from generator.render.translation import PLURAL, translation

PICTURE = "image/png"

# Stands for the way to the site's root until the page that shows it is known. Text from outside never holds it:
# controls are removed at the border.
ROOT = "\x1e"
# So many rendered cards are kept: about 50 MB.
_CARDS = 16_000

Abstract = Literal["open", "folded", "none"]

# What indents a template is for those who write it, and a tenth of a page.
_INDENTED = re.compile(r"(<(pre|script|textarea)\b.*?</\2>)|^[ \t]+", re.DOTALL | re.MULTILINE)
_EITHER_WAY = Markup(' dir="auto"')
# The scripts that are written from right to left, and the characters that turn a text (Unicode, UAX #9).
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_UNDEFINED = re.compile(r"'(\w+)' is undefined")


class Links(Protocol):
    """What outputs say of a page: its other forms."""

    def __call__(self, page: Page) -> tuple[Alternate, ...]:
        """Return the other forms of `page`."""


class Renderer(Struct, frozen=True):
    """Two functions of a page: `html` makes its text, `key` the digest of everything that `html` depends on.

    `html` raises `ThemeError`, with the template's file and line, for anything a template gets wrong.
    """

    html: Callable[[Page], str]
    key: Callable[[Page], bytes]


class Told(Struct, frozen=True):
    """A global of the templates, and what it stands for: the values that it, or what it returns, depends on."""

    is_: object
    stands_for: object


def renderer(
    theme: Theme,
    edition: Edition,
    masthead: Masthead,
    *,
    alternates: Links,
    citation: Callable[[Paper], str],
    signs: tuple[Sign, ...] = (),
    version: str,
    memo: Memo | None = None,
) -> Renderer:
    """Return what turns pages into HTML. `memo` keeps what was learned of templates."""
    environment = _environment(theme.templates, edition.language)
    told = _globals(theme, edition, masthead, signs, version)
    environment.globals.update((name, each.is_) for name, each in told.items())
    base_path = urlsplit(masthead.base_url).path

    @cache
    def template(name: str) -> Compiled:
        found = environment.get_template(name)
        # Jinja copies them for each page, and a plain dictionary in a third of the time.
        found.globals = dict(found.globals)
        return found

    def html(page: Page) -> str:
        seen = replace(page, collection=shown(page.collection), context={n: shown(v) for n, v in page.context.items()})
        forms = alternates(page)
        context = {
            "page": seen,
            "alternates": tuple(form for form in forms if form.type != PICTURE),
            "picture": next((form for form in forms if form.type == PICTURE), None),
            **seen.context,
        }
        try:
            rendered = template(page.template).render(context)
        except (TemplateError, TypeError, AttributeError) as error:
            raise _explained(error, page, [*context, *environment.globals]) from error
        return _placed(rendered, page, base_path)

    keys = Keys(
        edition,
        {name: template.source for name, template in theme.templates.items()},
        {name: each.stands_for for name, each in told.items()},
        analyse=_analysed,
        alternates=alternates,
        language=edition.language,
        memo=memo or Memo(),
    )
    # What these two depend on differs from page to page: `Keys` knows.
    environment.globals.update(card=_cards(environment, keys.card), citation=citation)
    return Renderer(html, keys.key)


@cache
def _bare() -> Environment:
    """Return Jinja without templates and globals."""
    environment = _environment({}, ENGLISH)
    environment.globals.clear()
    return environment


def _environment(templates: Mapping[str, Template], language: Language) -> Environment:
    """Return Jinja as this archive uses it: nothing in it asks the clock, the dice or a file."""

    def load(name: str) -> tuple[str, str, None] | None:
        found = templates.get(name)
        return (_INDENTED.sub(r"\1", found.source), str(found.path), None) if found else None

    environment = _Environment(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=_compiled(language.digest),
        extensions=[translation(language)],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters = {name: each for name, each in FILTERS.items() if name != "random"} | _filters(language)
    environment.globals.pop("lipsum")
    environment.globals.update({"_": language.gettext, PLURAL: language.plural})
    return environment


def _globals(
    theme: Theme, edition: Edition, masthead: Masthead, signs: tuple[Sign, ...], version: str
) -> dict[str, Told]:
    """Return what every template may use, with what each stands for in the key of a page."""
    periods = tuple(sign for sign in signs if sign.period)
    menu = tuple(sign for sign in signs if not (sign.period or sign.foot))
    foot = tuple(sign for sign in signs if sign.foot)
    newest = _newest(edition)
    return {
        "site": Told(masthead, masthead),
        "language": Told(edition.language, edition.language.tag),
        "foreign": Told(_foreign(masthead, edition.language), masthead),
        "version": Told(version, version),
        "colours": Told(theme.colours, theme.colours),
        "newest": Told(newest, newest),
        "periods": Told(periods, periods),
        "menu": Told(menu, menu),
        "foot": Told(foot, foot),
        "absolute": Told(lambda path: urls.absolute(masthead.base_url, path), masthead.base_url),
        "asset": Told(lambda name: link(_asset(theme, name)), theme.asset_urls),
        "script": Told(lambda name: _script(theme, name), theme.inline),
        # Nothing in it means anything to HTML between double quotes.
        "policy": Told(lambda forms="": Markup(policy(theme.inline.values(), forms=forms)), theme.inline),  # noqa: S704
        "brief": Told(edition.rules.extent.brief, edition.rules.extent.brief),
        "report": Told(lambda about: _report(masthead, about), masthead),
        "in_words": Told(lambda paper: in_words.plain(paper, _page_of(masthead, paper)), masthead),
        "in_markdown": Told(lambda paper: in_words.link(paper, _page_of(masthead, paper)), masthead),
        "schema": Told(lambda paper: _schema(masthead, paper), masthead),
    }


def escaped(value: object) -> str:
    """Return `value` as HTML, as `markupsafe.escape` does, but as a text: what is put out needs to be no more."""
    kind = type(value)
    if kind is Markup:
        return cast("Markup", value)
    if kind is str:
        shown = cast("str", value)
        # Most texts have none of these, and need no new text.
        if "&" not in shown and "<" not in shown and ">" not in shown and '"' not in shown and "'" not in shown:
            return shown
    return str(value) if kind is int else escape(value)


class _Code(CodeGenerator):
    """Writes the code of templates with the faster of two equal ways to escape what they put out."""

    def write_commons(self) -> None:
        """Write what every function of a template begins with: there, the name `escape` gets its meaning."""
        super().write_commons()
        self.writeline("escape = environment.escaped")


class _Environment(Environment):
    """Jinja with the code that `_Code` writes."""

    code_generator_class = _Code
    escaped = staticmethod(escaped)


class _Compiled(BytecodeCache):
    """Keeps the code of templates in one language for as long as the process lives, by name, file and source."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Put the code into `bucket` if it is known."""
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code in `bucket`."""
        if bucket.code is not None:
            self.codes[bucket.key, bucket.checksum] = bucket.code


@cache
def _compiled(language: bytes) -> _Compiled:  # noqa: ARG001 - the cache has one for each
    return _Compiled()


@lru_cache(maxsize=256)
def _analysed(source: str) -> Reads:
    """Return what the template `source` reads; what cannot be parsed will be told when it is rendered.

    To Jinja, a global of the environment is a declared name, so this environment has none.
    """
    try:
        tree = _bare().parse(source)
    except TemplateSyntaxError:
        return Reads((), ())
    names = sorted(meta.find_undeclared_variables(tree))
    return Reads(tuple(meta.find_referenced_templates(tree)), tuple(names))


@lru_cache(maxsize=1 << 17)
def link(path: str) -> Markup:
    """Return the address `path` of this site as it may stand in an attribute of any page."""
    return Markup(ROOT + escape(urls.quoted(path)))  # noqa: S704 - a constant, followed by escaped text


def external(url: str) -> str:
    """Return `url` if it is a web address, else nothing: other schemes never become links."""
    return urls.web(url)


def _placed(rendered: str, page: Page, base_path: str) -> str:
    """Return the text of `page` with its addresses as they are from there, those of its neighbours the short way."""
    if page.url.endswith("/"):
        own = str(link(page.url))
        rendered = rendered.replace(own, "./")
        above, slash, _ = own[:-1].rpartition("/")
        if slash:
            rendered = rendered.replace(above + slash, "../")
    return rendered.replace(ROOT, _way_to_root(page, base_path))


def _way_to_root(page: Page, base_path: str) -> str:
    """Return what leads from `page` to the root; the 404 page is shown at any depth, so it starts at the top."""
    if page.url == urls.NOT_FOUND:
        return base_path
    return "../" * (urls.path(page.url).count("/")) or "./"


def _asset(theme: Theme, name: str) -> str:
    """Return the address of an asset."""
    return _named(theme, name, theme.asset_urls, "asset", "assets/")


def _script(theme: Theme, name: str) -> Markup:
    """Return a script of the theme as it stands inside a page."""
    script = _named(theme, name, theme.inline, "inline script", "inline/")
    return Markup(f"<script>{script}</script>")  # noqa: S704 - the theme's own, and nothing in it ends a script


def _named(theme: Theme, name: str, known: Mapping[str, str], kind: str, folder: str) -> str:
    if name not in known:
        close = get_close_matches(name, known, 1)
        hint = f"did you mean {close[0]!r}?" if close else f"put it into the theme's {folder}"
        raise ThemeError(f"there is no {kind} {name!r}", where=f"theme {theme.name}", hint=hint)
    return known[name]


def _newest(edition: Edition) -> date | None:
    return max(map(date.fromisoformat, edition.archive.days), default=None)


def _cards(environment: Environment, card_of: Callable[[Entry], Card]) -> Callable[..., Markup]:
    """Return the function that gives the card of an entry; each form of it is rendered once, and kept for a while."""
    rendered: dict[tuple[str, date | None, int, Abstract, bool], Markup] = {}

    def card(entry: Entry, level: int = 2, *, abstract: Abstract = "folded", coins: bool = True) -> Markup:
        """Return the card of `entry` with a heading of `level` and its abstract open, folded away or left out.

        With `coins`, reference managers find the paper in it.
        """
        key = (entry.paper.id, entry.featured.day if entry.featured else None, level, abstract, coins)
        if key not in rendered:
            template = environment.get_template(CARD)
            html = template.render(card=card_of(entry), level=level, abstract=abstract, coins=coins)
            if len(rendered) > _CARDS:
                del rendered[next(iter(rendered))]
            rendered[key] = Markup(html)  # noqa: S704 - a template with autoescape made it
        return rendered[key]

    return card


def _foreign(masthead: Masthead, language: Language) -> Markup:
    """Return the attribute of what is in the language of the papers, where that is not the language of the pages."""
    tag = masthead.papers_language
    said = f' lang="{escape(tag)}"' if tag and tag != language.tag else ""
    return Markup(said)  # noqa: S704 - escaped


def _report(masthead: Masthead, about: Paper | Collection) -> str:
    """Return where something wrong with a paper, or with what is filed under a name, can be told, or nothing."""
    if isinstance(about, Paper):
        return urls.report(masthead.repository, f"Wrong record: {about.id}", _page_of(masthead, about))
    return urls.report(masthead.repository, f"Mixed up: {about.title}", urls.absolute(masthead.base_url, about.url))


def _page_of(masthead: Masthead, paper: Paper) -> str:
    return urls.absolute(masthead.base_url, urls.paper(paper))


def _schema(masthead: Masthead, paper: Paper) -> Markup:
    """Return what search engines read of `paper`, as it may stand in a `<script>`."""
    data = scholarly_article(
        paper,
        url=urls.absolute(masthead.base_url, urls.paper(paper)),
        archive=masthead.title,
        archive_url=masthead.base_url,
    )
    return Markup(data)  # noqa: S704 - JSON without a character that HTML knows


def _explained(error: Exception, page: Page, names: list[str]) -> ThemeError:
    """Return `error` as a `ThemeError` that names the template, the line and the page."""
    if isinstance(error, TemplateSyntaxError):
        where = f"{error.filename or error.name}:{error.lineno}"
    else:
        frames = [frame for frame in extract_tb(error.__traceback__) if frame.filename.endswith((".html", ".xml"))]
        where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else page.template
    message = str(error)
    undefined = _UNDEFINED.search(message)
    close = get_close_matches(undefined[1], names, 1) if undefined else []
    hint = f"did you mean {close[0]!r}?" if close else "docs/themes.md lists what each template may use"
    return ThemeError(f"{message} (while rendering /{page.url})", where=where, hint=hint)


def _filters(language: Language) -> dict[str, Callable[..., object]]:
    """Return the filters of templates in `language`."""
    writes = language.writes
    return dict(_FILTERS) | {
        "number": writes.number,
        "decimal": lambda value, digits=2: writes.decimal(value, digits),
        "plural": language.things,
        "forms": language.categories,
        "long_date": writes.long_date,
        "medium_date": writes.medium_date,
        "short_date": writes.short_date,
        "month_name": writes.month_name,
        "direction": (lambda _: _EITHER_WAY) if language.direction == "rtl" else _direction,
        "moment": writes.moment,
    }


@lru_cache(maxsize=1 << 16)
def _direction(shown: str) -> Markup:
    """Return the attribute that lets a text have its own direction, if anything in it is not from left to right."""
    return _EITHER_WAY if _RIGHT_TO_LEFT.search(shown) else Markup()


@lru_cache(maxsize=1 << 10)
def _abstract(source: str) -> Markup:
    """Return Markdown as a page shows it."""
    return scrolling(markdown.html(source))


# A filter costs a template half as much as a function, and pages are mostly links.
_FILTERS: Mapping[str, Callable[..., object]] = {
    "link": link,
    "paper_link": lambda paper: link(urls.paper(paper)),
    "day_link": lambda when: link(urls.day(when)),
    "week_link": lambda when: link(urls.week(when)),
    "month_link": lambda when: link(urls.month(when)),
    "external": external,
    "coins": coins,
    "doi": urls.doi,
    "pdf": urls.pdf,
    "inline": markdown.inline,
    "markdown": _abstract,
    "scrolling": scrolling,
    "words": markdown.plain,
    "plain": tex.plain,
    "excerpt": text.excerpt,
    "iso": date.isoformat,
    "instant": datetime.isoformat,
}
