"""What a URL is: split once, it answers how it is fetched, which row it has and whose site it is."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from newscrawl.addresses.hosts import MOST_REMEMBERED, Host, read_host
from newscrawl.addresses.shape import shape
from newscrawl.addresses.tracking import is_tracking
from newscrawl.addresses.traps import trap
from newscrawl.addresses.unfetchable import UnfetchableURL

MAX_URL_LENGTH = 2083
"""In characters, the scheme counted as ``https``; the default of Scrapy's ``URLLENGTH_LIMIT``."""

_C0_OR_SPACE = "".join(map(chr, range(0x21)))
_TAB_OR_NEWLINE = str.maketrans("", "", "\t\n\r")
_PORT_LIMIT = 65535
_WEB_PORTS = ("", ":80", ":443")

_CLEAN = re.compile(
    r"(https?)://((?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{1,63}(?::[0-9]{1,5})?)"
    r"((?:/[A-Za-z0-9_~-]+)*)(\.html?|\.php|\.aspx?|/)?"
)
_SCHEME = re.compile(r"\s*[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_SPLIT = re.compile(r"(https?):[/\\]*([^/\\?]*)([^?]*)\??(.*)", re.IGNORECASE | re.DOTALL)
"""The slashes before the host, any number of either kind, as browsers take them."""
_AUTHORITY = re.compile(r"(\[[^\]]*\]|[^:]*)(?::([0-9]*))?")

# The safe characters are those of w3lib.url.safe_url_string, so that Scrapy changes nothing more.
_UNSAFE_IN_PATH = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]+")
_UNSAFE_IN_QUERY = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&()*+,;=:@/?%]+")
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_UNRESERVED = re.compile(r"%(2[DE]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])")
_PLAIN_IN_PATH = re.compile(r"%(2[1467-9AC]|3A|40)")
_PLAIN_IN_QUERY = re.compile(r"%(2[1489ACF]|3[AF]|40)")

_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)
_SLASHES = re.compile(r"/{2,}")
_TAIL = re.compile(
    r"(?:/(?:index\.(?:html?|php)|default\.(?:html?|aspx?)|page/1)?)+$", re.IGNORECASE
)
_TAIL_NAMES = frozenset({"index", "default", "1"})
_AMPERSANDS = re.compile(r"&(?:amp;|&)*")


class Address:
    """A URL, split once: how it is fetched, which row it has, whose site it is, where it leads.

    ``url`` is what to ask for: normalised only where no server can tell the difference. ``port``
    is empty or begins with its colon; ``path`` and ``query`` are as they stand in ``url``.
    """

    __slots__ = ("_identity", "host", "path", "port", "query", "scheme", "url")

    def __init__(
        self, scheme: str, host: Host, port: str, path: str, query: str, url: str = ""
    ) -> None:
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
        self.url = url or f"{scheme}://{host.name}{port}{path}" + (query and f"?{query}")
        self._identity = ""

    @classmethod
    def parse(cls, url: str) -> Address:
        """Read a URL.

        Raises:
            UnfetchableURL: there is nothing to ask for over HTTP.
        """
        clean = _CLEAN.fullmatch(url) if len(url) < MAX_URL_LENGTH else None
        if clean is None:
            return _normalised(url)
        scheme, authority, path, tail = clean.groups("")
        if not path and tail != "/":
            return _normalised(url)
        host, port = _host_and_port(authority, scheme)
        is_plain = authority == host.name + port
        address = cls(scheme, host, port, path + tail, "", url if is_plain else "")
        if path and path.rpartition("/")[2].lower() not in _TAIL_NAMES:
            bare = host.bare + ("" if port in _WEB_PORTS else port)
            address._identity = f"https://{bare}{path}{'' if tail == '/' else tail}"
        return address

    @classmethod
    def of_link(cls, url: str) -> Address:
        """Read a URL as a link is followed: without tracking parameters.

        Raises:
            UnfetchableURL: as ``parse`` does.
        """
        address = cls.parse(url)
        if not address.query:
            return address
        query = "&".join(
            each for each in address.query.split("&") if not is_tracking(each.partition("=")[0])
        )
        if query == address.query:
            return address
        return cls(address.scheme, address.host, address.port, address.path, query)

    @property
    def identity(self) -> str:
        """The key of the URL's row: one key for all URLs that show the same page.

        It looks like a URL and is its own identity, but it need not answer; ask for ``url``.
        """
        if not self._identity:
            port = "" if self.port in _WEB_PORTS else self.port
            query = _bare_query(self.query)
            self._identity = f"https://{self.host.bare}{port}{_bare_path(self.path)}" + (
                query and f"?{query}"
            )
        return self._identity

    @property
    def site(self) -> str:
        """The registered domain; without one (an IP address, ``localhost``) the host and its port."""
        host = self.host
        return host.registered or host.name + ("" if self.port in _WEB_PORTS else self.port)

    @property
    def shape(self) -> str:
        """What is left without what differs among pages of one kind."""
        return shape(self.path, self.query)

    @property
    def trap(self) -> str | None:
        """The name of the trap that it leads into by its looks alone, if any."""
        key = self.identity.lower()
        return trap(key[key.index("/", len("https://")) :])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Address) and self.url == other.url

    def __hash__(self) -> int:
        return hash(self.url)

    def __repr__(self) -> str:
        return f"Address({self.url!r})"


