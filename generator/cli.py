"""The command line: flags become settings, settings one command, its end an exit code.

Only here are errors caught and printed, and clock and environment read. docs/cli.md has the table of exit codes.
"""

import os
import sys
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from generator import __version__, commands
from generator.config import FILE, SOURCES, Settings, explained
from generator.errors import BroadsheetError, OutputError, SettingsError, UsageError
from generator.lock import BUILD, held
from generator.progress import Colour, Progress
from generator.text import plural

INTERRUPTED = 130
BUG = 1

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_EXAMPLES = """\b
Examples:
  broadsheet init papers --template demo
  broadsheet -C papers serve --open
"""


@dataclass
class Session:
    """What one call knows of the world around it."""

    environment: Mapping[str, str]
    clock: Callable[[], datetime]
    progress: Progress = field(default_factory=Progress)
    verbose: int = 0
    yes: bool = False
    offline: bool = False
    root: Path = Path()
    file: Path = Path(FILE)

    def settings(self, **flags: str) -> Settings:
        """Return the settings of the archive at hand. Raises `SettingsError` where there is none, or a wrong one."""
        return self.explained(**flags)[0]

    def explained(self, **flags: str) -> tuple[Settings, Mapping[str, str]]:
        """Return the settings of the archive at hand, and where each key that was given was given."""
        try:
            text = self.file.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            hint = "begin an archive with: broadsheet init, or name its folder with -C"
            raise SettingsError(f"there is no {FILE} here", where=str(self.file.parent), hint=hint) from error
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"cannot be read: {error}", where=str(self.file)) from error
        overrides = {**self.environment, **flags}
        where = str(self.file)
        known = _Kinds()
        return explained(text, root=self.root, kinds=known, where=where, overrides=overrides, warn=self.progress.warn)

    def now(self) -> datetime:
        """Return the moment everything happens at: SOURCE_DATE_EPOCH if it is set, else what the clock says."""
        epoch = self.environment.get("SOURCE_DATE_EPOCH")
        if not epoch:
            return self.clock()
        try:
            return datetime.fromtimestamp(int(epoch), UTC)
        except (ValueError, OverflowError, OSError) as error:
            raise UsageError(f"must be a number of seconds, got {epoch!r}", where="SOURCE_DATE_EPOCH") from error

    def asks(self, question: str) -> bool:
        """Return what the owner says to `question`. Raises `UsageError` where nobody is there to answer."""
        if self.yes:
            return True
        if not sys.stdin.isatty():
            raise UsageError("nobody is here to be asked", hint="say yes beforehand: --yes")
        return click.confirm(question, err=True)

    def may_ask(self, what: str, hint: str) -> None:
        """Raise `UsageError` where `what` needs the network, and that is refused."""
        if self.offline:
            raise UsageError(f"{what} needs the network, and --offline refuses it", hint=hint)

    def today(self, settings: Settings) -> date:
        """Return the day it is where the archive is at home."""
        return self.now().astimezone(ZoneInfo(settings.site.timezone)).date()


class Moment(click.ParamType[datetime]):
    """A day or a moment (ISO 8601); without a zone it is in UTC."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the moment that `value` stands for."""
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value} is not a date such as 2026-02-03, or 2026-02-03T06:40+01:00", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Day(click.ParamType[date]):
    """A day."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day that `value` stands for."""
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value} is not a date such as 2026-02-03", param, ctx)


def main() -> None:
    """Run the command line and end the process."""
    sys.exit(run(sys.argv[1:], environment=os.environ, clock=lambda: datetime.now(UTC)))


def run(arguments: Sequence[str], *, environment: Mapping[str, str], clock: Callable[[], datetime]) -> int:
    """Run one command and return its exit code; whatever goes wrong is said on standard error."""
    session = Session(environment, clock)
    try:
        return broadsheet.main(list(arguments), "broadsheet", standalone_mode=False, obj=session) or 0
    except Exception as error:  # noqa: BLE001  The last resort, which says all there is to say.
        return _failed(session, error)


