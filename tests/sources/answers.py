"""One answer or more of every source, written for the tests."""

from collections.abc import Mapping, Sequence

_OAI = (
    '<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2025-12-11T00:00:00Z'
    "</responseDate><request>https://oaipmh.arxiv.org/oai</request>%s</OAI-PMH>"
)
_HEADER = "<header%s><identifier>oai:%s</identifier><datestamp>2025-12-11</datestamp></header>"


def oai(inside: str) -> str:
    """Return an answer of OAI-PMH."""
    return _OAI % inside


def oai_record(metadata: str, identifier: str = "arXiv.org:2512.00001", status: str = "") -> str:
    """Return a record of OAI-PMH."""
    body = f"<metadata>{metadata}</metadata>" if metadata else ""
    return f"<record>{_HEADER % (status and f' status={chr(34)}{status}{chr(34)}', identifier)}{body}</record>"


RAW = (
    '<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2512.00001</id><submitter>Ada L.</submitter>'
    '<version version="v1"><date>Mon, 1 Dec 2025 10:00:00 GMT</date><size>9kb</size></version>'
    '<version version="v2"><date>Tue, 9 Dec 2025 10:00:00 GMT</date><size>%s</size>%s</version>'
    "<title>On\n  Engines</title><authors>Ada Lovelace (1), Jos\\'e N\\'u\\~nez (2) ((1) London, (2) Madrid)</authors>"
    "<categories>cs.CL cs.LG</categories><comments>9 pages</comments><doi>10.1000/a 10.1000/b</doi>"
    "<license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license><abstract>  We $x$ &lt;think&gt;.\n</abstract>"
    "</arXivRaw>"
)
_PLAIN = (
    '<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>hep-th/9901001</id><created>1999-01-02</created>'
    "<authors><author><keyname>:</keyname></author><author><keyname>Curie</keyname><forenames>Marie</forenames>"
    "<affiliation>Paris</affiliation></author></authors><title>Rays</title><categories>hep-th</categories>"
    "<abstract>Glow.</abstract></arXiv>"
)
_DUBLIN = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>Looms</dc:title><dc:creator>Lovelace, Ada</dc:creator><dc:description>Weave.</dc:description>"
    "<dc:description>Comment: 3 pages</dc:description><dc:date>2010</dc:date><dc:subject>looms</dc:subject>"
    "<dc:identifier>https://a.org/1</dc:identifier><dc:publisher>A Press</dc:publisher></oai_dc:dc>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"><id>http://arxiv.org/api/x'
    "</id><entry><id>http://arxiv.org/abs/2512.00001v2</id><title>On Engines</title><summary>We weave.</summary>"
    "<published>2025-12-01T00:00:00Z</published><updated>2025-12-09T00:00:00Z</updated><author><name>Ada</name></author>"
    '<arxiv:primary_category term="cs.CL"/></entry></feed>'
)
NEWS = (
    '<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns="http://www.w3.org/2005/Atom"><id>http://rss.arxiv.org/atom/cs.CL</id>%s</feed>'
)


def news(id_: str, kind: str, day: str = "2025-12-11") -> str:
    """Return an entry of arXiv's news."""
    return (
        f"<entry><id>oai:arXiv.org:{id_}</id><title>On {kind}</title><summary>arXiv:{id_} Announce Type: {kind} \n"
        f'Abstract: We weave.</summary><category term="cs.CL"/><published>{day}T00:00:00-05:00</published>'
        f"<arxiv:announce_type>{kind}</arxiv:announce_type><dc:creator>Ada Lovelace, Bo Li</dc:creator></entry>"
    )


