"""What a page may load and do: its content security policy (https://www.w3.org/TR/CSP3/).

A page takes everything from its own site and runs only the theme's scripts: files of its own, and those inside the page
whose digest the policy names. So even a text that got past every other guard could neither run nor call home. A static
host sends no headers of ours, hence the policy stands in the page; `frame-ancestors` cannot be said there.
"""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256


def policy(scripts: Iterable[str], *, forms: str = "") -> str:
    """Return the policy of a page that may hold the inline `scripts`; `forms` is another host its forms may ask."""
    directives = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *sorted(map(digest, scripts))]),
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "form-action": f"'self' {forms}".strip(),
        "base-uri": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def digest(script: str) -> str:
    """Return the source expression that allows the inline `script`: its SHA-256 as UTF-8."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
