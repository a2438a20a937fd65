from __future__ import annotations

import json
from urllib.request import urlopen

import pytest

from tests.citizen.tools import Tally, try_tools
from tests.demo.serving import run_demo


@pytest.fixture(scope="module")
def tally(tmp_path_factory) -> tuple[Tally, list[dict[str, str]]]:
    folder = tmp_path_factory.mktemp("tools")
    with run_demo(articles=12) as demo:
        story = next(iter(demo.site.truth()))
        url = story.url
        with urlopen(url) as answer:
            page = answer.read().decode()
        found = try_tools(f"{demo.url.rstrip('/')}/", url, page, story.headline, folder)
    lines = (folder / "given" / "out.jsonl").read_text().splitlines()
    return found, [json.loads(line) for line in lines]


def test_every_tool_says_what_it_should(tally):
    failed = [
        (each.tool.name, each.status, each.stdout[-300:], each.stderr[-900:])
        for each in tally[0].tried
        if not each.passed
    ]
    assert failed == []


def test_no_tool_leaves_a_ledger_a_log_or_any_other_file(tally):
    assert tally[0].left == []


def test_a_spider_that_runs_from_a_file_gives_each_article_once(tally):
    ids = [line["id"] for line in tally[1]]
    assert len(ids) == len(set(ids)) >= 10
