"""Who we are for robots.txt, and Scrapy's interface to its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.robotstxt import RobotParser
from scrapy.utils.python import to_unicode

from newscrawl.discovery.robots import EVERYBODY, RobotsTxt, token_of

if TYPE_CHECKING:
    from protego import Protego
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings


def token_for(request: Request, settings: BaseSettings) -> str:
    """Return the product token under which a request obeys robots.txt.

    That of ``ROBOTSTXT_USER_AGENT``, else of the request's own ``User-Agent``, else of
    ``USER_AGENT``.
    """
    own = request.headers.get(b"User-Agent")
    agent = settings["ROBOTSTXT_USER_AGENT"] or own or settings["USER_AGENT"] or ""
    return token_of(to_unicode(agent, errors="replace"))


class TokenRobotParser(RobotParser):
    """Scrapy's usual parser, Protego, for the groups of one product token alone.

    By itself Protego takes a group for ours whose name stands anywhere in our ``User-Agent``.
    """

    def __init__(self, body: bytes) -> None:
        self._robots = RobotsTxt(body)
        self._rules: dict[str, Protego] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, robotstxt_body: bytes) -> Self:  # noqa: ARG003 - the signature is Scrapy's
        return cls(robotstxt_body)

    @property
    def sitemaps(self) -> list[str]:
        return self._robots.sitemaps

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        return self._rules_for(user_agent).can_fetch(to_unicode(url), EVERYBODY)

    def crawl_delay(self, user_agent: str | bytes) -> float | None:
        return self._rules_for(user_agent).crawl_delay(EVERYBODY)

    def _rules_for(self, user_agent: str | bytes) -> Protego:
        token = token_of(to_unicode(user_agent, errors="replace"))
        if token not in self._rules:
            self._rules[token] = self._robots.rules(token)
        return self._rules[token]
