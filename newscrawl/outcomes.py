"""The one vocabulary of what became of a URL, and the reasons behind it.

Every reason is a class: raising it says what happened, its name is what the
ledger, the stats and the reports show.
"""

from __future__ import annotations

from enum import StrEnum

from scrapy.exceptions import DropItem, IgnoreRequest


class Outcome(StrEnum):
    """What became of one visit to a URL."""

    ARTICLE = "article"
    REVISION = "revision"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    PART = "part"
    LISTING = "listing"
    PAGE = "page"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    REJECTED = "rejected"
    GONE = "gone"
    FAILED = "failed"


class Rejected(DropItem):
    """Looked like an article and failed validation."""


class MissingHeadline(Rejected):
    """No headline was found."""


class MissingText(Rejected):
    """No body text was found."""


class TooShort(Rejected):
    """The body has fewer words than ``NEWSCRAWL_MIN_WORDS``."""


class NeedsBrowser(Rejected):
    """Nothing can be read without running the page's scripts."""


class PublishedBefore(Rejected):
    """Published before the spider argument ``since``."""


class PublishedAfter(Rejected):
    """Published after the spider argument ``until``."""


class Known(DropItem):
    """The store already has this text; nothing new was stored."""


class Unchanged(Known):
    """The same article with the same revision hash."""


class Duplicate(Known):
    """The same story under another URL; the argument is the kind of copy."""


class OverLimit(DropItem):
    """The run has its ``max_articles``; the page stays queued for the next run."""


class NotStored(DropItem):
    """The store has failed; the page stays queued for the next run."""


class Refused(IgnoreRequest):
    """Not fetched or not read, by rule."""


class RobotsForbidden(Refused):
    """``robots.txt`` forbids the URL to this crawler."""


class NotText(Refused):
    """The answer is neither HTML nor other text."""


class NotASource(Refused):
    """The answer is no sitemap, feed or list of posts, though it was asked for as one."""


class ConsentWall(Refused):
    """The answer asks for consent in place of the page."""


class BotWall(Refused):
    """The answer tests whether a person is asking, in place of the page."""


class SoftNotFound(IgnoreRequest):
    """The answer says "not found", though its status is 200."""


class TooManyRedirects(IgnoreRequest):
    """The URL redirects to itself, or without end among its own variants."""


class OutOfScope(Refused):
    """The answer points away from the site of the run, or to a trap."""


class BrowserFailed(Exception):  # noqa: N818 - named as all reasons are
    """The browser could not open or render the page."""


class NotModified(IgnoreRequest):
    """The answer was 304: the page is as it was at the last visit."""


class Redirected(IgnoreRequest):
    """The answer points to another identity; the argument is its URL."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location
