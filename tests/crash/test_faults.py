"""What a crawl does when the database, the disk, the network or the page itself fails."""

from __future__ import annotations

import contextlib
import resource
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from urllib.parse import urlsplit

import pytest

from newscrawl.addresses.address import identity
from tests.crash.faulty_proxy import DEADLY, Fault, faulty_proxy
from tests.crash.killing import articles_by_id, broken_accounts, broken_lines, wait_for
from tests.crawl.crawling import ENVIRONMENT, Crawl

SLOW = {"DOWNLOAD_DELAY": "0.05"}


UNMEASURED = {name: value for name, value in ENVIRONMENT.items() if "COVERAGE" not in name}
"""For processes on a full disk, where the measuring would fail too."""


def run(crawl: Crawl, url: str, *, spider="site", environment=ENVIRONMENT, **settings: str):
    arguments = crawl.arguments(spider, "-a", f"url={url}/", settings=settings)
    ended = crawl.runner(arguments, folder=crawl.folder, environment=environment)
    return ended.returncode, ended.stderr


def start(crawl: Crawl, url: str, *, environment=ENVIRONMENT, **settings: str):
    return subprocess.Popen(
        crawl.command("site", "-a", f"url={url}/", settings=settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=crawl.folder,
    )


def end_of(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, stderr = process.communicate(timeout=120)
    return process.returncode, stderr


@contextlib.contextmanager
def locked(crawl: Crawl):
    """Hold the lock of the database; a crawl must be slow enough to be still at work by then."""
    database = sqlite3.connect(crawl.folder / "newscrawl.db", timeout=30, isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        database.close()


def assert_complete(crawl: Crawl, server) -> None:
    originals = {key for key, a in crawl.articles().items() if a.duplicate_of is None}
    assert originals == {identity(a.url) for a in server.site.truth()}
    assert list(broken_accounts(crawl)) == []
    assert list(broken_lines(crawl, articles_by_id(crawl))) == []


def assert_told_once(crawl: Crawl, stderr: str, message: str) -> None:
    assert crawl.log.count(" ERROR: ") == 1, crawl.log
    assert message in crawl.log
    assert "Traceback" not in crawl.log + stderr


def test_a_crawl_waits_for_a_database_that_another_process_has_locked(crawl, small_site):
    process = start(crawl, small_site.url, **SLOW)
    wait_for(len(small_site.hits) + 20, small_site)
    with locked(crawl):
        time.sleep(3)
    status, stderr = end_of(process)
    assert status == 0, stderr
    assert_complete(crawl, small_site)


def test_a_crawl_can_begin_while_the_database_is_locked(crawl, small_site):
    crawl.run("site", "-a", f"url={small_site.url}/", "-a", "max_articles=5")
    with locked(crawl):
        process = start(crawl, small_site.url)
        time.sleep(4)
        assert process.poll() is None
    status, stderr = end_of(process)
    assert status == 0, stderr
    assert_complete(crawl, small_site)


def test_a_database_locked_for_good_ends_the_run_with_a_message(crawl, small_site):
    waits = {"NEWSCRAWL_LOCK_TIMEOUT": "1", "NEWSCRAWL_DATABASE_PATIENCE": "3"}
    process = start(crawl, small_site.url, **waits, **SLOW)
    wait_for(len(small_site.hits) + 20, small_site)
    with locked(crawl):
        status, stderr = end_of(process)
    assert status == 1
    assert_told_once(crawl, stderr, "The store failed")
    assert "database is locked" in crawl.log
    assert crawl.run("site", "-a", f"url={small_site.url}/").returncode == 0
    assert_complete(crawl, small_site)


needs_prlimit = pytest.mark.skipif(
    not hasattr(resource, "prlimit"), reason="only Linux limits a process from outside"
)


def limit_files(process: subprocess.Popen[str], size: int) -> None:
    """Let the process write no file beyond ``size`` bytes, as on a full disk."""
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, size))


@needs_prlimit
def test_a_disk_full_for_the_database_ends_the_run_and_the_next_one_goes_on(crawl, small_site):
    process = start(crawl, small_site.url, environment=UNMEASURED)
    limit_files(process, 400_000)
    status, stderr = end_of(process)
    assert status == 1
    assert_told_once(crawl, stderr, "The store failed")
    assert "store_failed" in stderr
    assert crawl.run("site", "-a", f"url={small_site.url}/").returncode == 0
    assert_complete(crawl, small_site)


@needs_prlimit
def test_a_disk_full_for_the_log_ends_the_run_and_the_next_one_goes_on(crawl, small_site):
    crawl.run("site", "-a", f"url={small_site.url}/", "-a", "max_articles=15")
    process = start(crawl, small_site.url, environment=UNMEASURED)
    limit_files(process, crawl.jsonl.stat().st_size + 1000)
    status, stderr = end_of(process)
    assert status == 1
    assert_told_once(crawl, stderr, "File too large")
    assert "store_failed" in stderr
    assert crawl.run("site", "-a", f"url={small_site.url}/").returncode == 0
    assert_complete(crawl, small_site)


@needs_prlimit
def test_a_disk_full_from_the_start_is_told_and_nothing_is_fetched(crawl, small_site):
    before = len(small_site.hits)
    process = start(crawl, small_site.url, environment=UNMEASURED)
    limit_files(process, 20_000)
    status, stderr = end_of(process)
    assert status == 1
    assert_told_once(crawl, stderr, "Cannot open the store")
    assert len(small_site.hits) == before
    assert crawl.run("site", "-a", f"url={small_site.url}/").returncode == 0
    assert_complete(crawl, small_site)


def test_a_faulty_network_costs_only_the_pages_that_never_answer(crawl, small_site):
    copied = {original for _, original, _ in small_site.site.copies()}
    alone = sorted(a.url for a in small_site.site.truth() if a.url not in copied)
    dead = dict(zip([urlsplit(url).path for url in alone], DEADLY, strict=False))
    with faulty_proxy(small_site.url, dead, share=0.4, seed=3) as proxy:
        status, stderr = run(
            crawl,
            small_site.url,
            environment={**ENVIRONMENT, "http_proxy": proxy.url},
            DOWNLOAD_TIMEOUT="2",
        )
    assert status == 0, stderr
    assert crawl.runs()[0]["reason"] == "finished"
    assert all(proxy.faults[fault] > 3 for fault in Fault), (
        proxy.faults
    )  # more than one dead page's attempts
    pages = crawl.pages()
    failed = {key for key, page in pages.items() if page["outcome"] == "failed"}
    expected = {identity(small_site.url + path) for path in dead}
    assert expected <= failed
    originals = {key for key, a in crawl.articles().items() if a.duplicate_of is None}
    assert originals == {identity(a.url) for a in small_site.site.truth()} - expected
    states = Counter(page["state"] for page in pages.values())
    assert len(crawl.visits()) + states["queued"] == len(pages)
    assert list(broken_accounts(crawl)) == []


FLAKY = """
from newscrawl.middlewares.addresses import GuardedResolver
from twisted.internet.defer import fail
from twisted.internet.error import DNSLookupError

class Flaky(GuardedResolver):
    failures = 3

    def getHostByName(self, name, timeout=()):
        if self.failures:
            self.failures -= 1
            return fail(DNSLookupError("the name server is away"))
        return super().getHostByName(name, timeout)
"""


def test_a_name_server_that_is_away_for_a_moment_costs_nothing(crawl, small_site):
    (crawl.folder / "flaky.py").write_text(FLAKY)
    status, stderr = run(crawl, small_site.url, TWISTED_DNS_RESOLVER="flaky.Flaky")
    assert status == 0, stderr
    assert "CannotResolveHostError" in crawl.log
    assert_complete(crawl, small_site)


def test_a_page_that_kills_every_run_is_given_up_and_all_others_are_stored(crawl, small_site):
    (crawl.folder / "deadly.py").write_text(
        "import os, signal\n"
        "from newscrawl.pages.news import NewsPage\n"
        "from newscrawl.spiders.site import SiteSpider\n"
        "from web_poet import HttpClient\n"
        "class Deadly(SiteSpider):\n"
        "    name = 'deadly'\n"
        "    async def parse(self, response, page: NewsPage, http: HttpClient):\n"
        "        if response.url == os.environ['DEADLY_URL']:\n"
        "            os.kill(os.getpid(), signal.SIGKILL)\n"
        "        async for output in super().parse(response, page, http):\n"
        "            yield output\n"
    )
    truth = [a.url for a in small_site.site.truth()]
    deadly, statuses = truth[12], []
    for _ in range(5):
        status, _ = run(
            crawl,
            small_site.url,
            spider="deadly",
            environment={**ENVIRONMENT, "DEADLY_URL": deadly},
            SPIDER_MODULES="deadly",
        )
        statuses.append(status)
    assert statuses == [-signal.SIGKILL] * 4 + [0]
    page = crawl.pages()[identity(deadly)]
    assert (page["outcome"], page["reason"]) == ("failed", "Wedged")
    originals = {key for key, a in crawl.articles().items() if a.duplicate_of is None}
    assert originals == {identity(url) for url in truth if url != deadly}
    assert list(broken_accounts(crawl)) == []
