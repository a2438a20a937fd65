"""An archive whose places are in a real PostgreSQL."""

from __future__ import annotations

from sqlalchemy import func, select, text

from newscrawl.store.database import connect
from newscrawl.store.schema import articles
from tests.archive.checking import is_valid
from tests.archive.reextracting import reextract
from tests.store.serving import postgres


def test_pages_are_archived_and_read_again_on_postgresql(crawl, small_site, tmp_path):
    folder = tmp_path / "archive"
    with postgres() as url:
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
