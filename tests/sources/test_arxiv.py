"""arXiv's Atom interface, in the three forms it was seen in."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from generator.errors import SourceError
from generator.model import Author, Record, Version
from generator.sources import Answer, Day, Document, Papers, Period, Rejected
from generator.sources.arxiv import fetch, parse, recognises

_HEAD = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"><id>https://arxiv.org/api/x</id>'


def atom(id_: str = "2401.00001v1", *, more: str = "", title: str = "A study") -> str:
    """Return an entry as the service sends it."""
    return (
        f"<entry><id>http://arxiv.org/abs/{id_}</id><title>{title}</title><summary>We study.</summary>"
        f"<published>2024-01-01T10:00:00Z</published><updated>2024-02-03T23:30:00-05:00</updated>{more}</entry>"
    )


def feed(*entries: str) -> bytes:
    """Return a feed as the service sends it."""
    return f"{_HEAD}{''.join(entries)}</feed>".encode()


def read(data: bytes) -> list[Record | Rejected]:
    """Return what `parse` makes of one feed."""
    return list(parse([Document("x.xml", data)]))


def record(data: bytes) -> Record:
    """Return the one record in a feed."""
    (found,) = read(data)
    assert isinstance(found, Record), found
    return found


def test_an_entry_becomes_a_record() -> None:
    """Every field finds its place, whatever the order of the elements; accents are letters, days are those of UTC."""
    found = record(
        feed(
            atom(
                "hep-ex/0406020v3",
                title="On Erd\\H{o}s:\n  a study",
                more="<author><name>Ren\\'{e} A</name><arxiv:affiliation>Here</arxiv:affiliation></author>"
                '<author><name>B</name></author><category term="hep-ph"/>'
                '<category term="hep-ex"/><category term="03E75; 28A05"/>'
                '<arxiv:primary_category term="hep-ex"/><arxiv:doi>10.1/x</arxiv:doi>'
                "<arxiv:journal_ref>J. 1 (2004)</arxiv:journal_ref><arxiv:comment>3 pages</arxiv:comment>",
            )
        )
    )

    assert found == Record(
        id="hep-ex/0406020",
        source="arxiv",
        title="On Erdős: a study",
        authors=(Author(name="René A", affiliation="Here"), Author(name="B")),
        abstract="We study.",
        published=date(2024, 1, 1),
        updated=date(2024, 2, 4),
        versions=(Version(number=1, date=date(2024, 1, 1)), Version(number=3, date=date(2024, 2, 4))),
        subjects=("hep-ex", "hep-ph"),
        doi="10.1/x",
        journal="J. 1 (2004)",
        comment="3 pages",
    )


def test_an_error_is_not_a_paper() -> None:
    """What is wrong is said by arXiv is wrong in the form of an entry."""
    error = (
        "<entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id><title>Error</title>"
        "<summary>incorrect id format for abc</summary></entry>"
    )

    assert read(feed(error)) == [Rejected("x.xml", "arXiv says: incorrect id format for abc")]
    with pytest.raises(SourceError, match="incorrect id format"):
        list(fetch(lambda *_: Answer("http://x", 400, feed(error)), Papers(("2401.00001",)), ""))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (feed(atom("../../etc")), "http://arxiv.org/abs/../../etc"),
        (feed(atom(title=" ")), "2401.00001"),
        (feed(atom().replace("2024-01-01T10:00:00Z", "yesterday")), "2401.00001"),
        (feed("<entry/>"), "entry at line 1"),
        (b"<html/>", "x.xml"),
        (b"<feed", "x.xml"),
        (b"", "x.xml"),
    ],
)
def test_what_is_no_paper_is_named_and_the_rest_go_on(data: bytes, what: str) -> None:
    """A rejection says which entry it is about; the next entry is read all the same."""
    found = read(data)
    assert [each.what for each in found if isinstance(each, Rejected)] == [what]

    more = read(data.replace(b"</feed>", atom("2401.00002v1").encode() + b"</feed>"))
    assert [each.id for each in more if isinstance(each, Record)] == (["2401.00002"] if b"</feed>" in data else [])


def test_entities_never_grow_and_never_reach_out(tmp_path: Path) -> None:
    """A feed can neither fill the memory nor read a file."""
    secret = tmp_path / "secret"
    secret.write_text("secret")
    entities = f'<!DOCTYPE x [<!ENTITY f SYSTEM "{secret.as_uri()}"><!ENTITY a "lol"><!ENTITY b "&a;&a;">]>'
    found = read(entities.encode() + feed(atom(title="T &f; &b;")))

    assert "secret" not in str(found) and "lollol" not in str(found)


class Service:
    """arXiv with some papers in it."""

    def __init__(self, *ids: str) -> None:
        self.ids = ids
        self.asked: list[Mapping[str, str]] = []

    def __call__(self, path: str, query: Mapping[str, str] | None = None, /) -> Answer:
        """Answer one question."""
        asked = dict(query or {})
        self.asked.append(asked)
        ids = [each for each in self.ids if "search_query" in asked or each in asked["id_list"].split(",")]
        start, size = int(asked.get("start", "0")), int(asked["max_results"])
        return Answer(f"http://x{path}", 200, feed(*(atom(f"{each}v1") for each in ids[start : start + size])))


def test_ids_are_asked_for_in_batches() -> None:
    """A hundred at a time; what is not arXiv's is not asked for, what arXiv does not know is named."""
    known = [f"2401.{number:05}" for number in range(150)]
    service = Service(*known)
    found = list(fetch(service, Papers((*known, "2401.99999", "own-1")), ""))

    assert [each.id for each in found if isinstance(each, Record)] == known
    assert [each for each in found if isinstance(each, Rejected)] == [
        Rejected("own-1", "not an id of arXiv's"),
        Rejected("2401.99999", "arXiv does not know it"),
    ]
    assert [asked["id_list"].count(",") + 1 for asked in service.asked] == [100, 51]


