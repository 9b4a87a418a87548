"""What a phone needs to keep the site among its programs: https://www.w3.org/TR/appmanifest/."""

from collections.abc import Iterator
from pathlib import PurePosixPath

import msgspec

from generator.model import Artifact
from generator.outputs import Output
from generator.site import Site

FILE = "manifest.webmanifest"
_ICON = ("img", "icon.svg")


def files(site: Site) -> Iterator[Artifact]:
    """Yield manifest.webmanifest."""
    masthead, language = site.masthead, site.edition.language
    icons = [
        {"src": str(asset.path), "type": "image/svg+xml", "sizes": "any"}
        for asset in site.assets
        if asset.path.parts[-2:] == _ICON
    ]
    told = {
        "name": masthead.title,
        "short_name": masthead.title,
        "description": masthead.description,
        "lang": language.tag,
        "dir": language.direction,
        "start_url": "./",
        "display": "minimal-ui",
        "icons": icons,
    }
    data = msgspec.json.format(msgspec.json.encode({key: value for key, value in told.items() if value}), indent=1)
    yield Artifact(PurePosixPath(FILE), data + b"\n")


OUTPUT = Output(files, about="what a phone needs to keep the site among its programs")
