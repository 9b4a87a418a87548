"""Ugly texts, made up and real."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from hypothesis import strategies as st

_PIECES = [
    *"\\`*_{}[]()<>#+-.!|$&=~:;@^%'\"/ \n0a1b2xé李😀",
    *(
        "\n\n",
        "  ",
        "\t",
        "    ",
        "***",
        "---",
        "___",
        "```",
        "~~~",
        "``",
        "''",
        "1. ",
        "12) ",
        "- ",
        "* ",
        "+ ",
        "# ",
        "> ",
    ),
    *(
        "](",
        "]:",
        "[^1]",
        "![",
        "<b>",
        "</b>",
        "<!--",
        "-->",
        "<?",
        "<http://a.b>",
        "<a@b.c>",
        "&lt;",
        "&amp;",
        "&#36;",
    ),
    *(
        "$x$",
        "$x_1$",
        "$$y$$",
        "\\(z\\)",
        "\\[w\\]",
        "\\$",
        "\\\\",
        "\\(",
        "\\)",
        "$5",
        "$ ",
        "$\\sim$5",
        "{\\it a}",
        "\\'e",
    ),
    *("https://a.b/c_d", "http://1.2.3.4.5/", "https://x.y/(z)", "www.a.b", "a_b", "*[a]: b", "|a|b|\n|-|-|\n|1|2|"),
    *("\u00a0", "\u3000", "\u0301", "\u200b", "&copy", "{{x}}", "{%", "wzxhzdk:0", "klzzwxh:0001", "!!! note", "[TOC]"),
]
NASTY = st.lists(st.sampled_from(_PIECES), max_size=14).map("".join) | st.text(max_size=60)


def abstracts(folder: Path) -> Iterator[str]:
    """Yield every abstract of the real lists in `folder`, as the service sent it."""
    for path in sorted((folder / "hf_daily_papers" / "months").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield from (record["paper"]["summary"] for record in json.loads(line)["response"])