def test_a_query_is_paged_within_its_days() -> None:
    """Days bound the time of first submission; pages are read until one is short."""
    service = Service(*(f"2401.{number:05}" for number in range(230)))
    period = Period(kind="month", name="2024-01", first=date(2024, 1, 1), last=date(2024, 1, 31))
    found = list(fetch(service, period, "cat:cs.CL OR cat:cs.AI"))

    assert len(found) == 230
    assert [asked["start"] for asked in service.asked] == ["0", "100", "200"]
    expected = "(cat:cs.CL OR cat:cs.AI) AND submittedDate:[202401010000 TO 202401312359]"
    assert {asked["search_query"] for asked in service.asked} == {expected}


def test_without_a_query_there_is_no_list() -> None:
    """All of arXiv is not asked for."""
    service = Service("2401.00001")

    assert list(fetch(service, Day(date(2024, 1, 1)), "")) == []
    assert service.asked == []


def test_every_real_answer_is_read(real_data: Path) -> None:
    """Old and new forms: every entry but the one that is an error, each with all that a paper has."""
    found: list[Record | Rejected] = []
    entries = 0
    for file in sorted((real_data / "arxiv_api").glob("*/*.xml")):
        data = file.read_bytes()
        assert recognises(data[:8192])
        found += parse([Document(file.name, data)])
        entries += data.count(b"<entry>")
    records = [each for each in found if isinstance(each, Record)]

    assert entries > 200
    assert (len(records), len(found) - len(records)) == (entries - 1, 1)
    assert all(each.title and each.authors and each.abstract and each.published for each in records)
    assert all(each.subjects and each.versions for each in records)
    assert not [each for each in records if each.abstract and "\n" in each.abstract.replace("\n\n", "")]


def test_the_same_paper_in_two_forms_says_the_same(real_data: Path) -> None:
    """Pages of one query that overlap agree, whichever page a paper is on."""
    records: dict[str, Record] = {}
    for file in sorted((real_data / "arxiv_api" / "2026-new-format").glob("q_*.xml")):
        for each in parse([Document(file.name, file.read_bytes())]):
            assert isinstance(each, Record)
            assert records.setdefault(each.id, each) == each


@pytest.mark.parametrize("said", ["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00", "2024-13-01", "x" * 99])
def test_an_impossible_date_is_a_rejection(said: str) -> None:
    """No date that can be written breaks anything."""
    (found,) = read(feed(atom().replace("2024-01-01T10:00:00Z", said)))

    assert isinstance(found, Rejected) and "is not a date" in found.reason
