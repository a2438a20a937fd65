"""The one gate: whether a URL that was found may be asked for, and why not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from urllib.parse import urlsplit

from newscrawl.addresses.address import Address
from newscrawl.addresses.moves import Move, NoPlaceError
from newscrawl.addresses.permalinks import is_by_number
from newscrawl.addresses.shapes import Shapes
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.discovery.links import LINKED, LISTED

MAX_SEEN = 50_000
LISTED_WAYS, LINKED_WAYS, EVERY_WAY = LISTED.value, LINKED.value, -1


class Gate:
    """Judges whatever finds a URL: links, sitemaps, feeds, the API, redirects.

    ``sites`` are those of the run. ``never`` are paths that are not visited, nor what is below
    them; ``sections`` are names or paths, none for the whole site. ``count`` hears the reason of
    each refusal: ``unfetchable``, ``offsite``, ``trap/`` and a name, ``never``. ``moved`` has the
    moves of sites, by the old one: what still names them means the new ones.
    """

    def __init__(
        self,
        sites: Collection[str],
        *,
        count: Callable[[str], None],
        never: Collection[str] = (),
        sections: Collection[str] = (),
    ) -> None:
        self.sites = frozenset(sites)
        self.sections = frozenset(map(_slug, sections))
        self.shapes = Shapes()
        self.moved: Mapping[str, Move] = {}
        self.count = count
        self._never = tuple(f"{path}/" for path in never)
        self._seen: dict[str, int] = {}
        self._shortlinks: set[str] = set()

    def admit(self, url: str) -> Address | None:
        """Return the address of a link, without tracking parameters, unless a rule forbids it."""
        return self._judged(self._read(url, Address.of_link))

    def admit_target(self, url: str) -> Address | None:
        """Return the address of a redirect's target, as the server wrote it, likewise."""
        return self._judged(self._read(url, Address.parse))

    def _judged(self, address: Address | None) -> Address | None:
        if address is None:
            return None
        why = self.refusal(address)
        if why is None:
            return address
        self.count(why)
        return None

    def admit_source(self, url: str) -> Address | None:
        """Return the address of a sitemap, a feed or an API: they may look like traps."""
        address = self._read(url, Address.parse)
        if address is None or address.site in self.sites:
            return address
        self.count("offsite")
        return None

    def _read(self, url: str, read: Callable[[str], Address]) -> Address | None:
        try:
            return self._moved(read(url), read)
        except (UnfetchableURL, NoPlaceError):
            self.count("unfetchable")
            return None

    def _moved(self, address: Address, read: Callable[[str], Address]) -> Address:
        while address.site in self.moved and address.site not in self.sites:
            address = read(self.moved[address.site].url(address.url))
        return address

    def refusal(self, address: Address) -> str | None:
        """Return the name of the rule that keeps an address from being visited, if any."""
        if address.site not in self.sites:
            return "offsite"
        trap = address.trap
        if trap is None and self.shapes.closed and address.shape in self.shapes.closed:
            trap = "shape"
        if trap is None and self._shortlinks and address.identity in self._shortlinks:
            trap = "shortlink"
        if trap is not None:
            return f"trap/{trap}"
        return "never" if f"{address.path}/".startswith(self._never) else None

    def learn_shortlinks(self, urls: Iterable[str], page: str) -> None:
        """Take note of the numbers that a page says stand for its own address."""
        own = self.within(page)
        for address in filter(None, map(self.within, urls)):
            key = address.identity
            is_other = own is not None and urlsplit(own.identity).path != urlsplit(key).path
            if is_other and is_by_number(key) and len(self._shortlinks) < MAX_SEEN:
                self._shortlinks.add(key)

    def within(self, url: str) -> Address | None:
        """Return an address of the run's sites, whatever other rules say; nothing is counted."""
        try:
            address = self._moved(Address.parse(url), Address.parse)
        except (UnfetchableURL, NoPlaceError):
            return None
        return address if address.site in self.sites else None

    def of_section(self, url: str) -> bool:
        """Whether the path of a URL names one of the sections asked for."""
        path = urlsplit(url).path.strip("/").casefold()
        return path in self.sections or not self.sections.isdisjoint(path.split("/"))

    def is_section(self, name: str) -> bool:
        """Whether one of the sections asked for is called so."""
        return _slug(name) in self.sections

    def has_seen(self, url: str, way: int) -> bool:
        """Whether the frontier was told of a URL by as strong a way of the same group.

        ``url`` is as it was found. That keeps most links from the frontier; its unique index is
        the truth.
        """
        told = self._seen.get(url)
        if told is None:
            return False
        told &= LISTED_WAYS if way & LISTED_WAYS else LINKED_WAYS
        return told != 0 and told & -told <= way

    def remember(self, url: str, way: int) -> None:
        """Remember that the frontier was told of a URL; of one refused, by every way."""
        if len(self._seen) >= MAX_SEEN:
            self._seen.clear()
        self._seen[url] = self._seen.get(url, 0) | way


def _slug(section: str) -> str:
    """Return a section as it stands in a path, also if it was given by its name."""
    return "-".join(section.strip("/").casefold().split())
