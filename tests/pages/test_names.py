"""Pages of names: what an editor says about one, and the list of all that have feeds."""

import re

from generator.model import Note, Notes
from tests.support import SETTINGS, files_of, paper_of, site

ABOUT = Note(name="engines", title="", body="Machines that *weave* patterns.", link="https://example.org/engines/")


def test_an_editor_may_say_what_a_name_stands_for() -> None:
    """On its page, with a link, and to search engines; of markup from a file, only what is safe."""
    hostile = Note(name="notes", title="", body="<script>1</script>", link="javascript:alert(1)")
    notes = Notes(names={"topic": {"engines": ABOUT, "notes": hostile}})
    made = files_of(site(paper_of("2602.00001"), paper_of("2602.00002", rank=2), notes=notes))
    page = made["topic/engines/index.html"]

    assert "<p>Machines that <em>weave</em> patterns.</p>" in page
    assert '<a href="https://example.org/engines/">example.org/engines</a>' in page
    assert 'content="Machines that weave patterns.">' in page
    assert "javascript:" not in made["topic/notes/index.html"] and "<script>1" not in made["topic/notes/index.html"]


def test_words_about_a_name_hold_for_its_spellings() -> None:
    """The file may be called by any of them."""
    papers = [
        paper_of(f"2602.0000{number}", rank=number, topics=(name,)) for number, name in enumerate(("Looms", "looms"), 1)
    ]
    made = files_of(site(*papers, notes=Notes(names={"topic": {"looms": ABOUT}})))

    assert "weave" in made["topic/looms/index.html"]


def test_every_feed_is_listed_and_no_page_lists_too_many() -> None:
    """The first page shows the largest of each kind; all others are within one link."""
    papers = [
        paper_of(f"2602.{number:05}", rank=number + 1, topics=(f"topic {number % 300}", "all"), authors=())
        for number in range(600)
    ]
    made = files_of(site(*papers, settings=SETTINGS + "feeds: {min_papers: 2}\n"))
    lists = {
        path: set(re.findall(r'"([./]*topic/[^"]*feed.xml)"', text))
        for path, text in made.items()
        if path.startswith("feeds/")
    }
    feeds = {path.split("/")[1] for path in made if path.startswith("topic/") and path.endswith("/feed.xml")}

    assert len(feeds) == 301
    assert {link.split("/")[-2] for path, links in lists.items() for link in links} == feeds
    assert 0 < max(map(len, lists.values())) <= 200 and len(lists["feeds/index.html"]) == 25
    assert "topic/all/" in made["feeds/index.html"]
    assert 'href="./topics/"' in made["feeds/index.html"] and "feeds/topics/page/2/index.html" in made
