"""Page objects of single sites, by the public names alone."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import web_poet
from web_poet import HttpResponse, default_registry
from web_poet.fields import get_fields_dict

from newscrawl.discovery.links import absolute
from newscrawl.pages import (
    Article,
    ArticlePage,
    Link,
    LinkKind,
    NewsPage,
    PageKind,
    WordPressPage,
    field,
    handle_urls,
    moment,
)
from newscrawl.pages.sites import unheard
from tests.pages.examples import FIRST, SECOND, STORY, THIRD

URL = "http://portelm.example/harbour/1"
HTML = f"""
<html lang="en"><head><title>A quiet day | Portelm</title>
<meta property="og:site_name" content="Portelm">
<meta property="article:published_time" content="2024-05-02T10:00:00Z">
<link rel="canonical" href="{URL}"></head><body><main><article><h1>A quiet day in the harbour</h1>
<p class="byline">By Ann Lee</p><div class="story">{STORY}<div class="box"><p>{FIRST} Boxed.</p></div>
</div></article></main><div class="more"><p>{SECOND} Moreover.</p></div>
<div class="stamp">02|05|24 06h40</div></body></html>
"""
FIELDS = list(get_fields_dict(ArticlePage))
VALUES = dict.fromkeys(FIELDS, "said") | {
    "published": datetime(2024, 1, 1, tzinfo=UTC),
    "modified": datetime(2024, 1, 2, tzinfo=UTC),
    "authors": ["Bo Ek"],
}


def read(chosen, html=HTML, url=URL):
    page = chosen(HttpResponse(url, html.encode(), status=200))
    return page, asyncio.run(page.to_item())


def own(names):
    """A page object that gives plain values for some fields."""

    def of(name):
        def give(_):
            return VALUES[name]

        give.__name__ = name
        return field(give)

    return type("Own", (ArticlePage,), {name: of(name) for name in names})


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_that_names_no_rule_is_put_down_to_its_class(name):
    _, article = read(own([name]))
    assert getattr(article, name) == VALUES[name]
    assert article.provenance[name] == "Own"


def test_all_fields_may_be_own_ones():
    assert set(read(own(FIELDS))[1].provenance.values()) == {"Own"}


def test_a_rule_before_the_usual_ones_is_named_and_what_it_leaves_is_theirs():
    class Own(ArticlePage):
        @field
        def authors(self):
            stamped = self.css(".none::text").getall()
            return self.first("authors", ("portelm:none", lambda: stamped)) or super().authors

        @field
        def tags(self):
            return self.first("tags", ("portelm:stamp", lambda: ["harbour"])) or super().tags

    _, article = read(Own)
    assert (article.authors, article.provenance["authors"]) == (["Ann Lee"], "html")
    assert (article.tags, article.provenance["tags"]) == (["harbour"], "portelm:stamp")


class Stamped(ArticlePage):
    zone = ZoneInfo("Europe/Oslo")

    def published_rules(self):
        stamp = self.css(".stamp::text").get()
        return [("portelm:stamp", lambda: self.moment(stamp, "%d|%m|%y %Hh%M"))]


def test_a_date_in_a_form_of_the_site_is_read_in_its_zone():
    _, article = read(Stamped)
    assert article.published.isoformat() == "2024-05-02T06:40:00+02:00"
    assert article.published_raw == "02|05|24 06h40"
    assert article.provenance["published"] == "portelm:stamp:site-zone"


def test_the_chosen_page_object_keeps_its_zone():
    class Chosen(NewsPage):
        article_class = Stamped

    assert read(Chosen)[1].published.utcoffset() == timedelta(hours=2)


def test_a_rule_may_give_a_datetime():
    class Own(Stamped):
        def published_rules(self):
            return [("portelm:own", lambda: datetime(2024, 1, 5, 8))]  # noqa: DTZ001 - the zone is the page's

    assert read(Own)[1].published.isoformat() == "2024-01-05T08:00:00+01:00"


@pytest.mark.parametrize("text", ["02.05.24", "", None, "02|05|24 25h40"])
def test_a_text_without_the_form_is_no_date(text):
    assert moment(text, "%d|%m|%y %Hh%M") is None


def test_the_first_form_that_fits_is_taken():
    found = moment(" 2024-109 ", "%d/%m/%y", "%Y-%j")
    assert found is not None
    assert found.when == datetime(2024, 4, 18, tzinfo=UTC)


@pytest.mark.parametrize("form", ["%Q", "%d %"])
def test_a_form_that_is_none_is_named(form):
    with pytest.raises(ValueError, match="is no form of a date"):
        moment("02", form)


def test_elements_of_the_body_are_left_out():
    class Own(ArticlePage):
        @property
        def left_out(self):
            return self.elements(".box")

    assert "Boxed." in read(ArticlePage)[1].text
    assert "Boxed." not in read(Own)[1].text
    assert THIRD in read(Own)[1].text


def test_another_element_is_the_body():
    class Own(ArticlePage):
        @property
        def body_element(self):
            return self.element("div.more")

    page, article = read(Own)
    assert article.text == f"{SECOND} Moreover."
    assert article.provenance["text"] == "Own"
    assert page.evidence["words"] == len(article.text.split())


def test_several_elements_are_the_body_in_the_order_in_which_they_are_named():
    class Own(ArticlePage):
        @property
        def body_elements(self):
            return [*self.elements("div.more"), *self.elements("div.story")]

    page, article = read(Own)
    assert article.text.startswith(f"{SECOND} Moreover.\n\n{FIRST}\n\n")
    assert page.body_element.tag == "body"


def test_the_usual_body_is_asked_for_where_a_page_looks_different():
    class Own(ArticlePage):
        @property
        def body_elements(self):
            return self.elements("div.leaf") or super().body_elements

    assert read(Own)[1].text == read(ArticlePage)[1].text
    assert read(Own)[1].provenance["text"] == read(ArticlePage)[1].provenance["text"]


def test_a_body_that_is_none_leaves_a_page_without_text():
    class Own(ArticlePage):
        @property
        def body_element(self):
            return None

    page, article = read(Own)
    assert (article.text, page.kind) == ("", PageKind.PAGE)


def test_the_kind_that_a_site_knows_better_is_said_to_be_its_own():
    class Own(ArticlePage):
        @property
        def kind(self):
            return PageKind.LISTING if "/harbour/" in str(self.url) else super().kind

    page, _ = read(Own)
    assert (page.kind, page.evidence["rule"]) == (PageKind.LISTING, "Own")
    page, _ = read(Own, url="http://portelm.example/quay/1")
    assert (page.kind, page.evidence["rule"]) == (PageKind.ARTICLE, "body")


def test_relative_links_count_from_their_page():
    links = [Link("/quay/2", LinkKind.RELATED), Link("http://o.example/", LinkKind.TAG)]
    assert [each.url for each in absolute(links, URL)] == [
        "http://portelm.example/quay/2",
        "http://o.example/",
    ]


def test_a_page_object_of_a_site_stands_in_for_the_usual_one():
    @handle_urls("own-pages.example")
    class Whole(WordPressPage):
        pass

    @handle_urls("own-pages.example/quay/")
    class Quay(Whole):
        pass

    def chosen(url):
        return default_registry.overrides_for(url).get(NewsPage)

    assert chosen("https://www.own-pages.example/harbour/1") is Whole
    assert chosen("https://own-pages.example/quay/1") is Quay
    assert chosen("https://other-pages.example/") is None


def test_a_class_that_reads_no_news_pages_is_refused():
    with pytest.raises(TypeError, match="derive it from ArticlePage"):

        @handle_urls("refused-pages.example")
        class Other(web_poet.WebPage[Article]):
            pass


def test_a_page_object_that_no_spider_will_ask_for_is_named():
    @web_poet.handle_urls("unheard-pages.example")
    class Unheard(ArticlePage):
        pass

    assert any(name.endswith(".Unheard") for name in unheard())


def test_a_page_object_has_all_that_spiders_ask_the_usual_one_for():
    asked = {name for name in vars(NewsPage) if not name.startswith("_")}
    missing = {name for name in asked if not hasattr(ArticlePage, name)}
    assert missing == {"article_class", "choose", "earlier", "page"}
