"""Monitors of real crawls: what is unlike the site's own earlier runs ends with status 3."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from newscrawl.store.schema import coverage
from tests.crawl.crawling import ALWAYS_DUE, Crawl
from tests.demo.serving import run_demo
from tests.serving import BusyServer

ALARM = 3


def crawled(crawl: Crawl, server, **settings: str) -> tuple[int, list[str]]:
    """Crawl the whole site; return the exit status and what the log says of alarms."""
    process = crawl.run("site", "-a", f"url={server.url}/", **ALWAYS_DUE, **settings)
    told = [line.partition("Alarm: ")[2] for line in crawl.log.splitlines() if "Alarm: " in line]
    assert [line in process.stderr.replace("\n", "") for line in told] == [True] * len(told)
    return process.returncode, told


class EmptyShell(BaseHTTPRequestHandler):
    """A relaunch that leaves everything to scripts."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = b"<html><head><title>News</title></head><body><div id=app></div></body></html>"
        self.send_response(404 if self.path == "/robots.txt" else 200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        pass


@contextmanager
def empty_shells(port: int):
    with BusyServer(("127.0.0.1", port), EmptyShell) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def test_runs_of_an_unchanged_site_raise_no_alarm(crawl):
    with run_demo(articles=40) as server:
        assert crawled(crawl, server) == (0, [])
        assert crawled(crawl, server) == (0, [])
        process = crawl.run("site", "-a", f"url={server.url}/")
    assert process.returncode == 0
    assert "Alarm" not in crawl.log
    assert "Warning" not in crawl.log
    assert len(crawl.rows(coverage)) == 3


def test_new_and_edited_articles_raise_no_alarm(crawl):
    with run_demo(articles=60) as server:
        port = urlsplit(server.url).port
        assert crawled(crawl, server) == (0, [])
    for generation in (1, 2):
        with run_demo(articles=60, port=port or 0, generation=generation) as server:
            assert crawled(crawl, server) == (0, [])


def test_a_changed_theme_is_told_by_field_rule_and_first_url(crawl):
    with run_demo(articles=40) as server:
        port = urlsplit(server.url).port
        assert crawled(crawl, server) == (0, [])
    with run_demo(articles=40, port=port or 0, theme="changed") as server:
        status, alarms = crawled(crawl, server)
    earlier = {article.url: article.provenance for article in crawl.articles().values()}
    assert status == ALARM
    (authors,) = [alarm for alarm in alarms if " authors" in alarm]
    assert "the rule jnews:css stopped matching" in authors
    assert earlier[authors.rpartition(" on ")[2]]["authors"] == "jnews:css"
    assert "Traceback" not in crawl.log


def test_articles_that_vanish_are_told(crawl):
    with run_demo(articles=40) as server:
        port = urlsplit(server.url).port
        assert crawled(crawl, server) == (0, [])
        articles = {article.url for article in server.site.truth()}
    with empty_shells(port or 0):
        status, (ending, alarm) = crawled(crawl, server)
    assert status == 1
    assert "nothing_found: the start URLs can be fetched, but lead to no article" in ending
    assert "that links promise as articles were one, usually " in alarm
    first = alarm.partition("the first: ")[2].split()[0]
    assert first.removesuffix("?from=listing") in articles  # listings link some pictures so
