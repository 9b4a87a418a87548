"""The rules of `check`: what each finds, by the name under which it can be silenced (docs/check.md describes them)."""

from collections.abc import Mapping

DATA: Mapping[str, str] = {
    "content": "a page, correction, alias file, note, redirect or list of addresses that cannot be used",
    "date-order": "published after featured, updated before published, a later version with an earlier date",
    "duplicate-title": "two papers with one title, however it is spelled",
    "title-capitals": "a title in capitals",
    "abstract-label": 'an abstract that begins with the word "Abstract"',
    "encoding": "text left over from another encoding: `Ã©`, `â€™`, `&amp;`",
    "tex": "mathematics that cannot be read; pages show its source",
    "unknown-key": "a header key that means nothing to this version",
    "override": "a correction of a paper that is not in the archive",
    "alias": "a name in the aliases that no paper carries in any spelling",
    "redirect-circle": "an address in `redirects.yml` that leads, through others there, back to itself",
    "note": "words about a day that has no page",
}
SITE: Mapping[str, str] = {
    "link": "a link within the site that leads to no file: on pages, in feeds, in `feeds.opml` and the sitemap",
    "anchor": "a link to an element that its page does not have",
    "duplicate-id": "two elements of a page with one id",
    "alt": "a picture without alternative text",
    "headings": "a page without exactly one heading of the first level, or with a level left out",
    "name": "a button, link or field of a form that says nothing to who cannot see it",
    "metadata": "a page without language, title, character set, viewport or, if it is for search engines, description",
    "policy": "a page without a Content-Security-Policy, or with a script that it does not allow",
    "weight": "a page of more than 1 MB before compression",
    "canonical": "a page that does not name its own address as the canonical one",
    "feed": "a feed that cannot be parsed, repeats an id, or has a relative link",
    "syntax": "another XML or JSON file that cannot be parsed, or HTML that is not closed as it was opened",
    "sitemap": "no sitemap, or one that names other sites; a *warning* where it and the pages differ",
}
HOST: Mapping[str, str] = {
    "part": "no home page, no page for unknown addresses, or no page of the newest day",
    "vanished": "an address in `content/published.txt` that does not answer",
    "lost": "with `--against`: of the pages, papers or days of the last site more than `--most-lost` percent would be "
    "gone, or the newest day would go back",
    "size": "more than 1 GB in all, or a file of more than 100 MB; from 50 MB a *warning*",
    "path": "a link in the file system, or a name that hosts refuse",
}
ASKED: Mapping[str, str] = {
    "external": "`check links --external`: an address of a paper or a hand-written text that does not answer",
    "manifest": "`check --manifest`: a file of the site that is missing, foreign, or not what the build made",
    "reproducible": "`check --reproducible`: a file that two builds from nothing do not make alike",
}
RULES: Mapping[str, str] = {**DATA, **SITE, **HOST, **ASKED}
