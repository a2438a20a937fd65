"""robots.txt (RFC 9309): what it says to one crawler, and the sitemaps it names."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass, field

from protego import Protego

MAX_BYTES = 500 * 1024
"""Of robots.txt that are read (RFC 9309, 2.5)."""
EVERYBODY = "*"

_AGENT, _DISALLOW, _ALLOW, _DELAY, _SITEMAP = (
    *("User-agent", "Disallow", "Allow", "Crawl-delay", "Sitemap"),
)
_FIELDS = {
    **dict.fromkeys(("user-agent", "user agent", "useragent"), _AGENT),
    **dict.fromkeys(("disallow", "dissallow", "dissalow", "disalow"), _DISALLOW),
    **dict.fromkeys(("diasllow", "disallaw"), _DISALLOW),
    "allow": _ALLOW,
    **dict.fromkeys(("crawl-delay", "crawl delay"), _DELAY),
    **dict.fromkeys(("sitemap", "sitemaps", "site-map"), _SITEMAP),
}
"""As sites write them; Google's parser and Protego read the same slips."""
_LINE = re.compile(rf"({'|'.join(_FIELDS)})(?:\s*:|\s|$)\s*(.*)", re.IGNORECASE)
_TOKEN = re.compile(r"[\w.-]*")


def token_of(agent: str) -> str:
    """Return the product token of a crawler's name: ``newscrawl`` of ``Newscrawl/1.0 (…)``.

    The RFC gives a token letters, ``_`` and ``-``; digits and dots count here too, so that
    ``bot2`` is not ``bot``. Empty where the name begins with something else.
    """
    found = _TOKEN.match(agent.strip())
    return found[0].lower() if found is not None else ""


def first_lines(body: bytes) -> bytes:
    """Return the lines of a robots.txt that count, whole ones only: ``/`` is not ``/private``."""
    if len(body) <= MAX_BYTES:
        return body
    end = max(body.rfind(ending, 0, MAX_BYTES) for ending in (b"\n", b"\r"))
    return body[: end + 1]


@dataclass(slots=True)
class Group:
    """The lines of a group that are rules, and whom they are for."""

    tokens: set[str] = field(default_factory=set)
    rules: list[str] = field(default_factory=list)
    has_rules: bool = False


class RobotsTxt:
    """A robots.txt by its groups.

    A line that is neither ``Allow`` nor ``Disallow`` does not end the list of agents that a group
    is for (RFC 9309, 2.2.4); a ``Crawl-delay`` among them is for all of these.
    """

    def __init__(self, body: bytes) -> None:
        self.sitemaps: list[str] = []
        self._groups: list[Group] = []
        for line in _decoded(body).splitlines():
            found = _LINE.match(line.partition("#")[0].strip())
            if found is not None:
                self._read(_FIELDS[found[1].lower()], found[2])

    def _read(self, name: str, value: str) -> None:
        if name == _SITEMAP:
            if value:
                self.sitemaps.append(value)
        elif name == _AGENT:
            if not self._groups or self._groups[-1].has_rules:
                self._groups.append(Group())
            self._groups[-1].tokens.add(_named(value))
        elif self._groups:
            group = self._groups[-1]
            group.rules.append(f"{name}: {value}")
            group.has_rules |= name != _DELAY

    def rules(self, token: str) -> Protego:
        """Return the rules for a crawler, under the name ``*``.

        They are those of all groups that name it, of ``*`` only where none does.
        """
        groups = [group for group in self._groups if token and token in group.tokens]
        groups = groups or [group for group in self._groups if EVERYBODY in group.tokens]
        lines = (rule for group in groups for rule in group.rules)
        return Protego.parse("\n".join([f"{_AGENT}: {EVERYBODY}", *lines]))


def _decoded(body: bytes) -> str:
    is_utf16 = body.startswith((BOM_UTF16_BE, BOM_UTF16_LE))
    return body.decode("utf-16" if is_utf16 else "utf-8-sig", "replace")


def _named(value: str) -> str:
    return EVERYBODY if value.split()[:1] == [EVERYBODY] else token_of(value)
