"""Scrapy's remote control is there where it is on, and not loaded where it is off."""

from __future__ import annotations

import asyncio

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.extensions.remote_control import RemoteControl
from scrapy.settings import Settings, default_settings

from newscrawl.addon.layers import our_settings
from newscrawl.extensions.remote import RemoteExtension


def extension(**settings: object) -> RemoteControl:
    given = Settings({**our_settings(), **settings})
    return RemoteExtension.from_crawler(Crawler(Spider, given))


def test_it_is_scrapys_own_where_it_is_on():
    async def made() -> RemoteControl:
        return extension(REMOTE_CONTROL_ENABLED=True)

    assert isinstance(asyncio.run(made()), RemoteControl)


def test_off_it_is_none():
    with pytest.raises(NotConfigured):
        extension()


def test_where_scrapy_makes_it_itself_there_is_no_second_one():
    with pytest.raises(NotConfigured):
        extension(
            REMOTE_CONTROL_ENABLED=True, EXTENSIONS_BASE=dict(default_settings.EXTENSIONS_BASE)
        )
