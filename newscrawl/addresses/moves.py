"""A site that has moved: where its old addresses are now."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple, Self

from newscrawl.addresses.address import Address, as_typed
from newscrawl.addresses.captures import capture_identity, page_of, timestamp_in
from newscrawl.addresses.hosts import Host
from newscrawl.addresses.unfetchable import UnfetchableURL


class NoPlaceError(ValueError):
    """A subdomain of the old site has no place on the new one."""


class Move(NamedTuple):
    """The site ``old`` is now at ``new``, which is a host, perhaps with a port.

    Subdomains keep their names. Ports are kept, unless ``new`` has one or ``old`` is a host with one.
    """

    old: str
    new: str

    @classmethod
    def to(cls, old: str, typed: str) -> Self:
        """Read the new place of a site as somebody types it.

        Raises:
            ValueError: it is no host, or more than one.
        """
        try:
            address = Address.parse(as_typed(typed))
        except UnfetchableURL as error:
            raise ValueError(f"{typed!r} is no site: {error}") from None
        host = address.host
        if address.path != "/" or address.query:
            raise ValueError(f"{typed!r} is a page; name the site alone")
        if "." in host.name and not host.registered and not _is_ip(host):
            raise ValueError(f"{typed!r} is a public suffix, under which there are many sites")
        return cls(old, host.bare + address.port)

    @property
    def site(self) -> str:
        """The new site, as it stands in the column ``site``."""
        return self._target.site

    @property
    def _target(self) -> Address:
        return Address.parse(f"https://{self.new}/")

    def url(self, url: str) -> str:
        """Return where a URL of the old site is now, and any other text as it is.

        Raises:
            NoPlaceError: its subdomain cannot be there.
        """
        try:
            address = Address.parse(url)
        except UnfetchableURL:
            return url
        if address.site != self.old:
            return url
        target = self._target
        host = self._prefix(address.host, target.host) + target.host.name
        port = address.port if address.host.registered else ""
        query = address.query and f"?{address.query}"
        moved = f"{address.scheme}://{host}{target.port or port}{address.path}{query}"
        return Address.parse(moved).url

    def identity(self, identity: str) -> str:
        """Return the identity of the same page at the new site.

        Raises:
            NoPlaceError: as ``url`` does.
        """
        page, timestamp = page_of(identity), timestamp_in(identity)
        moved = self.url(page)
        if moved == page:
            return identity
        new = Address.parse(moved).identity
        return capture_identity(new, timestamp) if timestamp else new

    def host(self, host: str) -> str:
        """Return the name that a host of the old site has now, and any other one as it is."""
        moved = self.url(f"https://{host}/")
        return host if moved == f"https://{host}/" else Address.parse(moved).host.name

    def _prefix(self, host: Host, target: Host) -> str:
        prefix = host.name.removesuffix(host.registered) if host.registered else ""
        if prefix == "www." and target.bare != target.registered:
            return ""
        if prefix and not target.registered:
            raise NoPlaceError(f"{host.name} has no place on {self.new}")
        return prefix


def _is_ip(host: Host) -> bool:
    try:
        ipaddress.ip_address(host.name.strip("[]"))
    except ValueError:
        return False
    return True