NEWS_RSS = (
    '<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>'
    "<link>http://rss.arxiv.org/rss/cs.CL</link><item><title>On new</title><link>https://arxiv.org/abs/2512.00001</link>"
    "<description>arXiv:2512.00001v1 Announce Type: new \nAbstract: We weave.</description><guid>oai:arXiv.org:2512.00001v1"
    "</guid><category>cs.CL</category><pubDate>Thu, 11 Dec 2025 00:00:00 -0500</pubDate><dc:creator>Ada Lovelace, Bo Li"
    "</dc:creator><arxiv:announce_type>new</arxiv:announce_type></item></channel></rss>"
)
MAIL = (
    "------\n\\\\\narXiv:2512.00001\nFrom: Ada <a@b.c>\nDate: Mon, 1 Dec 2025 10:00:00 GMT   (9kb)\n"
    "Date (revised v2): Tue, 9 Dec 2025 10:00:00 GMT   (%s)\n\nTitle: On\n  Engines\nAuthors: Ada Lovelace and Bo Li (MIT)\n"
    "Categories: cs.CL cs.LG\nComments: 9 pages\nDOI: 10.1000/a\n\\\\\n  We weave.\n  And spin.\n\\\\\n"
)
ACL = (
    '<collection id="2022.acl"><volume id="long" type="proceedings"><meta><booktitle>Proceedings of <fixed-case>ACL'
    "</fixed-case></booktitle><publisher>ACL</publisher><month>May</month><year>2022</year></meta>"
    '<paper id="1"><title><fixed-case>B</fixed-case>ig <tex-math>O(n)</tex-math> Looms</title><author id="a" '
    'orcid="0000-0001-2345-6789"><first>Ada</first><last>Lovelace</last></author><pages>1-15</pages><abstract>We <b>weave'
    "</b>.</abstract><url>2022.acl-long.1</url><doi>10.18653/v1/2022.acl-long.1</doi>"
    '<pwccode url="https://github.com/a/b">a/b</pwccode><pwcdataset url="https://p.org/glue">GLUE</pwcdataset></paper>'
    "</volume></collection>"
)
ACL_2019 = (
    '<collection id="W19"><volume id="1"><meta><booktitle>A Workshop</booktitle><year>2019</year></meta><paper id="2">'
    "<title>Looms</title><author><first>Ada</first> <last>Lovelace</last></author></paper></volume></collection>"
)
PUBMED = (
    "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>123</PMID><Article><Journal><Title>J. of Looms</Title>"
    "<JournalIssue><Volume>3</Volume><PubDate><Year>2021</Year><Month>Sep</Month></PubDate></JournalIssue></Journal>"
    "<ArticleTitle>On <i>Looms</i>.</ArticleTitle><Pagination><MedlinePgn>1-9</MedlinePgn></Pagination><Abstract>"
    '<AbstractText Label="METHODS">We weave.</AbstractText></Abstract><AuthorList><Author><LastName>Lovelace</LastName>'
    "<ForeName>Ada</ForeName><AffiliationInfo><Affiliation>London</Affiliation></AffiliationInfo></Author><Author>"
    "<CollectiveName>The Weavers</CollectiveName></Author></AuthorList><PublicationTypeList><PublicationType>Retracted "
    "Publication</PublicationType></PublicationTypeList></Article></MedlineCitation><PubmedData><ArticleIdList><ArticleId "
    'IdType="doi">10.1000/x</ArticleId></ArticleIdList></PubmedData></PubmedArticle></PubmedArticleSet>'
)
BIBTEX = (
    '@string{acm = "ACM"}\n@inproceedings{a, title = {The {BERT} of $O(n^2)$}, author = {Lovelace, Ada and N{\\\'u}{\\~n}ez, '
    "Jos{\\'e} and others}, booktitle = {Proc. of X}, year = 2020, month = may, pages = {1--9}, publisher = acm, "
    "doi = {10.1000/X_1}, keywords = {looms; weaving}, abstract = {50% faster}}\n"
    "@misc{b, title = {Eprint}, eprint = {2512.00001}, archivePrefix = {arXiv}, year = {2025}}\n"
)
RIS = (
    "TY  - JOUR\nTI  - On Looms\nAU  - Lovelace, Ada\nAU  - Babbage, Charles, Jr.\nPY  - 2020/05/03/\nT2  - J. of Looms\n"
    "VL  - 3\nIS  - 2\nSP  - 1\nEP  - 9\nDO  - 10.1000/x\nKW  - looms\nAB  - We weave.\nER  - \n\nTY  - THES\nTI  - A Thesis\n"
    "PB  - MIT\nER  - \n"
)
CSL = (
    '[{"type": "article-journal", "title": "On <i>Looms</i> &amp; More", "author": [{"family": "Lovelace", "given": "Ada", '
    '"ORCID": "https://orcid.org/0000-0001-2345-6789"}, {"literal": "The Weavers"}], "issued": {"date-parts": [[2020, 5]]}, '
    '"container-title": "J. of Looms", "volume": 3, "page": "1-9", "DOI": "10.1000/x", "abstract": "<jats:p>We weave.</jats:p>"}]'
)
OPENALEX = (
    '{"results": [{"id": "https://openalex.org/W1", "doi": "https://doi.org/10.1000/x", "title": "On Looms", '
    '"publication_date": "2020-01-01", "type": "article", "authorships": [{"author": {"display_name": "Ada Lovelace", '
    '"orcid": "https://orcid.org/0000-0001-2345-6789"}, "institutions": [{"display_name": "London"}]}], "primary_location": '
    '{"source": {"display_name": "J. of Looms", "type": "journal"}}, "biblio": {"first_page": "1", "last_page": "9"}, '
    '"is_retracted": false, "abstract_inverted_index": {"weave": [1, 3], "We": [0], "and": [2]}}]}'
)
SCHOLAR = (
    '{"total": 1, "data": [{"paperId": "a", "externalIds": {"ArXiv": "2103.14030", "DOI": "10.1000/x", "CorpusId": 7}, '
    '"title": "On Looms", "year": 2021, "venue": "ICCV", "publicationTypes": ["Conference"], "publicationDate": null, '
    '"authors": [{"name": "Ada Lovelace"}], "abstract": null, "tldr": {"text": "We weave."}}]}'
)
NOTES = (
    '{"notes": [{"id": "n1", "forum": "B1-xyz1", "invitations": ["a"], "pdate": 1733875200000, "content": {"title": {"value": '
    '"On Looms"}, "authors": {"value": ["Ada Lovelace"]}, "keywords": {"value": ["looms"]}, "abstract": {"value": "We weave."},'
    ' "venue": {"value": "ICLR 2025 Poster"}, "pdf": {"value": "/pdf/x.pdf"}}}]}'
)
LISTED_NOTE = (
    '{"id": "B1-xyz1", "title": "On Looms", "status": "Reject", "author": "Ada Lovelace;Bo Li", "keywords": "looms;weaving", '
    '"abstract": "We weave.", "github": "", "site": "https://openreview.net/forum?id=B1-xyz1"}'
)
KAGGLE = (
    '{"id": "0704.0001", "submitter": "A", "authors": "Ada Lovelace", "title": "On\\n  Looms", "comments": null, "journal-ref": '
    'null, "doi": null, "report-no": null, "categories": "cs.CL cs.LG", "license": null, "abstract": "  We weave.\\n", '
    '"versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}], "update_date": "2008-11-26", '
    '"authors_parsed": [["Lovelace", "Ada", "Jr"]]}'
)
HF_PAPER = (
    '{"id": "2512.00001", "title": "On Looms", "linkedModels": [{"id": "a/b"}, {"id": "a/c"}], "numTotalModels": 12, '
    '"linkedDatasets": [], "numTotalDatasets": 0, "linkedSpaces": [{"id": "a/d"}], "numTotalSpaces": 1, "githubStars": 3}'
)
HF_SCRAPED = (
    '{"date": "2025-12-04", "papers": [{"title": "On Looms", "paper_url": "https://huggingface.co/papers/2512.00001", '
    '"authors": ["nick"], "stars": "7", "details": {"abstract": "our new work!", "github_links": ["https://github.com/a/b"]}}]}'
)
HF_DAILY = (
    '[{"paper": {"id": "2512.00001", "title": "On Looms", "summary": "We weave.", "authors": [{"name": "Ada"}], "upvotes": 3, '
    '"publishedAt": "2025-12-01T00:00:00.000Z", "submittedOnDailyAt": "2025-12-02T00:00:00.000Z"}, "title": "On Looms"}]'
)
PAGE = (
    "new\n\nDaily Papers\n\nDec 11\n\nOn Looms\n\nWe weave, and what we weave is long enough.\n\n  • 8 authors\n·\nDec 8 2\n\n"
    "On Engines\n\nWe compute, and what we compute is long enough.\n\ncmu-lti CMU-LTI\n·\nAug 8, 2024\n"
)
CSV = "title,authors,abstract,terms\nOn Looms,Ada Lovelace|Bo Li,\"We\nweave.\",\"['cs.CL', 'looms']\"\n"
RSS = (
    '<rss version="2.0"><channel><title>News</title><item><title>On &lt;b&gt;Looms&lt;/b&gt;</title><link>https://a.org/1</link>'
    "<description>&lt;p&gt;We weave.&lt;/p&gt;</description><pubDate>Thu, 11 Dec 2025 10:00:00 GMT</pubDate>"
    "<category>looms</category></item></channel></rss>"
)
JSON_FEED = (
    '{"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": [{"id": "1", "url": "https://a.org/1", "title": '
    '"On Looms", "content_html": "<p>We weave.</p>", "date_published": "2025-12-11T00:00:00Z", "authors": [{"name": "Ada"}]}]}'
)
OWN = (
    '{"id": "2512.00001", "source": "me", "title": "On Looms", "published": "2025-12-11", "authors": [{"name": "Ada"}]}'
)

