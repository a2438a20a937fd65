"""What Scrapy's feed exports (``-O articles.csv``) write as ``newscrawl export`` does."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

from scrapy.exporters import CsvItemExporter

from newscrawl.exporters.table import cell

if TYPE_CHECKING:
    from collections.abc import Mapping


class CsvFeed(CsvItemExporter):
    """CSV whose lists and objects are JSON: names with a comma in them stay apart."""

    def serialize_field(self, field: Mapping[str, Any], name: str, value: Any) -> Any:
        if "serializer" in field:
            return super().serialize_field(field, name, value)
        return _encoded(value) if isinstance(value, (list, tuple, dict)) else cell(value)


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode
"""Items of a user's own may hold what is no value of an article."""
