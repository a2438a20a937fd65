"""``corpus list``: what it writes, what it says, and how it ends."""

from __future__ import annotations

import argparse
import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from scrapy.settings import Settings

from newscrawl.commands.corpus import Command
from newscrawl.corpus.actions.action import Asked
from newscrawl.corpus.actions.listing import ListAction
from newscrawl.mistakes import BadInput
from newscrawl.terminal.console import WholeConsole
from tests.corpus import pywb
from tests.corpus.capturing.cdx import Answer, cdx11, cdx_server, json_lines, row
from tests.demo.serving import run_demo


def listing(*words: str) -> tuple[int, str]:
    """Run the action; return its status and what it said."""
    settings = Settings({"DOWNLOAD_DELAY": 0})
    settings.setmodule("newscrawl.settings", priority="default")
    said = io.StringIO()
    command, parser = Command(), argparse.ArgumentParser()
    command.settings = settings
    command.add_options(parser)
    options, rest = parser.parse_known_args(words)
    status = ListAction().run(Asked(rest, options, settings, WholeConsole(file=said)))
    return int(status), said.getvalue()


@pytest.fixture
def index(tmp_path: Path) -> str:
    path = tmp_path / "index.cdx"
    rows = [row(1), row(2, filename="a.warc.gz"), row(3, status="404"), row(4)]
    path.write_text(cdx11(*rows))
    return str(path)


def test_paths_are_each_file_once_in_order(index, tmp_path):
    out = tmp_path / "list.paths"
    status, said = listing(index, "-o", str(out), "--prefix", "https://data.example/")
    assert status == 0
    assert out.read_text().splitlines() == [
        "https://data.example/a.warc.gz",
        "https://data.example/crawl-data/one.warc.gz",
    ]
    assert said.splitlines() == [
        "left out: 1 with another status than 200",
        "3 captures in 2 WARC files, of 3 days in 1 year (2025-10-01 to 2025-10-04), of 1 site; 1 of 4 left out",
    ]


def test_captures_are_a_record_a_line(index, tmp_path):
    out = tmp_path / "list.captures"
    listing(index, "-o", str(out))
    told = [json.loads(line) for line in out.read_text().splitlines()]
    assert [(each["file"], each["offset"], each["length"]) for each in told] == [
        ("a.warc.gz", 2000, 500),
        ("crawl-data/one.warc.gz", 1000, 500),
        ("crawl-data/one.warc.gz", 4000, 500),
    ]


def test_without_a_file_paths_go_to_standard_output(index, capsys):
    assert listing(index)[0] == 0
    output = capsys.readouterr()
    assert output.out == "a.warc.gz\ncrawl-data/one.warc.gz\n"
    assert "3 captures in 2 WARC files" in output.err


def test_a_server_that_fails_leaves_what_was_there(index, tmp_path):
    out = tmp_path / "list.paths"
    out.write_text("before\n")
    with cdx_server(lambda _: Answer(json_lines(row(5), row(6)), cut=400)) as site:
        status, said = listing(index, site.address, "--site", "gazette.com", "-o", str(out))
    assert (status, out.read_text()) == (1, "before\n")
    assert "its answer broke off" in said


def test_nothing_found_is_no_success(index, tmp_path):
    out = tmp_path / "list.paths"
    status, said = listing(index, "--since", "2030-01-01", "-o", str(out))
    assert (status, out.exists()) == (1, False)
    assert "no captures among 4 lines" in said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--since", "yesterday"), "--since is not an ISO 8601 date"),
        (("--since", "2025-02-01", "--until", "2025-01-01"), "--until must be later than --since"),
        (("-o", "list.txt"), r"name it \*\.paths or \*\.captures"),
        (("--site", "news.gazette.com"), "that one is gazette.com"),
        (("http://127.0.0.1:1/cdx",), "name them with --site"),
        (("--site", "gazette.com", "http://me:pw@127.0.0.1/cdx"), "without user and password"),
        (("nowhere.cdx",), "No such file"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_asked(index, words, why):
    with pytest.raises(BadInput, match=why):
        listing(*words, index)


@pytest.mark.skipif(bool(pywb.missing()), reason=pywb.missing())
@pytest.mark.skipif(not shutil.which("wget"), reason="wget is not installed")
def test_pywb_its_index_and_wget_tell_of_the_same_captures(tmp_path):
    with run_demo(articles=5) as demo:
        site = demo.url.removeprefix("http://")
        crawl = [
            "wget",
            "-q",
            "-r",
            "-l1",
            "--warc-file=wget",
            "--warc-cdx",
            "-P",
            "kept",
            demo.url,
        ]
        subprocess.run(crawl, cwd=tmp_path, check=False)
    with pywb.serving(tmp_path / "pywb", [tmp_path / "wget.warc.gz"]) as collection:
        index = tmp_path / "pywb" / "collections" / "coll" / "indexes" / "index.cdxj"
        lists = []
        for cdx in (str(tmp_path / "wget.cdx"), str(index), f"{collection}cdx"):
            out = tmp_path / "list.captures"
            assert listing(cdx, "--site", site, "-o", str(out))[0] == 0
            captures = map(json.loads, out.read_text().splitlines())
            lists.append([(each["offset"], each["url"], each["digest"]) for each in captures])
    assert lists[0] == lists[1] == lists[2]
    assert len(lists[0]) > 10
