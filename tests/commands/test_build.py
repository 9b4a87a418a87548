"""Building whole sites."""

import os
import random
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from generator.commands import build
from generator.commands.start import standing, start
from generator.config import Settings, load
from generator.errors import ContentError
from generator.model import Author, Featured, Note, Notes, Override, Paper
from generator.progress import Progress
from generator.shipped import theme_folder
from generator.store import disk
from tests.support import NOW, SETTINGS, archive_at, files_of, html_pages, paper_of, site, site_of

PAGE = """---
id: '2602.00007'
title: Attention is a scarce resource
authors:
- Ada Lovelace
featured:
- {day: 2026-02-02, rank: 1, upvotes: 3}
---

An engine weaves patterns.
"""
HOSTILE = "<script>alert(1)</script>\"'{{ 7 * 7 }}{% raw %}&lt;b&gt;]]>"


def test_one_markdown_page_makes_a_whole_site() -> None:
    """A paper appears on its own page, home, its day, week, month, author, in feeds and twins."""
    files = site_of(PAGE)

    shown = {path for path, text in files.items() if "scarce resource" in text}

    assert shown >= {
        "index.html",
        "paper/2602.00007/index.html",
        "day/2026-02-02/index.html",
        "week/2026-W06/index.html",
        "month/2026-02/index.html",
        "author/ada-lovelace/index.html",
        "feed.xml",
        "atom.xml",
        "feed.json",
        "paper/2602.00007/index.md",
        "paper/2602.00007/index.json",
        "paper/2602.00007/papers.bib",
    }


def test_titles_are_text_on_every_page_that_shows_them() -> None:
    """A title is never markup and never a template."""
    hostile = paper_of(
        title=HOSTILE, topics=(HOSTILE, "x"), authors=(Author(name=HOSTILE),), comment=HOSTILE, summary=HOSTILE
    )

    for path, text in html_pages(files_of(site(hostile))):
        assert "<script>alert" not in text, path
        assert "49" not in re.findall(r"alert\(1\).{0,60}", text), path


def test_unknown_values_disappear() -> None:
    """A paper of which only id and title are known shows no "None", no "0 comments", no empty number."""
    bare = Paper(id="local-1", title="Bare", featured=(Featured(day=date(2026, 2, 2), rank=1),))

    for path, text in html_pages(files_of(site(bare))):
        words = re.sub(r"<[^>]*>", " ", text)
        assert not re.search(r"\bNone\b|\bnull\b|\bundefined\b|\b0 (comments|votes|authors)\b", words), path


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.dates(date(2025, 12, 26), date(2026, 1, 6)), min_size=1, max_size=6),
    st.sampled_from(["C++", "李明", "a/b", "100%", "q?", "#1", "Ünïcode", "x" * 300]),
)
def test_every_internal_link_leads_to_a_file(days: list[date], name: str) -> None:
    """From any page, under any sub-path, a link leads to a file of the site, and an anchor to an element."""
    papers = [
        paper_of(f"2601.{n:05}", day=day.isoformat(), rank=n, authors=(Author(name=name),), topics=(name, "all"))
        for n, day in enumerate(days, 1)
    ]
    files = files_of(site(*papers))

    for path, text in html_pages(files):
        if path == "404.html":  # shown at any depth, so it starts at the site's own root
            continue
        # What is loaded ahead is no link, and the index is not among the files that are text.
        linked = re.sub(r'<link rel="preload"[^>]*>', "", text)
        for href in re.findall(r'(?:href|src)="([^"]*)"', linked):
            target = urlsplit(urljoin(f"http://x/sub/{path}", href.replace("&amp;", "&")))
            if target.netloc != "x":
                continue
            file = unquote(target.path).removeprefix("/sub/")
            file = f"{file}index.html" if file.endswith("/") or not file else file
            if file.startswith("assets/"):
                continue
            assert file in files, (path, href)
            if target.fragment:
                assert f'id="{unquote(target.fragment)}"' in files[file], (path, href)


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_files_never_shows(dice: random.Random) -> None:
    """Two machines that list a folder differently make the same bytes."""
    papers = [paper_of(f"2602.{n:05}", rank=n % 3, topics=("a", "A", f"t{n % 2}")) for n in range(6)]

    assert files_of(site(*dice.sample(papers, 6))) == files_of(site(*papers))


def test_a_later_build_of_the_same_content_makes_the_same_bytes() -> None:
    """The clock decides only whether a week, month or year is still running."""
    papers = [paper_of(day="2025-11-03")]

    assert files_of(site(*papers)) == files_of(site(*papers, now=NOW + timedelta(days=2, hours=5)))


