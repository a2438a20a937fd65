"""``scrapy erase``: what goes is gone from every file, and nothing else is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, make_url, update

from newscrawl.exit_status import ExitStatus
from newscrawl.frontier import lease
from newscrawl.items import Article
from newscrawl.store.database import connect
from newscrawl.store.schema import (
    CLAIMED,
    ERASED,
    archives,
    contents,
    leases,
    pages,
    rebuilds,
    runs,
    shingles,
)
from tests.archive.checking import answers_in, broken_record, disorder, is_valid
from tests.archive.erasing import copy_of, erase, sentences_of, settings_of, traces
from tests.archive.reextracting import reextract
from tests.crash.killing import articles_by_id, differences
from tests.crawl.crawling import ALWAYS_DUE, ENVIRONMENT, Crawl
from tests.demo.serving import run_demo
from tests.siege.traces import BACK_TO_0011

ARTICLES = 30


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """Two crawls of a site whose pages changed in between, with log, archive and pictures."""
    crawl = Crawl(tmp_path_factory.mktemp("erase") / "data")
    crawl.folder.mkdir()
    settings = {**settings_of(crawl), "NEWSCRAWL_ARCHIVE_MAX_BYTES": "200000", **ALWAYS_DUE}
    with run_demo(articles=ARTICLES) as server:
        ended = crawl.run("site", "-a", f"url={server.url}/", **settings)
        assert ended.returncode == 0, crawl.log
        port = make_url(server.url).port or 0
    with run_demo(articles=ARTICLES, port=port, generation=1) as server:
        ended = crawl.run("site", "-a", f"url={server.url}/", **settings)
        assert ended.returncode == 0, crawl.log
    return crawl, port


@pytest.fixture
def crawl(crawled, tmp_path):
    return copy_of(crawled[0], tmp_path / "data")


def an_article(crawl: Crawl) -> Article:
    """Return an original that was revised, so that there is more of it than its row."""
    revised = {row["article_id"] for row in crawl.revisions()}
    originals = [
        each
        for each in crawl.articles().values()
        if each.id in revised and each.duplicate_of is None
    ]
    return min(originals, key=lambda each: each.id)


def gone_from(before: dict[str, Article], after: dict[str, Article]) -> list[Article]:
    return [before[key] for key in before.keys() - after.keys()]


def test_no_sentence_of_an_erased_article_is_left_in_any_file(crawl):
    before, article = articles_by_id(crawl), an_article(crawl)
    ended = erase(crawl, article.url)
    assert ended.returncode == 0, ended.stderr
    gone = gone_from(before, articles_by_id(crawl))
    sentences = sentences_of(gone, articles_by_id(crawl).values())
    assert article.id in {each.id for each in gone}
    assert len(sentences) > 5
    assert traces(crawl.folder, sentences) == []


def test_the_sentences_were_there_before(crawl):
    others = [each for each in crawl.articles().values() if each.id != an_article(crawl).id]
    found = traces(crawl.folder, sentences_of([an_article(crawl)], others))
    assert {where.partition(":")[0].rpartition(".")[2] for where in found} == {"db", "jsonl", "gz"}


def test_other_articles_stay_as_they_are(crawl):
    before = articles_by_id(crawl)
    erase(crawl, an_article(crawl).url)
    after = articles_by_id(crawl)
    assert len(before) - 5 < len(after) < len(before)
    assert [key for key in after if differences(before[key], after[key])] == []


def test_database_and_archive_are_in_order_afterwards(crawl):
    erase(crawl, an_article(crawl).url)
    checked = crawl.do("db", "check", **settings_of(crawl))
    assert checked.returncode == 0, checked.stdout
    parts = {row["id"]: row for row in crawl.rows(archives)}
    identities = {row["id"]: name for name, row in crawl.pages().items()}
    kept = [visit for visit in crawl.visits() if visit["archive"] is not None]
    for visit in kept:
        path = Path(parts[visit["archive"]]["path"])
        assert [*broken_record(path, visit, identities[visit["page"]])] == []
    answers = [place for row in parts.values() for place in answers_in(Path(row["path"]))]
    assert len(answers) == len(kept)
    assert is_valid(crawl.folder / "archive")


def test_it_is_neither_crawled_nor_stored_again(crawled, crawl):
    article = an_article(crawl)
    erase(crawl, article.url)
    before = articles_by_id(crawl)
    with run_demo(articles=ARTICLES, port=crawled[1], generation=1) as server:
        ended = crawl.run("site", "-a", f"url={server.url}/", **settings_of(crawl), **ALWAYS_DUE)
        asked = {path for _, path in server.hits}
    assert ended.returncode == 0, crawl.log
    assert "/" + article.url.split("/", 3)[3] not in asked
    assert articles_by_id(crawl).keys() == before.keys()


def test_reading_the_archive_again_does_not_bring_it_back(crawl, tmp_path):
    article = an_article(crawl)
    erase(crawl, article.url)
    again = Crawl(tmp_path / "again")
    again.folder.mkdir()
    ended = reextract(again, archive=str(crawl.folder / "archive"))
    assert ended.returncode == 0, ended.stderr
    assert article.id not in articles_by_id(again)
    assert reextract(crawl, archive=str(crawl.folder / "archive")).returncode == 0
    assert article.id not in articles_by_id(crawl)


def test_an_archive_of_others_does_not_bring_it_back(crawled, crawl):
    article = an_article(crawl)
    erase(crawl, article.url)
    files = sorted(map(str, (crawled[0].folder / "archive").glob("*.warc.gz")))
    ended = reextract(crawl, "--warc", *files)
    assert ended.returncode == 0, ended.stderr
    assert "Erased" in ended.stdout
    assert article.id not in articles_by_id(crawl)


def test_what_stays_is_a_tombstone_that_forget_refuses(crawl):
    article = an_article(crawl)
    erase(crawl, article.url)
    stones = [row for row in crawl.pages().values() if row["state"] == ERASED]
    assert stones
    assert {(row["article_id"], row["etag"], row["outcome"]) for row in stones} == {
        (None, None, None)
    }
    ended = crawl.do("forget", article.url, **settings_of(crawl))
    assert ended.returncode == 2
    assert "was erased" in ended.stderr


def test_a_dry_run_changes_nothing(crawl):
    before = {path: path.read_bytes() for path in crawl.folder.rglob("*.gz")}
    articles = articles_by_id(crawl)
    ended = erase(crawl, an_article(crawl).url, "--dry-run")
    assert "would be erased" in ended.stdout
    assert articles_by_id(crawl) == articles
    assert {path: path.read_bytes() for path in crawl.folder.rglob("*.gz")} == before


def backed_up(crawl: Crawl, target: Path) -> Path:
    assert crawl.do("db", "backup", str(target), **settings_of(crawl)).returncode == 0
    return target


def test_a_backup_made_before_loses_the_article_too_wherever_it_lies(crawl, tmp_path):
    far = tmp_path / "far"
    far.mkdir()
    before, article = articles_by_id(crawl), an_article(crawl)
    backup = backed_up(crawl, far / "kept.db")
    ended = erase(crawl, article.url)
    assert ended.returncode == 0, ended.stdout
    after = articles_by_id(crawl)
    assert articles_by_id(Crawl(far, f"sqlite:///{backup}")).keys() == after.keys()
    assert traces(far, sentences_of(gone_from(before, after), after.values())) == []


def test_a_restored_backup_is_in_order_and_does_not_crawl_it_again(crawl, tmp_path):
    article = an_article(crawl)
    backup = backed_up(crawl, tmp_path / "kept.db")
    erase(crawl, article.url)
    restored = Crawl(tmp_path, f"sqlite:///{backup}")
    states = {row["url"]: row["state"] for row in restored.pages().values()}
    assert states[article.url] == ERASED
    checked = restored.do("db", "check")
    assert "index of near-duplicates: ok" in checked.stdout
    assert "references: ok" in checked.stdout


def test_the_backup_that_a_migration_made_loses_the_article_too(crawl):
    with closing(sqlite3.connect(crawl.folder / "newscrawl.db")) as database:
        database.executescript(BACK_TO_0011)
        database.commit()
    assert "as it was before" in crawl.do("db", "upgrade", **settings_of(crawl)).stdout
    before = articles_by_id(crawl)
    ended = erase(crawl, an_article(crawl).url)
    assert ended.returncode == 0, ended.stdout
    after = articles_by_id(crawl)
    sentences = sentences_of(gone_from(before, after), after.values())
    assert [*crawl.folder.glob("newscrawl.before-*.db")]
    assert traces(crawl.folder, sentences) == []


def test_a_backup_that_is_in_use_is_named_and_not_touched(crawl):
    backup = backed_up(crawl, crawl.folder / "kept.db")
    content = backup.read_bytes()
    backup.with_name("kept.db-wal").touch()
    ended = erase(crawl, an_article(crawl).url)
    assert ended.returncode == ExitStatus.ALARM
    assert f"backup, not touched: {backup}" in ended.stdout
    assert backup.read_bytes() == content


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.parquet", "parts/"])
def test_an_export_is_named_wherever_it_lies(crawl, tmp_path, name):
    far = tmp_path / "far"
    far.mkdir()
    options = ("--no-card", "--with-copies")
    exported = crawl.do("export", f"{far}/{name}", *options, **settings_of(crawl))
    assert exported.returncode == 0, exported.stderr
    ended = erase(crawl, an_article(crawl).url)
    assert ended.returncode == ExitStatus.ALARM
    assert f"still holds a sentence, not touched: {far}/{name}" in ended.stdout


def test_an_export_that_was_removed_is_not_asked_about(crawl, tmp_path):
    target = tmp_path / "a.jsonl"
    assert crawl.do("export", str(target), "--no-card", **settings_of(crawl)).returncode == 0
    target.unlink()
    ended = erase(crawl, an_article(crawl).url)
    assert (ended.returncode, str(target) in ended.stdout) == (0, False)


def test_a_run_that_was_cut_off_is_closed_and_what_it_had_not_committed_goes(crawl):
    article = an_article(crawl)
    engine = connect(crawl.database)
    dead = {"host": "elsewhere", "pid": 1, "heartbeat": 0.0}
    with engine.begin() as connection:
        now = datetime.now(UTC)
        values = {"spider": "site", "sites": [article.site], "arguments": {}, "version": ""}
        connection.execute(insert(runs).values(id=90, **values, started=now, cycle=90, claims=1))
        connection.execute(insert(leases).values(site=article.site, run=90, **dead))
        connection.execute(
            update(pages)
            .where(pages.c.url == article.url)
            .values(state=CLAIMED, last_run=90, claims=1)
        )
    engine.dispose()
    with crawl.jsonl.open("a") as log:
        log.write(f'{{"id": "x", "text": "{article.text[:200]}')
    before = articles_by_id(crawl)
    ended = erase(crawl, article.url)
    assert ended.returncode == 0, ended.stderr
    after = articles_by_id(crawl)
    assert traces(crawl.folder, sentences_of(gone_from(before, after), after.values())) == []
    (run,) = (row for row in crawl.runs() if row["id"] == 90)
    assert (run["reason"], run["claims"], run["released"]) == ("killed", 1, 1)
    checked = crawl.do("db", "check", **settings_of(crawl))
    assert checked.returncode == 0, checked.stdout


def test_a_site_that_a_run_crawls_is_left_alone(crawl):
    article = an_article(crawl)
    engine = connect(crawl.database)
    with engine.begin() as connection:
        living = {"host": "elsewhere", "pid": 1, "heartbeat": lease.now(connection)}
        connection.execute(insert(leases).values(site=article.site, run=1, **living))
    engine.dispose()
    ended = erase(crawl, article.url)
    assert ended.returncode == ExitStatus.LOCKED
    assert article.id in articles_by_id(crawl)


def test_it_is_erased_while_dedupe_waits_to_be_run_again(crawl):
    article = an_article(crawl)
    engine = connect(crawl.database)
    with engine.begin() as connection:
        connection.execute(insert(rebuilds).values(id=1, scope="site", indexed=False, after=""))
        connection.execute(delete(shingles))
        connection.execute(delete(contents))
    engine.dispose()
    ended = erase(crawl, article.url)
    assert ended.returncode == 0, ended.stderr
    assert article.id not in articles_by_id(crawl)
    assert crawl.do("dedupe", **settings_of(crawl)).returncode == 0
    checked = crawl.do("db", "check", **settings_of(crawl))
    assert checked.returncode == 0, checked.stdout


def test_all_of_an_author_go(crawl):
    name = an_article(crawl).authors[0]
    assert erase(crawl, "--author", name.upper()).returncode == 0
    assert [each.url for each in crawl.articles().values() if name in each.authors] == []
    assert crawl.articles()


def test_all_of_a_site_goes(crawl):
    articles = crawl.articles().values()
    assert erase(crawl, "--site", an_article(crawl).site).returncode == 0
    assert crawl.articles() == {}
    assert traces(crawl.folder, sentences_of(articles, [])) == []


def test_a_page_without_article_gets_its_tombstone(crawl):
    page = next(row for row in crawl.pages().values() if row["outcome"] == "listing")
    assert erase(crawl, page["url"]).returncode == 0
    assert crawl.pages()[page["identity"]]["state"] == ERASED


def test_what_is_unknown_is_said_to_be(crawl):
    ended = erase(crawl, "https://nowhere.example/a")
    assert (ended.returncode, ended.stdout.strip()) == (1, "nothing of it is stored")


@pytest.mark.parametrize("arguments", [(), ("https://a.example/", "--site", "a.example")])
def test_one_thing_is_to_be_named(crawl, arguments):
    ended = erase(crawl, *arguments)
    assert ended.returncode == 2
    assert "name a URL, --site SITE or --author NAME" in ended.stderr


KILLED = """
import os, signal, sys
from importlib import import_module
module, name, after = sys.argv[1:4]
owner = import_module(module)
for part in name.split(".")[:-1]:
    owner = getattr(owner, part)
