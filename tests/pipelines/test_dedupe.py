from __future__ import annotations

from newscrawl.dedup.signatures import content_hash, revision_hash
from newscrawl.items import Article
from newscrawl.pipelines.dedupe import DedupePipeline


def test_an_article_is_signed():
    item = Article(url="https://daily.example/a", headline="Harbour", text="It reopened.")
    signed = DedupePipeline().process_item(item)
    assert signed is item
    assert signed.content_hash == content_hash("It reopened.")
    assert signed.revision_hash == revision_hash(item)


def test_other_items_pass():
    item = {"text": "It reopened."}
    assert DedupePipeline().process_item(item) == {"text": "It reopened."}
