"""Check content and site: what is wrong, where, and by which rule. Nothing is changed that was not shown first."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from msgspec import Struct

from generator.commands.check import data, external, host, manifest, repair, report, site, twice
from generator.commands.check.finding import Finding
from generator.commands.check.report import Form, Report
from generator.commands.check.rules import RULES
from generator.config import Settings
from generator.errors import ContentError, UsageError
from generator.lock import CONTENT
from generator.progress import Progress
from generator.store import disk
from generator.text import plural

What = Literal["data", "site", "links", "all"]


class Options(Struct, frozen=True, kw_only=True):
    """How to check, and what to make of it.

    `against` is the site.json of the site before, of which at most `most_lost` percent may be gone. At most `most`
    findings of one rule are shown. `fail_on` is the least that makes the check fail. `external` asks the addresses
    outside of the site; `reproducible` and `manifest` are checks of their own; `fix` repairs before it checks.
    """

    against: Path | None = None
    most_lost: float = 5.0
    form: Form = "text"
    fail_on: Literal["error", "warning"] = "error"
    most: int = 200
    external: bool = False
    reproducible: bool = False
    manifest: bool = False
    fix: bool = False


class Surroundings(Struct, frozen=True, kw_only=True):
    """What some checks need of the world: the moment, the command that builds anew into a folder, whom to `ask`."""

    now: datetime
    build: tuple[str, ...]
    environment: Mapping[str, str]
    ask: Callable[[str], bool]


def run(
    settings: Settings,
    what: What,
    options: Options,
    *,
    output: Path,
    surroundings: Surroundings,
    progress: Progress,
) -> int:
    """Check what `what` and `options` name, and say what is wrong, then the totals.

    Returns 1 if something is as grave as `options.fail_on`, else 0.
    Raises `UsageError` for options that do not go together, and where a site was asked for and there is none.
    """
    _refuse(what, options)
    if options.external:
        return _links(settings, options, surroundings.now, progress)
    if options.reproducible or options.manifest:
        return _again(settings, options, output, surroundings, progress)
    before = host.read_previous(options.against) if options.against else None
    if options.fix:
        repair.run(settings.root / "content", settings.cache / CONTENT, ask=surroundings.ask, progress=progress)
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


def _refuse(what: What, options: Options) -> None:
    """Raise `UsageError` for what does not go together."""
    alone = options.reproducible or options.manifest
    if (what == "links") != options.external:
        hint = "links within the site are the business of: broadsheet check site"
        raise UsageError("links and --external go together: check links --external", hint=hint)
    if alone and (what != "all" or options.fix or options.external):
        raise UsageError("--reproducible and --manifest are checks of their own", hint="leave the rest out")
    if options.fix and (what in {"site", "links"} or options.form != "text"):
        raise UsageError("--fix repairs content, and shows it as text", hint="broadsheet check data --fix")


def _links(settings: Settings, options: Options, now: datetime, progress: Progress) -> int:
    """Ask the addresses that the content links to, and say which do not answer."""
    with external.client_of(settings) as client, progress.step("links") as step:
        found, count, left = external.findings(
            settings.root / "content",
            settings.cache / "links.json",
            client,
            now=now,
            skip=settings.check.skip_links,
            track=step.track,
        )
        step.counts(plural(count, "link"), f"{left:,} left for the next time")
    return tell(settings, options, found, {"links": count}, progress)


def _again(settings: Settings, options: Options, output: Path, surroundings: Surroundings, progress: Progress) -> int:
    """Compare the site with what was made, or what is made with what is made again."""
    found: list[Finding] = []
    checked = {"files": 0}
    if options.manifest:
        found, checked["files"] = manifest.findings(_built(output))
    if options.reproducible:
        told, count = twice.findings(surroundings.build, settings.cache, surroundings.environment, progress)
        found += told
        checked["files"] += count
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
