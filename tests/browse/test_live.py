"""While a crawl is at work its numbers are shown, and shown anew."""

from __future__ import annotations

from tests.browse.shown import browsing, tab
from tests.crawl.crawling import Crawl
from tests.demo.serving import run_demo
from tests.tabs import chromium, needs_chromium

pytestmark = needs_chromium


def test_a_run_at_work_is_seen_to_go_on(database, tmp_path):
    crawl = Crawl(tmp_path, database)
    with run_demo(articles=30) as server:
        first = crawl.run("site", "-a", f"url={server.url}/", "-a", "max_articles=3")
        assert first.returncode == 0, crawl.log
        slow = {"DOWNLOAD_DELAY": "0.5", "CONCURRENT_REQUESTS_PER_DOMAIN": "1"}
        process = crawl.start("site", "-a", f"url={server.url}/", **slow)
        try:
            with browsing(database, tmp_path) as base, chromium() as browser:
                with tab(browser, base) as opened:
                    page = opened.go("/now")
                    while not page.get_by_text("at work ·").count():
                        assert process.poll() is None
                        opened.go("/now")
                    number = page.locator(".card .chip").all_inner_texts()
                    loaded = opened.requests.count(f"{base}/now")
                    page.wait_for_event("load")  # nobody asked for it
                    while page.locator(".card .chip").all_inner_texts() == number:
                        page.wait_for_event("load")
                    assert opened.requests.count(f"{base}/now") > loaded
                    assert opened.complaints == []
                browser.close()
        finally:
            process.kill()
            process.wait()
