"""Papers as schema.org describes them, for search engines: JSON-LD (https://schema.org/ScholarlyArticle)."""

from collections.abc import Mapping

import msgspec

from generator import tex, urls
from generator.citation.names import name_of
from generator.citation.publication import container
from generator.model import Author, Paper

# As JSON's own escapes, nothing in a title can end the element that holds it, or the line.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def scholarly_article(paper: Paper, *, url: str, archive: str, archive_url: str) -> str:
    """Return `paper`, whose page is at `url`, as JSON-LD that may stand in a `<script>`: `<`, `>` and `&` are escaped.

    `archive` and `archive_url` name the site that the page is part of. Abstract and keywords are in the page itself.
    """
    article = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": url,
        "url": url,
        "headline": tex.plain(paper.title),
        "author": [_author(author) for author in paper.authors],
        "datePublished": paper.published.isoformat() if paper.published else "",
        "dateModified": paper.updated.isoformat() if paper.updated else "",
        "identifier": [
            _identifier(kind, value) for kind, value in (("arXiv", paper.arxiv), ("DOI", paper.doi)) if value
        ],
        "sameAs": list(dict.fromkeys(link for link in (urls.landing(paper), urls.doi(paper)) if link)),
        "encoding": _pdf(urls.pdf(paper)),
        "license": paper.licence if paper.licence.startswith(("https://", "http://")) else "",
        "creativeWorkStatus": "Withdrawn" if paper.withdrawn else "",
        "isPartOf": [
            *([{"@type": "PublicationIssue", "name": tex.plain(container(paper))}] if container(paper) else []),
            {"@type": "Collection", "name": archive, "url": archive_url},
        ],
    }
    return msgspec.json.encode(_known(article)).decode().translate(_ESCAPES)


def _author(author: Author) -> Mapping[str, object]:
    name = name_of(author.name)
    return _known(
        {
            "@type": "Organization" if name.is_group else "Person",
            "name": author.name,
            "affiliation": {"@type": "Organization", "name": author.affiliation} if author.affiliation else {},
            "identifier": f"https://orcid.org/{author.orcid}" if author.orcid else "",
        }
    )


def _identifier(kind: str, value: str) -> Mapping[str, str]:
    return {"@type": "PropertyValue", "propertyID": kind, "value": value}


def _pdf(url: str) -> Mapping[str, str]:
    return {"@type": "MediaObject", "contentUrl": url, "encodingFormat": "application/pdf"} if url else {}


def _known(given: Mapping[str, object]) -> Mapping[str, object]:
    """Return what is not empty."""
    return {name: value for name, value in given.items() if value}
