"""Every recorded page, field by field.

A recorded page is a folder ``<site>/<slug>/`` with ``input.html``, ``meta.json`` (url, and
status and headers where they matter) and ``expected.json`` (kind, links by kind, article).
Adding the folder is all there is to do.
"""

from __future__ import annotations

import asyncio
import json
from functools import cache
from pathlib import Path

import pytest
from itemadapter import ItemAdapter
from web_poet import HttpResponse

from newscrawl.pages.news import NewsPage

RECORDED = sorted(each.parent for each in Path(__file__).parent.glob("*/*/meta.json"))


def name(folder):
    return f"{folder.parent.name}/{folder.name}"


def read(folder, part):
    return json.loads((folder / part).read_text(encoding="utf-8"))


@cache
def page(folder):
    meta = read(folder, "meta.json")
    body = (folder / "input.html").read_bytes()
    return NewsPage(
        HttpResponse(
            meta["url"], body, status=meta.get("status"), headers=meta.get("headers") or {}
        )
    )


@cache
def article(folder):
    item = ItemAdapter(asyncio.run(page(folder).to_item())).asdict()
    return json.loads(json.dumps(item, default=lambda when: when.isoformat()))


FIELDS = [
    pytest.param(folder, field, id=f"{name(folder)}-{field}")
    for folder in RECORDED
    for field in read(folder, "expected.json")["article"] or ()
]
LINKS = [
    pytest.param(folder, kind, id=f"{name(folder)}-{kind}")
    for folder in RECORDED
    for kind in read(folder, "expected.json")["links"]
]


def test_something_is_recorded():
    assert RECORDED


@pytest.mark.parametrize("folder", RECORDED, ids=name)
def test_kind(folder):
    assert page(folder).kind == read(folder, "expected.json")["kind"]


@pytest.mark.parametrize(("folder", "field"), FIELDS)
def test_field(folder, field):
    assert article(folder)[field] == read(folder, "expected.json")["article"][field]


@pytest.mark.parametrize(("folder", "kind"), LINKS)
def test_links(folder, kind):
    found = [link.url for link in page(folder).links if link.kind == kind]
    assert found == read(folder, "expected.json")["links"][kind]


@pytest.mark.parametrize("folder", RECORDED, ids=name)
def test_no_link_has_an_unexpected_role(folder):
    expected = read(folder, "expected.json")["links"]
    assert [link for link in page(folder).links if link.kind not in expected] == []
