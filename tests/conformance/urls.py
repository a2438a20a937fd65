"""web-platform-tests' ``urltestdata.json``: addresses as browsers read them, and as we do.

Only what is fetched counts: the address without its fragment, and nothing but http and https.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from newscrawl.addresses.address import fetch_url
from newscrawl.addresses.joining import join
from newscrawl.addresses.unfetchable import UnfetchableURL

PACKAGE = "librust-url-dev"
"""Debian's package of a URL library that has the suite beside its sources."""
CACHE = Path(__file__).parent.parent.parent / "build" / "conformance"
WITHIN = "usr/share/cargo/registry/url-*/tests/urltestdata.json"
NO_BASE = (None, "about:blank")

UNRESERVED = re.compile(r"%(2[DE]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])", re.IGNORECASE)
LONE = re.compile(r"%(?![0-9A-Fa-f]{2})")
ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
DOTTED = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}")
NAME = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?|\[[0-9a-f:.]+\]")


def found() -> Path | None:
    """Return the suite, installed or fetched before; ``None`` where it is not here."""
    for root in (Path("/"), CACHE):
        for path in sorted(root.glob(WITHIN), reverse=True):
            return path
    return None


def fetch() -> None:
    """Fetch the suite from Debian, without what its package depends on."""
    if shutil.which("apt-get") is None:
        sys.exit(f"the suite of URLs comes with Debian's {PACKAGE}, and there is no apt-get here")
    CACHE.mkdir(parents=True, exist_ok=True)
    download = ("apt-get", "download", "-qq", PACKAGE)
    if subprocess.run(download, cwd=CACHE, check=False, stderr=subprocess.DEVNULL).returncode:
        subprocess.run(("apt-get", "update", "-qq"), check=True)
        subprocess.run(download, cwd=CACHE, check=True)
    for package in CACHE.glob(f"{PACKAGE}_*.deb"):
        subprocess.run(("dpkg-deb", "-x", package.name, "."), cwd=CACHE, check=True)


def cases() -> list[dict[str, Any]]:
    """Return the cases that have what can be fetched as input, base or result; empty without."""
    path = found()
    if path is None:
        return []
    every = json.loads(path.read_text(encoding="utf-8"))
    return [case for case in every if isinstance(case, dict)]


def browsers(case: dict[str, Any]) -> str | None:
    """Return what a browser fetches, ``None`` for nothing."""
    href = "" if case.get("failure") else case["href"].partition("#")[0]
    return href if href.startswith(("http:", "https:")) else None


def ours(case: dict[str, Any]) -> str | None:
    """Return what we fetch, ``None`` for nothing."""
    base, reference = case.get("base"), case["input"]
    try:
        return fetch_url(reference if base in NO_BASE else join(base, reference))
    except (UnfetchableURL, ValueError):
        return None


def departure(case: dict[str, Any]) -> str | None:
    """Return the reason for which we read a case in another way than browsers do, if there is one."""
    theirs, own = browsers(case), ours(case)
    if theirs is None:
        return None
    parts = urlsplit(theirs)
    if own is None:
        return _refused(parts.netloc, case)
    if theirs.endswith("?") and own == theirs[:-1]:
        return "an empty query is none"
    if own == _normal(theirs):
        return "escapes that mean the same have one form (RFC 3986, 6.2.2)"
    return None


def _refused(authority: str, case: dict[str, Any]) -> str | None:
    user, _, host = authority.rpartition("@")
    if user:
        return "names and passwords of strangers are not sent"
    if host.endswith(":0"):
        return "nothing answers at port 0"
    if DOTTED.fullmatch(host) and host not in case["input"]:
        return "a number is an IPv4 address in its one plain form only"
    name = host.partition(":")[0]
    if not NAME.fullmatch(name) or name.endswith("..") or name in {".", ".."}:
        return "no host has such a name"
    return None


def _normal(url: str) -> str:
    head, scheme, rest = url.partition("://")
    authority, slash, tail = rest.partition("/")
    tail = LONE.sub("%25", tail)
    tail = UNRESERVED.sub(lambda match: chr(int(match[1], 16)), tail)
    tail = ESCAPE.sub(lambda match: match[0].upper(), tail)
    return head + scheme + authority + slash + quote(tail, safe="!$&'()*+,;=:@/?%~-._|\"`{}^<>\\")
