"""Title, authors and date of real articles of many publishers, against what was read by hand.

A title is right if both are equal after NFC and folding of white space, the authors if the lists
are equal, names folded alike, and the date if it is the same day in either's own offset.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Any

from web_poet import HttpResponse

from newscrawl.items import Article
from newscrawl.pages.news import NewsPage

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("NEWSCRAWL_SHARED_PAGES", ROOT.parent / "shared" / "pages"))
FOLDER = (SHARED if SHARED.is_absolute() else ROOT / SHARED) / "publishers"


def score() -> dict[str, float]:
    """Shares of pages whose field is right; empty where the pages are absent."""
    truth_file = FOLDER / "truth.json"
    if not truth_file.is_file():
        return {}
    truths = json.loads(truth_file.read_text("utf-8"))
    right = {"publishers_title": 0, "publishers_authors": 0, "publishers_date": 0}
    for name, truth in truths.items():
        item = read(name, truth["url"])
        right["publishers_title"] += folded(item.headline) == folded(truth["title"])
        right["publishers_authors"] += same_people(item.authors, truth["authors"] or [])
        right["publishers_date"] += same_day(item.published, truth["date"])
    return {key: count / len(truths) for key, count in right.items()}


def read(name: str, url: str) -> Article:
    body = gzip.decompress((FOLDER / name).read_bytes())
    return asyncio.run(NewsPage(HttpResponse(url, body)).to_item())


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def same_people(found: list[str], wanted: list[Any]) -> bool:
    return list(map(folded, found)) == list(map(folded, wanted))


def same_day(found: datetime | None, wanted: str) -> bool:
    if found is None:
        return False
    when = datetime.fromisoformat(wanted)
    local = found if when.tzinfo is None else found.astimezone(when.tzinfo)
    return when.date() in {found.date(), local.date()}
