from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy import Request
from scrapy.http import Response

from newscrawl.middlewares.guard import GuardMiddleware

URL = "https://news.test/a/"


def through(**headers):
    return GuardMiddleware().process_response(Request(URL), Response(URL, headers=headers))


def test_an_answer_without_a_date_gets_the_present():
    before = datetime.now(UTC).replace(microsecond=0)
    at = parsedate_to_datetime(through().headers[b"Date"].decode())
    assert before <= at <= datetime.now(UTC)


def test_the_servers_own_date_is_kept():
    sent = "Mon, 05 May 2025 08:00:00 GMT"
    assert through(Date=sent).headers.getlist(b"Date") == [sent.encode()]
