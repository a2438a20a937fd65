"""robots.txt by RFC 9309: no request leaves before its rules are known."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Self

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler, load_object

from newscrawl.addresses.address import fetch_url
from newscrawl.discovery.robots import first_lines
from newscrawl.failures import outcome_of_error
from newscrawl.middlewares.addresses import PORTS, sent_as
from newscrawl.middlewares.redirect import REDIRECTS
from newscrawl.middlewares.unpacking import ANY_SUCCESS
from newscrawl.outcomes import ForbiddenAddress, HostWaits, RobotsForbidden, RobotsUnreachable
from newscrawl.politeness.politeness import LEFT_ALONE, NOT_THERE, PolitenessExtension
from newscrawl.politeness.robots_parser import token_for
from newscrawl.url_parts import resolve

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

MAX_REDIRECTS = 5
"""After so many a robots.txt counts as missing (RFC 9309, 2.3.1.2)."""
MAX_SENT = 10 * 1024 * 1024
"""Bytes of a robots.txt, packed or not; what is longer cannot be read."""
MAX_SAID = 200
"""Characters of an error that are shown."""
BELIEVED = 86_400.0
"""Seconds for which rules are believed (RFC 9309, 2.4)."""
_FAILURE = re.compile(r"\[<twisted\.python\.failure\.Failure \S+ (.*?)>.*")
"""How Scrapy shows what a connection died of."""

logger = logging.getLogger(__name__)


class NoRules(Exception):  # noqa: N818 - the name says what is missing
    """The answer does not say what is allowed; the message is why."""


class SlowDown(NoRules):
    """The host asks for fewer requests in place of an answer."""


@dataclass(frozen=True, slots=True)
class KnownRules:
    """What is known of an authority: its rules, or with what each request to it ends."""

    rules: RobotParser | Exception
    until: float


class RobotsMiddleware:
    """Holds each request until the rules of its scheme, host and port are known.

    All that wait share one question. A 4xx allows everything. What does not say what is allowed
    (a 5xx, a 429, an error) allows nothing: the pages stay queued. A host that is not there, or
    may not be asked at all, ends each request as it ended the question. What an archive shows is
    under the rules of the archive's host.
    """

    def __init__(self, crawler: Crawler) -> None:
        assert crawler.stats is not None
        self.crawler = crawler
        self._stats = crawler.stats
        self._parser = load_object(crawler.settings["ROBOTSTXT_PARSER"])
        build_from_crawler(self._parser, crawler, b"")  # what it needs may be missing
        self._asked: dict[str, asyncio.Task[KnownRules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        request = sent_as(request)
        is_exempt = request.meta.get("dont_obey_robotstxt")
        if is_exempt or urlparse_cached(request).scheme not in PORTS:
            return
        rules = await self._rules(request)
        if not rules.allowed(request.url, token_for(request, self.crawler.settings)):
            self._stats.inc_value("robotstxt/forbidden")
            raise RobotsForbidden

    async def allows(self, request: Request) -> bool:
        """Whether a request may be sent now."""
        try:
            await self.process_request(request)
        except (IgnoreRequest, *NOT_THERE):
            return False
        return True

    async def knows(self, request: Request) -> bool:
        """Whether the rules of a request's scheme, host and port are known, whatever they allow."""
        try:
            await self._rules(request)
        except (IgnoreRequest, *NOT_THERE):
            return False
        return True

    async def _rules(self, request: Request) -> RobotParser:
        """Return the rules for a request.

        The question belongs to nobody, so that it goes on when who asked it is cancelled.

        Raises:
            HostWaits: they are not known.
            Exception: the host cannot or may not be asked, as :class:`KnownRules` has it.
        """
        authority = _authority(request)
        asked = self._asked.get(authority)
        if asked is None or _is_over(asked):
            asked = asyncio.ensure_future(self._ask(authority, request))
            self._asked[authority] = asked
        known = await asyncio.shield(asked)
        if isinstance(known.rules, Exception):
            raise known.rules.with_traceback(None)
        return known.rules

    async def _ask(self, authority: str, request: Request) -> KnownRules:
        try:
            body = await self._fetch(authority)
            rules = await self._parse(body, request)
        except (HostWaits, ForbiddenAddress, *NOT_THERE) as error:
            return KnownRules(error, until=0.0)
        except NoRules as error:
            self._leave_alone(request, str(error))
            kind = HostWaits if isinstance(error, SlowDown) else RobotsUnreachable
            return _waits(authority, str(error), kind)
        except Exception as error:
            logger.debug("No rules from %s", authority, exc_info=True)
            self._stats.inc_value(f"robotstxt/exception_count/{type(error)}")
            return _waits(authority, _described(error))
        return KnownRules(rules, time.monotonic() + BELIEVED)

    async def _fetch(self, authority: str) -> bytes:
        """Return the robots.txt of an authority, empty where it has none.

        Raises:
            NoRules: the answer does not say what is allowed.
            Exception: there is none; of ``NOT_THERE`` and ``ForbiddenAddress`` only where the
                authority itself is meant.
        """
        self._stats.inc_value("robotstxt/request_count")
        url = f"{authority}/robots.txt"
        for hop in range(MAX_REDIRECTS + 1):
            try:
                response = await self.crawler.engine.download_async(self._request(url))
            except (ForbiddenAddress, *NOT_THERE) as error:
                if hop:
                    raise NoRules(f"it leads to {url}: {_described(error)}") from error
                raise
            self._stats.inc_value("robotstxt/response_count")
            self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
            if response.status not in REDIRECTS:
                return _body(response)
            url = _target(response)
        return b""

    def _request(self, url: str) -> Request:
        """Make a request of our own, which no setting for pages bends."""
        return Request(
            url,
            callback=NO_CALLBACK,
            dont_filter=True,
            meta={
                "dont_obey_robotstxt": True,
                "dont_redirect": True,
                "dont_cache": True,
                ANY_SUCCESS: True,
                "download_fail_on_dataloss": True,
                "download_maxsize": MAX_SENT,
            },
        )

    async def _parse(self, body: bytes, request: Request) -> RobotParser:
        rules: RobotParser = build_from_crawler(self._parser, self.crawler, first_lines(body))
        await self.crawler.signals.send_catch_log_async(
            signal=signals.robots_parsed, robotparser=rules, request=request
        )
        return rules

    def _leave_alone(self, request: Request, why: str) -> None:
        polite = self.crawler.get_extension(PolitenessExtension)
        if polite is not None:
            polite.leave_alone(polite.host(request), f"robots.txt: {why}")


