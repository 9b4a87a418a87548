"""The theme's style sheets, scripts and pictures."""

from collections.abc import Iterator

from generator.model import Artifact
from generator.outputs import Output
from generator.site import Site


def files(site: Site) -> Iterator[Artifact]:
    """Yield the theme's files."""
    yield from site.assets


OUTPUT = Output(files, about="the theme's style sheets, scripts and pictures")
