"""An archive whose places are in a real PostgreSQL."""

from __future__ import annotations

import time

from sqlalchemy import func, select, text

from newscrawl.store.database import connect
from newscrawl.store.schema import articles
from tests.archive.checking import check, is_valid
from tests.archive.reextracting import reextract
from tests.crawl.crawling import Crawl
from tests.store.restarting import restartable, stopped


def test_pages_are_archived_and_read_again_on_postgresql(crawl, small_site, tmp_path, postgresql):
    folder = tmp_path / "archive"
    with postgresql.database() as url:
        settings = {"NEWSCRAWL_DATABASE_URL": url}
        site = ("site", "-a", f"url={small_site.url}/")
        assert crawl.run(*site, NEWSCRAWL_ARCHIVE=str(folder), **settings).returncode == 0
        engine = connect(url)
        with engine.begin() as connection:
            number = connection.scalar(select(func.count()).select_from(articles))
            connection.execute(text("UPDATE articles SET headline = 'old'"))
        engine.dispose()
        assert f"{number} articles changed" in reextract(crawl, **settings).stdout
        assert "0 articles would change" in reextract(crawl, "--diff", **settings).stdout
    assert is_valid(folder)


def test_an_archive_stays_exact_when_the_server_was_away(crawl, small_site, tmp_path):
    folder = tmp_path / "archive"
    before = len(small_site.hits)
    with restartable() as url:
        process = crawl.start(
            *("site", "-a", f"url={small_site.url}/"),
            NEWSCRAWL_DATABASE_URL=url,
            NEWSCRAWL_ARCHIVE=str(folder),
        )
        for requests in (20, 40, 60):
            while len(small_site.hits) < before + requests:
                assert process.poll() is None
                time.sleep(0.02)
            with stopped(url, "immediate"):
                time.sleep(0.2)
        assert process.wait(120) == 0, crawl.log
        assert "The database is away" in crawl.log
        checked = check(Crawl(crawl.folder, url), folder)
    assert checked.pages > 60
    assert (checked.lost, checked.doubled) == ([], [])
    assert is_valid(folder)
