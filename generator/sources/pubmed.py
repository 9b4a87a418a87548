"""PubMed's XML: articles and books as its E-utilities give them.

https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html
"""

from collections.abc import Iterable, Iterator

from generator.model import Author, Record
from generator.reading import dates, people, xml
from generator.reading.identifiers import names
from generator.reading.xml import Element
from generator.sources import Document, Found, Rejected, Source, record

NAME = "pubmed"

_PAPERS = ("PubmedArticle", "PubmedBookArticle")


def recognises(head: bytes) -> bool:
    """Tell whether a document that begins with `head` is a set of articles."""
    return b"<PubmedArticle" in head or b"<PubmedBookArticle" in head


def parse(documents: Iterable[Document]) -> Found:
    """Yield a record or a rejection for each article or book."""
    for document in documents:
        try:
            root = xml.root(document.data)
        except ValueError as error:
            yield Rejected(document.place, str(error))
            continue
        for paper in root.iter(*_PAPERS):
            try:
                yield _article(paper) if xml.name(paper) == "PubmedArticle" else _book(paper)
            except ValueError as error:
                yield Rejected(f"{document.place}:{paper.sourceline}", str(error))


def _article(paper: Element) -> Record:
    """Return what an article's element says. Raises `ValueError` where it is none."""
    citation = paper.find("MedlineCitation")
    article = citation.find("Article") if citation is not None else None
    if citation is None or article is None:
        raise ValueError("there is no <Article>")
    title = xml.text(article, "ArticleTitle") or xml.text(article, "VernacularTitle")
    issued = _issued(article.find("Journal/JournalIssue/PubDate"))
    online = _issued(article.find("ArticleDate"))
    authors = tuple(_authors(article))
    return record(
        NAME,
        names(
            title=title, authors=authors, year=issued, said_doi=_named(paper, "doi"), others=_others(paper, citation)
        ),
        title=title.removeprefix("[").removesuffix("].") if title.startswith("[") else title.removesuffix("."),
        authors=authors,
        abstract="\n\n".join(_abstract(article)),
        topics=[xml.text(each) for each in citation.iterfind("KeywordList/Keyword")],
        published=dates.whole(online) or dates.whole(issued),
        issued=issued,
        type="article",
        journal=xml.text(article, "Journal/Title") or xml.text(article, "Journal/ISOAbbreviation"),
        volume=xml.text(article, "Journal/JournalIssue/Volume"),
        issue=xml.text(article, "Journal/JournalIssue/Issue"),
        pages=xml.text(article, "Pagination/MedlinePgn"),
        url=_page(citation),
        withdrawn=_withdrawn(citation, article),
    )


def _book(paper: Element) -> Record:
    """Return what a book's element says. Raises `ValueError` where it is none."""
    document = paper.find("BookDocument")
    book = document.find("Book") if document is not None else None
    if document is None or book is None:
        raise ValueError("there is no <Book>")
    chapter = xml.text(document, "ArticleTitle")
    title = chapter or xml.text(book, "BookTitle")
    issued = _issued(book.find("PubDate"))
    authors = (*_authors(document),) or (*_authors(book),)
    return record(
        NAME,
        names(
            title=title, authors=authors, year=issued, said_doi=_named(document, "doi"), others=_others(paper, document)
        ),
        title=title.removesuffix("."),
        authors=authors,
        abstract="\n\n".join(_abstract(document)),
        published=dates.whole(issued),
        issued=issued,
        type="incollection" if chapter else "book",
        venue=xml.text(book, "BookTitle") if chapter else None,
        publisher=xml.text(book, "Publisher/PublisherName"),
        url=_page(document),
    )


def _authors(parent: Element) -> Iterator[Author]:
    for author in parent.iterfind("AuthorList/Author"):
        given = xml.text(author, "ForeName") or xml.text(author, "Initials")
        parts = (given, xml.text(author, "LastName"), xml.text(author, "Suffix"))
        places = [xml.text(place) for place in author.iterfind("AffiliationInfo/Affiliation")]
        found = people.author(
            " ".join(filter(None, parts)) or xml.text(author, "CollectiveName"),
            affiliation="; ".join(places) or xml.text(author, "Affiliation"),
            said_orcid=xml.text(author, "Identifier[@Source='ORCID']"),
        )
        if found:
            yield found


def _abstract(parent: Element) -> Iterator[str]:
    """Yield the parts of an abstract, each under its label."""
    for part in parent.iterfind("Abstract/AbstractText"):
        label = part.get("Label", "")
        said = " ".join(xml.text(part).split())
        if said:
            yield f"{label.capitalize()}: {said}" if label else said


def _issued(said: Element | None) -> str | None:
    if said is None:
        return None
    exact = dates.issued(xml.text(said, "Year"), xml.text(said, "Month"), xml.text(said, "Day"))
    return exact or dates.issued(xml.text(said, "MedlineDate")[:4])


def _named(parent: Element, kind: str) -> str:
    for each in parent.iterfind(f".//ArticleIdList/ArticleId[@IdType='{kind}']"):
        if not any(xml.name(above) == "ReferenceList" for above in each.iterancestors()):
            return xml.text(each)
    return xml.text(parent, f".//ELocationID[@EIdType='{kind}']")


def _others(paper: Element, citation: Element) -> dict[str, str]:
    return {"pmid": xml.text(citation, "PMID"), "pmcid": _named(paper, "pmc"), "nbk": _named(paper, "bookaccession")}


def _page(citation: Element) -> str:
    return f"https://pubmed.ncbi.nlm.nih.gov/{xml.text(citation, 'PMID').strip()}/"


def _withdrawn(citation: Element, article: Element) -> str | None:
    kinds = {xml.text(each) for each in article.iterfind("PublicationTypeList/PublicationType")}
    if "Retracted Publication" not in kinds:
        return None
    notes = citation.iterfind("CommentsCorrectionsList/CommentsCorrections[@RefType='RetractionIn']")
    return " ".join(["retracted", *(f"in {xml.text(note, 'RefSource')}" for note in notes)])


SOURCE = Source(
    name=NAME,
    label="pubmed",
    about="articles and books of PubMed (XML)",
    recognises=recognises,
    parse=parse,
)