def test_a_new_list_changes_no_page_that_does_not_show_it(tmp_path: Path) -> None:
    """Every page leads to the newest day, week and month under addresses that stay."""
    others = (paper_of(f"2602.0000{n}", day=f"2026-02-0{n}", title=f"No. {n}", abstract="", authors=()) for n in (2, 3))
    root = archive_at(tmp_path, *others)
    run_build(loaded(root), root)
    before = tree(root / "site")
    new = paper_of("2602.00009", day="2026-03-05", title="Nothing like it", abstract="", authors=(), topics=("z",))
    disk.write_paper(root / "content", replace(new, organisation=None))

    run_build(loaded(root), root)

    after = tree(root / "site")
    home = after["index.html"][0].decode()
    assert [after[path] for path in before if "paper/" in path or "02-02" in path] == [
        before[path] for path in before if "paper/" in path or "02-02" in path
    ]
    for kind, key in (("day", "2026-03-05"), ("week", "2026-W10"), ("month", "2026-03")):
        assert f'href="./{kind}/latest/"' in home
        assert f"{kind}/{key}/" in after[f"{kind}/latest/index.html"][0].decode()


def test_an_override_is_what_a_visitor_reads() -> None:
    """A person's correction wins over what the page says."""
    override = Override(reason="typo", date=date(2026, 2, 3), set={"title": "Corrected"}, where="o.yml")

    files = files_of(site(paper_of(), overrides={"2602.00001": override}))

    assert "Corrected" in files["index.html"]
    assert "Paper 2602.00001" not in files["index.html"]


def test_a_note_is_a_page_in_the_menu() -> None:
    """A hand-written page is linked from every page when its editor says so."""
    note = Note(name="about", title="About us", body="Some *words*.", menu=1)

    files = files_of(site(paper_of(), notes=Notes(pages=(note,))))

    assert "<em>words</em>" in files["about/index.html"]
    assert all("About us" in text for path, text in html_pages(files) if "http-equiv" not in text)


