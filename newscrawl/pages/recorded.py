"""How a recorded page holds what it should give: the adapter of web-poet's fixtures."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from itemadapter import ItemAdapter

from newscrawl.items import Article

GIVEN_LATER = frozenset(
    {"id", "site", "word_count", "content_hash", "revision_hash", "found_via"}
    | {"duplicate_of", "duplicate_kind", "similarity", "revision", "first_seen", "last_seen"}
    | {"confidence", "doubts"}
)
"""Fields of an article that its page does not give: pipelines and the store do, or who reads it."""


class RecordedItem(ItemAdapter):
    """An item in JSON's own types, without what depends on the run.

    Moments are text with their offset, so that the same moment in another zone differs. It is
    the value of ``SCRAPY_POET_TESTS_ADAPTER``.
    """

    def asdict(self) -> dict[str, Any]:
        left_out = GIVEN_LATER if isinstance(self.item, Article) else frozenset()
        found = super().asdict()
        if left_out:
            rules = found["provenance"].items()
            found["provenance"] = {name: rule for name, rule in rules if name not in left_out}
        if left_out and not found["extra"]:
            del found["extra"]  # most articles have no fields but ours
        return {name: _plain(value) for name, value in found.items() if name not in left_out}


def _plain(value: Any) -> Any:
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, (set, frozenset)):
        return sorted(map(_plain, value))
    return value if value is None or isinstance(value, (str, int, float)) else str(value)
