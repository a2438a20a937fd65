"""newscrawl in a project of somebody else's: on by one line, off without it, and no burden to others."""

from __future__ import annotations

import json
import pkgutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import newscrawl.commands
from newscrawl.spiders.readiness import NEEDED, NOT_SET_UP, REACTOR
from tests.citizen.projects import ADDONS, Project, run
from tests.crawl.crawling import Crawl
from tests.demo.serving import run_demo

ARTICLES = 25
OURS = {
    module.name.rpartition(".")[2]
    for module in pkgutil.walk_packages(newscrawl.commands.__path__, "newscrawl.commands.")
    if not module.ispkg
}
ALSO_SCRAPYS = {"crawl", "parse", "shell"}
FOREIGN = """
import scrapy


class Form(scrapy.Item):
    status = scrapy.Field()
    cookie = scrapy.Field()


class ForeignSpider(scrapy.Spider):
    name = "foreign"
    start_urls = ["{url}/"]
    custom_settings = {{"HTTPERROR_ALLOW_ALL": True}}

    def parse(self, response):
        for number in range(3):
            yield scrapy.FormRequest(
                response.url, formdata={{"n": str(number)}}, callback=self.posted,
                dont_filter=True, priority=number, cookies={{"seen": "yes"}},
            )
        yield response.follow("/", callback=self.parse)
        yield {{"title": response.css("title::text").get()}}

    def posted(self, response):
        yield Form(status=response.status, cookie=response.request.headers["Cookie"].decode())
"""
PIPELINE = """
class OwnPipeline:
    def process_item(self, item):
        with open("own-pipeline.txt", "a") as file:
            file.write(type(item).__name__ + chr(10))
        return item
"""
MIDDLEWARE = """
class OwnMiddleware:
    def process_request(self, request):
        request.headers["X-Own"] = "yes"
"""
OWN_PARTS = """
ITEM_PIPELINES = {"press.pipelines.OwnPipeline": 350}
DOWNLOADER_MIDDLEWARES = {"press.middlewares.OwnMiddleware": 10}
FEEDS = {"%(name)s.jsonl": {"format": "jsonlines"}}
"""
TOGETHER = """
import json
import sys

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

settings = get_project_settings()
settings.setdict(json.loads(sys.argv[1]), "cmdline")
process = AsyncCrawlerProcess(settings)
crawlers = [process.create_crawler(name) for name in sys.argv[2:]]
for crawler in crawlers:
    process.crawl(crawler)
process.start()
told = {each.spidercls.name: each.stats.get_stats() for each in crawlers}
told["failed"] = process.bootstrap_failed
print(json.dumps(told, default=str))
"""
LACKING = """
import json
from importlib import import_module

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

from newscrawl.spiders.readiness import NEEDED
from press.spiders.gazette import GazetteSpider

process = AsyncCrawlerProcess(get_project_settings())
crawlers = {}
for setting, component in NEEDED:
    off = {component: None} if setting != "SCHEDULER" else "scrapy.core.scheduler.Scheduler"
    spider = type(component.__name__, (GazetteSpider,), {"custom_settings": {setting: off}})
    crawlers[component.__name__] = process.create_crawler(spider)
    process.crawl(crawlers[component.__name__])
process.start()
told = {name: crawler.stats.get_stats() for name, crawler in crawlers.items()}
print(json.dumps([process.bootstrap_failed, told], default=str))
"""


@pytest.fixture(scope="module")
def site():
    with run_demo(articles=ARTICLES) as server:
        yield server


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory, site):
    project = Project.started(tmp_path_factory.mktemp("citizen") / "press")
    project.write("press/settings.py", project.settings() + OWN_PARTS)
    project.write("press/pipelines.py", PIPELINE)
    project.write("press/middlewares.py", MIDDLEWARE)
    project.write("press/spiders/foreign.py", FOREIGN.format(url=site.url))
    project.write("together.py", TOGETHER)
    project.write("lacking.py", LACKING)
    ended = project.scrapy("genspider", "-t", "news", "gazette", site.url)
    assert ended.returncode == 0, ended.stderr
    return project


@pytest.fixture(scope="module")
def crawled(press):
    """The project after ``scrapy crawl`` of a spider as ``genspider`` wrote it."""
    return press, press.scrapy("crawl", "gazette")


@pytest.fixture(scope="module")
def alone(press):
    """What the other spider comes to in a project that has never heard of newscrawl."""
    ended = press.python("together.py", '{"ADDONS": {}}', "foreign")
    return json.loads(ended.stdout), _taken(press)


