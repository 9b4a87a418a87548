"""Check content and site: what is wrong, where, and by which rule. Nothing is changed."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Literal

from generator.commands import check_data, check_host, check_site
from generator.commands.finding import Finding
from generator.config import Settings
from generator.errors import ContentError, UsageError
from generator.progress import Progress
from generator.store import disk
from generator.text import plural

What = Literal["data", "site", "all"]


def run(
    settings: Settings,
    what: What,
    *,
    output: Path,
    progress: Progress,
    previous: Path | None = None,
    most_lost: float = 5.0,
    most: int = 200,
) -> int:
    """Check the content of `settings`, the site in `output`, or both, and print what is wrong, then the totals.

    `previous` is the site.json of the site before, of which at most `most_lost` percent may be gone. At most `most`
    findings of one rule are printed. Returns 1 if there are errors, else 0; a warning is no error.
    Raises `UsageError` where a site was asked for and there is none, or `previous` cannot be used.
    """
    before = check_host.read_previous(previous) if previous else None
    found: list[Finding] = []
    counted: list[str] = []
    if what != "site":
        with progress.step("data") as step:
            data, papers = check_data.findings(settings.root / "content")
            step.counts(plural(papers, "record"))
        found += data
        counted.append(plural(papers, "record"))
    if what == "site" or (what == "all" and output.is_dir()):
        with progress.step("site") as step:
            site, pages = check_site.findings(_built(output), settings.site.base_url, step.track)
            step.counts(plural(pages, "page"))
        found += site + check_host.findings(output, _published(settings), before, most_lost=most_lost)
        counted.append(plural(pages, "page"))
    _print(found, progress, most)
    errors = sum(not finding.warning for finding in found)
    totals = f"{plural(errors, 'error')}, {plural(len(found) - errors, 'warning')}"
    progress.result(f"{totals} in {' and '.join(counted)}")
    return 1 if errors else 0


def _published(settings: Settings) -> frozenset[str]:
    """Return the addresses that must answer; a list that cannot be used is the business of `check data`."""
    try:
        return disk.read_published(settings.root / "content")
    except ContentError:
        return frozenset()


def _built(output: Path) -> Path:
    if not output.is_dir():
        raise UsageError("there is no site here", where=str(output), hint="make it first: broadsheet build")
    return output


def _print(found: Iterable[Finding], progress: Progress, most: int) -> None:
    """Print findings by file; a rule that was broken very often is cut short."""
    by_rule = groupby(sorted(found, key=lambda finding: finding.rule), key=lambda finding: finding.rule)
    shown = []
    for rule, group in by_rule:
        findings = sorted(group)
        shown += findings[:most]
        if len(findings) > most:
            progress.line("check", f"{rule}: {plural(len(findings) - most, 'more finding')} not shown")
    for finding in sorted(shown):
        place = f"{finding.file}:{finding.line}" if finding.line else finding.file
        kind = "warning" if finding.warning else "error"
        progress.result(f"{place} {finding.rule}  {kind}: {finding.message}")
