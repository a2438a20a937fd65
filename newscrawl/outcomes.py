"""The one vocabulary of what became of a URL, and the reasons behind it.

Every reason is a class: raising it says what happened, its name is what the
ledger, the stats and the reports show.
"""

from __future__ import annotations

from enum import StrEnum

from scrapy.exceptions import (
    DownloadConnectionRefusedError,
    DropItem,
    IgnoreRequest,
    ResponseDataLossError,
)


class Outcome(StrEnum):
    """What became of one visit to a URL."""

    ARTICLE = "article"
    """A new article was stored."""
    REVISION = "revision"
    """A known article has another headline, subtitle, author, publication date or text: stored as
    its next revision.
    """
    UNCHANGED = "unchanged"
    """A known article with none of these changed, or a page that was read, answered with 304."""
    DUPLICATE = "duplicate"
    """The same story under another URL: the same text (``exact``), nearly the same (``near``), or
    a page that names a known article as its canonical one (``canonical``).
    """
    PART = "part"
    """Page 2 … n of a split article; stored with its first page."""
    LISTING = "listing"
    """Links to articles and no article of its own: front page, category, tag, author; also
    sitemaps, feeds and answers of the API (``Sitemap``, ``Feed``, ``Api``), and other XML (``Xml``).
    """
    PAGE = "page"
    """Neither article nor listing; nothing is stored, its links are followed. Data too (``Json``)."""
    REDIRECTED = "redirected"
    """To another URL of the site, which has its own row."""
    REFUSED = "refused"
    """Not fetched or not read, by rule."""
    REJECTED = "rejected"
    """Looked like an article and failed validation."""
    GONE = "gone"
    """The server answered 404 or 410, or a page that only says so."""
    FAILED = "failed"
    """Given up after retries, a missing part of a split article, or an error in reading the page;
    the reason says which.
    """


CANONICAL, EXACT, NEAR = "canonical", "exact", "near"
"""The kinds of copies: what the reason of ``DUPLICATE`` says."""


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


class PasswordProtected(Rejected):
    """The page shows a form for a password in place of its text, or the server asks for one."""


class Unstorable(Rejected):
    """The database does not take its values."""


class BadField(Rejected):
    """A field of a user's own item holds what it cannot; after the colon its name."""

    def __init__(self, name: str, value: object) -> None:
        super().__init__(name)
        self.name = name
        self.held = type(value).__name__

    @property
    def reason(self) -> str:
        return f"{type(self).__name__}: {self.name}"


class PublishedBefore(Rejected):
    """Published before the spider argument ``since``."""


class PublishedAfter(Rejected):
    """Published after the spider argument ``until``."""


class Erased(Rejected):
    """It, or the page it names as canonical, was taken out with ``scrapy erase``."""


class Older(Rejected):
    """A capture that differs from what is stored of the article, and was made before that."""


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
    """The answer is neither HTML nor other text, as its bytes show."""


class NotASource(Refused):
    """The answer is no sitemap, feed or list of posts, though it was asked for as one."""


class ConsentWall(Refused):
    """The answer asks for consent in place of the page."""


class BotWall(Refused):
    """The answer tests whether a person is asking, in place of the page."""


class ForbiddenAddress(Refused):
    """The host is on a private, local or otherwise special network, and nobody named it."""


class Trap(Refused):
    """URLs of this shape multiply and lead to no article; the argument is the shape."""


class OptedOut(Refused):
    """The page reserves its use, and ``NEWSCRAWL_OBEY_SIGNALS`` says to obey that."""


class HostWaits(IgnoreRequest):
    """The host is to be left alone for longer than a run waits; the page stays queued."""


class RobotsUnreachable(HostWaits):
    """``robots.txt`` could not be had, so that nobody can say what is allowed; the page stays queued."""


class RunEnds(HostWaits):
    """The run is ending before it is the request's turn; the page stays queued."""


class SoftNotFound(IgnoreRequest):
    """The answer says "not found", though its status is 200."""


class TooManyRedirects(IgnoreRequest):
    """The URL redirects to itself, round in a circle with others, or on and on."""


class OutOfScope(Refused):
    """The answer points away from the site of the run, or to a trap."""


class BrowserFailed(Exception):  # noqa: N818 - named as all reasons are
    """The browser could not open or render the page."""


class OtherCapture(Exception):  # noqa: N818 - as above
    """The archive does not show the capture that was asked for, but one of another time."""


class ProxyFailed(DownloadConnectionRefusedError):  # noqa: N818 - as above
    """The proxy of the environment or of the request, after the colon, could not be reached."""


class BadStatus(Exception):  # noqa: N818 - as above
    """The answer's status is no number of three digits, as HTTP has it."""


class Truncated(ResponseDataLossError):  # noqa: N818 - as above
    """The answer ends early: it is shorter than it says, or what is packed has no end."""


class Undecodable(Exception):  # noqa: N818 - as above
    """The body is not packed as its header ``Content-Encoding`` says."""


class UnaskedNotModified(Exception):  # noqa: N818 - as above
    """The answer was 304 and again 304, though no version to compare with was named."""


class Unreadable(Exception):  # noqa: N818 - named as all reasons are
    """A record of the archive is missing, cut off or broken."""


class BodyElsewhere(Unreadable):
    """A record says only which body it repeats, and that stands in another file."""


class PartElsewhere(Unreadable):
    """A further page of a split article stands in another file, or in none."""


class WorkerDied(Exception):  # noqa: N818 - named as all reasons are
    """The process that read the page was killed, or ended itself, each time it was tried."""


class NotModified(IgnoreRequest):
    """The answer was 304: the page is as it was at the last visit."""


class Redirected(IgnoreRequest):
    """The answer points to another identity; the argument is its URL."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location