def _failed(session: Session, error: Exception) -> int:
    """Say what went wrong, and return the exit code that stands for it."""
    match error:
        case click.Abort():
            session.progress.line("interrupted", "what was there before is as it was")
            return INTERRUPTED
        case click.ClickException() if session.progress.as_json:
            session.progress.error(UsageError(error.format_message()))
            return UsageError.exit_code
        case click.ClickException():
            error.show()
            return UsageError.exit_code
        case BroadsheetError():
            session.progress.error(error)
            if session.verbose > 1:
                traceback.print_exception(error)
            return error.exit_code
        case OSError(filename=str(name)):
            session.progress.error(OutputError(str(error.strerror), where=name))
            return OutputError.exit_code
    _report(session, error)
    return BUG


def _report(session: Session, error: Exception) -> None:
    """Say that this is a bug of ours, and keep what is known of it in a file."""
    told = "".join(traceback.format_exception(error))
    places = [(frame.name, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    # The same bug has the same name on every machine.
    name = blake2b(repr((__version__, type(error).__name__, places)).encode(), digest_size=4).hexdigest()
    log = session.root / ".broadsheet" / f"bug-{name}.txt"
    try:
        log.write_text(f"Broadsheet {__version__}, Python {sys.version}, {sys.platform}\n\n{told}", encoding="utf-8")
        kept = str(log)
    except OSError:  # no archive, perhaps
        kept = "the lines above"
    if not session.progress.as_json:
        sys.stderr.write(told)
    message = f"this is a bug in Broadsheet {__version__} ({name}), not something you did"
    hint = f"please report it to those you have Broadsheet from, with the command you gave and {kept}"
    session.progress.error(BroadsheetError(message, hint=hint))


def kinds() -> frozenset[str]:
    """Return the kinds of sources that settings may name: those that can be asked."""
    return frozenset(name for name, source in commands.kinds.known_sources().items() if source.fetch is not None)


class _Kinds(Collection[str]):
    """The kinds of sources that can be asked; they are loaded only where a kind is not one of the defaults."""

    def __contains__(self, kind: object) -> bool:
        return any(source.kind == kind for source in SOURCES) or kind in kinds()

    def __iter__(self) -> Iterator[str]:
        return iter(kinds())

    def __len__(self) -> int:
        return len(kinds())


class _InOrder(click.Group):
    """Commands in the order in which an owner meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  The name is the library's.
        """Return the names of the commands."""
        return list(self.commands)


@click.group(
    cls=_InOrder, epilog=_EXAMPLES, context_settings={"help_option_names": ["-h", "--help"], "show_default": True}
)
@click.version_option(__version__, prog_name="broadsheet")
@click.option("-C", "--root", type=_FOLDER, default=Path(), show_default="this folder", help="Folder of the archive.")
@click.option("--config", type=_FILE, show_default=f"{FILE} in the archive", help="Settings file.")
@click.option("-q", "--quiet", is_flag=True, help="Only warnings, errors and results.")
@click.option("-v", "--verbose", count=True, help="More details; -vv adds a traceback to errors.", show_default=False)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colours in the output.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Progress and messages as lines, or as one JSON object a line.",
)
@click.option("--yes", is_flag=True, help="Ask nothing: the answer to every question is yes, or the default.")
@click.option("--offline", is_flag=True, help="Refuse the network to every command.")
@click.pass_obj
def broadsheet(
    session: Session, /, root: Path, config: Path | None, verbose: int, color: Colour, *, quiet: bool, **said: Any
) -> None:
    """Turn records of research papers into a fast static site with feeds."""
    session.yes, session.offline = said["yes"], said["offline"]
    session.root = root
    session.file = config or root / FILE
    session.verbose = verbose
    annotate = session.environment.get("GITHUB_ACTIONS") == "true"
    session.progress = Progress(
        quiet=quiet, verbose=verbose > 0, colour=color, annotate=annotate, as_json=said["log_format"] == "json"
    )


@broadsheet.command()
@click.argument("folder", type=_FOLDER, required=False, metavar="[DIR]")
@click.option(
    "--template", type=click.Choice(["minimal", "demo"]), default="minimal", help="Empty, or with real papers."
)
@click.option("--yes", is_flag=True, help="Ask nothing; take the defaults.")
@click.option("--force", is_flag=True, help="Add what is missing to a folder that is not empty.")
@click.pass_obj
def init(session: Session, folder: Path | None, template: "commands.init.Template", *, yes: bool, force: bool) -> None:
    """Begin an archive in DIR, or in this folder."""
    answers = commands.init.defaults(template, kinds())
    if not (yes or session.yes):
        for name, question in commands.init.QUESTIONS.items():
            answers = _ask(answers, name, question)
    folder = session.root / folder if folder else session.root
    commands.init.run(folder, answers, template=template, force=force, progress=session.progress)


def _ask(answers: "commands.init.Answers", name: str, question: str) -> "commands.init.Answers":
    """Ask until the answer can be used."""

    def used(answer: str) -> "commands.init.Answers":
        try:
            return commands.init.answered(answers, name, answer, kinds())
        except BroadsheetError as error:
            raise click.BadParameter(str(error)) from error

    value = getattr(answers, name)
    default = " ".join(value) if isinstance(value, tuple) else value
    return click.prompt(question, default=default, value_proc=used, err=True)


@broadsheet.command()
@click.option("--date", "day", type=Day(), help="The papers of this day.")
@click.option(
    "--since", type=Day(), show_default="the newest day there is", help="The papers of this day and later ones."
)
@click.option("--until", type=Day(), show_default="today", help="The last day.")
@click.option("--days", type=int, help="That many days, the last one included.")
@click.option("--week", metavar="YYYY-Www", help="The papers of a week (ISO 8601).")
@click.option("--month", metavar="YYYY-MM", help="The papers of a month.")
@click.option("--id", "ids", multiple=True, metavar="ID", help="One paper; may be given again.")
@click.option("--missing", is_flag=True, help="Only days that should have papers and have none.")
@click.option("--refresh-votes", type=int, metavar="N", help="Only the counts of the last N days.")
@click.option("--source", metavar="KIND", help="Ask this source only.")
@click.option("--limit", type=int, help="Take at most that many records of each answer.")
@click.option("--max-age", type=float, metavar="HOURS", help="Ask for nothing again that came since then.")
@click.option("--from-cache", is_flag=True, help="Ask nobody: read the answers again that are kept.")
@click.option("--allow-shrink", is_flag=True, help="Take lists that have lost papers, and take those off their day.")
@click.option("--dry-run", is_flag=True, help="Ask and say what would happen, but write nothing.")
@click.option("--strict", is_flag=True, help="End with 1 if a record could not be read.")
@click.option("--require-new", is_flag=True, help="End with 4 if there is no new paper.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.pass_obj
def fetch(session: Session, /, *, as_json: bool, **options: Any) -> int:
    """Fetch records from the sources into content/.

    Without options: from the newest day there is until today, and the days whose counts may still change; the last
    seven days in an empty archive. A fetch that was interrupted goes on where it was.
    """
    settings = session.settings()
    if not options["from_cache"]:
        session.may_ask("fetch", "read the answers again that are kept: --from-cache")
    with commands.fetch.client_of(settings) as client:
        return commands.fetch.run(
            settings,
            commands.wanted.Options(**options),
            now=session.now().replace(microsecond=0),
            today=session.today(settings),
            client=client,
            progress=session.progress,
            as_json=as_json,
        )


@broadsheet.command("import")
@click.argument("files", type=_FILE, nargs=-1, required=True, metavar="FILE...")
@click.option("--format", metavar="FORMAT", default="auto", help="What the files are; auto finds it out.")
@click.option("--map", type=_FILE, show_default="by their names", help="File that says which column holds what.")
@click.option("--match", type=click.Choice(["title", "id"]), default="title", help="How a known paper is found.")
@click.option(
    "--on-conflict",
    type=click.Choice(["update", "keep", "ask"]),
    default="update",
    help="What happens where a paper is known and a file says otherwise.",
)
@click.option("--date-year", type=click.IntRange(1991, 2199), metavar="YYYY", help="Year of dates that have none.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, but write nothing.")
@click.option("--strict", is_flag=True, help="End with 1 if any record was rejected.")
@click.pass_obj
def import_(session: Session, /, files: tuple[Path, ...], **options: Any) -> int:
    """Bring records from FILEs into content/.

    Reads recorded answers of services, files of reference managers, tables, feeds and the text of a page, packed with
    gzip or not. docs/sources.md tells what each FORMAT gives.

    What may be about several known papers goes to review.yml, which is a FILE too once somebody has decided.
    """
    settings = session.settings()
    asks = sys.stdin.isatty() and sys.stderr.isatty() and not session.yes
    return commands.import_.run(
        settings,
        files,
        commands.import_.Options(**options),
        today=session.today(settings),
        progress=session.progress,
        ask=(lambda question: click.confirm(question, err=True)) if asks else None,
    )


@broadsheet.command()
@click.option("-o", "--output", type=_FOLDER, show_default="site in the archive", help="Folder of the finished site.")
@click.option(
    "--from",
    "content_from",
    metavar="URL",
    default="",
    show_default=False,
    help="Take the content from shared storage.",
)
@click.option(
    "--to",
    metavar="URL",
    default="",
    show_default=False,
    help="Put the site into shared storage, in place of a folder.",
)
@click.option("--base-url", default="", show_default="the one in the settings", help="Address of the site.")
@click.option("--now", type=Moment(), show_default="SOURCE_DATE_EPOCH, or the clock", help="Build as of this moment.")
@click.option("--full", is_flag=True, help="Make everything anew, whatever is remembered.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", show_default="build.jobs", help="Use N processes.")
@click.option(
    "--cluster", metavar="ADDRESS", default="", show_default=False, help="Have the workers of a Dask cluster help."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def build(
    session: Session,
    /,
    output: Path | None,
    base_url: str,
    now: datetime | None,
    *,
    content_from: str,
    to: str,
    full: bool,
    as_json: bool,
    **by: Any,
) -> None:
    """Make the site from content/, without the network.

    Only storage (--from, --to) and a cluster are asked, where they are named.
    """
    settings = session.settings(**{"--base-url": base_url})
    if output and to:
        raise UsageError("the site goes to a folder or to storage", where="--to", hint="leave --output or --to out")
    if any("://" in url and not url.startswith(("file:", "memory:")) for url in (content_from, to, by["cluster"])):
        session.may_ask("build with storage or a cluster", "leave --from, --to and --cluster out")
    folder = to or output or settings.root / "site"
    with held(settings.cache / BUILD, "build"):
        found = commands.start.start(settings, folder, now or session.now(), full=full, content_from=content_from)
        # What makes pages takes longer to load than it takes to see that there is nothing to make.
        report = commands.start.standing(found) or _make(session, found, **by)
    for warning in report.weight.warnings:
        session.progress.warn(f"{warning}; see size.extent in docs/settings.md", str(folder))
    if as_json:
        session.progress.data(report)
    else:
        session.progress.result(_built(report, folder))
        for part in (*report.weight.folders, *report.weight.largest):
            session.progress.detail(f"{part.path}: {plural(part.files, 'file')}, {part.size / 1e6:,.1f} MB")


def _make(
    session: Session, found: "commands.start.Start", *, jobs: int | None, cluster: str
) -> "commands.start.Report":
    """Build the site of `found`, with helpers where they are wanted."""
    jobs = jobs or found.settings.build.jobs
    if jobs == 1 and not cluster:
        return commands.build.make(found, progress=session.progress)
    with commands.crew.hired(jobs, cluster, session.progress) as crew:
        return commands.build.make(found, progress=session.progress, crew=crew)


def _built(report: "commands.start.Report", folder: Path | str) -> str:
    weight = report.weight
    size = f"{weight.size / 1e6:,.1f} MB"
    largest = ", ".join(f"{part.path} {part.size / 1e6:,.1f} MB" for part in (*weight.folders[:3], *weight.largest[:1]))
    return (
        f"{folder}: {plural(sum(report.pages.values()), 'page')} for {plural(report.papers, 'paper')}, "
        f"{plural(weight.files, 'file')}, {size} ({report.extent}; largest: {largest}), {report.seconds:.1f} s"
    )


@broadsheet.command()
@click.argument("what", type=click.Choice(["data", "site", "links"]), required=False, metavar="[data|site|links]")
@click.option("-o", "--output", type=_FOLDER, show_default="site in the archive", help="Folder of the finished site.")
@click.option("--base-url", default="", show_default="the one in the settings", help="Address the site was built for.")
@click.option("--against", type=_FILE, metavar="SITE.JSON", help="What the site said of itself before.")
@click.option(
    "--most-lost",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    default=5.0,
    help="Of its pages, papers and days, so many may be gone.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    help="Lines, JSON, annotations of GitHub's runners, or SARIF 2.1.0.",
)
@click.option("--fail-on", type=click.Choice(["error", "warning"]), default="error", help="The least that ends with 1.")
@click.option(
    "--max", "most", type=click.IntRange(0), metavar="N", default=200, help="Show at most N findings of one rule."
)
@click.option("--external", is_flag=True, help="With links: ask the addresses that papers and texts link to.")
@click.option("--reproducible", is_flag=True, help="Only build twice from nothing, and compare.")
@click.option("--manifest", is_flag=True, help="Only compare the files of the site with what the build made.")
@click.option("--fix", is_flag=True, help="First repair what is sure, after showing it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def check(
    session: Session,
    /,
    what: "commands.check.What | None",
    *,
    output: Path | None,
    base_url: str,
    yes: bool,
    **options: Any,
) -> int:
    """Find what is wrong in content/ (data), in the site, or in both.

    Nothing is changed without --fix, and the network is used by links --external only.
    """
    session.yes = session.yes or yes
    settings = session.settings(**{"--base-url": base_url})
    asked = commands.check.Options(**options)
    if asked.external:
        session.may_ask("check links --external", "leave one of the two out")
    command = [sys.executable, "-m", "generator", "--quiet", "-C", str(session.root), "--config", str(session.file)]
    command += ["build", "--full", "--now", session.now().isoformat(), "--base-url", base_url, "--output"]
    return commands.check.run(
        settings,
        what or "all",
        asked,
        output=output or settings.root / "site",
        surroundings=commands.check.Surroundings(
            now=session.now(), build=tuple(command), environment=session.environment, ask=session.asks
        ),
        progress=session.progress,
    )


@broadsheet.command()
@click.option("--now", type=Moment(), show_default="SOURCE_DATE_EPOCH, or the clock", help="As of this moment.")
@click.pass_obj
def addresses(session: Session, now: datetime | None) -> None:
    """Note every address, so that each answers for ever.

    They are kept in content/published.txt. What has no page any more gets one that leads on, or says what happened.
    """
    commands.addresses.run(session.settings(), now=now or session.now(), progress=session.progress)


@broadsheet.command()
@click.argument("query", nargs=-1, required=True)
@click.option("-o", "--output", type=_FOLDER, show_default="site in the archive", help="Folder of the finished site.")
@click.option("--limit", type=click.IntRange(1), metavar="NUMBER", default=10, help="Show at most that many papers.")
@click.option("--sort", type=click.Choice(["relevance", "newest", "votes"]), default="relevance", help="Their order.")
@click.option(
    "--json", "form", flag_value="json", type=str, default="text", show_default=False, help="Print them as JSON."
)
@click.option("--bib", "form", flag_value="bib", type=str, show_default=False, help="Print them as BibTeX.")
@click.option("--md", "form", flag_value="md", type=str, show_default=False, help="Print them as a list in Markdown.")
@click.option("--ids", "form", flag_value="ids", type=str, show_default=False, help="Print their ids.")
@click.pass_obj
def search(session: Session, /, query: tuple[str, ...], output: Path | None, **options: Any) -> int:
    """Search the finished site, as its search page does.

    docs/search.md has the language of a QUERY.

    A query that begins with a dash comes after two: search -- -survey agents
    """
    settings = session.settings()
    folder = output or settings.root / "site"
    asked = commands.search.Options(**options)
    return commands.search.run(settings, " ".join(query), asked, output=folder, progress=session.progress)


@broadsheet.command()
@click.option("--host", default="127.0.0.1", help="Address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="NUMBER",
    show_default="8000, or the next free one",
    help="Port to listen at; 0 takes any.",
)
@click.option("--base-path", default="/", help="Serve below this path, as some hosts do.")
@click.option("--open", "open_browser", is_flag=True, help="Open the site in the browser.")
@click.option("--no-reload", is_flag=True, help="Do not reload the browser.")
@click.option("--no-watch", is_flag=True, help="Do not build again on changes.")
@click.pass_obj
def serve(
    session: Session,
    host: str,
    port: int | None,
    base_path: str,
    *,
    open_browser: bool,
    no_reload: bool,
    no_watch: bool,
) -> None:
    """Preview the site; the browser follows every change."""
    session.settings()
    silent = session.progress if session.verbose else Progress(quiet=True)

    def build_into(folder: Path, url: str) -> int:
        settings = session.settings(**{"--base-url": url})
        report = commands.build.run(settings, output=folder, now=session.now(), progress=silent)
        return report.published.written + report.published.removed

    commands.serve.run(
        session.root.resolve(),
        build_into,
        progress=session.progress,
        host=host,
        port=port,
        base_path=base_path,
        reload=not no_reload,
        watch=not no_watch,
        open_browser=open_browser,
    )


@broadsheet.command()
@click.option("--offline", is_flag=True, help="Ask no service.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_obj
def doctor(session: Session, *, offline: bool, as_json: bool) -> int:
    """Say what is wrong with an archive, and what to do."""
    settings = session.settings()
    with commands.doctor.client_of(settings) as client:
        return commands.doctor.run(
            settings,
            now=session.now(),
            today=session.today(settings),
            client=client,
            progress=session.progress,
            offline=offline or session.offline,
            as_json=as_json,
        )


@broadsheet.command()
@click.option("--cache", is_flag=True, help="Remove what the cache holds, the answers of services too.")
@click.option("--output", is_flag=True, help="Remove the site.")
@click.option("--orphans", is_flag=True, help="Remove what is in the site and no build made.")
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and how much.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def clean(session: Session, /, *, yes: bool, **options: bool) -> None:
    """Remove the site and the cache, after telling what and how much.

    Content is never touched, nor is anything else outside of site/ and .broadsheet/; links are not followed.
    """
    session.yes = session.yes or yes
    asked = commands.clean.Options(**options)
    commands.clean.run(session.settings(), asked, ask=session.asks, progress=session.progress)


@broadsheet.group()
def config() -> None:
    """Show the settings, check them, or print their schema."""


@config.command("show")
@click.argument("key", default="", required=False, metavar="[KEY]")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@click.pass_obj
def config_show(session: Session, key: str, *, as_json: bool) -> None:
    """Print every setting, and where its value comes from.

    A KEY is that of a section, such as feeds, or of a value, such as feeds.items or sources.1.url.
    """
    settings, places = session.explained()
    commands.settings.show(settings, places, key, as_json=as_json, progress=session.progress)


@config.command("check")
@click.pass_obj
def config_check(session: Session) -> None:
    """Find out whether the settings can be used."""
    commands.settings.check(session.settings(), session.file, session.progress)


@config.command("schema")
@click.pass_obj
def config_schema(session: Session) -> None:
    """Print the JSON schema of a settings file, for editors."""
    session.progress.data(commands.settings.schema())