def _taken(press: Project) -> Counter[str]:
    path = press.folder / "own-pipeline.txt"
    return Counter(path.read_text().splitlines()) if path.exists() else Counter()


def _errors(log: str) -> list[str]:
    return [line for line in log.splitlines() if " ERROR: " in line]


def test_a_spider_as_genspider_writes_it_crawls_the_whole_site(crawled):
    press, ended = crawled
    assert ended.returncode == 0, ended.stderr
    assert _errors(ended.stderr) == []
    stored = Crawl(press.folder, f"sqlite:///{press.folder}/data/newscrawl.db")
    originals = [each for each in stored.articles().values() if each.duplicate_of is None]
    assert len(originals) == ARTICLES
    assert [each["reason"] for each in stored.runs()] == ["finished"]
    assert "'newscrawl/balanced': True" in ended.stderr


def test_the_data_lies_in_the_folder_of_the_project(crawled, site):
    press, _ = crawled
    host = site.url.removeprefix("http://").replace(":", "-")
    assert {each.name for each in (press.folder / "data").iterdir()} >= {
        "newscrawl.db",
        f"{host}.jsonl",
    }


def test_pipelines_and_feeds_of_the_project_get_the_articles(crawled):
    press, _ = crawled
    feed = (press.folder / "gazette.jsonl").read_text().splitlines()
    assert {json.loads(line)["found_via"] for line in feed} >= {"category"}
    assert _taken(press)["Article"] >= len(feed) >= ARTICLES
    assert set(_taken(press)) == {"Article"}


def test_another_spider_does_beside_a_news_spider_what_it_does_alone(crawled, alone):
    press, _ = crawled
    told, before = alone
    ended = press.python("together.py", "{}", "gazette", "foreign")
    both = json.loads(ended.stdout)
    assert both["gazette"]["newscrawl/balanced"] is True
    assert not both["failed"]
    assert _plain(both["foreign"]) == _plain(told["foreign"])
    assert both["foreign"]["downloader/request_method_count/POST"] == 6
    now = _taken(press)
    assert {name: now[name] - before[name] for name in ("Form", "dict")} == {"Form": 6, "dict": 2}
    lines = (press.folder / "foreign.jsonl").read_text().splitlines()
    posted = [json.loads(line) for line in lines if "cookie" in line]
    assert {each["cookie"] for each in posted} == {"seen=yes"}


def _plain(stats: dict[str, Any]) -> dict[str, Any]:
    """Statistics without those of the clock, the memory and the length of a random token."""
    moving = ("time", "memusage", "minute", "latency", "_bytes", "log_count")
    return {name: value for name, value in stats.items() if not any(m in name for m in moving)}


def test_commands_of_ours_look_at_the_data_of_the_project(crawled):
    press, _ = crawled
    for ended in (press.scrapy("newscrawl", "runs"), press.newscrawl("runs")):
        assert ended.returncode == 0, ended.stderr
        assert "gazette" in ended.stdout
    ended = press.scrapy("newscrawl", "export", "out.jsonl")
    assert ended.returncode == 0, ended.stderr
    assert len((press.folder / "out.jsonl").read_text().splitlines()) >= ARTICLES


def test_our_crawl_tells_how_it_ended_by_its_exit_status(crawled):
    press, _ = crawled
    good = press.scrapy("newscrawl", "crawl", "gazette", "-a", "max_depth=0")
    assert good.returncode == 0, good.stderr
    assert "claims = " in good.stderr.splitlines()[-1]
    wrong = press.scrapy("newscrawl", "crawl", "gazette", "-a", "max_articles=many")
    assert wrong.returncode == 2
    assert "'max_articles' is not a whole number" in wrong.stderr.splitlines()[-1]
    unknown = press.newscrawl("crawl", "nobody")
    assert unknown.returncode == 2
    assert "there is no spider 'nobody'" in unknown.stderr.splitlines()[-1]


def test_the_spider_for_any_site_is_there_without_being_one_of_the_project(crawled, site):
    press, _ = crawled
    assert press.scrapy("list").stdout.split() == ["foreign", "gazette"]
    ended = press.newscrawl("crawl", "site", "-a", f"url={site.url}/", "-a", "max_depth=0")
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("program", ["scrapy", "newscrawl"])
def test_without_the_addon_a_news_spider_ends_at_once_with_one_line(press, site, program):
    asked = len(site.hits)
    crawl = ("crawl",) if program == "scrapy" else ("newscrawl", "crawl")
    folder = "elsewhere"
    ended = press.scrapy(
        *crawl,
        "gazette",
        "-s",
        "ADDONS={}",
        "-s",
        f"NEWSCRAWL_DATABASE_URL=sqlite:///{folder}/a.db",
    )
    assert ended.returncode == 1
    (line,) = _errors(ended.stderr)
    assert "gazette is a NewsSpider" in line
    assert line.endswith(f"add {ADDONS} to the settings")
    assert f"'finish_reason': '{NOT_SET_UP}'" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(site.hits) == asked
    assert not (press.folder / folder).exists()


