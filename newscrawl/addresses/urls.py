"""Identity of a URL: how it is fetched, which row of the ledger it has, whose site it is."""

from __future__ import annotations

import ipaddress
import re
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote

import idna
from tldextract import TLDExtract

MAX_URL_LENGTH = 2083
"""In characters, the scheme counted as ``https``; the default of Scrapy's ``URLLENGTH_LIMIT``."""

# Parameters that their makers document as tracking or as a session, lower-case. Names that mean
# something on some site (ref, source, from, campaign, cid, sid, id) are left alone.
TRACKING_PREFIXES = ("utm_", "fb_", "hsa_", "pk_", "mtm_", "at_custom", "aspsessionid")
TRACKING_PARAMETERS = frozenset(
    """
    _ga _gl _gac gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid
    fbclid mibextid igsh igshid twclid ttclid li_fat_id epik rdt_cid __twitter_impression
    msclkid ocid wt.mc_id yclid ysclid _openstat spm
    mc_cid mc_eid mkt_tok vero_id vero_conv oly_enc_id oly_anon_id wickedid ck_subscriber_id
    ml_subscriber ml_subscriber_hash _kx vgo_ee
    _hsenc _hsmi __hssc __hstc __hsfp hsctatracking
    at_medium at_campaign at_channel at_creation at_format at_variant at_ptr_name at_bbc_team
    at_link_id at_link_origin at_link_type at_campaign_type xtor
    ns_mchannel ns_source ns_campaign ns_linkname ns_fee
    s_cid s_kwcid ef_id tblci dicbo guccounter guce_referrer guce_referrer_sig
    cmpid ito ncid sr_share smid
    phpsessid jsessionid
    """.split()  # noqa: SIM905 - eighty quoted names on eighty lines hide the table
)

_C0_OR_SPACE = "".join(map(chr, range(0x21)))
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_TAB_OR_NEWLINE = str.maketrans("", "", "\t\n\r")
_HOST_LIMIT = 253
_PORT_LIMIT = 65535
_WEB_PORTS = ("", ":80", ":443")

_CLEAN = re.compile(
    r"(https?)://((?:[a-z0-9-]{1,63}\.)+[a-z]{2,63})"
    r"((?:/[A-Za-z0-9_~-]+)*)(\.html?|\.php|\.aspx?|/)?"
)
_SCHEME = re.compile(r"\s*[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_SPLIT = re.compile(r"(https?)://([^/\\?]*)([^?]*)\??(.*)", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[^\]]*\]|[^:]*)(?::([0-9]*))?")
_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}")
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")

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


class UnfetchableURL(ValueError):  # noqa: N818 - the name says what the URL is
    """No request may be made of this URL; the message says why."""


class _Parts(NamedTuple):
    scheme: str
    host: str
    port: str
    path: str
    query: str


def fetch_url(url: str) -> str:
    """The URL to ask for: normalised only where no server can tell the difference.

    Raises:
        UnfetchableURL: there is nothing to ask for over HTTP.
    """
    if _fits(url) and (clean := _CLEAN.fullmatch(url)) and _host(clean[2]):
        return url if clean[3] or clean[4] == "/" else _join(_normalise(url))
    return _join(_normalise(url))


def as_typed(text: str) -> str:
    """The URL that somebody means who types one: ``https`` where no scheme is given."""
    return text if _SCHEME.match(text) else f"https://{text}"


def untracked_url(url: str) -> str:
    """The URL as :func:`fetch_url` gives it, without tracking parameters: how a link is followed.

    Raises:
        UnfetchableURL: as ``fetch_url`` does.
    """
    url = fetch_url(url)
    bare, _, query = url.partition("?")
    if not query:
        return url
    kept = "&".join(each for each in query.split("&") if not _tracks(each.partition("=")[0]))
    return f"{bare}?{kept}" if kept else bare


def identity(url: str) -> str:
    """The key of the URL's row in the ledger: one key for all URLs that show the same page.

    It looks like a URL and is its own identity, but it need not answer; ask for ``fetch_url``.

    Raises:
        UnfetchableURL: as ``fetch_url`` does.
    """
    if _fits(url) and (clean := _CLEAN.fullmatch(url)):
        _, host, path, tail = clean.groups(default="")
        if path and path.rpartition("/")[2].lower() not in _TAIL_NAMES:
            return f"https://{_bare_host(host)}{path}{tail if tail != '/' else ''}"
    parts = _normalise(url)
    return _join(
        _Parts(
            scheme="https",
            host=_bare_host(parts.host),
            port="" if parts.port in _WEB_PORTS else parts.port,
            path=_bare_path(parts.path),
            query=_bare_query(parts.query),
        )
    )


