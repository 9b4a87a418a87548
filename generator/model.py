"""The values everything else is made of. All are frozen: change makes a new value (`msgspec.structs.replace`)."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import PurePosixPath

from msgspec import Struct, field

# New style since April 2007, old style before: https://info.arxiv.org/help/arxiv_identifier.html
ARXIV_ID = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}")


class Author(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One name in a paper's list of authors, as the source spells it (TeX accents already letters)."""

    name: str
    affiliation: str = ""
    orcid: str = ""


class Organisation(Struct, frozen=True, kw_only=True, gc=False):
    """Who stands behind a paper. `slug` is the source's own short name."""

    slug: str
    name: str


class Artefact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that uses a paper or belongs to it: a model, a data set, a demo."""

    name: str
    url: str = ""


class Linked(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How many artefacts of one kind a source links to a paper, and the first of them."""

    total: int
    first: tuple[Artefact, ...] = ()


class Counts(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What readers gave a paper, up to some day."""

    upvotes: int = 0
    comments: int = 0


class Featured(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One appearance of a paper on a day's list: its place there (from 1) and the counts seen for that day.

    `by` is the person who put the paper on the list; `now` are the counts seen since those of the day are final, where
    they are others.
    """

    day: date
    rank: int
    upvotes: int = 0
    comments: int = 0
    by: str = ""
    now: Counts | None = None


class Version(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One version of a paper at its source."""

    number: int
    date: date


class Record(Struct, frozen=True, kw_only=True):
    """What one source says about one paper. `None` means "I don't know", never "there is none".

    All text is plain text after `text.clean`, with TeX accents as letters; mathematics stays as `$…$`.
    `abstract` has its hard wraps removed; paragraphs are separated by an empty line.
    `identifiers` are the paper's names elsewhere: see `Paper`.
    `seen` is the day on which the source said so: counts seen long after a list's day do not replace older ones.
    """

    id: str
    source: str
    seen: date | None = None
    title: str | None = None
    authors: tuple[Author, ...] | None = None
    abstract: str | None = None
    published: date | None = None
    updated: date | None = None
    versions: tuple[Version, ...] | None = None
    subjects: tuple[str, ...] | None = None
    doi: str | None = None
    identifiers: tuple[str, ...] | None = None
    type: str | None = None
    issued: str | None = None
    journal: str | None = None
    venue: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    comment: str | None = None
    licence: str | None = None
    withdrawn: str | None = None
    organisation: Organisation | None = None
    topics: tuple[str, ...] | None = None
    summary: str | None = None
    summary_by: str | None = None
    code: str | None = None
    stars: int | None = None
    project: str | None = None
    url: str | None = None
    pdf: str | None = None
    models: Linked | None = None
    datasets: Linked | None = None
    demos: Linked | None = None
    author_count: int | None = None
    comments: int | None = None
    featured: Featured | None = None


class Paper(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One paper as the archive knows it: the header of its Markdown page, and the body as `abstract` (Markdown).

    `identifiers` are the names the paper has elsewhere, each with its scheme: "acl:2022.acl-long.1", "pmid:20821847".
    `type` is a type of BibTeX's ("article", "inproceedings", "phdthesis"), where the paper is known to be published;
    `issued` is when, as far as that is known: "2022-05-22", "2022-05" or "2022"; `published` the day it first came out.
    `journal` is the name of a journal, or a whole reference as arXiv keeps it; `venue` a conference, or the title of
    the book that holds the paper; `publisher` the school of a thesis. `url` is the publisher's page. `author_count`
    says how many authors there are where they are not named, `comments` how many comments were seen outside any list.
    `featured` is sorted by day, `subjects` starts with the primary one. `abstract_by` names who wrote the abstract, if
    not the paper's authors; `summary_by` who or what wrote the one-sentence summary. `withdrawn` is the reason.
    `sources` tells which source each field came from (source → names of fields). `extra` holds header keys this version
    does not know, so that old content outlives new code and the other way round.
    """

    id: str
    title: str
    authors: tuple[Author, ...] = ()
    organisation: Organisation | None = None
    published: date | None = None
    updated: date | None = None
    versions: tuple[Version, ...] = ()
    featured: tuple[Featured, ...] = ()
    subjects: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    doi: str = ""
    identifiers: tuple[str, ...] = ()
    type: str = ""
    issued: str = ""
    journal: str = ""
    venue: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    comment: str = ""
    licence: str = ""
    code: str = ""
    stars: int | None = None
    project: str = ""
    url: str = ""
    pdf: str = ""
    models: Linked | None = None
    datasets: Linked | None = None
    demos: Linked | None = None
    author_count: int | None = None
    comments: int | None = None
    summary: str = ""
    summary_by: str = ""
    abstract_by: str = ""
    withdrawn: str = ""
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    extra: Mapping[str, object] = field(default_factory=dict)
    abstract: str = ""

    @property
    def key(self) -> str:
        """The id as it stands in addresses and file names: old arXiv ids have a dash where the slash was."""
        return self.id.replace("/", "-")

    @property
    def arxiv(self) -> str:
        """The arXiv id, or nothing where the paper is not known to be on arXiv."""
        if ARXIV_ID.fullmatch(self.id):
            return self.id
        named = (name.removeprefix("arxiv:") for name in self.identifiers if name.startswith("arxiv:"))
        return next((name for name in named if ARXIV_ID.fullmatch(name)), "")


class Masthead(Struct, frozen=True, kw_only=True):
    """What the archive says of itself. `base_url` is absolute and ends with a slash.

    `language` is that of the interface, `papers_language` that of titles and abstracts, where it is known. `newsletter`
    is the address of the page where readers subscribe by mail, `newsletter_schedule` when mails come, in words.
    `announcement` is said on every page.
    """

    title: str
    base_url: str
    description: str
    language: str
    papers_language: str
    timezone: str
    curator: str
    licence: str
    repository: str
    newsletter: str
    newsletter_schedule: str
    announcement: str


class Link(Struct, frozen=True, kw_only=True, gc=False):
    """A named address: a path from the site's root ("day/2025-12-11/"), or an absolute URL."""

    title: str
    url: str


class Alternate(Struct, frozen=True, kw_only=True, gc=False):
    """The same content in another format: what `<link rel="alternate">` says. `url` is a path from the site's root."""

    title: str
    url: str
    type: str


class Artifact(Struct, frozen=True):
    """A finished file that is still in memory. `path` is relative to the site's root."""

    path: PurePosixPath
    data: bytes


class Draft(Struct, frozen=True):
    """A file that need not be made if it was made before: `key` is the digest of all that `make` depends on.

    `output` names the output that yields it, where others may make it too, from a plan of their own.
    """

    path: str
    key: bytes
    make: Callable[[], bytes]
    output: str = ""

    @property
    def data(self) -> bytes:
        """The finished bytes, made now."""
        return self.make()


class Revision(Struct, frozen=True, kw_only=True):
    """One change of a paper's file: the day, and what was said of it."""

    day: date
    said: str


class Note(Struct, frozen=True, kw_only=True):
    """A text that an editor wrote: a page of its own, or a few words about a day or a name.

    `name` is the file's name without its ending, `body` Markdown, `menu` the place in the header's menu, if any; `link`
    is the web page of what a name stands for.
    """

    name: str
    title: str
    body: str
    menu: int | None = None
    link: str = ""


class Notes(Struct, frozen=True, kw_only=True):
    """Everything written by hand: pages by name, words about days by date, about names by kind and key."""

    pages: tuple[Note, ...] = ()
    days: Mapping[date, Note] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, Note]] = field(default_factory=dict)


