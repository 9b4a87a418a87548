"""The ACL Anthology's XML, in the schema of today and in that of 2019.

https://github.com/acl-org/acl-anthology/blob/master/data/xml/schema.rnc. Capitals that a style must keep stand in
`<fixed-case>`, mathematics in `<tex-math>`; an address without a scheme is the name of a paper.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from generator.model import Artefact, Author, Linked, Record
from generator.reading import dates, people, xml
from generator.reading.identifiers import names
from generator.reading.xml import Element
from generator.sources import Document, Found, Rejected, Source, record

NAME = "acl-anthology"

_PAGES = "https://aclanthology.org/"


class _Volume(Struct, frozen=True):
    """What the papers of a volume share."""

    collection: str
    name: str
    title: str
    is_journal: bool
    issued: str | None
    publisher: str
    volume: str
    issue: str


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` is a collection of the Anthology."""
    return b"<collection" in head and b"<volume" in head


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each paper of some collections. Front matter is no paper."""
    for document in documents:
        try:
            root = xml.root(document.data)
        except ValueError as error:
            yield Rejected(document.place, str(error))
            continue
        collection = root.get("id", "")
        for volume in root.iterfind("volume"):
            shared = _volume(volume, collection)
            for paper in volume.iterfind("paper"):
                try:
                    yield _read(paper, shared)
                except ValueError as error:
                    yield Rejected(f"{document.place}:{paper.sourceline}", str(error))


def _volume(volume: Element, collection: str) -> _Volume:
    meta = volume.find("meta")
    journal = volume.get("type") == "journal"
    title = _text(meta, "booktitle")
    return _Volume(
        collection=collection,
        name=volume.get("id", ""),
        title=(_text(meta, "journal-title") or title.partition(",")[0]) if journal else title,
        is_journal=journal,
        issued=dates.issued(_text(meta, "year"), _text(meta, "month")),
        publisher=_text(meta, "publisher"),
        volume=_text(meta, "journal-volume"),
        issue=_text(meta, "journal-issue"),
    )


def _read(paper: Element, volume: _Volume) -> Record:
    """Return what one paper's element says. Raises `ValueError` where it is none."""
    title = _text(paper, "title")
    authors = tuple(_authors(paper))
    id_ = _id(paper, volume)
    code = next((each.get("url") for each in paper.iterfind("pwccode") if each.get("url")), None)
    datasets = [Artefact(name=xml.text(each), url=each.get("url", "")) for each in paper.iterfind("pwcdataset")]
    return record(
        NAME,
        names(
            title=title,
            authors=authors,
            year=volume.issued,
            said_doi=_text(paper, "doi"),
            others={"acl": id_},
            own=f"{volume.collection} {volume.name} {paper.get('id', '')}",
        ),
        title=title,
        authors=authors,
        abstract=_text(paper, "abstract"),
        type="article" if volume.is_journal else "inproceedings",
        issued=volume.issued,
        journal=volume.title if volume.is_journal else None,
        venue=None if volume.is_journal else volume.title,
        volume=volume.volume,
        issue=volume.issue or _text(paper, "issue"),
        pages=_text(paper, "pages"),
        publisher=volume.publisher,
        url=f"{_PAGES}{id_}/" if id_ else None,
        pdf=f"{_PAGES}{id_}.pdf" if paper.find("url") is not None and id_ else None,
        code=code,
        datasets=Linked(total=len(datasets), first=tuple(datasets)) if datasets else None,
        withdrawn=_text(paper, "retracted") or ("retracted" if paper.find("retracted") is not None else None),
    )


def _id(paper: Element, volume: _Volume) -> str:
    """Return the paper's name in the Anthology; an address elsewhere is none, so it is made as the Anthology does.

    https://aclanthology.org/info/ids/
    """
    said = _text(paper, "url").rpartition("/")[2].removesuffix(".pdf")
    if said:
        return said
    number = paper.get("id", "")
    if not volume.collection[:1].isalpha():
        return f"{volume.collection}-{volume.name}.{number}" if volume.collection and number else ""
    wide = volume.collection[0] == "W" or volume.collection in {"C69", "D19"}
    if not (number.isdecimal() and volume.name.isdecimal()):
        return ""
    return f"{volume.collection}-{int(volume.name):0{2 if wide else 1}}{int(number):0{2 if wide else 3}}"


def _authors(paper: Element) -> Iterator[Author]:
    for author in paper.iterfind("author"):
        parts = (_text(author, "first"), _text(author, "last"))
        name = " ".join(filter(None, parts)) or _text(author)
        found = people.author(name, affiliation=_text(author, "affiliation"), said_orcid=author.get("orcid"))
        if found:
            yield found


def _text(element: Element | None, path: str = "") -> str:
    """Return the text of an element, its mathematics between dollars."""
    found = element.find(path) if path and element is not None else element
    if found is None:
        return ""
    parts = [found.text or ""]
    for child in found:
        inner = _text(child) if xml.name(child) else ""
        parts += [f"${inner}$" if xml.name(child) == "tex-math" else inner, child.tail or ""]
    return " ".join("".join(parts).split())


SOURCE = Source(
    name=NAME,
    label="acl anthology",
    about="the ACL Anthology's XML: volumes of proceedings and journals",
    recognises=recognises,
    parse=parse,
)
