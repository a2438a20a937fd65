"""``scrapy erase``: what goes is gone from every file, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from newscrawl.items import Article
from newscrawl.store.schema import ERASED, archives
from tests.archive.checking import answers_in, broken_record, disorder, is_valid
from tests.archive.erasing import copy_of, erase, sentences_of, settings_of, traces
from tests.archive.reextracting import reextract
from tests.crash.killing import articles_by_id, differences
from tests.crawl.crawling import ALWAYS_DUE, ENVIRONMENT, Crawl
from tests.demo.serving import run_demo

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


def test_a_backup_made_before_is_named_and_not_touched(crawl):
    backup = crawl.folder / "before.db"
    assert crawl.do("db", "backup", str(backup), **settings_of(crawl)).returncode == 0
    content = backup.read_bytes()
    ended = erase(crawl, an_article(crawl).url)
    assert str(backup) in ended.stdout
    assert backup.read_bytes() == content


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
