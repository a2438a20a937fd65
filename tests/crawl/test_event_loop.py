"""Scrapy's setting of the event loop, which Scrapy itself checks, works with everything of ours."""

from __future__ import annotations

from newscrawl.addresses.address import identity


def test_a_crawl_on_uvloop_stores_what_a_crawl_on_asyncio_stores(crawl, small_site):
    process = crawl.run("site", "-a", f"url={small_site.url}/", ASYNCIO_EVENT_LOOP="uvloop.Loop")
    assert process.returncode == 0, process.stderr
    stored = {page for page, each in crawl.articles().items() if each.duplicate_of is None}
    assert stored == {identity(each.url) for each in small_site.site.truth()}
