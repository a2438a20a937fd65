"""Addresses that nobody may be led to: judged, and asked for in a network of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from newscrawl.addresses.special import METADATA, OTHERS, REGISTRIES, is_metadata, is_public
from tests.siege.inner import hosts_file

NAMES = ("inner.example", "two.inner.example", "metadata.google.internal")
EXTRA = (
    "169.254.169.254",
    "169.254.170.2",
    "192.0.0.192",
    "192.88.99.1",
    "100.100.100.200",
    "168.63.129.16",
    "fd00:ec2::254",
    "fd20:ce::254",
    "64:ff9b::a00:1",
    "64:ff9b:1::808:808",
    "2002:a00:1::1",
    "2001:0:a00:1::1",
)
"""Addresses of metadata, and such as wrap an inner one."""


def targets() -> list[str]:
    """An address of every special network that must not be reached, and the others by name."""
    rows = [*REGISTRIES, *OTHERS]
    firsts = [row.network[min(1, row.network.num_addresses - 1)] for row in rows]
    return [*dict.fromkeys([*map(str, firsts), *EXTRA])]


def forbidden() -> list[str]:
    return [each for each in targets() if not is_public(each)]


def can_enter() -> str:
    """Why no network of its own can be made here; empty where one can."""
    if os.geteuid() != 0:
        return "only root makes networks"
    if not shutil.which("unshare") or not shutil.which("ip"):
        return "there is no unshare or no ip"
    made = subprocess.run(["unshare", "-n", "-m", "true"], check=False, capture_output=True)
    return "" if made.returncode == 0 else "no network can be made here"


def reached(folder: Path, addresses: list[str]) -> dict[str, list[str]]:
    """Crawl a site that leads to addresses, in a network where each has a listener.

    ``asked`` are the listeners that heard anything, ``answering`` those that can be asked at all,
    ``honest`` the articles that were stored, ``refused`` what the guard refused by either way.
    """
    (folder / "hosts").write_text(hosts_file(NAMES, addresses))
    (folder / "plan.json").write_text(json.dumps({"addresses": addresses, "names": NAMES}))
    subprocess.run(
        ["unshare", "-n", "-m", sys.executable, "-m", "tests.siege.inner", str(folder)],
        check=True,
    )
    told: dict[str, list[str]] = json.loads((folder / "told.json").read_text())
    return told


def figures(folder: Path) -> Iterator[tuple[str, object]]:
    rows = [*REGISTRIES, *OTHERS]
    yield "special_networks", len(rows)
    wrong = [row.name for row in OTHERS if is_public(str(row.network[0]))]
    wrong += [name for name in METADATA if not is_metadata(name)]
    yield "special_misjudged", len(wrong)
    if why := can_enter():
        yield "special_reached", f"not tried: {why}"
        return
    told = reached(folder, forbidden())
    yield "special_ways", len(told["ways"])
    yield "special_listening", len(told["answering"])
    yield "special_refused", len(told["refused"])
    yield "special_reached", len(told["asked"])
    yield "special_honest", len(told["honest"])
    for each in told["asked"]:
        yield "special_asked", each
