"""Findings as text, JSON, annotations of GitHub's runners, or SARIF 2.1.0. Pure."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Literal
from urllib.parse import quote

from msgspec import Struct

from generator import __version__
from generator.commands.check.finding import Finding
from generator.commands.check.rules import RULES
from generator.text import plural

Form = Literal["text", "json", "github", "sarif"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


class Report(Struct, frozen=True, kw_only=True):
    """What a check came to: the `findings` to show, in order, and the number of all.

    `checked` is how many there were of what ("records", "pages"); `cut` how many findings of a rule are not shown.
    """

    findings: tuple[Finding, ...]
    errors: int
    warnings: int
    silenced: int
    checked: Mapping[str, int]
    cut: Mapping[str, int]

    @property
    def totals(self) -> str:
        """The last line: "2 errors, 5 warnings in 12,418 records"."""
        checked = " and ".join(plural(count, name.removesuffix("s")) for name, count in self.checked.items())
        silenced = f" ({self.silenced:,} silenced)" if self.silenced else ""
        return f"{plural(self.errors, 'error')}, {plural(self.warnings, 'warning')} in {checked}{silenced}"


def report_of(
    found: Iterable[Finding], checked: Mapping[str, int], *, silent: Iterable[str] = (), most: int = 200
) -> Report:
    """Return the report on what was `found`, by file and line, without the rules in `silent`, `most` of each other."""
    quiet = frozenset(silent)
    every = sorted(found, key=lambda finding: finding.rule)
    heard = [finding for finding in every if finding.rule not in quiet]
    errors = sum(not finding.warning for finding in heard)
    by_rule = {rule: sorted(group) for rule, group in groupby(heard, key=lambda finding: finding.rule)}
    return Report(
        findings=tuple(sorted(finding for findings in by_rule.values() for finding in findings[:most])),
        errors=errors,
        warnings=len(heard) - errors,
        silenced=len(every) - len(heard),
        checked=checked,
        cut={rule: len(findings) - most for rule, findings in by_rule.items() if len(findings) > most},
    )


def line(finding: Finding) -> str:
    """Return a finding as a line: file and line, rule, whether it is an error, and what is wrong."""
    return f"{place(finding)} {finding.rule}  {level(finding)}: {finding.message}"


def place(finding: Finding) -> str:
    """Return where a finding is, as editors and terminals open it."""
    return f"{finding.file}:{finding.line}" if finding.line else finding.file


def level(finding: Finding) -> Literal["error", "warning"]:
    """Return how grave a finding is."""
    return "warning" if finding.warning else "error"


def sarif(report: Report) -> object:
    """Return a report as a SARIF log (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html)."""
    rules = sorted({finding.rule for finding in report.findings})
    driver = {
        "name": "broadsheet",
        "semanticVersion": __version__,
        "rules": [{"id": rule, "shortDescription": {"text": RULES.get(rule, rule)}} for rule in rules],
    }
    results = [_result(finding, rules.index(finding.rule)) for finding in report.findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(finding: Finding, rule: int) -> object:
    location: dict[str, object] = {"artifactLocation": {"uri": _uri(finding.file)}}
    if finding.line:
        location["region"] = {"startLine": finding.line}
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": level(finding),
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": location}],
    }


def _uri(file: str) -> str:
    """Return a path as a URI: relative to the folder of the run, or of the scheme file (RFC 8089)."""
    return f"file://{quote(file)}" if file.startswith("/") else quote(file)
