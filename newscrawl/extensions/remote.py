"""Scrapy's remote control, loaded where it is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.extensions.remote_control import RemoteControl

SCRAPYS = "scrapy.extensions.remote_control.RemoteControl"


class RemoteExtension:
    """Stands for Scrapy's own, which loads an HTTP server also where it is off."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RemoteControl:
        """Return Scrapy's own.

        Raises:
            NotConfigured: it is off, or Scrapy makes it itself.
        """
        settings = crawler.settings
        if not settings.getbool("REMOTE_CONTROL_ENABLED") or SCRAPYS in settings["EXTENSIONS_BASE"]:
            raise NotConfigured
        from scrapy.extensions.remote_control import RemoteControl  # noqa: PLC0415 - as said above

        return RemoteControl.from_crawler(crawler)