def _authority(request: Request) -> str:
    url = urlparse_cached(request)
    host = url.netloc.rpartition("@")[2].lower()
    return f"{url.scheme}://{host.removesuffix(f':{PORTS[url.scheme]}').removesuffix(':')}"


def _is_over(asked: asyncio.Task[KnownRules]) -> bool:
    if not asked.done():
        return False
    is_answered = not asked.cancelled() and asked.exception() is None
    return not is_answered or asked.result().until <= time.monotonic()


def _body(response: Response) -> bytes:
    """Return what an answer says: a 4xx, that there are no rules.

    Raises:
        NoRules: it is neither that nor a success.
    """
    status = response.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return response.body
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and (
        status != HTTPStatus.TOO_MANY_REQUESTS
    ):
        return b""
    kind = SlowDown if status == HTTPStatus.TOO_MANY_REQUESTS else NoRules
    raise kind(str(status))


def _target(response: Response) -> str:
    """Return where a redirect leads.

    Raises:
        NoRules: to nothing that can be asked for.
    """
    location = (response.headers.get(b"Location") or b"").decode("utf-8", "replace").strip()
    try:
        if location:
            return fetch_url(resolve(response.url, location))
    except ValueError:  # also what cannot be joined
        pass
    raise NoRules(f"{response.status} that leads nowhere")


def _waits(authority: str, why: str, kind: type[HostWaits] = RobotsUnreachable) -> KnownRules:
    netloc = authority.partition("://")[2]
    error = kind(f"{netloc}: robots.txt: {why}; nothing is allowed until it can be read")
    return KnownRules(error, time.monotonic() + LEFT_ALONE)


def _described(error: Exception) -> str:
    _, name = outcome_of_error(error)
    said = _FAILURE.sub(r"\1", str(error)).partition("\n")[0][:MAX_SAID]
    return f"{name}: {said}" if said else name
