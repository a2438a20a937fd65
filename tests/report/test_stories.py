"""Who tells whose stories, across sites."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from newscrawl.history.queries import StoryFacts
from newscrawl.report import stories as module
from newscrawl.report.stories import Edge, Stories

MONDAY = datetime(2025, 3, 3, 8, tzinfo=UTC)


def article(
    url: str, text: str = "", *, hour: int | None = 0, source: str | None = None, name=None, of=None
) -> StoryFacts:
    site = url.split("/")[2]
    seen = MONDAY + timedelta(days=1)
    return StoryFacts(
        id=url,
        url=url,
        site=site,
        canonical_url=url,
        published=None if hour is None else MONDAY + timedelta(hours=hour),
        content_hash=text or url,
        duplicate_of=of,
        duplicate_kind="near" if of else None,
        source_url=source,
        source_name=name,
        first_seen=seen,
        last_seen=seen,
    )


ORIGINAL = article("https://origin.example/pier")
SPUN = article("https://carrier.example/pier-1", hour=3, source=ORIGINAL.url, name="Origin")


def told(*articles: StoryFacts) -> Stories:
    return Stories(lambda: articles)


def groups(*articles: StoryFacts) -> set[frozenset[str]]:
    by_story: dict[str, set[str]] = {}
    for telling in told(*articles).tellings():
        by_story.setdefault(telling.story, set()).add(telling.id)
    return {frozenset(ids) for ids in by_story.values()}


def edges(*articles: StoryFacts) -> list[tuple[str, str, str, str, int]]:
    return [edge[:5] for edge in told(*articles).edges()]


# One story


def test_an_article_alone_is_no_group():
    assert groups(ORIGINAL, article("https://carrier.example/other")) == set()


def test_an_article_and_the_one_it_names_as_its_source_are_one_story():
    assert groups(ORIGINAL, SPUN) == {frozenset({ORIGINAL.id, SPUN.id})}


def test_the_address_of_a_source_may_be_spelled_otherwise():
    other = SPUN._replace(source_url="http://www.origin.example/pier/?utm_source=carrier")
    assert groups(ORIGINAL, other) == {frozenset({ORIGINAL.id, SPUN.id})}


def test_two_articles_that_name_the_same_source_are_one_story_though_it_was_never_crawled():
    second = article("https://second.example/p", source=ORIGINAL.url)
    assert groups(SPUN, second) == {frozenset({SPUN.id, second.id})}


def test_the_same_text_on_two_sites_is_one_story():
    one, other = article("https://a.example/1", "same"), article("https://b.example/1", "same")
    assert groups(one, other) == {frozenset({one.id, other.id})}


def test_a_copy_and_its_original_are_one_story():
    copy = article("https://origin.example/pier-2", of=ORIGINAL.id)
    assert groups(ORIGINAL, copy) == {frozenset({ORIGINAL.id, copy.id})}


def test_copies_and_sources_join_to_one_story():
    copy = article("https://carrier.example/pier-2", of=SPUN.id)
    assert groups(ORIGINAL, SPUN, copy) == {frozenset({ORIGINAL.id, SPUN.id, copy.id})}


def test_a_front_page_as_the_source_joins_nothing():
    spun = [
        article(f"https://carrier.example/{at}", source="https://origin.example/") for at in "ab"
    ]
    assert groups(*spun) == set()


def test_a_page_named_by_many_articles_of_a_site_is_no_single_story():
    source = "https://origin.example/latest"
    number = module.MAX_OF_SOURCE + 1
    spun = [article(f"https://carrier.example/{at}", source=source) for at in range(number)]
    assert groups(*spun) == set()
    assert len(groups(*spun[1:])) == 1


def test_a_source_that_is_no_web_address_joins_nothing():
    spun = [article(f"https://carrier.example/{at}", source="mailto:desk") for at in "ab"]
    assert groups(*spun) == set()


def test_the_earliest_published_told_it_first():
    hows = {telling.id: telling.how for telling in told(SPUN, ORIGINAL).tellings()}
    assert hows == {ORIGINAL.id: "first", SPUN.id: "source"}


def test_a_story_was_first_seen_when_its_first_article_was():
    late = ORIGINAL._replace(first_seen=MONDAY + timedelta(days=9))
    assert {t.story_first_seen for t in told(late, SPUN).tellings()} == {late.first_seen}


# Who carries whose


def test_a_linked_source_and_the_story_found_there_are_two_kinds_of_evidence():
    assert edges(ORIGINAL, SPUN) == [
        ("carrier.example", "origin.example", "Origin", "copy", 1),
        ("carrier.example", "origin.example", "Origin", "source", 1),
    ]


def test_a_source_only_named_has_no_site():
    named = article("https://carrier.example/1", name="Origin")
    assert edges(named) == [("carrier.example", "", "Origin", "source", 1)]


def test_copies_within_a_site_are_no_syndication():
    assert edges(ORIGINAL, article("https://origin.example/2", of=ORIGINAL.id)) == []


def test_an_article_that_names_its_own_site_carries_nothing():
    assert edges(ORIGINAL._replace(source_url="https://origin.example/x")) == []


def test_edges_are_counted_and_the_heaviest_comes_first():
    many = [
        article(f"https://carrier.example/{at}", source=f"https://big.example/{at}") for at in "ab"
    ]
    assert [edge[:2] for edge in edges(SPUN, *many)] == [
        ("carrier.example", "big.example"),
        ("carrier.example", "origin.example"),
    ]


def test_an_edge_says_when_it_was_seen_and_gives_an_example():
    later = article("https://carrier.example/2", source="https://origin.example/2")
    later = later._replace(last_seen=MONDAY + timedelta(days=30))
    (edge,) = told(SPUN, later).edges()
    assert edge == Edge(
        "carrier.example",
        "origin.example",
        "Origin",
        "source",
        2,
        SPUN.first_seen,
        later.last_seen,
        SPUN.url,
    )
