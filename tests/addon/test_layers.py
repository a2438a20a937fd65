"""Our settings lie under those of a project: whatever the user says wins, components are merged."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.pipelines.files import FilesPipeline
from scrapy.settings import Settings
from spidermon.contrib.scrapy.extensions import Spidermon  # type: ignore[import-untyped]

from newscrawl import Addon
from newscrawl import settings as ours
from newscrawl.addon.addon import is_on
from newscrawl.addon.layers import OF_A_PROJECT, our_settings
from newscrawl.extensions.monitors import MonitorsExtension
from newscrawl.pipelines.store import StorePipeline
from newscrawl.pipelines.validate import ValidatePipeline
from newscrawl.spiders.news import NewsSpider

PLAIN = sorted(
    name
    for name, value in our_settings().items()
    if not isinstance(value, (dict, list)) and name not in OF_A_PROJECT
)
COMPONENTS = ("DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "ITEM_PIPELINES", "EXTENSIONS")


class Gazette(NewsSpider):
    name = "gazette"
    start_urls = ["https://www.example.com/"]


def laid_under(
    *,
    spider: type[Spider] = Gazette,
    project: dict[str, Any] | None = None,
    cmdline: dict[str, Any] | None = None,
    **custom: object,
) -> Settings:
    settings = Settings(project)
    settings.setdict(cmdline or {}, "cmdline")
    named = type(spider.__name__, (spider,), {"custom_settings": custom, "__module__": __name__})
    crawler = Crawler(named, settings)
    Addon(crawler).update_settings(crawler.settings)
    return crawler.settings


def enabled(settings: Settings, name: str) -> dict[str, int]:
    merged: dict[Any, int] = dict(settings.get_component_priority_dict_with_base(name))
    return {getattr(key, "__name__", key): place for key, place in merged.items()}


@pytest.mark.parametrize("name", PLAIN)
def test_every_setting_of_ours_arrives_with_the_value_that_settings_py_gives_it(name):
    assert laid_under()[name] == getattr(ours, name)


@pytest.mark.parametrize("name", COMPONENTS)
def test_the_same_components_are_on_as_in_our_own_project(name):
    own = Settings()
    own.setmodule(ours)
    assert {each.rpartition(".")[2] for each in enabled(own, name)} == {
        each.rpartition(".")[2] for each in enabled(laid_under(), name)
    }


@pytest.mark.parametrize("name", ["BOT_NAME", "SPIDER_MODULES", "COMMANDS_MODULE"])
def test_where_the_code_of_the_project_lies_is_the_projects(name):
    assert laid_under()[name] == Settings()[name]


@pytest.mark.parametrize("place", ["project", "spider", "cmdline"])
def test_what_the_user_sets_wins_wherever_it_is_set(place):
    given: dict[str, Any] = {
        "ROBOTSTXT_OBEY": False,
        "DOWNLOAD_MAXSIZE": 5,
        "NEWSCRAWL_MIN_WORDS": 7,
    }
    where: dict[str, Any] = given if place == "spider" else {place: given}
    settings = laid_under(**where)
    assert {name: settings[name] for name in given} == given


def test_components_of_the_user_stay_in_their_order_among_ours():
    settings = laid_under(project={"ITEM_PIPELINES": {"scrapy.pipelines.files.FilesPipeline": 250}})
    order = sorted(enabled(settings, "ITEM_PIPELINES").items(), key=lambda each: each[1])
    assert [name.rpartition(".")[2] for name, _ in order][1:4] == [
        "ValidatePipeline",
        "FilesPipeline",
        "DedupePipeline",
    ]


@pytest.mark.parametrize(
    "named",
    [
        {"newscrawl.pipelines.validate.ValidatePipeline": None},
        {ValidatePipeline: None},
        '{"newscrawl.pipelines.validate.ValidatePipeline": null}',
    ],
    ids=["path", "class", "json"],
)
def test_a_component_of_ours_that_the_user_switched_off_stays_off(named):
    names = enabled(laid_under(cmdline={"ITEM_PIPELINES": named}), "ITEM_PIPELINES")
    assert "ValidatePipeline" not in {name.rpartition(".")[2] for name in names}
    assert StorePipeline.__name__ in names


def test_a_component_of_ours_that_the_user_placed_elsewhere_stays_there():
    settings = laid_under(project={"ITEM_PIPELINES": {StorePipeline: 999}})
    assert enabled(settings, "ITEM_PIPELINES")["StorePipeline"] == 999


def test_a_part_of_scrapy_that_we_replace_comes_back_where_the_user_asks_for_it():
    path = "scrapy.downloadermiddlewares.redirect.RedirectMiddleware"
    assert path not in enabled(laid_under(), "DOWNLOADER_MIDDLEWARES")
    asked = laid_under(DOWNLOADER_MIDDLEWARES={path: 600})
    assert enabled(asked, "DOWNLOADER_MIDDLEWARES")[path] == 600


def test_custom_settings_of_a_spider_do_not_throw_ours_away():
    names = enabled(laid_under(ITEM_PIPELINES={FilesPipeline: 50}), "ITEM_PIPELINES")
    assert {"FilesPipeline", "StorePipeline"} <= set(names)


def test_a_download_handler_of_the_user_stays_and_the_other_schemes_are_ours():
    own = "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler"
    handlers = laid_under(project={"DOWNLOAD_HANDLERS": {"https": own}}).getdict(
        "DOWNLOAD_HANDLERS"
    )
    assert handlers["https"] == own
    assert handlers["http"] == ours.DOWNLOAD_HANDLERS["http"]
    assert handlers["file"] == ours.DOWNLOAD_HANDLERS["file"]


def test_page_objects_and_monitors_of_the_user_are_kept_beside_ours():
    given = {
        "SCRAPY_POET_DISCOVER": ["press.pages"],
        "SPIDERMON_SPIDER_CLOSE_MONITORS": ("press.monitors.Suite",),
    }
    settings = laid_under(project=given)
    for name, values in given.items():
        assert settings.getlist(name) == [*values, *getattr(ours, name)]


def test_spidermon_of_the_user_is_ours_then_since_both_would_run_each_suite():
    settings = laid_under(project={"EXTENSIONS": {Spidermon: 400}})
    names = enabled(settings, "EXTENSIONS")
    assert MonitorsExtension.__name__ in names
    assert Spidermon.__name__ not in names


def test_nothing_of_ours_is_touched_in_settings_py():
    before = copy.deepcopy(ours.ITEM_PIPELINES)
    laid_under(project={"ITEM_PIPELINES": {FilesPipeline: 50}})
    assert before == ours.ITEM_PIPELINES


def test_a_crawl_of_another_spider_is_left_as_it_was():
    class Foreign(Spider):
        name = "foreign"

    assert laid_under(spider=Foreign).copy_to_dict() == Settings().copy_to_dict()


def test_before_there_is_a_crawler_only_what_other_spiders_cannot_notice_is_set():
    settings = Settings()
    Addon.update_pre_crawler_settings(settings)
    plain = Settings()
    changed = {name for name in settings if settings[name] != plain[name]}
    assert {name for name in changed if not name.startswith("NEWSCRAWL_")} == {
        "TWISTED_DNS_RESOLVER"
    }


@pytest.mark.parametrize(
    ("addons", "is_there"),
    [
        ({"newscrawl.Addon": 500}, True),
        ({Addon: 500}, True),
        ('{"newscrawl.Addon": 500}', True),
        ({type("Own", (Addon,), {}): 500}, True),
        ({"newscrawl.Addon": None}, False),
        ({"no.such.Addon": 1}, False),
        ({}, False),
    ],
    ids=["path", "class", "json", "subclass", "off", "unknown", "none"],
)
def test_a_project_turns_newscrawl_on_by_naming_the_addon(addons, is_there):
    assert is_on(Settings({"ADDONS": addons})) is is_there
