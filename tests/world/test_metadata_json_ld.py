"""What a page says of itself in JSON-LD, however it writes it."""

from __future__ import annotations

import asyncio
import json

import pytest
from web_poet import HttpResponse

from newscrawl.pages.documents.json_text import loads
from newscrawl.pages.news import NewsPage

URL = "https://fenland.test/2025/quay/"
BODY = "<p>The quay opens again on Monday, says the harbour master of the town.</p>" * 8
GOOD = '{"@type": "NewsArticle", "headline": "The quay opens", "author": {"name": "Ada Quill"}}'


def read(*blocks, kind="application/ld+json", html=BODY):
    scripts = "".join(f'<script type="{kind}">{block}</script>' for block in blocks)
    page = f"<html><head>{scripts}</head><body><article>{html}</article></body></html>"
    return asyncio.run(NewsPage(HttpResponse(URL, page.encode())).to_item())


def story(**said):
    return json.dumps({"@type": "NewsArticle", "headline": "The quay opens", **said})


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("application/ld+json; charset=utf-8", id="a charset behind the type"),
        pytest.param("application/ld+json;charset=UTF-8", id="a charset without a space"),
        pytest.param("APPLICATION/LD+JSON", id="upper case"),
        pytest.param(" application/ld+json ", id="spaces around the type"),
        pytest.param('application/ld+json;profile="x"'.replace('"', ""), id="a profile"),
    ],
)
def test_the_type_of_the_script_is_known(kind):
    assert read(GOOD, kind=kind).headline == "The quay opens"


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(f"/* made by a plugin */ {GOOD}", id="a comment before it"),
        pytest.param(f"{GOOD} /* end */", id="a comment after it"),
        pytest.param(f"// made by a plugin\n{GOOD}\n// end", id="line comments around it"),
        pytest.param(f"<!-- {GOOD} -->", id="within an HTML comment"),
        pytest.param(f"<!-- Schema by Ada's plugin -->\n{GOOD}", id="an HTML comment before it"),
        pytest.param(f"{GOOD}<!-- end -->", id="an HTML comment after it"),
        pytest.param(f"<![CDATA[{GOOD}]]>", id="CDATA around it"),
        # extruct#143
        pytest.param(f"//<![CDATA[\n{GOOD}\n//]]>", id="CDATA in line comments"),
        pytest.param(f"/*<![CDATA[*/{GOOD}/*]]>*/", id="CDATA in comments"),
        # extruct#109
        pytest.param(f"{GOOD};", id="a semicolon after it"),
        pytest.param(f"{GOOD},", id="a comma after it"),
        pytest.param(f"var schema = {GOOD};", id="assigned to a variable"),
        pytest.param(GOOD.replace("}}", ",},}"), id="trailing commas"),
        pytest.param(GOOD.replace('opens"', 'opens"\n').replace(", ", "\n", 1), id="no comma"),
        pytest.param(GOOD.replace(", ", ", // Ada's own\n", 1), id="a comment within it"),
        pytest.param(GOOD.replace('"', "&quot;"), id="quotation marks as entities"),
        pytest.param(GOOD.replace('"', "”"), id="curly quotation marks"),
        pytest.param(GOOD.replace('"', "'"), id="single quotation marks"),
        pytest.param(GOOD.replace('"@type"', "'@type'"), id="one key in single marks"),
        # extruct#84
        pytest.param(GOOD.replace("quay", "\nquay").replace("Ada", "\tAda"), id="controls"),
        pytest.param("\ufeff" + GOOD, id="a byte order mark"),
        pytest.param(GOOD[:-2], id="without its end"),
        pytest.param("{}\n" + GOOD, id="an empty object before it"),
        pytest.param('{"@type": "WebPage" "name": }' + GOOD, id="a bad object before it"),
        pytest.param(GOOD + '{"@type": "WebPage", "name": ', id="a bad object after it"),
        pytest.param(f'[{{"name": "never closed }}, {GOOD}]', id="a bad string in the list"),
        pytest.param(f'[{{"@type": "WebSite", {GOOD}]', id="a bad object in the list"),
        pytest.param(f'{{"@graph": [{{"name": }}, {GOOD}]}}', id="a bad object in the graph"),
        pytest.param("[" * 5_000 + "]" * 5_000 + GOOD, id="a deep nest before it"),
    ],
)
def test_a_block_that_is_not_quite_json_is_read(block):
    item = read(block)
    assert (item.headline, item.authors) == ("The quay opens", ["Ada Quill"])


def test_a_bad_script_does_not_lose_the_good_one_beside_it():
    assert read('{"@type": "NewsArticle", "headline": "x', GOOD).authors == ["Ada Quill"]


def test_quotation_marks_within_a_string_belong_to_it():
    block = '{"@type": "NewsArticle", "headline": "He said "no", and left", "author": "Ada Quill"}'
    item = read(block)
    assert (item.headline, item.authors) == ('He said "no", and left', ["Ada Quill"])


def test_a_string_that_never_ends_says_nothing():
    assert loads('{"name": "The quay') == [{"name": None}]


