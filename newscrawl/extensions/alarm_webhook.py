"""Alarms by webhook."""

from __future__ import annotations

import json
from typing import Any, ClassVar
from urllib.parse import urlsplit
from urllib.request import Request, build_opener

from scrapy.settings import BaseSettings

from newscrawl.extensions.alarm_action import AlarmAction
from newscrawl.unredirected import NoRedirects
from newscrawl.verdict.notice import Notice


class WebhookAction(AlarmAction):
    """Posts a JSON document to ``NEWSCRAWL_ALARM_WEBHOOK``.

    urllib, since its errors do not show the URL, which often is a secret.
    """

    HEADERS: ClassVar[dict[str, str]] = {
        "Content-Type": "application/json",
        "User-Agent": "newscrawl",
    }

    def __init__(self, url: str = "") -> None:
        super().__init__()
        self._url = url

    @classmethod
    def from_crawler_kwargs(cls, crawler: Any) -> dict[str, Any]:
        return {"url": webhook_of(crawler.settings)}

    @property
    def receiver(self) -> str:
        return f"the webhook at {urlsplit(self._url).hostname}" if self._url else ""

    def send(self, notice: Notice) -> None:
        body = json.dumps(notice.as_dict()).encode()
        request = Request(self._url, data=body, headers=self.HEADERS)  # noqa: S310 - http and https only, see webhook_of
        with build_opener(NoRedirects).open(request, timeout=self.TIMEOUT):
            pass


def webhook_of(settings: BaseSettings) -> str:
    """Return ``NEWSCRAWL_ALARM_WEBHOOK``, empty if there is none.

    Raises:
        ValueError: it is no URL to post to; the message does not show it.
    """
    url: str = settings["NEWSCRAWL_ALARM_WEBHOOK"] or ""
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if url and not (good and url.isascii() and url.isprintable() and not set(' @"<>') & set(url)):
        raise ValueError(
            "NEWSCRAWL_ALARM_WEBHOOK is no http or https URL "
            "(not shown here: it may be a secret; it has no spaces, no user and no password)"
        )
    return url
