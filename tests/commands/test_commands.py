"""The commands on a real database, as a user runs them."""

from __future__ import annotations

import csv
import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.addresses.address import identity
from newscrawl.dataset.articles import ArticleStore
from newscrawl.pipelines.dedupe import DedupePipeline
from newscrawl.store.database import connect
from tests.crawl.crawling import ENVIRONMENT, Crawl
from tests.demo.serving import run_demo


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    crawl = Crawl(tmp_path_factory.mktemp("commands"))
    with run_demo(articles=25) as server:
        assert crawl.run("site", "-a", f"url={server.url}/").returncode == 0
    return crawl


def test_runs_lists_each_run_with_its_outcomes(crawled):
    shown = crawled.do("runs").stdout
    assert "finished" in shown
    assert "article 2" in shown
    assert crawled.runs()[0]["peak_rss_mb"] > 20


def test_explain_tells_how_a_page_was_found_and_which_rule_gave_each_field(crawled):
    article = next(a for a in crawled.articles().values() if a.source_url and not a.duplicate_of)
    shown = crawled.do("explain", article.url).stdout
    for expected in (article.id, "jnews:css", "headline", "Visits", "article", article.found_via):
        assert expected in shown


def test_audit_counts_by_source_month_and_section(crawled):
    (site,) = {article.site for article in crawled.articles().values()}
    shown = crawled.do("audit", site).stdout
    for expected in ("sitemap", "feed", "api", "By month", "By section", "unlisted"):
        assert expected in shown


def test_audit_speaks_json(crawled):
    (site,) = {article.site for article in crawled.articles().values()}
    told = json.loads(crawled.do("audit", site, "--json").stdout)
    copies = sum(article.duplicate_of is not None for article in crawled.articles().values())
    assert (told["articles"], told["copies"]) == (len(crawled.articles()) - copies, copies)


def test_audit_of_an_unknown_site_names_the_known_ones(crawled):
    ended = crawled.do("audit", "daily.example")
    assert ended.returncode == 2
    assert "'daily.example' was never crawled into this database" in ended.stderr


def test_explain_names_the_original_of_a_copy(crawled):
    copy = next(a for a in crawled.articles().values() if a.duplicate_of)
    shown = crawled.do("explain", copy.url).stdout
    assert f"{copy.duplicate_of} (exact)" in shown


@pytest.fixture(scope="module")
def revised(crawled, tmp_path_factory):
    """A copy of the database in which one article has changed since."""
    crawl = Crawl(tmp_path_factory.mktemp("revised"))
    shutil.copy(crawled.folder / "newscrawl.db", crawl.folder)
    article = next(a for a in crawl.articles().values() if not a.duplicate_of)
    article.headline, article.text = "Another headline", f"{article.text} It rained."
    engine = connect(crawl.database)
    with engine.begin() as connection:
        ArticleStore("").store(connection, DedupePipeline().process_item(article))
    engine.dispose()
    return crawl, article.url


def test_explain_says_what_a_revision_changed(revised):
    crawl, url = revised
    assert "revision 2 changed │ headline, text; " in crawl.do("explain", url).stdout


def test_explain_shows_the_sentences_that_a_revision_changed(revised):
    crawl, url = revised
    shown = crawl.do("explain", url, "--diff").stdout.splitlines()
    assert "+ headline: Another headline" in shown
    assert "+ It rained." in shown


def test_export_tells_who_carries_whose_stories(crawled):
    ended = crawled.do("export", "--syndication", "edges.csv")
    with (crawled.folder / "edges.csv").open(newline="") as file:
        edges = list(csv.DictReader(file))
    named = [a for a in crawled.articles().values() if a.source_url or a.source_name]
    (site,) = {article.site for article in named}
    assert ended.stdout == f"{len(edges)} edges written to edges.csv\n"
    assert {edge["carrier"] for edge in edges} == {site}
    assert sum(int(edge["stories"]) for edge in edges) == len(named)


def test_export_groups_the_articles_of_a_story(crawled):
    crawled.do("export", "--stories", "stories.csv")
    with (crawled.folder / "stories.csv").open(newline="") as file:
        tellings = {telling["id"]: telling for telling in csv.DictReader(file)}
    for article in crawled.articles().values():
        if article.duplicate_of:
            assert tellings[article.id]["story"] == tellings[article.duplicate_of]["story"]


def test_export_writes_each_format_and_a_card(crawled):
    ended = crawled.do("export", "a.csv", "a.jsonl", "a.parquet", "--language", "en")
    originals = [each for each in crawled.articles().values() if each.duplicate_of is None]
    assert ended.stdout == f"{len(originals)} articles written to a.csv, a.jsonl, a.parquet\n"
    lines = (crawled.folder / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["id"] for line in lines} == {each.id for each in originals}
    assert "Filters: language: en." in (crawled.folder / "README.md").read_text(encoding="utf-8")


def test_report_writes_a_page_of_its_own(crawled):
    ended = crawled.do("report", "-o", "crawl.html")
    assert ended.stdout == "written to crawl.html\n"
    page = (crawled.folder / "crawl.html").read_text(encoding="utf-8")
    assert "<h2>What to do</h2>" in page
    assert f"export articles.csv -s NEWSCRAWL_DATABASE_URL={crawled.database}</code>" in page
    assert next(iter(crawled.articles().values())).site in page