def test_entities_in_strings_are_read():
    item = read(story(headline="Q&amp;A: the quay&#8217;s end", author="Ada Quill &amp; Bo Ekman"))
    assert (item.headline, item.authors) == ("Q&A: the quay’s end", ["Ada Quill", "Bo Ekman"])


@pytest.mark.parametrize(
    ("author", "names"),
    [
        pytest.param({"givenName": "Ada", "familyName": "Quill"}, ["Ada Quill"], id="in two parts"),
        pytest.param(
            {"name": "", "givenName": "Ada", "familyName": "Quill"}, ["Ada Quill"], id="empty name"
        ),
        pytest.param(
            {"@type": "Person", "givenName": "小明", "familyName": "王"}, ["王小明"], id="Chinese"
        ),
        pytest.param({"name": {"@value": "Ada Quill"}}, ["Ada Quill"], id="a value object"),
        pytest.param(
            {"name": {"@type": "Text", "name": "Ada Quill"}}, ["Ada Quill"], id="a name's name"
        ),
        pytest.param(
            {"name": {"givenName": "Ada", "familyName": "Quill"}}, ["Ada Quill"], id="name in parts"
        ),
        pytest.param({"name": ["Ada Quill", "Bo Ekman"]}, ["Ada Quill", "Bo Ekman"], id="names"),
        pytest.param({"@value": "Ada Quill"}, ["Ada Quill"], id="itself a value"),
        pytest.param({"@list": [{"name": "Ada Quill"}]}, ["Ada Quill"], id="an ordered list"),
        pytest.param([["Ada Quill"], ["Bo Ekman"]], ["Ada Quill", "Bo Ekman"], id="lists in lists"),
        pytest.param(
            "Ada Quill, Bo Ekman and Cy Orr", ["Ada Quill", "Bo Ekman", "Cy Orr"], id="text"
        ),
        pytest.param(
            [
                {"@type": "Organization", "name": "Wire Desk"},
                {"@type": "Person", "name": "Ada Quill"},
            ],
            ["Ada Quill"],
            id="an organization beside a person",
        ),
        pytest.param(
            [{"@type": "NewsMediaOrganization", "name": "Wire Desk"}, "Ada Quill"],
            ["Ada Quill"],
            id="an organization beside a text",
        ),
        pytest.param(
            [{"@type": "Organization", "name": "Wire Desk"}, {"@type": "Person"}],
            ["Wire Desk"],
            id="an organization beside nobody",
        ),
    ],
)
def test_authors_are_named_in_any_form(author, names):
    assert read(story(author=author)).authors == names


ADA = {"@type": "Person", "@id": "#ada", "name": "Ada Quill"}


@pytest.mark.parametrize(
    ("author", "others"),
    [
        pytest.param({"@id": "#ada"}, [ADA], id="in another script"),
        pytest.param([{"@id": "#ada"}], [{"@graph": [{"@type": "WebSite"}, ADA]}], id="in a graph"),
        pytest.param({"@id": f"{URL}#ada"}, [ADA], id="the whole address of a relative one"),
        pytest.param("#ada", [ADA], id="as a plain text"),
        pytest.param({"@id": "#ada", "@type": "Person"}, [ADA], id="with its type"),
        pytest.param({"@id": "#ada"}, [{"@type": "WebPage", "author": ADA}], id="nested elsewhere"),
        pytest.param({"@id": "_:b1"}, [{**ADA, "@id": "_:b1"}], id="a node without an address"),
        pytest.param(
            {"@id": "#ada"},
            [{"@id": "#ada", "givenName": "Ada"}, {"@id": "#ada", "familyName": "Quill"}],
            id="told in two places",
        ),
    ],
)
def test_an_author_may_be_a_reference(author, others):
    assert read(story(author=author), *map(json.dumps, others)).authors == ["Ada Quill"]


def test_two_objects_of_one_id_are_one_story():
    article = {"@id": "#a", "@type": "NewsArticle", "headline": "The quay opens"}
    more = {"@id": "#a", "@type": "Article", "author": "Ada Quill", "articleSection": "Harbour"}
    item = read(json.dumps(article), json.dumps(more))
    assert (item.authors, item.sections) == (["Ada Quill"], ["Harbour"])


def test_a_picture_may_be_a_reference():
    image = {
        "@id": "#picture",
        "@type": "ImageObject",
        "contentUrl": "/quay.jpg",
        "caption": "Quay",
    }
    item = read(story(image={"@id": "#picture"}), json.dumps(image))
    assert [(each.url, each.caption) for each in item.images] == [
        ("https://fenland.test/quay.jpg", "Quay")
    ]


@pytest.mark.parametrize(
    "image",
    [
        pytest.param("/quay.jpg", id="an address"),
        pytest.param(["/quay.jpg", "/quay-small.jpg"], id="a list"),
        pytest.param({"@type": "ImageObject", "url": "/quay.jpg"}, id="an object"),
        pytest.param([{"url": ["/quay.jpg"]}], id="a list in a list"),
        pytest.param({"url": {"@id": "/quay.jpg"}}, id="an address as a node"),
        pytest.param(
            {"url": "/pages/quay", "contentUrl": "/quay.jpg"}, id="the file before its page"
        ),
        pytest.param([None, {}, "/quay.jpg"], id="after nothing"),
    ],
)
def test_a_picture_is_declared_in_any_form(image):
    assert [each.url for each in read(story(image=image)).images] == [
        "https://fenland.test/quay.jpg"
    ]


