"""Pages that name the same canonical URL."""

from __future__ import annotations

import json

from newscrawl.dedup.signatures import article_id
from tests.corpus.deduping.making import SITE, Capture, deduped, edited, story

TEXT = story(1)
OTHER = story(2)


def id_of(path: str) -> str:
    return article_id(f"https://{SITE}{path}")


def test_the_canonical_page_itself_is_the_article(tmp_path):
    pages = [Capture("/a?print", canonical="/b"), Capture("/b"), Capture("/c", canonical="/b")]
    dataset = deduped(tmp_path, pages)
    assert [row["url"] for row in dataset.articles] == [f"https://{SITE}/b"]
    assert dataset.balance.canonical == 2


def test_without_it_the_first_page_by_identity_is(tmp_path):
    pages = [Capture(path, canonical="/story") for path in ("/z", "/m", "/p")]
    (article,) = deduped(tmp_path, *([page] for page in pages)).articles
    assert article["url"] == f"https://{SITE}/m"
    assert article["id"] == id_of("/story")
    assert article["canonical_url"] == f"https://{SITE}/story"


def test_a_page_with_another_text_gets_its_own_id(tmp_path):
    dataset = deduped(tmp_path, [Capture("/a", OTHER, canonical="/b"), Capture("/b")])
    article = dataset.by_path()["/a"]
    assert article["id"] == id_of("/a")
    assert article["canonical_url"] == article["url"]
    assert json.loads(article["provenance"])["canonical_url"] == "url:other-text"
    assert dataset.balance.canonical == 0


def test_an_excerpt_is_a_copy(tmp_path):
    part = " ".join(TEXT.split(" ")[:20])
    dataset = deduped(tmp_path, [Capture("/a", part, canonical="/b"), Capture("/b", TEXT)])
    assert dataset.balance.canonical == 1


def test_all_captures_of_a_copy_are_copies(tmp_path):
    copies = [Capture("/a", edited(TEXT, 30, seed), at=seed, canonical="/b") for seed in range(3)]
    dataset = deduped(tmp_path, [*copies, copies[0], Capture("/b", TEXT)])
    assert (dataset.balance.canonical, dataset.balance.repeated) == (3, 1)
    assert dataset.revisions == []


def test_the_revisions_of_a_page_that_got_its_own_id_have_it_too(tmp_path):
    pages = [Capture("/a", story(seed), at=seed, canonical="/b") for seed in (3, 4)]
    (revision,) = deduped(tmp_path, [*pages, Capture("/b")]).revisions
    assert revision["id"] == id_of("/a")
    assert revision["canonical_url"] == f"https://{SITE}/a"


def test_what_a_page_names_last_counts(tmp_path):
    pages = [Capture("/a", at=1, canonical="/b"), Capture("/a", at=2), Capture("/b", OTHER)]
    dataset = deduped(tmp_path, pages)
    assert dataset.by_path()["/a"]["id"] == id_of("/a")
    assert dataset.balance.canonical == 0


def test_a_page_that_names_one_which_names_another_is_of_that_one(tmp_path):
    pages = [Capture("/a", canonical="/b"), Capture("/b", canonical="/c"), Capture("/c")]
    dataset = deduped(tmp_path, pages)
    assert [row["url"] for row in dataset.articles] == [f"https://{SITE}/c"]


def test_such_a_page_does_not_take_the_place_of_one_that_names_it_directly(tmp_path):
    pages = [Capture("/a", canonical="/b"), Capture("/b", canonical="/c")]
    (article,) = deduped(tmp_path, pages).articles
    assert (article["url"], article["id"]) == (f"https://{SITE}/b", id_of("/c"))


def test_pages_that_name_each_other_stay_what_they_are(tmp_path):
    pages = [Capture("/a", canonical="/b"), Capture("/b", canonical="/a")]
    dataset = deduped(tmp_path, pages)
    assert {row["id"] for row in dataset.articles} == {id_of("/a"), id_of("/b")}
    assert dataset.originals() == {"/a": "/a", "/b": "/a"}
    names = {json.loads(row["provenance"])["canonical_url"] for row in dataset.articles}
    assert names == {"url:not-canonical"}


def test_no_two_articles_have_one_id(tmp_path):
    circle = [
        Capture("/a", canonical="/b"),
        Capture("/b", OTHER, canonical="/c"),
        Capture("/c", story(3), canonical="/a"),
        Capture("/x", story(4), canonical="/a"),
        Capture("/y", story(5), canonical="/x"),
    ]
    ids = [row["id"] for row in deduped(tmp_path, circle).articles]
    assert len(ids) == len({*ids}) == 5
