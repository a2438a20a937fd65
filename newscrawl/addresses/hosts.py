"""Hosts: the one form of a name, and whose site it is."""

from __future__ import annotations

import ipaddress
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

import idna

from newscrawl.addresses.unfetchable import UnfetchableURL

if TYPE_CHECKING:
    from tldextract import TLDExtract

MOST_REMEMBERED = 4096
_HOST_LIMIT = 253
_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}")
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")


class Host(NamedTuple):
    """A host in lower case and ASCII; ``bare`` is without ``www.``.

    ``registered`` is the registered domain, empty for an IP address, a single label, and a public
    suffix. Suffixes are those of the Public Suffix List as bundled with tldextract, private ones
    too: two blogs on ``blogspot.com`` are two sites. Under an unlisted top-level domain the last
    two labels are taken, as the list's default rule has it.
    """

    name: str
    bare: str
    registered: str


@lru_cache(maxsize=MOST_REMEMBERED)
def read_host(host: str) -> Host:
    """Return a host as it stands in a URL.

    Raises:
        UnfetchableURL: it is none.
    """
    name = _normal(host)
    bare = name
    while bare.startswith("www.") and _registered(bare[4:]):
        bare = bare[4:]
    return Host(name, bare, _registered(name))


def _normal(host: str) -> str:
    """Lower-case, ASCII, no final dot; numbers only in the one form that all resolvers share."""
    if host.startswith("["):
        return _ipv6(host)
    try:
        host = unquote(host, errors="strict")
        if len(host) > _HOST_LIMIT + 1:
            raise UnfetchableURL("malformed host")
        host = _ascii(host)
    except UnicodeError:
        raise UnfetchableURL("malformed international host") from None
    host = host.removesuffix(".")
    if not host:
        raise UnfetchableURL("no host")
    if len(host) > _HOST_LIMIT or not _HOST.fullmatch(host):
        raise UnfetchableURL("malformed host")
    if _NUMBER.fullmatch(host):
        try:
            ipaddress.IPv4Address(host)
        except ValueError:
            raise UnfetchableURL("malformed IPv4 address") from None
    return host


def _ascii(host: str) -> str:
    """Return a name in ASCII; a symbol that IDNA 2008 does not allow is encoded as browsers do.

    Raises:
        UnicodeError: it is no name.
    """
    if host.isascii():
        host = host.lower()
        if "xn--" in host and not all(map(_is_valid, host.split("."))):
            raise UnicodeError("a label that nothing is encoded as")
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        labels = idna.uts46_remap(host).split(".")
        return ".".join(
            label if label.isascii() else f"xn--{label.encode('punycode').decode()}"
            for label in labels
        )


def _is_valid(label: str) -> bool:
    """Whether a label is plain, or encodes a name that encodes to it again (UTS 46, 4.1)."""
    if not label.startswith("xn--"):
        return True
    meant = label[4:].encode().decode("punycode")
    return idna.uts46_remap(meant) == meant


def _ipv6(host: str) -> str:
    if "%" in host:
        raise UnfetchableURL("IPv6 zone")
    try:
        return f"[{ipaddress.IPv6Address(host[1:-1])}]"
    except ValueError:
        raise UnfetchableURL("malformed IPv6 address") from None


def _registered(host: str) -> str:
    if host.startswith("[") or "." not in host or _NUMBER.fullmatch(host):
        return ""
    found = _public_suffixes().extract_str(host)
    if not found.suffix:
        return ".".join(host.split(".")[-2:])
    return f"{found.domain}.{found.suffix}" if found.domain else ""


@cache
def _public_suffixes() -> TLDExtract:
    """Load tldextract late: it brings an HTTP client of its own, which commands without an address do without."""
    from tldextract import TLDExtract  # noqa: PLC0415 - as said above

    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)
