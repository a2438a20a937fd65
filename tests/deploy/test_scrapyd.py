"""A real scrapyd on the loopback address, deployed to and asked by its own tools."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from newscrawl.history.accounts import Account
from tests.deploy.serving import Played, play


@pytest.fixture(scope="module")
def played(tmp_path_factory) -> Played:
    return play(tmp_path_factory.mktemp("scrapyd"))


def test_scrapyd_takes_the_egg_and_lists_its_spiders(played):
    assert json.loads(played.deployed.stdout)["status"] == "ok"
    assert played.spiders == ["buyersinsight", "site"]


def test_every_job_ran_as_it_should(played):
    assert played.as_they_should() == dict.fromkeys(played.numbers, True)
    assert played.listed["finished"] == set(played.numbers.values())
    assert played.listed["running"] >= {played.numbers["cancelled"]}


def test_a_job_that_scrapyd_cancels_ends_in_order_with_its_pages_queued(played):
    run = played.run("cancelled")
    account = Account.from_dict(run["account"])
    assert (run["reason"], account.ledger.holds) == ("shutdown", True)
    assert account.queued["pages"] > 0
    assert "Closing spider (shutdown)" in played.logs["cancelled"]


def test_jobs_that_were_cancelled_and_killed_are_gone_on_with(played):
    cancelled, killed, resumed = map(played.run, ("cancelled", "killed", "resumed"))
    assert killed["cycle"] == resumed["cycle"] == cancelled["id"]
    (site,) = resumed["sites"]
    assert played.stored(site) == Counter(played.true[site])


def test_no_page_is_read_twice_but_those_under_way_when_a_job_was_killed(played):
    times = Counter(visit["page"] for visit in played.crawl.visits())
    assert {page: number for page, number in times.items() if number > 1} == {}


def test_the_log_of_a_job_ends_with_its_account(played):
    end = played.logs["once"].partition("The run has ended:\n")[2]
    assert "What became of the URLs" in end
    assert end.splitlines()[-1].startswith("finished: 40 new articles; ")


@pytest.mark.parametrize("name", ["once", "cancelled", "resumed"])
def test_the_log_of_a_job_has_no_error(name, played):
    assert " ERROR: " not in played.logs[name]
    assert "Traceback" not in played.logs[name]


def test_what_scrapyd_says_of_a_job_is_no_argument_of_the_crawl(played):
    run = played.run("once")
    assert list(run["arguments"]) == ["url"]
    assert run["account"]["job"] == run["job"] == played.numbers["once"]


def test_feeds_of_scrapyd_have_the_articles_of_their_job(played):
    path = played.folder / "items" / "newscrawl" / "site" / f"{played.numbers['once']}.jl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    (site,) = played.run("once")["sites"]
    assert {line["id"] for line in lines} >= {
        each.id
        for each in played.crawl.articles().values()
        if each.site == site and each.duplicate_of is None
    }


def test_runs_names_the_jobs(played):
    shown = played.crawl.do("runs").stdout
    for number in played.numbers.values():
        assert number in shown
