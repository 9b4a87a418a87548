"""What each source makes of what it is sent."""

from datetime import date

import pytest

from generator.model import Artefact, Author, Featured, Linked, Organisation, Record, Version
from generator.sources import Hints, Rejected
from tests.sources import answers
from tests.sources.reading import parsed, recognised, record, records, said

LOVELACE = (Author(name="Ada Lovelace"),)
FIRST, SECOND = Version(number=1, date=date(2025, 12, 1)), Version(number=2, date=date(2025, 12, 9))


@pytest.mark.parametrize(
    ("source", "data"), [(name, each) for name, several in answers.ANSWERS.items() for each in several]
)
def test_each_answer_is_taken_by_its_source(source: str, data: str) -> None:
    """The format is found out, packed in a byte order mark or not, and every part of it is a record."""
    taken = recognised(data.encode())

    assert taken and taken.name == source
    assert [each for each in parsed(source, data) if isinstance(each, Rejected)] == []


def test_oai_tells_every_version_and_place() -> None:
    """arXivRaw: versions, numbered affiliations, the second DOI among the identifiers."""
    found = record("arxiv-oai", answers.oai(f"<GetRecord>{answers.oai_record(answers.RAW % ('9kb', ''))}</GetRecord>"))

    assert said(found) == {
        "id": "2512.00001",
        "title": "On Engines",
        "authors": (Author(name="Ada Lovelace", affiliation="London"), Author(name="José Núñez", affiliation="Madrid")),
        "abstract": "We $x$ <think>.",
        "published": FIRST.date,
        "updated": SECOND.date,
        "versions": (FIRST, SECOND),
        "subjects": ("cs.CL", "cs.LG"),
        "doi": "10.1000/a",
        "identifiers": ("doi:10.1000/b",),
        "comment": "9 pages",
        "licence": "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
    }


def test_a_version_without_content_withdraws_a_paper() -> None:
    """0 kB of type I, in OAI-PMH as in .abs files; a large file with other flags does not."""
    for size, flag, reason in (("0kb", "I", "9 pages"), ("9kb", "D", None)):
        raw = answers.RAW % (size, f"<source_type>{flag}</source_type>")
        assert record("arxiv-oai", answers.oai(f"<GetRecord>{answers.oai_record(raw)}</GetRecord>")).withdrawn == reason
        assert record("arxiv-mail", answers.MAIL % f"{size},{flag}").withdrawn == reason


def test_oai_deletes() -> None:
    """A deleted record withdraws its paper and says nothing else."""
    data = answers.oai(f"<ListRecords>{answers.oai_record('', status='deleted')}</ListRecords>")

    assert said(record("arxiv-oai", data)) == {"id": "2512.00001", "withdrawn": "deleted at its source"}


@pytest.mark.parametrize(
    "code",
    [
        "badArgument",
        "badVerb",
        "badResumptionToken",
        "idDoesNotExist",
        "cannotDisseminateFormat",
        "noSetHierarchy",
        "x",
    ],
)
def test_every_error_of_oai_is_told(code: str) -> None:
    """The code and the server's words are the reason."""
    [found] = parsed("arxiv-oai", answers.oai(f'<error code="{code}">said  so</error>'))

    assert isinstance(found, Rejected)
    assert found.reason == f"the server says {code}: said so"


def test_nothing_to_tell_is_no_error() -> None:
    """No records match; a feed is empty at weekends."""
    assert parsed("arxiv-oai", answers.oai('<error code="noRecordsMatch">none</error>')) == []
    assert parsed("arxiv-rss", answers.NEWS % "") == []


def test_an_answer_about_something_else_is_named() -> None:
    """Sets and formats are no records."""
    [found] = parsed("arxiv-oai", answers.oai("<ListSets/>"))

    assert isinstance(found, Rejected)
    assert found.reason == "an answer without records: <ListSets>"


