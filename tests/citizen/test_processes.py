"""Several crawls in one process of a user's own: each as if it were alone."""

from __future__ import annotations

import csv
import json
import signal
import sqlite3
import time
from typing import Any

import pytest

from newscrawl.exit_status import ExitStatus
from tests.citizen.processes import PROGRAMS, Program, pages, two_sites
from tests.crawl.answering import answering


@pytest.fixture(scope="module", params=PROGRAMS)
def together(request, tmp_path_factory):
    """Two news spiders of different sites and a foreign spider, all at once."""
    program = Program(tmp_path_factory.mktemp("together"), request.param)
    with two_sites() as (quay, tram, shop):
        ended = program.run(
            ("site", {"url": f"{quay.url}/"}),
            ("site", {"url": f"{tram.url}/"}),
            ("shop", {"server": shop.url}),
        )
    return program, ended, shop


def runs(program: Program) -> list[dict[str, Any]]:
    with sqlite3.connect(program.folder / "news.db") as database:
        database.row_factory = sqlite3.Row
        found = [dict(row) for row in database.execute("SELECT * FROM runs ORDER BY id")]
    database.close()
    return found


def test_each_run_has_a_balanced_account_of_its_own(together):
    program, (quay, tram, _), _ = together
    for ended in (quay, tram):
        assert ended.account is not None
        assert ended.account["ledger"]["balanced"]
        assert ended.account["new"]["articles"] == 5
        assert ended.account["outcomes"]["article"] == 5
        assert ended.stats["newscrawl/outcome/article"] == 5
        assert ended.status == ExitStatus.GOOD
    assert quay.account["sites"] != tram.account["sites"]
    assert {run["id"] for run in runs(program)} == {quay.account["run"], tram.account["run"]}
    assert all(run["reason"] == "finished" for run in runs(program))


def test_a_foreign_spider_beside_them_has_its_own_stats_and_no_account(together):
    _, (_, _, shop), _ = together
    assert shop.account is None
    assert shop.status == ExitStatus.GOOD
    assert shop.stats["shop/found"] == 2
    assert shop.stats["downloader/request_method_count/POST"] == 2
    assert shop.stats["item_scraped_count"] == 4
    assert not [name for name in shop.stats if name.startswith("newscrawl/outcome")]


def test_its_posts_cookies_feed_pipeline_and_middlewares_are_as_before(together):
    program, _, _ = together
    with (program.folder / "shop.csv").open() as file:
        rows = list(csv.DictReader(file))
    posts = {row["term"]: json.loads(row["heard"]) for row in rows if row["term"] != "basket"}
    assert posts == {term: {"term": term} for term in ("tide", "tram")}
    assert [row["heard"] for row in rows if row["term"] == "basket"] == ["basket=7"] * 2
    assert {row["stamp"] for row in rows} == {"mine"}
    assert {row["key"] for row in rows} == {"k1"}
    assert {row["from"] for row in rows} == {"search", "basket"}


def test_no_site_is_logged_with_another(together):
    program, (quay, tram, _), _ = together
    for ended in (quay, tram):
        (site,) = ended.account["sites"]
        log = program.folder / f"{site.replace(':', '-')}.jsonl"
        stored = [json.loads(line) for line in log.read_text().splitlines()]
        assert {each["site"] for each in stored} == {site}
        assert len(stored) == 5


def test_nothing_went_wrong_in_any_of_them(together):
    program, ended, _ = together
    assert " ERROR: " not in program.log
    assert not [each for each in ended if "log_count/ERROR" in each.stats]


def test_two_runs_of_one_site_in_a_process_are_not_both_at_work(tmp_path):
    program = Program(tmp_path)
    with answering(pages("quay", 5)) as server:
        ended = program.run(*(("site", {"url": f"{server.url}/"}),) * 2)
    assert sorted(each.stats["finish_reason"] for each in ended) == ["finished", "locked"]
    assert sorted(each.status for each in ended) == [ExitStatus.GOOD, ExitStatus.LOCKED]
    (run,) = runs(program)
    assert (run["reason"], json.loads(run["outcomes"])["article"]) == ("finished", 5)


def test_one_that_is_stopped_early_is_resumed_and_the_other_is_done(tmp_path):
    program = Program(tmp_path, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    with two_sites(stories=8) as (quay, tram, _):
        few = ("site", {"url": f"{quay.url}/", "max_articles": "2"})
        first = program.run(few, ("site", {"url": f"{tram.url}/"}))
        second = program.run(("site", {"url": f"{quay.url}/"}))
    assert [each.stats["finish_reason"] for each in first] == ["max_articles", "finished"]
    assert [each.account["new"]["articles"] for each in first] == [2, 8]
    assert second[0].account["new"]["articles"] == 6
    assert second[0].account["stored"]["articles"] == 8


@pytest.mark.parametrize("kind", PROGRAMS)
def test_a_signal_to_the_process_closes_all_in_order_and_the_next_goes_on(kind, tmp_path):
    program = Program(tmp_path, kind, DOWNLOAD_DELAY=0.1)
    with two_sites(stories=15) as (quay, tram, _):
        both = [("site", {"url": f"{site.url}/"}) for site in (quay, tram)]
        process = program.start(*both)
        while min(len(quay.asked), len(tram.asked)) < 8:
            assert process.poll() is None, program.log
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        stopped = program.ended(process)
        ended = Program(tmp_path, kind).run(*both)
    for before, after in zip(stopped, ended, strict=True):
        assert before.stats["finish_reason"] == "shutdown"
        assert before.account["ledger"]["balanced"]
        assert before.account["ledger"]["queued"] > 0
        assert before.status == ExitStatus.GOOD
        assert after.stats["finish_reason"] == "finished"
        assert after.account["stored"]["articles"] == 15
        visits = before.account["ledger"]["visits"] + after.account["ledger"]["visits"]
        assert visits == after.account["ledger"]["done"], "nothing is visited twice"