def test_the_lines_of_a_report_name_the_folder_of_the_data(crawled):
    crawled.runner(
        ["report", "-o", "data.html", "--data", str(crawled.folder)],
        folder=crawled.folder,
        environment=ENVIRONMENT,
    )
    page = (crawled.folder / "data.html").read_text(encoding="utf-8")
    assert f"export articles.csv --data {crawled.folder}</code>" in page


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits a process")
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl.gz", "a.parquet"])
def test_an_export_to_a_full_disk_is_one_line_and_leaves_the_old_file(crawled, tmp_path, name):
    (tmp_path / name).write_text("old")
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "newscrawl", "export", f"{tmp_path}/{name}", "--html"),
            *("-s", f"NEWSCRAWL_DATABASE_URL={crawled.database}"),
        ],
        check=False,
        capture_output=True,
        text=True,
        env={name: value for name, value in ENVIRONMENT.items() if "COV" not in name},
        cwd=crawled.folder,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (33_000, 33_000)),
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("Not exported: ")
    assert "File too large" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert (tmp_path / name).read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_a_command_that_reads_does_not_wait_for_a_writer(crawled):
    engine = connect(crawled.database)
    with engine.begin():
        shown = crawled.do("export", "--stories", "s.csv")
    engine.dispose()
    assert shown.returncode == 0


def test_dedupe_decides_about_all_articles_again(crawled):
    ended = crawled.do("dedupe")
    assert ended.returncode == 0
    assert f"{len(crawled.articles())} articles decided, 0 marks changed" in ended.stdout


def test_a_scope_that_is_none_is_told_in_one_line(crawled):
    ended = crawled.do("dedupe", "-s", "NEWSCRAWL_DEDUPE_SCOPE=planet")
    assert ended.returncode == 2
    assert "NEWSCRAWL_DEDUPE_SCOPE is 'planet'; use one of site, all" in ended.stderr


def test_a_crawl_in_another_scope_asks_for_dedupe(crawled):
    ended = crawled.do(
        *("crawl", "site", "-a", "url=http://127.0.0.1:9/", "-s", "NEWSCRAWL_DEDUPE_SCOPE=all"),
    )
    assert ended.returncode != 0
    assert "run newscrawl dedupe" in ended.stderr


def test_explain_knows_pages_without_an_article(crawled):
    gone = next(page for page in crawled.pages().values() if page["outcome"] == "gone")
    assert "gone (Http4" in crawled.do("explain", gone["url"]).stdout


def test_explain_says_so_of_a_url_never_discovered(crawled):
    process = crawled.do("explain", "https://example.com/never")
    assert process.returncode == 1
    assert process.stdout.splitlines() == [
        "https://example.com/never was never discovered",
        "Nothing of its site example.com is known.",
    ]


def test_forget_lets_one_url_be_crawled_again(crawled):
    article = next(iter(crawled.articles().values()))
    process = crawled.do("forget", article.url)
    assert process.stdout == "1 page will be crawled again\n"
    assert crawled.pages()[identity(article.url)]["state"] == "queued"


def test_forget_lets_a_site_be_crawled_again(crawled):
    done = sum(page["state"] == "done" for page in crawled.pages().values())
    site = next(iter(crawled.articles().values())).site
    assert crawled.do("forget", "--site", site).stdout == (f"{done} pages will be crawled again\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["explain"], "usage: newscrawl explain <url>"),
        (["explain", "ftp://x"], "is not a web address"),
        (["export"], "usage: newscrawl export"),
        (["export", "--stories", "nowhere/s.csv"], "nowhere/s.csv: there is no folder nowhere"),
        (["report", "-o", "nowhere/r.html"], "nowhere/r.html: there is no folder nowhere"),
        (["report", "--site", "other.example"], "was never crawled into this database"),
        (["export", "nowhere/a.csv"], "nowhere/a.csv: there is no folder nowhere"),
        (["export", "a.ods"], "a.ods: no format has this ending"),
        (["export", "a.csv", "--fields", "colour"], "no field 'colour'; there are: id, url"),
        (["export", "a.csv", "--fields", "colour,size"], "no field 'colour', 'size'; there are"),
        (["export", "a.csv", "--since", "yesterday"], "--since is not an ISO 8601 date"),
        (["export", "a.csv", "--site", "other.example"], "was never crawled into this database"),
        (["forget"], "name either a URL or --site"),
        (["forget", "https://example.com/", "--site", "example.com"], "name either a URL or"),
        (["runs", "--colour"], "unknown option --colour"),
        (["runs", "extra"], "usage: newscrawl runs"),
        (["demo", "--articles", "0"], "--articles must be at least 1"),
        (["demo", "extra"], "unknown argument 'extra'"),
    ],
)
def test_a_bad_command_line_is_one_line_and_status_2(crawled, arguments, message):
    process = crawled.do(*arguments)
    assert process.returncode == 2
    assert message in process.stderr
    assert "Traceback" not in process.stderr


def test_a_password_is_not_shown(crawled):
    url = "postgresql+psycopg://me:secret@127.0.0.1:1/x"
    ended = crawled.do("runs", database=url)
    assert ended.returncode == 2
    assert "cannot use postgresql+psycopg://me:***@127.0.0.1:1/x" in ended.stderr
    assert "secret" not in ended.stderr + ended.stdout


@pytest.mark.parametrize("url", ["sqlite:///nowhere.db", "nonsense", ""])
def test_a_database_that_is_not_there_is_told(crawled, url):
    process = crawled.do("runs", database=url)
    assert process.returncode == 2
    assert "database" in process.stderr.lower()
    assert not (crawled.folder / "nowhere.db").exists()


def test_demo_crawls_the_bundled_site_and_shows_the_dataset(tmp_path: Path):
    process = subprocess.run(
        [sys.executable, "-m", "newscrawl", "demo", "--articles", "12", "--port", "0"],
        check=False,
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        cwd=tmp_path,
    )
    assert process.returncode == 0
    assert "12 new articles" in process.stderr
    assert "data/demo/articles.jsonl" in process.stderr
    assert (tmp_path / "data/demo/articles.jsonl").exists()
    assert "ERROR" not in (tmp_path / "data/demo/crawl.log").read_text()
