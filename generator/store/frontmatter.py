"""A content file: a YAML header between two lines of three dashes, then a Markdown body."""

from generator.errors import ContentError

RULE = "---"
# The header's first line is the file's second.
HEADER_LINE = 2


def split(text: str, where: str) -> tuple[str, str]:
    """Return the header and the body of `text`, the body without empty lines around it.

    Raises `ContentError` where there is no header, or none that ends.
    """
    if not text.startswith(f"{RULE}\n"):
        raise ContentError(
            "no header", where=f"{where}:1", hint=f"begin the file with a line {RULE}, the header, and another {RULE}"
        )
    end = text.find(f"\n{RULE}\n", len(RULE))
    if end < 0 and not text.endswith(f"\n{RULE}"):
        raise ContentError("the header does not end", where=f"{where}:1", hint=f"write a line {RULE} below the header")
    if end < 0:
        return text[len(RULE) + 1 : -len(RULE)], ""
    return text[len(RULE) + 1 : end + 1], text[end + len(RULE) + 2 :].strip("\n").rstrip()


def join(header: str, body: str) -> str:
    """Return the file of `header`, which ends with a newline, and `body`."""
    return f"{RULE}\n{header}{RULE}\n\n{body}\n" if body else f"{RULE}\n{header}{RULE}\n"
