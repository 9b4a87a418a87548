"""What browsers need to search here from their address bar: https://github.com/dewitt/opensearch."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree

from generator import text, urls
from generator.model import Artifact
from generator.outputs import Output
from generator.site import Site

FILE = "opensearch.xml"
_NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
# The longest that the specification allows.
_NAME, _DESCRIPTION = 16, 1024


def files(site: Site) -> Iterator[Artifact]:
    """Yield opensearch.xml, where the archive has a search page."""
    if all(leaf.url != urls.SEARCH for leaf in site.pages.leaves):
        return
    masthead = site.masthead
    root = etree.Element("OpenSearchDescription", xmlns=_NAMESPACE)
    etree.SubElement(root, "ShortName").text = _cut(text.clean(masthead.title), _NAME)
    told = text.clean(masthead.description) or site.edition.language.gettext("Search all papers")
    etree.SubElement(root, "Description").text = _cut(told, _DESCRIPTION)
    etree.SubElement(root, "InputEncoding").text = "UTF-8"
    template = f"{urls.absolute(masthead.base_url, urls.SEARCH)}?q={{searchTerms}}"
    etree.SubElement(root, "Url", type="text/html", method="get", template=template)
    yield Artifact(PurePosixPath(FILE), etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _cut(words: str, most: int) -> str:
    """Return as many of `words` as fit into `most` characters."""
    return words if len(words) <= most else words[: most + 1].rpartition(" ")[0] or words[:most]


OUTPUT = Output(files, about="searching here from a browser's address bar")