class Override(Struct, frozen=True, kw_only=True):
    """A person's correction of one paper: the fields it sets, why and since when. `where` is its file.

    `duplicate_of` is the id of the paper that this one is once more: only that one stays.
    """

    reason: str
    date: date
    set: Mapping[str, object] = field(default_factory=dict)
    duplicate_of: str = ""
    where: str = ""


class Redirect(Struct, frozen=True, kw_only=True):
    """Where an address leads that moved: a path from the site's root. `day` and `reason` are known or left out."""

    to: str
    day: date | None = field(default=None, name="date")
    reason: str = ""


class Part(Struct, frozen=True, kw_only=True):
    """One of those who share a name: which papers are theirs, by id or by organisation (its key)."""

    name: str
    papers: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()


class Naming(Struct, frozen=True, kw_only=True):
    """What an editor decided about one name of a kind: which spellings mean it, and which parts it falls into."""

    kind: str
    name: str
    spellings: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    day: date | None = None
    reason: str = ""


class Aliases(Struct, frozen=True, kw_only=True):
    """Names that mean the same, and names that mean several.

    `canonical` holds, for each kind ("author", "organisation", "topic"), the canonical name by the key of a spelling;
    `parts` those who share a name, by its key. `namings` are the decisions behind both, in the order of their file.
    """

    canonical: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, tuple[Part, ...]]] = field(default_factory=dict)
    namings: tuple[Naming, ...] = ()
