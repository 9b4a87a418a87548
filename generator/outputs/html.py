"""Every page as an HTML file."""

from collections.abc import Iterator

from generator import urls
from generator.model import Artifact
from generator.outputs import Output
from generator.site import Site


def files(site: Site) -> Iterator[Artifact]:
    """Yield the HTML of every page, in the order of the plan."""
    for page in site.pages:
        yield Artifact(urls.file(page.url), site.html(page).encode())


OUTPUT = Output(files, about="every page as HTML")
