"""What crawlers may read: everything (RFC 9309), and where the list of pages is."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from generator import urls
from generator.model import Artifact
from generator.outputs import Output
from generator.site import Site


def files(site: Site) -> Iterator[Artifact]:
    """Yield robots.txt. Crawlers read it only where the archive is at the root of its host."""
    text = f"User-agent: *\nAllow: /\n\nSitemap: {urls.absolute(site.masthead.base_url, 'sitemap.xml')}\n"
    yield Artifact(PurePosixPath("robots.txt"), text.encode())


OUTPUT = Output(files, about="what crawlers may read")
