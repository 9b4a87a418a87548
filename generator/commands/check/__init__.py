"""Check content and site: what is wrong, where, and by which rule. Nothing is changed."""

from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from msgspec import Struct

from generator.commands.check import data, host, report, site
from generator.commands.check.finding import Finding
from generator.commands.check.report import Form, Report
from generator.commands.check.rules import RULES
from generator.config import Settings
from generator.errors import ContentError, UsageError
from generator.progress import Progress
from generator.store import disk
from generator.text import plural

What = Literal["data", "site", "all"]


class Options(Struct, frozen=True, kw_only=True):
    """How to check, and what to make of it.

    `against` is the site.json of the site before, of which at most `most_lost` percent may be gone. At most `most`
    findings of one rule are shown. `fail_on` is the least that makes the check fail.
    """

    against: Path | None = None
    most_lost: float = 5.0
    form: Form = "text"
    fail_on: Literal["error", "warning"] = "error"
    most: int = 200


def run(settings: Settings, what: What, options: Options, *, output: Path, progress: Progress) -> int:
    """Check the content of `settings`, the site in `output`, or both, and say what is wrong, then the totals.

    Returns 1 if something is as grave as `options.fail_on`, else 0.
    Raises `UsageError` where a site was asked for and there is none, or `options.against` cannot be used.
    """
    before = host.read_previous(options.against) if options.against else None
    found: list[Finding] = []
    checked: dict[str, int] = {}
    if what != "site":
        with progress.step("data") as step:
            found, checked["records"] = data.findings(settings.root / "content")
            step.counts(plural(checked["records"], "record"))
    if what == "site" or (what == "all" and output.is_dir()):
        with progress.step("site") as step:
            told, checked["pages"] = site.findings(_built(output), settings.site.base_url, step.track)
            step.counts(plural(checked["pages"], "page"))
        found += told + host.findings(output, _published(settings), before, most_lost=options.most_lost)
    return tell(settings, options, found, checked, progress)


def tell(
    settings: Settings, options: Options, found: Collection[Finding], checked: dict[str, int], progress: Progress
) -> int:
    """Say what was `found`, and return the exit code that it comes to."""
    for rule in settings.check.ignore:
        if rule not in RULES:
            near = get_close_matches(rule, RULES, n=1)
            progress.warn(f'check.ignore: there is no rule "{rule}"{f"; did you mean {near[0]!r}?" if near else ""}')
    made = report.report_of(found, checked, silent=settings.check.ignore, most=options.most)
    _say(made, options.form, progress)
    return int(bool(made.errors or (options.fail_on == "warning" and made.warnings)))


def _say(made: Report, form: Form, progress: Progress) -> None:
    for rule, count in made.cut.items():
        progress.line("check", f"{rule}: {plural(count, 'more finding')} not shown")
    if form == "json":
        progress.data(made)
        return
    if form == "sarif":
        progress.data(report.sarif(made))
        return
    for finding in made.findings:
        if form == "github":
            progress.annotation(report.level(finding), finding.message, report.place(finding), title=finding.rule)
        else:
            progress.result(report.line(finding))
    progress.result(made.totals)


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