@pytest.mark.parametrize(
    "block",
    [
        pytest.param({"@type": ["Thing", "NewsArticle"], "headline": "The quay opens"}, id="types"),
        pytest.param(
            {"@type": "http://schema.org/NewsArticle", "headline": "The quay opens"}, id="full type"
        ),
        pytest.param(
            {"@type": "schema:NewsArticle", "schema:headline": "The quay opens"}, id="a prefix"
        ),
        pytest.param(
            {
                "@context": {"s": "https://schema.org/"},
                "@type": "s:NewsArticle",
                "s:headline": "The quay opens",
            },
            id="a prefix of its own",
        ),
        pytest.param(
            {
                "@type": ["http://schema.org/NewsArticle"],
                "http://schema.org/headline": [{"@value": "The quay opens", "@language": "en"}],
            },
            id="expanded",
        ),
        pytest.param(
            {"@type": "NewsArticle", "headline": {"@value": "The quay opens"}}, id="a value object"
        ),
        pytest.param(
            {"@type": "WebPage", "mainEntity": {"@type": "Article", "headline": "The quay opens"}},
            id="the main entity of a page",
        ),
        pytest.param(
            {
                "@type": "WebPage",
                "mainEntityOfPage": {"@type": "Article", "name": "The quay opens"},
            },
            id="the main entity the wrong way round",
        ),
        pytest.param(
            {"@graph": [{"@graph": [{"@type": "Article", "headline": "The quay opens"}]}]},
            id="a graph in a graph",
        ),
    ],
)
def test_a_headline_is_found_in_any_form(block):
    item = read(json.dumps(block))
    assert (item.headline, item.provenance["headline"]) == ("The quay opens", "json-ld")


def test_of_several_articles_the_main_entity_is_the_story():
    graph = [
        {"@type": "NewsArticle", "@id": "#b", "headline": "Ferries return"},
        {"@type": "NewsArticle", "@id": "#a", "headline": "The quay opens"},
        {"@type": "WebPage", "mainEntity": {"@id": "#a"}},
    ]
    assert read(json.dumps({"@graph": graph})).headline == "The quay opens"


@pytest.mark.parametrize(
    "block",
    [
        pytest.param('{"author":' * 90_000, id="objects"),
        pytest.param("[" * 900_000, id="lists"),
        pytest.param('{"a": "x" "y' * 70_000, id="strings"),
        pytest.param("/*" * 400_000, id="comments"),
        pytest.param(f'{{"@type": "NewsArticle", "author": {"[" * 900}{"]" * 900}}}', id="people"),
        pytest.param(
            f'{{"@type": "NewsArticle", "commentCount": {"[" * 900}{"]" * 900}}}', id="count"
        ),
    ],
)
def test_a_hostile_block_costs_no_more_than_itself(block):
    assert read(block, GOOD).headline == "The quay opens"


@pytest.mark.parametrize(
    ("said", "count"),
    [
        pytest.param({"commentCount": 0}, 0, id="none"),
        pytest.param({"commentCount": "0"}, 0, id="none in words"),
        pytest.param({"commentCount": 12.0}, 12, id="a broken number"),
        pytest.param({"commentCount": {"@value": 0}}, 0, id="a value object"),
        pytest.param({"commentCount": None}, None, id="unknown"),
        pytest.param({"commentCount": ""}, None, id="empty"),
        pytest.param({"commentCount": -1}, None, id="below nothing"),
        pytest.param({"interactionCount": "UserComments:0"}, 0, id="the old form"),
        pytest.param(
            {"interactionCount": ["UserPageVisits:9", "UserComments:3"]}, 3, id="old forms"
        ),
        pytest.param(
            {
                "interactionStatistic": {
                    "@type": "InteractionCounter",
                    "interactionType": "https://schema.org/CommentAction",
                    "userInteractionCount": 0,
                }
            },
            0,
            id="a counter of none",
        ),
        pytest.param(
            {
                "interactionStatistic": [
                    {"interactionType": {"@type": "ShareAction"}, "userInteractionCount": 9},
                    {"interactionType": {"@type": "CommentAction"}, "userInteractionCount": "3"},
                ]
            },
            3,
            id="the counter of comments among others",
        ),
        pytest.param(
            {"interactionStatistic": {"@type": "UserComments", "userInteractionCount": 4}},
            4,
            id="a counter by its type",
        ),
        pytest.param(
            {"interactionStatistic": {"interactionType": "ShareAction", "userInteractionCount": 4}},
            None,
            id="a counter of shares",
        ),
    ],
)
def test_comments_are_counted_as_declared(said, count):
    assert read(story(**said)).comment_count == count
