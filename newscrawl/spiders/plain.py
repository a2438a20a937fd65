"""What a spider does without a ledger: the links of a page become requests."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

from scrapy import Request
from scrapy.http import XmlResponse

from newscrawl.addresses.address import Address
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.discovery.entries import SourceKind
from newscrawl.discovery.links import LinkKind, Way
from newscrawl.frontier.rows import Found, Row
from newscrawl.frontier.visits import Visit
from newscrawl.middlewares.guard import as_text
from newscrawl.middlewares.ledger import Report
from newscrawl.outcomes import NotText

if TYPE_CHECKING:
    from scrapy.http import Response

    from newscrawl.addresses.admission import Gate


META = "newscrawl"
"""Where a plain request says what it asks for, in values that JSON has."""


Reader = Callable[["Response", Visit], AsyncIterator[Any]]

logger = logging.getLogger(__name__)


class Walker(Protocol):
    """The spider that walks."""

    @property
    def parse(self) -> Callable[..., Any]: ...

    def ended(self, visit: Visit) -> None:
        """Hear of the end of a visit, and add what that leads to."""


class Asked(NamedTuple):
    """The page that a plain request asks for, and how it was found."""

    kind: str
    found_via: str
    depth: int

    @classmethod
    def of(cls, response: Response) -> Self:
        """Return what was asked for; a page of which nothing is said is a start."""
        kind = SourceKind.SITEMAP if isinstance(response, XmlResponse) else LinkKind.CATEGORY
        start = cls(kind, Way.SEED.label, 0)
        return start._replace(**response.meta.get(META, {}))


class PlainWalk:
    """Keeps in memory what the ledger would know: which URLs were asked for.

    Scrapy's own queue and filter do the rest.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._asked: set[str] = set()

    def _visit(self, response: Response) -> Visit | None:
        """Return the visit that a page without a ledger would be.

        What the user asks for is of the run's sites, wherever it lies. There is none where a
        link led to another site.
        """
        asked = Asked.of(response)
        try:
            address = Address.parse(response.url)
        except UnfetchableURL:  # a file
            return Visit(_row(asked, "", response.url, response.url))
        if META not in response.meta:
            self._gate.sites |= {address.site}
        elif address.site not in self._gate.sites:
            return None
        self._asked.add(address.identity)
        return Visit(_row(asked, address.site, address.url, address.identity))

    def requests(self, found: Iterable[Found], callback: Callable[..., Any]) -> Iterator[Request]:
        """Yield requests for the rows that were not asked for yet."""
        for row in found:
            if row.identity in self._asked:
                continue
            self._asked.add(row.identity)
            asked = Asked(str(row.kind), row.ways.strongest.label, row.depth)
            meta = {META: asked._asdict()}
            yield Request(row.url, callback, priority=row.priority, meta=meta)

    async def outputs(self, response: Response, spider: Walker, read: Reader) -> AsyncIterator[Any]:
        """Yield what a page brings by itself: items as they are, the rows of reports as requests.

        ``read`` gives items and reports for a visit; that nothing is read is said in the log.
        """
        try:
            response = as_text(response)
        except NotText:
            logger.warning("Not read, as it is no text: %s", response.url)
            return
        visit = self._visit(response)
        if visit is None:
            logger.debug("Not read, as it is of another site: %s", response.url)
            return
        async for output in read(response, visit):
            if not isinstance(output, Report):
                yield output
                continue
            visit.links += output.links
            if output.outcome is not None:
                why = f" ({output.reason})" if output.reason else ""
                logger.info("%s%s: %s", output.outcome, why, response.url)
        spider.ended(visit)
        for request in self.requests(visit.links, spider.parse):
            yield request


def _row(asked: Asked, site: str, url: str, identity: str) -> Row:
    way = Way[asked.found_via.upper()]
    return Row(0, site, identity, url, asked.kind, way.value, asked.depth, priority=0)
