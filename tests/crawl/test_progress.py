"""What a person sees of a crawl while it runs."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import termios

from newscrawl.terminal.data_folder import settings_of
from tests.commands.terminal import COLOURS
from tests.crawl.crawling import ENVIRONMENT, Crawl


def on_a_terminal(crawl: Crawl, *arguments: str, **settings: str) -> tuple[int, str]:
    """Crawl with stderr on a terminal of 100 columns; return the status and what it showed."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    with (crawl.folder / "stdout").open("wb") as stdout:
        process = subprocess.Popen(
            crawl.command(*arguments, settings=settings),
            stdout=stdout,
            stderr=theirs,
            env={**ENVIRONMENT, "TERM": "xterm-256color"},
            cwd=crawl.folder,
        )
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65_536):
            shown += part
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    return process.wait(), shown.decode()


def test_a_terminal_shows_the_crawl_in_place(crawl, small_site):
    status, shown = on_a_terminal(crawl, "site", "-a", f"url={small_site.url}/")
    assert status == 0
    assert "pages/s" in shown
    assert " visited" in shown
    assert "\x1b[2K" in shown
    assert "What became of the URLs" in shown


def test_a_feed_on_stdout_is_left_alone(crawl, small_site):
    status, shown = on_a_terminal(
        crawl, "site", "-a", f"url={small_site.url}/", "-o", "-:jsonlines"
    )
    assert status == 0
    assert "pages/s" in shown
    lines = (crawl.folder / "stdout").read_text().splitlines()
    assert {json.loads(line)["site"] for line in lines} == {small_site.url.removeprefix("http://")}


def test_log_lines_stand_above_the_display(crawl, small_site):
    _, shown = on_a_terminal(
        crawl, "site", "-a", f"url={small_site.url}/", LOG_FILE="", LOG_LEVEL="INFO"
    )
    assert "Spider opened" in shown
    assert "Spider closed (finished)" in shown
    assert "pages/s" in shown


def test_elsewhere_a_line_is_logged_now_and_then(crawl, small_site):
    process = crawl.run("site", "-a", f"url={small_site.url}/", LOGSTATS_INTERVAL="0.2")
    assert "\x1b" not in process.stderr
    assert " pages visited, " in crawl.log


def test_on_a_terminal_no_log_line_stands_before_the_display(crawl, small_site):
    _, shown = on_a_terminal(crawl, "site", "-a", f"url={small_site.url}/", LOG_FILE="")
    before, _, _ = shown.partition("━")
    assert "INFO" not in before
    assert len(before.splitlines()) <= 3
    assert "Dumping Scrapy stats" not in shown


def test_a_level_that_is_asked_for_is_that_of_the_log(crawl, small_site):
    _, shown = on_a_terminal(
        crawl, "site", "-a", f"url={small_site.url}/", "-L", "INFO", LOG_FILE=""
    )
    assert "Spider opened" in shown


def test_the_display_names_articles_and_how_the_site_is_asked(crawl, small_site):
    _, shown = on_a_terminal(crawl, "site", "-a", f"url={small_site.url}/")
    assert "robots.txt obeyed" in shown
    headlines = {article.headline for article in crawl.articles().values()}
    assert any(f"· {headline[:40]}" in COLOURS.sub("", shown) for headline in headlines)


def test_the_closing_screen_has_lines_that_work_as_they_stand(crawl, small_site):
    data = settings_of(crawl.folder)
    _, shown = on_a_terminal(crawl, "site", "-a", f"url={small_site.url}/", **data)
    (line,) = (
        each for each in COLOURS.sub("", shown).splitlines() if "export articles.csv" in each
    )
    subprocess.run(line, shell=True, check=True, cwd=crawl.folder, env=ENVIRONMENT)
    assert (crawl.folder / "articles.csv").stat().st_size
