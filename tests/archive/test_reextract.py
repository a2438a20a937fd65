"""``scrapy reextract`` over real archives: the same articles, changes in place, and foreign files."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing

import pytest

from newscrawl.frontier.runs import REEXTRACT
from newscrawl.store.database import add_functions
from tests.archive.reextracting import reextract, unlike
from tests.crash.killing import broken_lines


def spoil(crawl, statement):
    """Change what is stored, as if other rules had read it."""
    with closing(sqlite3.connect(crawl.folder / "newscrawl.db")) as database, database:
        add_functions(database)
        return database.execute(statement).rowcount


def stored(crawl):
    return {article.id: article for article in crawl.articles().values()}


def test_an_empty_database_gets_the_same_articles_field_by_field(archived, crawl):
    ended = reextract(crawl, archive=str(archived.archive))
    assert ended.returncode == 0, ended.stderr
    assert unlike(crawl, archived.crawl) == []
    assert list(broken_lines(crawl, stored(crawl))) == []


def test_the_same_rules_change_nothing(archived, copied):
    ended = reextract(copied)
    assert "0 articles changed" in ended.stdout
    assert unlike(copied, archived.crawl) == []
    assert len(copied.lines()) == len(archived.crawl.lines())


def test_newer_rules_change_articles_in_place(archived, copied):
    number = spoil(
        copied,
        "UPDATE articles SET text = 'old', content_hash = id, revision_hash = '', extractor = '0'",
    )
    ended = reextract(copied)
    assert f"{number} articles changed" in ended.stdout
    assert unlike(copied, archived.crawl) == []


def test_a_change_is_no_revision_and_a_new_line_of_the_log(archived, copied):
    before = len(copied.lines())
    assert spoil(copied, "UPDATE articles SET subtitle = 'old' WHERE rowid = 1") == 1
    assert reextract(copied).returncode == 0
    assert copied.revisions() == archived.crawl.revisions()
    assert [line["revision"] for line in copied.lines()[before:]] == [1]
    run = copied.runs()[-1]
    assert (run["spider"], run["reason"]) == (REEXTRACT, "finished")
    with closing(sqlite3.connect(copied.folder / "newscrawl.db")) as database:
        changed = database.execute(
            "SELECT count(*) FROM articles WHERE changed_run = ?", (run["id"],)
        )
        assert changed.fetchone() == (1,)


def test_only_the_fields_asked_for_change(archived, copied):
    spoil(copied, "UPDATE articles SET subtitle = 'old', tags = '[\"old\"]'")
    assert reextract(copied, "--field", "subtitle").returncode == 0
    ours, theirs = stored(copied), stored(archived.crawl)
    assert {article.tags[0] for article in ours.values()} == {"old"}
    assert all(ours[key].subtitle == article.subtitle for key, article in theirs.items())


def test_only_doubtful_articles_are_read_again_on_request(archived, copied):
    spoil(copied, "UPDATE articles SET subtitle = 'old', confidence = 0.99, doubts = '[]'")
    spoil(copied, "UPDATE articles SET confidence = 0.1 WHERE rowid = 1")
    spoil(copied, "UPDATE articles SET confidence = NULL WHERE rowid = 2")
    ended = reextract(copied, "--doubtful")
    assert "1 pages read again; 1 articles changed" in ended.stdout
    ours, theirs = stored(copied), stored(archived.crawl)
    (again,) = (article for article in ours.values() if article.subtitle != "old")
    assert again.confidence == theirs[again.id].confidence
    assert copied.runs()[-1]["arguments"] == {"doubtful": True}


def test_confidence_follows_the_text_that_is_read_again(archived, copied):
    spoil(copied, "UPDATE articles SET confidence = NULL, subtitle = 'old'")
    assert reextract(copied, "--field", "subtitle").returncode == 0
    assert {article.confidence for article in stored(copied).values()} == {None}
    assert reextract(copied, "--field", "text").returncode == 0
    assert unlike(copied, archived.crawl) == []


def test_a_difference_is_shown_and_nothing_written(archived, copied):
    spoil(copied, "UPDATE articles SET headline = 'old', subtitle = NULL, language = 'xx'")
    before = stored(copied)
    ended = reextract(copied, "--diff")
    assert ended.returncode == 0, ended.stderr
    shown = [line.split() for line in ended.stdout.splitlines()]
    assert any(line[1:2] == ["headline"] for line in shown)
    assert "  - old" in ended.stdout
    assert stored(copied) == before
    assert copied.runs() == archived.crawl.runs()


def test_a_page_that_no_longer_reads_as_an_article_is_left_and_told(archived, copied):
    ended = reextract(copied, NEWSCRAWL_MIN_WORDS="100000")
    assert "TooShort" in ended.stdout
    assert "left as it is stored" in ended.stdout
    assert stored(copied) == stored(archived.crawl)


def test_a_page_that_only_now_reads_as_an_article_is_stored(archived, copied):
    (address,) = [p["url"] for p in archived.crawl.pages().values() if p["reason"] == "TooShort"]
    assert reextract(copied, NEWSCRAWL_MIN_WORDS="1").returncode == 0
    new = stored(copied).keys() - stored(archived.crawl).keys()
    (page,) = [page for page in copied.pages().values() if page["url"] == address]
    assert {page["article_id"]} == new
    assert page["outcome"] == "article"


def test_an_interrupted_walk_is_still_resumed(copied):
    spoil(copied, "UPDATE runs SET reason = 'killed' WHERE id = 2")
    spoil(copied, "UPDATE pages SET state = 'queued' WHERE priority >= 0")
    assert reextract(copied).returncode == 0
    (site,) = {page["site"] for page in copied.pages().values()}
    copied.run("site", "-a", f"url=http://{site}/", CLOSESPIDER_TIMEOUT="1")
    assert copied.runs()[-1]["cycle"] == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--field", "id"], "--field: no field 'id' can be read again"),
        (["--site", "nowhere.example"], "nothing of 'nowhere.example' is archived"),
        (["--since", "soon"], "--since is not an ISO 8601 date"),
        (["--warc", "nowhere.warc.gz"], "nowhere.warc.gz"),
        (["--doubtful"], "--doubtful: only the ledger's own archive tells which pages those are"),
        (["--loud"], "unknown option --loud"),
        (["--diff"], "run a crawl first"),
    ],
)
def test_bad_arguments_end_with_one_line(archived, crawl, arguments, message):
    ended = reextract(crawl, *arguments, archive=str(archived.archive))
    assert ended.returncode == 2
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_archive_that_nobody_named_is_asked_for(crawl):
    ended = reextract(crawl)
    assert ended.returncode == 2
    assert "NEWSCRAWL_ARCHIVE" in ended.stderr


def test_a_site_that_is_being_crawled_is_left_alone(copied):
    (site,) = {page["site"] for page in copied.pages().values()}
    spoil(
        copied,
        f"INSERT INTO leases VALUES ('{site}', 2, 'elsewhere', 1, {time.monotonic()})",
    )
    ended = reextract(copied)
    assert ended.returncode == 75
    assert ended.stderr.startswith("Not done: run 2 ")


def test_parts_that_are_lost_are_told(archived, copied, tmp_path):
    moved = tmp_path / "moved"
    shutil.copytree(archived.archive, moved)
    spoil(
        copied,
        "UPDATE archives SET path = '/nowhere/' || replace(path, rtrim(path, replace(path, '/', '')), '')",
    )
    assert "0 articles changed" in reextract(copied, archive=str(moved)).stdout
    min(moved.iterdir()).unlink()
    ended = reextract(copied, archive=str(moved))
    assert "Unreadable" in ended.stdout
    assert stored(copied) == stored(archived.crawl)
