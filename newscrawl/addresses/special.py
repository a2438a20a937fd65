"""Which addresses belong to the open internet: IANA's registries, and the clouds' own addresses.

Python's ``is_global`` differs with its version, and takes some for global that are not.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import NamedTuple

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


class Special(NamedTuple):
    """A row of a registry; ``reachable`` says that it is globally reachable."""

    network: Network
    name: str
    reachable: bool


def _rows(rows: str, *, reachable: bool = False) -> tuple[Special, ...]:
    parts = (line.split(maxsplit=1) for line in rows.strip().splitlines())
    return tuple(Special(ip_network(network), name, reachable) for network, name in parts)


REGISTRIES = (
    *_rows("""
        0.0.0.0/8           "This network"
        0.0.0.0/32          "This host on this network"
        10.0.0.0/8          Private-Use
        100.64.0.0/10       Shared Address Space
        127.0.0.0/8         Loopback
        169.254.0.0/16      Link Local
        172.16.0.0/12       Private-Use
        192.0.0.0/24        IETF Protocol Assignments
        192.0.0.0/29        IPv4 Service Continuity Prefix
        192.0.0.8/32        IPv4 dummy address
        192.0.0.170/32      NAT64/DNS64 Discovery
        192.0.0.171/32      NAT64/DNS64 Discovery
        192.0.2.0/24        Documentation (TEST-NET-1)
        192.88.99.0/24      Deprecated (6to4 Relay Anycast)
        192.88.99.2/32      6a44-relay anycast address
        192.168.0.0/16      Private-Use
        198.18.0.0/15       Benchmarking
        198.51.100.0/24     Documentation (TEST-NET-2)
        203.0.113.0/24      Documentation (TEST-NET-3)
        240.0.0.0/4         Reserved
        255.255.255.255/32  Limited Broadcast
        ::1/128             Loopback Address
        ::/128              Unspecified Address
        ::ffff:0:0/96       IPv4-mapped Address
        64:ff9b:1::/48      IPv4-IPv6 Translat.
        100::/64            Discard-Only Address Block
        100:0:0:1::/64      Dummy IPv6 Prefix
        2001::/23           IETF Protocol Assignments
        2001::/32           TEREDO
        2001:2::/48         Benchmarking
        2001:10::/28        Deprecated (previously ORCHID)
        2001:db8::/32       Documentation
        2002::/16           6to4
        3fff::/20           Documentation
        5f00::/16           Segment Routing (SRv6) SIDs
        fc00::/7            Unique-Local
        fe80::/10           Link-Local Unicast
    """),
    *_rows(
        """
        192.0.0.9/32        Port Control Protocol Anycast
        192.0.0.10/32       Traversal Using Relays around NAT Anycast
        192.31.196.0/24     AS112-v4
        192.52.193.0/24     AMT
        192.175.48.0/24     Direct Delegation AS112 Service
        64:ff9b::/96        IPv4-IPv6 Translat.
        2001:1::1/128       Port Control Protocol Anycast
        2001:1::2/128       Traversal Using Relays around NAT Anycast
        2001:1::3/128       DNS-SD Service Registration Protocol Anycast
        2001:3::/32         AMT
        2001:4:112::/48     AS112-v6
        2001:20::/28        ORCHIDv2
        2001:30::/28        Drone Remote ID Protocol Entity Tags (DETs) Prefix
        2620:4f:8000::/48   Direct Delegation AS112 Service
    """,
        reachable=True,
    ),
)
"""The IPv4 and IPv6 Special-Purpose Address Registries of IANA (RFC 6890 and its successors).

6to4, Teredo and the relays have no answer to "globally reachable" there. The first two, and what
else names an IPv4 address, are judged by that one.
"""
OTHERS = _rows("""
    224.0.0.0/4         Multicast
    ff00::/8            Multicast
    192.0.0.9/32        The next router (Port Control Protocol Anycast)
    192.0.0.10/32       The next relay (Traversal Using Relays around NAT Anycast)
    2001:1::1/128       The next router (Port Control Protocol Anycast)
    2001:1::2/128       The next relay (Traversal Using Relays around NAT Anycast)
    2001:1::3/128       The next registrar (DNS-SD Service Registration Protocol Anycast)
    168.63.129.16/32    Azure's host
    100.100.100.200/32  Alibaba Cloud's metadata
""")
"""What those registries do not have: groups and forms of addresses, and a cloud's own."""
GLOBAL_UNICAST = IPv6Network("2000::/3")
"""What of IPv6 is given to hosts (RFC 4291, 2.4); all else is special or nobody's."""
MAPPED, COMPATIBLE, NAT64 = map(IPv6Network, ("::ffff:0:0/96", "::/96", "64:ff9b::/96"))
METADATA = frozenset(
    {
        "metadata",
        "metadata.google.internal",
        "metadata.goog",
        "metadata.azure.internal",
        "metadata.tencentyun.com",
        "instance-data",
        "instance-data.ec2.internal",
    }
)
"""Names that stand for the metadata of a machine in a cloud, whatever they resolve to."""


@lru_cache(maxsize=4096)
def is_public(address: str) -> bool:
    """Whether an address belongs to the open internet, also one that wraps an IPv4 address."""
    return _is_public(ip_address(address.partition("%")[0]))


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address):
        if wrapped := wrapped_in(address):
            return all(map(_is_public, wrapped))
        if address not in GLOBAL_UNICAST:
            return False
    return all(row.reachable for row in (*rows_of(address, REGISTRIES)[:1], *rows_of(address)))


def rows_of(address: Address, rows: tuple[Special, ...] = OTHERS) -> list[Special]:
    """Return the rows that an address is in, the narrowest first."""
    found = (row for row in rows if address in row.network)
    return sorted(found, key=lambda row: -row.network.prefixlen)


def wrapped_in(address: IPv6Address) -> list[IPv4Address]:
    """Return the IPv4 addresses that packets to an address of IPv6 may be sent on to."""
    if address.is_loopback or address.is_unspecified:
        return []
    if any(address in network for network in (MAPPED, COMPATIBLE, NAT64)):
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    return [*filter(None, [address.sixtofour, *(address.teredo or ())])]


def is_metadata(host: str) -> bool:
    """Whether a name stands for the metadata of a machine in a cloud."""
    return host.lower().rstrip(".") in METADATA
