"""A small version of ``python -m tests.archive``: an archived crawl that is killed."""

from __future__ import annotations

import random

from tests.archive.checking import check, is_valid
from tests.crash.killing import crawl_killed, crawl_undisturbed, plan_requests
from tests.demo.serving import run_demo


def test_a_killed_crawl_has_each_record_once(crawl, tmp_path):
    folder = tmp_path / "archive"
    reference_folder = tmp_path / "reference"
    reference_folder.mkdir()
    with run_demo(articles=60) as server:
        reference = crawl_undisturbed(server, reference_folder)
        lives = plan_requests(random.Random(4), 2, reference)
        settings = {"NEWSCRAWL_ARCHIVE": str(folder), "NEWSCRAWL_ARCHIVE_MAX_BYTES": "200000"}
        measured = crawl_killed(server, crawl, lives, reference, **settings)
    checked = check(crawl, folder)
    assert measured.kills == 2
    assert (measured.problems, checked.lost, checked.doubled) == ([], [], [])
    assert is_valid(folder)