def site_of(url: str) -> str:
    """The registered domain; without one (an IP address, ``localhost``) the host and its port.

    Suffixes are those of the Public Suffix List as bundled with tldextract, private ones too:
    two blogs on ``blogspot.com`` are two sites. Under an unlisted top-level domain the last two
    labels are taken, as the list's default rule has it.

    Raises:
        UnfetchableURL: as ``fetch_url`` does.
    """
    if _fits(url) and (clean := _CLEAN.fullmatch(url)):
        host, port = clean[2], ""
    else:
        _, host, port, _, _ = _normalise(url)
    return _registered_domain(host) or host + ("" if port in _WEB_PORTS else port)


def same_site(a: str, b: str) -> bool:
    return site_of(a) == site_of(b)


def _fits(url: str) -> bool:
    return len(url) < MAX_URL_LENGTH


def _join(parts: _Parts) -> str:
    scheme, host, port, path, query = parts
    return f"{scheme}://{host}{port}{path}?{query}" if query else f"{scheme}://{host}{port}{path}"


def _normalise(url: str) -> _Parts:
    scheme, authority, path, query = _split(url)
    host, port = _host_and_port(authority, scheme)
    path = _resolve_dots(_escape(path.replace("\\", "/"), _UNSAFE_IN_PATH)) or "/"
    parts = _Parts(scheme, host, port, path, _escape(query, _UNSAFE_IN_QUERY))
    if len("https://") + sum(map(len, parts[1:])) + bool(query) > MAX_URL_LENGTH:
        raise UnfetchableURL(f"longer than {MAX_URL_LENGTH} characters")
    return parts


def _split(url: str) -> tuple[str, str, str, str]:
    url = url.partition("#")[0].strip(_C0_OR_SPACE)
    if len(url) > MAX_URL_LENGTH:
        raise UnfetchableURL(f"longer than {MAX_URL_LENGTH} characters")
    if _CONTROL.search(url):
        url = url.translate(_TAB_OR_NEWLINE)
        if _CONTROL.search(url):
            raise UnfetchableURL("control character")
    match = _SPLIT.fullmatch(url)
    if not match:
        raise UnfetchableURL("not an absolute http or https URL")
    scheme, authority, path, query = match.groups()
    return scheme.lower(), authority, path, query


@lru_cache(maxsize=1024)
def _host_and_port(authority: str, scheme: str) -> tuple[str, str]:
    if "@" in authority:
        raise UnfetchableURL("user name or password")
    match = _AUTHORITY.fullmatch(authority)
    if not match:
        raise UnfetchableURL("malformed host or port")
    host, port = _host(match[1]), int(match[2] or (443 if scheme == "https" else 80))
    if not 0 < port <= _PORT_LIMIT:
        raise UnfetchableURL("port out of range")
    return host, "" if port == (443 if scheme == "https" else 80) else f":{port}"


@lru_cache(maxsize=1024)
def _host(host: str) -> str:
    """Lower-case, ASCII, no final dot; numbers only in the one form that all resolvers share."""
    if host.startswith("["):
        if "%" in host:
            raise UnfetchableURL("IPv6 zone")
        try:
            return f"[{ipaddress.IPv6Address(host[1:-1])}]"
        except ValueError:
            raise UnfetchableURL("malformed IPv6 address") from None
    try:
        host = unquote(host, errors="strict")
        host = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode()
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


def _tracks(name: str) -> bool:
    key = name.lower()
    return key in TRACKING_PARAMETERS or key.startswith(TRACKING_PREFIXES)


def _bare_query(query: str) -> str:
    if not query:
        return ""
    if "%" in query:
        query = _PLAIN_IN_QUERY.sub(_unescape, query.replace("%20", "+"))
    kept = []
    for parameter in _AMPERSANDS.sub("&", f"&{query}").split("&"):
        name, _, value = parameter.partition("=")
        if parameter and not _tracks(name):
            kept.append((name, value, parameter))
    return "&".join(parameter for _, _, parameter in sorted(kept))


@lru_cache(maxsize=1024)
def _bare_host(host: str) -> str:
    host = _host(host)
    while host.startswith("www.") and _registered_domain(host[4:]):
        host = host[4:]
    return host


@lru_cache(maxsize=1024)
def _registered_domain(host: str) -> str:
    """Empty for an IP address, a single label, and a public suffix."""
    host = _host(host)
    if host.startswith("[") or "." not in host or _NUMBER.fullmatch(host):
        return ""
    found = _public_suffixes().extract_str(host)
    if not found.suffix:
        return ".".join(host.split(".")[-2:])
    return f"{found.domain}.{found.suffix}" if found.domain else ""


@cache
def _public_suffixes() -> TLDExtract:
    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)