def test_a_news_spider_that_lacks_one_part_names_it_and_does_nothing(press, site):
    asked, runs = len(site.hits), press.folder / "data" / "newscrawl.db"
    before = runs.stat().st_mtime_ns if runs.exists() else None
    ended = press.python("lacking.py")
    failed, told = json.loads(ended.stdout)
    assert failed
    assert len(told) == len(NEEDED)
    for setting, component in NEEDED:
        stats = told[component.__name__]
        assert stats["finish_reason"] == NOT_SET_UP
        line = stats[f"newscrawl/{NOT_SET_UP}"]
        assert f"{setting} " in line
        assert component.__name__ in line
    assert len(site.hits) == asked
    assert (runs.stat().st_mtime_ns if runs.exists() else None) == before


@pytest.mark.parametrize(
    "setting",
    [
        "TWISTED_REACTOR=twisted.internet.selectreactor.SelectReactor",
        "TWISTED_REACTOR=",
        "TWISTED_REACTOR_ENABLED=False",
    ],
)
def test_a_reactor_that_newscrawl_cannot_work_on_is_named(press, setting):
    ended = press.scrapy("crawl", "gazette", "-s", setting)
    assert ended.returncode == 1
    (line,) = [line for line in _errors(ended.stderr) if "Not started: " in line]
    assert REACTOR in line
    assert f"'finish_reason': '{NOT_SET_UP}'" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_outside_a_project_scrapy_has_one_command_of_ours(tmp_path: Path):
    listed = _commands(run(["-h"], tmp_path).stdout)
    assert listed & OURS <= ALSO_SCRAPYS | {"savefixture"}  # scrapy-poet's
    assert "newscrawl" in listed


def test_inside_another_project_too(press):
    listed = _commands(press.scrapy("-h").stdout)
    assert listed & OURS == ALSO_SCRAPYS | {"savefixture"}  # scrapy-poet's
    assert "newscrawl" in listed
    assert _commands(press.scrapy("newscrawl", "-h").stdout) == OURS


def test_in_our_own_project_the_short_names_stay(tmp_path: Path):
    project = Project.started(
        tmp_path / "own", settings="\nfrom newscrawl.settings import *  # noqa: F403\n"
    )
    assert _commands(project.scrapy("-h").stdout) >= OURS
    assert "news" in project.scrapy("genspider", "-l").stdout.split()


def test_help_of_a_command_is_that_of_the_command(press):
    ended = press.scrapy("newscrawl", "export", "-h")
    assert ended.returncode == 0
    assert "newscrawl export [options] FILE" in ended.stdout
    assert "--since-run" in ended.stdout


def _commands(told: str) -> set[str]:
    """Return the names in a list of commands."""
    before, marker, listed = told.partition("vailable commands:")
    lines = (listed if marker else before).splitlines()
    return {line.split()[0] for line in lines if line.startswith("  ") and line[2].isalpha()}


def test_genspider_has_our_template_beside_scrapys_where_newscrawl_is_on(press, tmp_path: Path):
    usual = {"basic", "crawl", "csvfeed", "xmlfeed"}
    assert set(press.scrapy("genspider", "-l").stdout.split()[2:]) == {*usual, "news"}
    plain = Project.started(tmp_path / "plain", addons="ADDONS = {}")
    assert set(plain.scrapy("genspider", "-l").stdout.split()[2:]) == usual


def test_templates_of_the_project_come_before_ours(tmp_path: Path):
    (tmp_path / "templates" / "spiders").mkdir(parents=True)
    (tmp_path / "templates" / "spiders" / "news.tmpl").write_text("name = '$name'\n")
    project = Project.started(
        tmp_path / "own", settings=f"\nTEMPLATES_DIR = {str(tmp_path / 'templates')!r}\n"
    )
    assert project.scrapy("genspider", "-d", "news").stdout == "name = '$name'\n\n"
    assert project.scrapy("genspider", "-l").stdout.split()[2:] == ["news"]
