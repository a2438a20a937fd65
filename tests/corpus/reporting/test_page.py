"""The report of a corpus in a real browser: whole, alone, and nothing in it runs that came from files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from newscrawl.corpus.account import ShardAccount, accounts
from newscrawl.corpus.layout import FORMAT, Layout
from tests.corpus.articles import write_shard
from tests.corpus.deduping.making import Capture, dedupe, make, story
from tests.tabs import chromium, needs_chromium, report_in, shown

ATTACK = "<script>alert(1)</script>"
HOSTILE = f"/archive/'\"><img src=x onerror=alert(2)>{{{{ 7 * 7 }}}}{ATTACK}\u202egnp.warc.gz"
PAGES = (
    Capture("/a"),
    Capture("/a", story(2), at=1),
    Capture(f"/b?{ATTACK}", story(2), headline=ATTACK),
    Capture("/c", story(2), site="weekly.example", published=None),
)
PHONE = {"width": 390, "height": 800}

pytestmark = needs_chromium


def report(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "newscrawl", "corpus", "report", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def corpus(folder: Path) -> Layout:
    """Three files, one of them with a hostile name and broken records, and one not yet read."""
    layout = make(folder, PAGES[:2])
    write_shard(folder, HOSTILE, [each.row() for each in PAGES[2:]])
    for name, account in accounts(layout):
        if account.input == HOSTILE:
            told = {"article": account.rows, "failed: Unreadable": 3, f"rejected: {ATTACK}": 1}
            spoilt = vars(account) | {"records": account.rows + 4, "outcomes": told}
            ShardAccount(**spoilt).write(layout.account(name))
    about = {"format": FORMAT, "filters": {"sites": ["daily.example"]}, "zone": None}
    layout.about.write_text(json.dumps(about))
    asked = [*(account.input for _, account in accounts(layout)), f"/later/{ATTACK}.warc"]
    layout.inputs.write_text("".join(f"{each}\n" for each in asked))
    return layout


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reported")
    dedupe(corpus(folder / "out"))
    done = report(folder / "out", "-o", folder / "report.html")
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "report.html"


@pytest.fixture
def opened(browser: Browser, written):
    with report_in(browser, written) as tab:
        yield tab


@pytest.fixture
def phone(browser: Browser, written):
    with report_in(browser, written, viewport=PHONE) as tab:
        yield tab


def test_it_needs_no_network_and_the_browser_has_nothing_to_say(opened, written):
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith("data:")] == [written.as_uri()]


def test_it_has_the_policy_of_the_other_report(opened):
    policy = opened.page.locator("meta[http-equiv]").get_attribute("content")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy


def test_what_files_are_called_stays_text(opened):
    text = opened.page.locator("main").inner_text()
    assert text.count(ATTACK) >= 4
    assert "{{ 7 * 7 }}" in text
    assert opened.page.locator("script").count() == 1
    assert opened.page.locator("main img").count() == 0


def test_the_first_screen_says_what_there_is_and_what_to_do(opened):
    numbers = opened.page.locator(".answers b").all_inner_texts()
    assert numbers == ["66.7%", "1", "3", "1"]
    assert opened.page.locator(".level").inner_text() == "Needs a look"
    line = opened.page.locator(".steps code").inner_text()
    assert f"'/later/{ATTACK}.warc' --site=daily.example" in line


def test_records_are_told_by_outcome_in_all_and_for_each_file(opened):
    outcomes = {row[0].split("\n")[0]: row[1] for row in shown(opened.page, "outcomes")}
    assert outcomes == {"article": "4", "rejected": "1", "failed": "3"}
    columns = opened.page.locator("#table-shards th").all_inner_texts()
    assert columns == ["file", "records", "article", "rejected", "failed", "passed over"]
    shards = shown(opened.page, "shards")
    assert [row[1:] for row in shards] == [
        ["6", "2", "1", "3", "0"],
        ["2", "2", "0", "0", "0"],
    ]


def test_why_records_could_not_be_read_is_said(opened):
    ((reason, *numbers),) = shown(opened.page, "unreadable")
    assert reason.startswith("Unreadable\nA record of the archive is")
    assert numbers == ["3", "37.5%"]


def test_sites_languages_fields_and_copies_have_their_numbers(opened):
    assert shown(opened.page, "sites") == [
        ["daily.example", "1", "1", "0", "1", "2025-03-01", "2025-03-01"],
        ["weekly.example", "0", "1", "0", "0", "not known", "not known"],
    ]
    assert shown(opened.page, "languages") == [["en", "3", "100.0%"]]
    fields = {row[0]: row[1:] for row in shown(opened.page, "fields")}
    assert (fields["published"], fields["comments"]) == (["2", "66.7%"], ["0", "0.0%"])
    copies = {row[0].split("\n")[0]: row[1] for row in shown(opened.page, "copies")}
    assert (copies["originals"], copies["exact"], copies["revisions"]) == ("1", "2", "1")
    assert "Without a date: 1 article." in opened.page.locator("#articles").inner_text()


def test_files_that_are_not_read_are_named(opened):
    assert shown(opened.page, "open") == [[f"/later/{ATTACK}.warc"]]


def test_nothing_is_wider_than_a_phone(phone):
    width = phone.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


def test_before_there_is_a_dataset_it_says_so(browser, tmp_path):
    corpus(tmp_path / "out")
    assert report(tmp_path / "out", "-o", tmp_path / "r.html").returncode == 0
    with report_in(browser, tmp_path / "r.html") as opened:
        assert opened.complaints == []
        assert "There is no dataset yet." in opened.page.locator(".sentence").inner_text()
        assert "corpus dedupe" in opened.page.locator(".steps code").last.inner_text()


def test_of_nothing_it_says_that_there_is_nothing(browser, tmp_path):
    layout = write_shard(tmp_path / "out", "/archive/none.warc.gz", [])
    layout.about.write_text(json.dumps({"format": FORMAT}))
    dedupe(layout)
    assert report(tmp_path / "out", "-o", tmp_path / "r.html").returncode == 0
    with report_in(browser, tmp_path / "r.html") as opened:
        assert opened.complaints == []
        assert opened.page.locator(".level").inner_text() == "Nothing is stored"


@pytest.mark.parametrize(
    ("words", "mistake"),
    [(["none"], "is no corpus"), (["out", "-o", "none/r.html"], "there is no folder none")],
)
def test_a_mistake_is_one_line(words, mistake, tmp_path, monkeypatch):
    corpus(tmp_path / "out")
    monkeypatch.chdir(tmp_path)
    done = report(*words)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert mistake in done.stderr
