"""URLs that a follower of links must not fetch, told by their shape alone."""

from __future__ import annotations

import re

_MAX_PARTS = 20
_MAX_REPEATS = 2

_TOP = r"^(?:/[a-z]{2}(?:-[a-z]{2})?)?"  # the root of the site or of a language
_END = r"(?:/|$)"
_YEAR, _MONTH, _DAY = r"/(?:19|20)\d\d", r"/(?:0?[1-9]|1[0-2])", r"/(?:0?[1-9]|[12]\d|3[01])"
_PAGE = r"(?:/page/\d+)?$"

# Matched against the path of the identity (no slash at its end), in lower case.
_PATHS = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("search", rf"{_TOP}/search(?:\.\w+)?{_END}"),
        ("cart", rf"{_TOP}/(?:cart|basket|checkout|wishlist|my-account){_END}"),
        ("ajax", rf"/(?:wp-json|oembed|(?:admin-ajax|xmlrpc|wp-cron|wp-comments-post)\.php){_END}"),
        ("login", rf"/(?:wp-admin|wp-(?:login|signup|register)\.php){_END}"),
        ("login", rf"{_TOP}/account{_END}"),
        ("login", rf"{_TOP}(?:/users?)?/(?:log|sign)[-_]?(?:in|out|up)(?:\.\w+)?$"),
        ("login", rf"{_TOP}(?:/users?)?/(?:register|lost-?password)(?:\.\w+)?$"),
        ("reply", r"/(?:comment-page-\d+|trackback)$"),
        ("print", r"/print$"),
        ("feed", r"/(?:feed|rss|atom)(?:/(?:feed|rdf|rss2?|atom))?$"),
        ("feed", r"/(?:feed|rss|atom)\.xml$|\.(?:rss|rdf|atom)$"),
        ("attachment", r"/attachment/"),
        ("media", r"\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?|ico|heic)$"),
        ("media", r"\.(?:mp[34]|m4[av]|webm|mov|avi|mkv|wav|ogg|flac|m3u8)$"),
        ("media", r"\.(?:pdf|zip|gz|tgz|rar|7z|docx?|xlsx?|pptx?|epub|csv|exe|dmg|apk|iso)$"),
        ("calendar", rf"{_TOP}(?:/(?:archives?|blog|date))?{_YEAR}{_PAGE}"),
        ("calendar", rf"{_YEAR}{_MONTH}(?:{_DAY})?{_PAGE}"),
        ("autoload", r"/autoload$"),
        ("session", rf"/\((?:[asf]\(\w+\))+\){_END}"),
    )
)


def _is_of_top(pattern: re.Pattern[str]) -> bool:
    return pattern.pattern.startswith("^")


_IS = r"(?:[^?]*\?)(?:.*&)?"  # up to the name of any parameter

# Matched against path and query of the identity from their start, in lower case.
_QUERIES = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("search", rf"{_IS}s="),
        ("cart", rf"{_IS}(?:add-to-cart|added-to-cart|remove_item|undo_item|wc-ajax|orderby)="),
        ("login", rf"{_IS}action=(?:login|logout|lostpassword|register)(?:&|$)"),
        ("reply", rf"{_IS}(?:replytocom|cpage)="),
        ("share", rf"{_IS}(?:share|nb)="),
        ("print", rf"{_IS}print(?:=(?:1|y|yes|true|print|pdf)?)?(?:&|$)"),
        ("feed", rf"{_IS}feed="),
        ("attachment", rf"{_IS}attachment_id="),
        ("calendar", rf"{_IS}m=(?:19|20)\d\d(?:\d\d){{0,2}}(?:&|$)"),
        ("calendar", rf"{_IS}(?:tribe-bar-date|ical|outlook-ical)="),
        ("ajax", rf"{_IS}(?:ajax-request|rest_route|doing_wp_cron)="),
        ("session", rf"{_IS}(?:sess(?:ion)?_?id|oscsid|zenid|cfid|cftoken)="),
        ("session", rf"{_IS}sid=[0-9a-f]{{16,}}(?:&|$)"),
        ("shortlink", rf"{_IS}preview(?:_id)?="),
    )
)


_FROM_THE_TOP = re.compile("|".join(each.pattern for _, each in _PATHS if _is_of_top(each)))
_ANYWHERE = re.compile("|".join(each.pattern for _, each in _PATHS if not _is_of_top(each)))
"""All that begin with a slash or a dot at once: one look tells that none of them fits."""


def trap(target: str) -> str | None:
    """Return the name of the trap that a URL leads into, if any.

    ``target`` is what stands behind the host in its identity, in lower case. Sessions and tracking
    parameters that an identity does not have are no traps.
    """
    path, _, query = target.partition("?")
    if _FROM_THE_TOP.match(path) or _ANYWHERE.search(path):
        for name, pattern in _PATHS:
            if pattern.search(path):
                return name
    if query:
        for name, pattern in _QUERIES:
            if pattern.match(target):
                return name
    return "repeat" if _repeats(path) else None


def _repeats(path: str) -> bool:
    parts = path.split("/")[1:]
    if len(parts) > _MAX_PARTS:
        return True
    return len(parts) - len(set(parts)) >= _MAX_REPEATS and any(
        parts.count(part) > _MAX_REPEATS for part in parts
    )
