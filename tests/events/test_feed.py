from __future__ import annotations

import json
from datetime import UTC, datetime

import feedparser
import pytest

from newscrawl.events.events import Event, Kind
from newscrawl.events.feed import DELETED, SUMMARY, atom, json_feed
from newscrawl.items import Article

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def event(kind: Kind = Kind.NEW, **fields) -> Event:
    made = {"url": "https://daily.example/pier", "headline": "The pier", "site": "daily.example"}
    article = Article(**{**made, "canonical_url": made["url"], **fields})
    return Event(kind, MOMENT, 1, 7, article)


def test_a_reader_of_feeds_finds_what_an_article_says():
    told = event(authors=["Ada Quill"], sections=["Town"], text="It rained.", published=MOMENT)
    feed = feedparser.parse(atom([told], "urn:newscrawl:feed:all"))
    (entry,) = feed.entries
    assert not feed.bozo
    assert feed.version == "atom10"
    assert (entry.title, entry.link, entry.id) == ("The pier", *["https://daily.example/pier"] * 2)
    assert (entry.author, entry.tags[0].term, entry.summary) == ("Ada Quill", "Town", "It rained.")
    assert entry.published == entry.updated == "2026-01-02T03:04:05+00:00"


def test_what_is_gone_is_a_deleted_entry():
    text = atom([event(Kind.GONE)], "urn:newscrawl:feed:all").decode()
    assert f'xmlns:at="{DELETED}"' in text
    assert '<at:deleted-entry ref="https://daily.example/pier" when="2026-01-02' in text
    assert feedparser.parse(text).entries == []


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "]]>&amp;", "a\x00\x1bb", "\ud800"]
)
def test_what_a_page_contains_is_text(hostile):
    feed = feedparser.parse(atom([event(headline=hostile, text=hostile)], "urn:x"))
    assert not feed.bozo
    assert "<script" not in atom([event(headline=hostile)], "urn:x").decode()
    assert json.loads(json_feed([event(headline=hostile)]))["items"][0]["title"]


def test_a_long_text_is_cut_between_its_begin_and_its_end():
    (entry,) = feedparser.parse(atom([event(text="word " * 500)], "urn:x")).entries
    assert len(entry.summary) <= SUMMARY
    assert entry.summary.endswith("…")


def test_a_json_feed_says_what_happened_and_leaves_out_what_is_not_known():
    feed = json.loads(json_feed([event(Kind.CHANGED, text="It rained.")]))
    (item,) = feed["items"]
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert item["_newscrawl"]["event"] == "changed"
    assert "date_published" not in item


def test_a_feed_without_articles_is_one_all_the_same():
    assert not feedparser.parse(atom([], "urn:x")).bozo
    assert json.loads(json_feed([]))["items"] == []