ANSWERS: Mapping[str, Sequence[str]] = {
    "acl-anthology": (ACL, ACL_2019),
    "arxiv": (ATOM,),
    "arxiv-mail": (MAIL % "9kb",),
    "arxiv-oai": (
        oai(
            f"<ListRecords>{oai_record(RAW % ('9kb', ''))}{oai_record(_PLAIN)}{oai_record(_DUBLIN, 'a.org:1')}"
            f"{oai_record('', status='deleted')}<resumptionToken>t</resumptionToken></ListRecords>"
        ),
    ),
    "arxiv-rss": (NEWS % (news("2512.00001v1", "new") + news("2512.00002v3", "replace")), NEWS_RSS),
    "bibtex": (BIBTEX,),
    "csl-json": (CSL,),
    "feeds": (RSS, JSON_FEED),
    "hf-archive": (HF_SCRAPED,),
    "hf-daily": (HF_DAILY,),
    "hf-papers": (HF_PAPER,),
    "kaggle": (KAGGLE,),
    "openalex": (OPENALEX,),
    "openreview": (NOTES, LISTED_NOTE),
    "page-text": (PAGE,),
    "pubmed": (PUBMED,),
    "records": (OWN,),
    "ris": (RIS,),
    "semantic-scholar": (SCHOLAR,),
    "table": (CSV,),
}
