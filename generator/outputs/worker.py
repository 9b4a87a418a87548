"""The service worker that lets readers go on without a network (https://www.w3.org/TR/service-workers/), or its end.

A worker that a browser once got stays there until its file says otherwise. So sw.js is always there: with
`offline.pages`, it keeps that many pages; without, it removes itself and what it kept from every browser that has it.
"""

import json
from collections.abc import Iterator
from pathlib import PurePosixPath

from generator import urls
from generator.model import Artifact
from generator.outputs import Output
from generator.site import Site

# What a page that was kept, or the one for pages that were not, needs to look right.
_SHELL = ("site.css", "js/reader/lists.js", "js/reader/reader.js", "img/icon.svg")


def files(site: Site) -> Iterator[Artifact]:
    """Yield sw.js."""
    most = site.edition.rules.offline
    assets = {PurePosixPath(*asset.path.parts[2:]).as_posix(): asset for asset in site.assets}
    wanted = f"js/worker/{'keep' if most else 'remove'}.js"
    if wanted not in assets:
        return
    script = assets[wanted]
    text = script.data.decode()
    if most:
        folder = PurePosixPath(*script.path.parts[:2]).as_posix()
        shell = [urls.OFFLINE, *(str(assets[name].path) for name in _SHELL if name in assets)]
        constants = {"ASSETS": folder, "SHELL": shell, "MOST": most}
        text = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in constants.items()) + text
    yield Artifact(PurePosixPath("sw.js"), text.encode())


OUTPUT = Output(files, about="the service worker for reading offline, or what removes it")
