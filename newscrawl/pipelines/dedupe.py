"""Deduplication, first half: the signatures by which the store finds copies and revisions."""

from __future__ import annotations

from typing import Any

from newscrawl.dedup.signatures import content_hash, revision_hash
from newscrawl.items import Article


class DedupePipeline:
    """Signs articles; which one of several is the original is decided where they are stored."""

    def process_item(self, item: Any) -> Any:
        if isinstance(item, Article):
            item.content_hash = content_hash(item.text)
            item.revision_hash = revision_hash(item)
        return item
