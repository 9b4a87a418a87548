"""Bytes as text."""


def decoded(data: bytes) -> str:
    """Return `data`, which is UTF-8, as text. Raises `ValueError`, with the line, where it is not."""
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(f"not UTF-8, from line {line} on: save the file as UTF-8") from error
