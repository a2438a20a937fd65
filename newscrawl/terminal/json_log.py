"""The log as JSON, one object a line, for programs that collect logs."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

from pythonjsonlogger.json import JsonFormatter
from scrapy import Spider
from scrapy.settings import BaseSettings


class JsonLogFormatter(JsonFormatter):
    """``time`` (ISO 8601, UTC), ``level``, ``logger``, ``message``, and what there is beside them.

    That is ``spider``, ``sites``, ``exc_info`` and what else a line was given as ``extra``. All is ASCII with escapes, so that no text from the web begins a line.
    """

    def __init__(self) -> None:
        super().__init__(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp="time",
        )

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        crawler = log_data.pop("crawler", None)
        spider = log_data.get("spider") or getattr(crawler, "spider", None)
        if isinstance(spider, Spider):
            log_data["spider"] = spider.name
            if sites := sorted(getattr(spider, "sites", ())):
                log_data["sites"] = sites
        return log_data


def log_as_json(settings: BaseSettings) -> None:
    """Take the place of Scrapy's handler of the root logger; ``LOG_*`` say where and from which level.

    It must be called before Scrapy makes its process, which then installs no handler.

    Raises:
        ValueError: ``LOG_LEVEL`` is none.
        OSError: ``LOG_FILE`` cannot be written.
    """
    handler = _handler(settings)
    handler.setFormatter(JsonLogFormatter())
    handler.setLevel(settings["LOG_LEVEL"])
    logging.root.setLevel(logging.NOTSET)
    logging.root.addHandler(handler)
    if not sys.warnoptions:
        logging.captureWarnings(capture=True)
    settings.set("LOG_INSTALL_ROOT_HANDLER", value=False, priority="cmdline")


def _handler(settings: BaseSettings) -> logging.Handler:
    if settings["LOG_FILE"]:
        path, encoding = Path(settings["LOG_FILE"]), settings["LOG_ENCODING"]
        if not settings.getbool("LOG_FILE_APPEND"):
            path.write_text("", encoding=encoding)
        # Scrapy's configuration of the loggers closes all handlers; one that appends opens again
        return logging.FileHandler(path, mode="a", encoding=encoding)
    if settings.getbool("LOG_ENABLED"):
        return logging.StreamHandler()
    return logging.NullHandler()