def fetch_url(url: str) -> str:
    """The URL to ask for.

    Raises:
        UnfetchableURL: there is nothing to ask for over HTTP.
    """
    return Address.parse(url).url


def as_typed(text: str) -> str:
    """The URL that somebody means who types one: ``https`` where no scheme is given."""
    return text if _SCHEME.match(text) else f"https://{text}"


def untracked_url(url: str) -> str:
    """The URL as a link is followed: as :func:`fetch_url` gives it, without tracking parameters.

    Raises:
        UnfetchableURL: as ``fetch_url`` does.
    """
    return Address.of_link(url).url


def identity(url: str) -> str:
    """The key of a URL's row, see :attr:`Address.identity`.

    Raises:
        UnfetchableURL: as ``fetch_url`` does.
    """
    return Address.parse(url).identity


def site_of(url: str) -> str:
    """Whose site a URL is of, see :attr:`Address.site`.

    Raises:
        UnfetchableURL: as ``fetch_url`` does.
    """
    return Address.parse(url).site


def same_site(a: str, b: str) -> bool:
    return site_of(a) == site_of(b)


def _normalised(url: str) -> Address:
    scheme, authority, path, query = _split(url)
    host, port = _host_and_port(authority, scheme)
    path = _resolve_dots(_escape(path.replace("\\", "/"), _UNSAFE_IN_PATH)) or "/"
    query = _escape(query, _UNSAFE_IN_QUERY)
    length = sum(map(len, ("https://", host.name, port, path, query))) + bool(query)
    if length > MAX_URL_LENGTH:
        raise UnfetchableURL(f"longer than {MAX_URL_LENGTH} characters")
    return Address(scheme, host, port, path, query)


def _split(url: str) -> tuple[str, str, str, str]:
    url = url.strip(_C0_OR_SPACE).partition("#")[0]
    if len(url) > MAX_URL_LENGTH:
        raise UnfetchableURL(f"longer than {MAX_URL_LENGTH} characters")
    url = url.translate(_TAB_OR_NEWLINE)
    match = _SPLIT.fullmatch(url)
    if not match:
        raise UnfetchableURL("not an absolute http or https URL")
    scheme, authority, path, query = match.groups()
    return scheme.lower(), authority, path, query


@lru_cache(maxsize=MOST_REMEMBERED)
def _host_and_port(authority: str, scheme: str) -> tuple[Host, str]:
    user, _, authority = authority.rpartition("@")
    if user not in {"", ":"}:
        raise UnfetchableURL("user name or password")
    match = _AUTHORITY.fullmatch(authority)
    if not match:
        raise UnfetchableURL("malformed host or port")
    host, port = read_host(match[1]), int(match[2] or (443 if scheme == "https" else 80))
    if not 0 < port <= _PORT_LIMIT:
        raise UnfetchableURL("port out of range")
    return host, "" if port == (443 if scheme == "https" else 80) else f":{port}"


def _escape(text: str, unsafe: re.Pattern[str]) -> str:
    try:
        text = unsafe.sub(lambda match: quote(match[0], safe=""), text)
    except UnicodeEncodeError:
        raise UnfetchableURL("lone surrogate") from None
    if "%" in text:
        text = _ESCAPES.sub(lambda match: match[0].upper(), text)
        text = _UNRESERVED.sub(_unescape, text)
    return text


def _unescape(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def _resolve_dots(path: str) -> str:
    if "/." not in path:
        return path
    resolved: list[str] = []
    parts = path.split("/")[1:]
    for part in parts:
        if part == "..":
            del resolved[-1:]
        elif part != ".":
            resolved.append(part)
    if parts[-1] in {".", ".."}:
        resolved.append("")
    return "/" + "/".join(resolved)


def _bare_path(path: str) -> str:
    if "%" in path:
        path = _PLAIN_IN_PATH.sub(_unescape, path)
    if ";" in path:
        path = _SESSION.sub("", path)
    path = _resolve_dots(_SLASHES.sub("/", path))
    return _TAIL.sub("", path) or "/"


def _bare_query(query: str) -> str:
    if not query:
        return ""
    if "%" in query:
        query = _PLAIN_IN_QUERY.sub(_unescape, query.replace("%20", "+"))
    kept = []
    for parameter in _AMPERSANDS.sub("&", f"&{query}").split("&"):
        name, _, value = parameter.partition("=")
        if parameter and not is_tracking(name):
            kept.append((name, value, parameter))
    return "&".join(parameter for _, _, parameter in sorted(kept))