def broadsheet(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in the archive at `root`."""
    return subprocess.run(
        [sys.executable, "-m", "generator", "-C", str(root), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return bytes and modification time of every file below `folder`."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_second_build_touches_no_file(tmp_path: Path) -> None:
    """Same content, same files, down to their modification times."""
    root = archive_at(tmp_path, paper_of(), paper_of("2602.00002", rank=2))
    assert broadsheet(root, "build").returncode == 0
    first = tree(root / "site")

    assert broadsheet(root, "build").returncode == 0

    assert tree(root / "site") == first


def test_a_template_error_leaves_the_old_site_and_names_the_line(tmp_path: Path) -> None:
    """The owner of a theme learns the file, the line, the page, and the name that was meant."""
    root = archive_at(tmp_path, paper_of())
    broadsheet(root, "build")
    before = tree(root / "site")
    theme = root / "theme" / "mine"
    (theme / "templates").mkdir(parents=True)
    (theme / "theme.yml").write_text("extends: default\n")
    (theme / "templates" / "paper.html").write_text("line one\n{{ pge.title }}\n")
    (root / "archive.yml").write_text(SETTINGS + "theme: {name: mine}\n")

    done = broadsheet(root, "build")

    assert done.returncode == 2
    assert "paper.html:2" in done.stderr and "did you mean 'page'" in done.stderr
    assert tree(root / "site") == before


def test_every_bad_page_is_named_and_the_old_site_stays(tmp_path: Path) -> None:
    """One run tells of all pages that cannot be read."""
    root = archive_at(tmp_path, paper_of())
    broadsheet(root, "build")
    before = tree(root / "site")
    folder = root / "content" / "papers" / "2602"
    (folder / "2602.00002.md").write_text("no header")
    (folder / "2602.00003.md").write_text("---\nid: '2602.00003'\ntitle: T\nfeatured: [{day: soon, rank: 1}]\n---\n")

    done = broadsheet(root, "build")

    assert done.returncode == 1
    assert "2602.00002.md" in done.stderr and "2602.00003.md" in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(root / "site") == before


def test_removed_papers_take_their_pages_along(tmp_path: Path) -> None:
    """What nobody claims any more goes."""
    root = archive_at(tmp_path, paper_of(), paper_of("2602.00002", rank=2))
    broadsheet(root, "build")
    disk.path_of(root / "content", "2602.00002").unlink()

    broadsheet(root, "build")

    assert not (root / "site" / "paper" / "2602.00002").exists()
    assert (root / "site" / "paper" / "2602.00001" / "index.html").exists()


def test_now_comes_from_the_environment(tmp_path: Path) -> None:
    """SOURCE_DATE_EPOCH decides whether a week is still running (reproducible-builds.org)."""
    root = archive_at(tmp_path, paper_of(day="2026-02-02"))
    epoch = int(datetime(2026, 2, 4, tzinfo=UTC).timestamp())

    broadsheet(root, "build", "-o", str(tmp_path / "a" / "site"), SOURCE_DATE_EPOCH=str(epoch))
    broadsheet(root, "build", "-o", str(tmp_path / "b" / "site"), SOURCE_DATE_EPOCH=str(epoch + 30 * 86400))

    running, finished = ((tmp_path / name / "site/week/2026-W06/index.html").read_text() for name in "ab")
    assert "so far" in running and "so far" not in finished


def test_two_papers_on_one_address_stop_the_build() -> None:
    """Ids that differ only by a slash cannot both have a page."""
    with pytest.raises(ContentError, match="two pages want this address"):
        site(paper_of("hep-ex/0406020"), paper_of("hep-ex-0406020"))


def test_outputs_and_pages_can_be_left_out(tmp_path: Path) -> None:
    """By name; a name that is none is told, with a guess."""
    root = archive_at(tmp_path, paper_of(), settings=SETTINGS + "outputs: {only: [html]}\npages: {without: [weeks]}\n")

    assert broadsheet(root, "build").returncode == 0

    files = {path for path in tree(root / "site") if not path.startswith(".")}
    assert "paper/2602.00001/index.html" in files
    assert all(path.endswith(".html") and not path.startswith("week/") for path in files)
    (root / "archive.yml").write_text(SETTINGS + "outputs: {only: [htlm]}\n")
    done = broadsheet(root, "build")
    assert done.returncode == 2
    assert "did you mean html?" in done.stderr


def test_a_site_that_stands_is_not_made_again(tmp_path: Path) -> None:
    """Unless a byte of content, theme or settings, the day, or the site itself is another."""
    root = archive_at(tmp_path, paper_of(), paper_of("2602.00002", rank=2))
    told = load(SETTINGS, root=root, kinds=("arxiv", "hf-daily"), warn=lambda *_: None)
    run_build(told, root)
    [page] = (root / "content").rglob("2602.00001.md")

    def stands(chosen: Settings = told, now: datetime = NOW) -> bool:
        return standing(start(chosen, root / "site", now)) is not None

    assert stands()
    assert not stands(now=NOW + timedelta(days=1))
    assert not stands(replace(told, lists=replace(told.lists, page_size=7)))
    page.write_bytes(page.read_bytes() + b"More.")
    assert not stands()
    run_build(told, root)
    assert stands()
    (root / "site" / "index.html").write_text("vandalised")
    assert not stands()
    run_build(told, root)
    (root / "theme" / "mine").mkdir(parents=True)
    (root / "theme" / "mine" / "theme.yml").write_text("extends: default")
    assert not stands()


CHOICES = {
    "settings": (
        "archive.yml",
        [
            f"{SETTINGS}lists: {{page_size: 3}}\n",
            f"{SETTINGS}feeds: {{min_papers: 2, items: 3}}\n",
            SETTINGS.replace("min_papers: 1", "min_papers: 9"),
            SETTINGS.replace("The Archive", "Another").replace("papers/", ""),
        ],
    ),
    "names": ("content/aliases.yml", ["topics: {T zero: [t0, t1]}\n", "topics: {T two: [t2, a]}\n", ""]),
}


def edited(root: Path, how: str, dice: random.Random) -> None:
    """Change the archive at `root`, its site or its memories in one way."""
    pages = sorted((root / "content").rglob("*.md"))
    page = dice.choice(pages)
    folder = root / "theme" / "default"
    if how == "edit":
        page.write_text(page.read_text().replace("engine", dice.choice(["loom", "engine", "*loom*"])))
    elif how == "remove" and len(pages) > 1:
        page.unlink()
    elif how == "add":
        disk.write_paper(root / "content", paper_of("2602.00099", day="2026-02-03", topics=("a", "t9")))
    elif how in CHOICES:
        name, texts = CHOICES[how]
        (root / name).write_text(dice.choice(texts))
    elif how == "template":
        if not folder.exists():
            shutil.copytree(theme_folder() / "default", folder)
        card = folder / "templates" / "partials" / "card.html"
        card.write_text(f"{dice.random()}{card.read_text()}")
    elif how == "memory":
        for file in (root / ".broadsheet").rglob("*.*"):
            file.write_bytes(file.read_bytes()[: dice.randrange(3000)] + dice.randbytes(dice.randrange(30)))
    elif how == "site":
        (root / "site" / "index.html").write_text("vandalised")


CHANGES = ("edit", "remove", "add", *CHOICES, "template", "memory", "site")


@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_a_warm_build_is_a_cold_one(
    tmp_path_factory: pytest.TempPathFactory, changes: list[str], dice: random.Random
) -> None:
    """Whatever was changed in between: every file of a later build is that of a first one."""
    papers = (paper_of(f"2602.{n:05}", rank=n, topics=("a", f"t{n % 3}")) for n in range(1, 8))
    root = archive_at(tmp_path_factory.mktemp("warm"), *papers)
    run_build(loaded(root), root)
    for change in changes:
        edited(root, change, dice)
    run_build(loaded(root), root)
    warm = {path: data for path, (data, _) in tree(root / "site").items()}

    for folder in (".broadsheet", ".site.broadsheet", "site"):
        shutil.rmtree(root / folder)
    run_build(loaded(root), root)

    assert warm == {path: data for path, (data, _) in tree(root / "site").items()}


def loaded(root: Path) -> Settings:
    """Return the settings of the archive at `root`."""
    return load((root / "archive.yml").read_text(), root=root, kinds=("arxiv", "hf-daily"), warn=lambda *_: None)


def run_build(settings: Settings, root: Path) -> None:
    """Build the archive at `root`."""
    build.run(settings, output=root / "site", now=NOW, progress=Progress(quiet=True))