def test_what_is_announced_is_listed_in_its_order() -> None:
    """New papers and cross-lists are on the day's list; replacements are papers and no more."""
    feed = answers.NEWS % "".join(
        answers.news(f"2512.0000{place}v1", kind)
        for place, kind in enumerate(("new", "replace", "cross", "replace-cross"))
    )
    found = records("arxiv-rss", feed)

    day = date(2025, 12, 11)
    assert [each.featured for each in found] == [Featured(day=day, rank=1), None, Featured(day=day, rank=2), None]
    assert found[0].abstract == "We weave."
    assert found[0].authors == (Author(name="Ada Lovelace"), Author(name="Bo Li"))


def test_rss_and_atom_say_the_same() -> None:
    """The two forms of one announcement make one record."""
    assert said(record("arxiv-rss", answers.NEWS_RSS)) == said(
        record("arxiv-rss", answers.NEWS % answers.news("2512.00001v1", "new"))
    )


def test_a_mail_may_have_no_abstract() -> None:
    """A replacement ends with its address, and a monthly listing with a rule."""
    mail = (
        "\\\\\narXiv:2512.00001\nreplaced with revised version Tue, 9 Dec 2025 10:00:00 GMT   (9kb)\n\nTitle: On\n"
        "  Engines\nAuthors: Ada Lovelace\nCategories: cs.CL\n\\\\ ( https://arxiv.org/abs/2512.00001 ,  9kb)\n-----\n"
        "\\\\\nPaper (*cross-listing*): hep-th/9901001\nDate: Mon, 1 Dec 2025 10:00:00 GMT   (9kb)\n\nTitle: Rays\n"
        "Authors: Marie Curie\n\\\\\n-----\n"
    )
    first, second = records("arxiv-mail", mail)

    assert (first.id, first.title, first.abstract, first.updated) == ("2512.00001", "On Engines", None, SECOND.date)
    assert (second.id, second.published, second.abstract) == ("hep-th/9901001", FIRST.date, None)


def test_the_anthology_in_both_schemas() -> None:
    """Mark-up becomes text and mathematics; an id that is not said is made as the Anthology makes it."""
    found = record("acl-anthology", answers.ACL)

    assert (found.id, found.title, found.abstract) == ("2022.acl-long.1", "Big $O(n)$ Looms", "We weave.")
    assert found.authors == (Author(name="Ada Lovelace", orcid="0000-0001-2345-6789"),)
    assert (found.type, found.venue, found.pages, found.issued) == (
        "inproceedings",
        "Proceedings of ACL",
        "1–15",
        "2022-05",
    )
    assert found.datasets == Linked(total=1, first=(Artefact(name="GLUE", url="https://p.org/glue"),))
    assert record("acl-anthology", answers.ACL_2019).id == "W19-0102"


def test_bibtex() -> None:
    """Strings, months, names, TeX and mathematics; an eprint has arXiv's id; "others" is nobody."""
    paper, eprint = records("bibtex", answers.BIBTEX)

    assert said(paper) == {
        "id": "10.1000-x_1",
        "title": "The BERT of $O(n^2)$",
        "authors": (Author(name="Ada Lovelace"), Author(name="José Núñez")),
        "abstract": "50% faster",
        "topics": ("looms", "weaving"),
        "doi": "10.1000/X_1",
        "type": "inproceedings",
        "issued": "2020-05",
        "venue": "Proc. of X",
        "pages": "1–9",
        "publisher": "ACM",
    }
    assert eprint.id == "2512.00001"


def test_a_bad_entry_costs_itself_alone() -> None:
    """It is named by its line; those around it come in."""
    found = parsed(
        "bibtex", "@article{a, title={A}, year={2020}}\n@article{b, title={B\n@article{c, title={C}}\n@misc{d,}\n"
    )

    assert [each.title for each in found if isinstance(each, Record)] == ["A", "C"]
    assert [each.what for each in found if isinstance(each, Rejected)] == ["x:1:2", "x:1:4"]


def test_papers_inherit_from_their_volume() -> None:
    """By crossref, or from the only volume of the file where they name no other."""
    volume = "@proceedings{v, title={Proc. of X}, editor={Bo Li}, year={2025}, volume=3}\n"
    for reference in (", crossref={V}", ""):
        found = record("bibtex", f"{volume}@inproceedings{{a, title={{A}}, author={{Ada Lovelace}}{reference}}}")
        assert (found.venue, found.issued, found.volume, found.authors) == ("Proc. of X", "2025", "3", LOVELACE)