last = name.split(".")[-1]
real = getattr(owner, last)
def killed(*arguments, **options):
    if after == "after":
        real(*arguments, **options)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, last, killed)
sys.argv = ["scrapy", *sys.argv[4:]]
from scrapy.cmdline import execute
execute()
"""
MOMENTS = {
    "with the archive written": ("newscrawl.upkeep.archive_erasing", "commit", "before"),
    "within the commit of the archive": ("newscrawl.upkeep.archive_erasing", "commit", "after"),
    "with the archive committed": ("newscrawl.upkeep.erasing", "erase", "before"),
    "within the commit of the rows": ("newscrawl.upkeep.erasing", "remove_pictures", "before"),
    "with the rows erased": ("newscrawl.upkeep.erasing", "erase", "after"),
    "with all committed": ("newscrawl.upkeep.erasing", "scrub", "before"),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_erasure_that_was_killed_is_finished_by_the_next(crawl, moment, nursery):
    before, article = articles_by_id(crawl), an_article(crawl)
    command = [*MOMENTS[moment], "erase", article.url]
    pictures = {"NEWSCRAWL_IMAGES_STORE": str(crawl.folder / "pictures")}
    for name, value in {**settings_of(crawl), **pictures}.items():
        command += ["-s", f"{name}={value}"]
    killed = nursery.run(command, folder=crawl.folder, environment=ENVIRONMENT, code=KILLED)
    assert killed.returncode == -9, killed.stderr
    assert disorder(crawl, crawl.folder / "archive") == []
    ended = erase(crawl, article.url)
    assert ended.returncode == 0, ended.stderr
    after = articles_by_id(crawl)
    gone = gone_from(before, after)
    assert article.id in {each.id for each in gone}
    assert traces(crawl.folder, sentences_of(gone, after.values())) == []
    assert disorder(crawl, crawl.folder / "archive") == []
    assert list(crawl.folder.rglob(".*")) == []