def test_ris_csl_and_pubmed_agree_on_what_a_journal_is() -> None:
    """Three formats of one kind of paper."""
    for source, data in (("ris", answers.RIS), ("csl-json", answers.CSL), ("pubmed", answers.PUBMED)):
        found = records(source, data)[0]
        assert (found.id, found.doi, found.type) == ("10.1000-x", "10.1000/x", "article")
        assert (found.journal, found.volume, found.pages) == ("J. of Looms", "3", "1–9")
        assert found.authors and found.authors[0].name == "Ada Lovelace"


def test_pubmed_tells_of_retractions() -> None:
    """A retracted publication is one, whatever else is said; labels stay with their paragraphs."""
    found = record("pubmed", answers.PUBMED)

    assert (found.title, found.abstract, found.issued) == ("On Looms", "Methods: We weave.", "2021-09")
    assert (found.withdrawn, found.identifiers) == ("retracted", ("pmid:123",))


def test_an_inverted_index_is_read_in_order() -> None:
    """Words stand where the index says; the first of January is a year."""
    found = record("openalex", answers.OPENALEX)

    assert (found.abstract, found.published, found.issued) == ("We weave and weave", None, "2020")
    assert found.authors == (Author(name="Ada Lovelace", affiliation="London", orcid="0000-0001-2345-6789"),)


def test_identifiers_of_semantic_scholar() -> None:
    """The id of arXiv comes first, the DOI and the corpus stay."""
    found = record("semantic-scholar", answers.SCHOLAR)

    assert (found.id, found.doi, found.identifiers) == ("2103.14030", "10.1000/x", ("s2:7",))
    assert (found.venue, found.issued, found.summary) == ("ICCV", "2021", "We weave.")


def test_openreview_in_all_its_forms() -> None:
    """Version 2 has values in objects, lists have them joined."""
    note, listed = record("openreview", answers.NOTES), record("openreview", answers.LISTED_NOTE)

    assert note.id == listed.id == "openreview-B1-xyz1"
    assert (note.venue, note.pdf) == ("ICLR 2025 Poster", "https://openreview.net/pdf/x.pdf")
    assert (listed.topics, listed.comment, listed.code) == (("looms", "weaving"), "Reject", None)


def test_a_scraped_page_is_trusted_with_little() -> None:
    """Nicknames, comments and counts of somebody's page are not taken for the paper's."""
    found = record("hf-archive", answers.HF_SCRAPED)

    assert said(found) == {"id": "2512.00001", "title": "On Looms", "code": "https://github.com/a/b"}


def test_linked_artefacts_have_totals() -> None:
    """How many there are, and the first of them with their pages."""
    found = record("hf-papers", answers.HF_PAPER)

    assert found.models and (found.models.total, [each.name for each in found.models.first]) == (12, ["a/b", "a/c"])
    assert found.datasets is None
    assert found.demos == Linked(total=1, first=(Artefact(name="a/d", url="https://huggingface.co/spaces/a/d"),))


@pytest.mark.parametrize(("year", "day"), [(None, None), (2025, date(2025, 12, 8))])
def test_a_page_says_no_more_than_stands_there(year: int | None, day: date | None) -> None:
    """A date without a year has none unless the owner says; the head of the page is no paper."""
    first, second = records("page-text", answers.PAGE, hints=Hints(year=year))

    assert (first.title, first.published, first.author_count, first.comments) == ("On Looms", day, 8, 2)
    assert (second.published, second.organisation) == (date(2024, 8, 8), Organisation(slug="cmu-lti", name="CMU-LTI"))
    assert first.id == record("page-text", answers.PAGE.split("On Engines")[0], hints=Hints(year=2019)).id


def test_a_block_without_its_date_is_named_by_its_line() -> None:
    """Wherever it stands: the papers around it are whole."""
    foot = "  • 8 authors\n·\nDec 8 2\n\n"
    found = parsed("page-text", answers.PAGE.replace(foot, ""), answers.PAGE + "\nOn Rays\n\nWe glow.\n")

    assert [(each.what, each.reason) for each in found if isinstance(each, Rejected)] == [
        ("x:1:7", "block ends without a date line"),
        ("x:2:23", "block ends without a date line"),
    ]
    assert [each.title for each in found if isinstance(each, Record)] == ["On Engines", "On Looms", "On Engines"]


def test_a_table_goes_by_its_columns() -> None:
    """Lists of Python's, names between bars, many lines in one cell; classes of arXiv's are subjects."""
    found = record("table", answers.CSV)

    assert found.authors == (Author(name="Ada Lovelace"), Author(name="Bo Li"))
    assert (found.abstract, found.subjects, found.topics) == ("We\n\nweave.", ("cs.CL",), ("looms",))


def test_a_mapping_says_what_columns_hold() -> None:
    """Only what it names is read; "=" is a text for every row."""
    hints = Hints(columns={"title": "Titel", "authors": "Wer", "venue": "=ICLR", "identifiers.openreview": "UID"})
    found = record("table", "UID;Titel;Wer;title\nB1-xyz1;Webstühle;Lovelace, A., Babbage, C.;no\n", hints=hints)

    assert (found.id, found.title, found.venue) == ("openreview-B1-xyz1", "Webstühle", "ICLR")
    assert found.authors == (Author(name="A. Lovelace"), Author(name="C. Babbage"))


def test_a_row_that_does_not_fit_is_named_by_its_line() -> None:
    """Cells of many lines count as many."""
    found = parsed("table", 'title,abstract\nA,"b\nc"\nB,c,d\n,e\nC,f\n')

    assert [(each.what, each.reason) for each in found if isinstance(each, Rejected)] == [
        ("x:1:4", "3 columns where the heading has 2"),
        ("x:1:5", "there is no title"),
    ]


def test_any_feed() -> None:
    """Mark-up of titles and texts is gone, dates are days, links lead to the paper."""
    rss, item = record("feeds", answers.RSS), record("feeds", answers.JSON_FEED)

    for found in (rss, item):
        assert (found.title, found.abstract, found.url) == ("On Looms", "We weave.", "https://a.org/1")
        assert found.published == date(2025, 12, 11)


@pytest.mark.parametrize("source", [name for name, several in answers.ANSWERS.items() if several[0].startswith("<")])
def test_entities_grow_nothing_and_read_nothing(source: str) -> None:
    """A document type with entities in it is no way to files or to memory."""
    laughs = "".join(f'<!ENTITY a{each} "{f"&a{each - 1};" * 10}">' for each in range(1, 10))
    evil = f'<!DOCTYPE x [<!ENTITY a0 "ha"><!ENTITY f SYSTEM "file:///etc/passwd">{laughs}]>'
    data = answers.ANSWERS[source][0].removeprefix('<?xml version="1.0"?>')
    found = parsed(source, evil + data.replace("Looms", "Looms &a9; &f;").replace("Engines", "Engines &a9; &f;"))

    shown = "".join(str(said(each)) for each in found if isinstance(each, Record))
    assert "haha" not in shown and "root:" not in shown


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("10.1000/a-b", "10.1000/a-b", True),
        ("10.1000/ABC", "https://doi.org/10.1000/abc", True),
        ("10.1000/a/b", "10.1000/a-b", False),
        ("10.1000/a(b)", "10.1000/a(b", False),
        ("10.48550/arXiv.2512.00001", "2512.00001", True),
    ],
)
def test_ids_made_from_dois_are_told_apart(first: str, second: str, same: bool) -> None:
    """One DOI, one id; two DOIs, two."""
    table = "title,id\nA,{}\n".format
    [one], [two] = records("table", table(first)), records("table", table(second))

    assert (one.id == two.id) == same


def test_a_paper_without_an_id_gets_the_same_one_each_time() -> None:
    """Its title and first author make it, however they are spelled."""
    one = record("table", "title,authors\nThe Étude of Looms,Ada Lovelace\n")
    two = record("bibtex", "@misc{x, title={the {\\'e}tude of looms}, author={Lovelace, Ada and Li, Bo}}")
    other = record("table", "title,authors\nThe Étude of Looms,Bo Li\n")

    assert one.id == two.id != other.id
    assert one.id.startswith("local-")
