"""Cleaning: one spelling of every value, whatever page it came from."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from newscrawl.addresses.address import identity, same_site, site_of, untracked_url
from newscrawl.addresses.permalinks import named_page
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.dates import DOUBTS, untrue
from newscrawl.dedup.signatures import article_id, words
from newscrawl.items import Article, Comment, Image, Post
from newscrawl.normal_forms import normalized
from newscrawl.own_items import take_own_fields
from newscrawl.pages.doubts import DOUBTFUL
from newscrawl.pages.fields.language import detect_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

_INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
"""Controls, also those of direction: readers of data lay it out themselves. Joiners are spelling."""
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)} | {
    0x85: "\x85"
}
"""C1 controls are characters of Windows; all but this one, which is a line break in some texts."""
_PARAGRAPHS = re.compile(r"\n\s*\n")
_MINUTE = timedelta(minutes=1)
MAX_COUNT = 2**63 - 1
"""What a database counts to."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean_line(text: str) -> str:
    """Return ``text`` in NFC on one line, without invisible characters."""
    if not text.isprintable() or "\ufffc" in text:
        text = _SURROGATE.sub("\ufffd", text).translate(_WINDOWS)
        text = _INVISIBLE.sub("", text)
    return " ".join(normalized("NFC", text).split())


def clean_text(text: str) -> str:
    """Return paragraphs, each cleaned as a line, joined by a blank line."""
    paragraphs = (clean_line(paragraph) for paragraph in _PARAGRAPHS.split(text))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def clean_list(values: Iterable[str]) -> list[str]:
    """Return the cleaned values in order, each once by its case-folded form."""
    seen: dict[str, str] = {}
    for value in values:
        line = clean_line(value)
        if line:
            seen.setdefault(line.casefold(), line)
    return list(seen.values())


def clean_url(url: str | None) -> str | None:
    """Return the URL as a link to it would be followed, or ``None`` where it cannot be."""
    try:
        return untracked_url(url) if url else None
    except UnfetchableURL:
        return None


def doubt_of(url: str, declared: str) -> str | None:
    """Return why a declared canonical URL is not believed, ``None`` if it is."""
    if not same_site(declared, url):
        return "other-site"
    key = identity(declared)
    parts = urlsplit(key)
    if parts.path == "/" and not named_page(parts.query) and key != identity(url):
        return "front-page"
    return None


def _set_canonical(article: Article) -> None:
    """Keep a declared canonical URL that is believed; else say in ``provenance`` why it is not."""
    declared = clean_url(article.canonical_url)
    doubt = doubt_of(article.url, declared) if declared else None
    if doubt is not None:
        article.provenance["canonical_url"] = f"url:{doubt}"
    article.canonical_url = declared if declared and doubt is None else article.url


def _aware(date: datetime | None) -> datetime | None:
    """Return the moment with an offset of whole minutes: others RFC 3339 does not know."""
    offset = date.utcoffset() if date is not None else None
    if date is None or offset is None:
        return date and date.replace(tzinfo=UTC)
    if offset % _MINUTE:
        return date.astimezone(timezone(int(offset / _MINUTE) * _MINUTE))
    return date


def _count(number: int | None) -> int | None:
    return number if number is not None and 0 <= number <= MAX_COUNT else None


def _line_or_none(text: str | None) -> str | None:
    return (clean_line(text) or None) if text else None


def _clean_image(image: Image) -> Image | None:
    url = clean_url(image.url)
    if url is None:
        return None
    return Image(
        url=url,
        caption=_line_or_none(image.caption),
        credit=_line_or_none(image.credit),
        alt=_line_or_none(image.alt),
    )


def _clean_said(said: Comment | Post) -> None:
    said.author, said.published = _line_or_none(said.author), _line_or_none(said.published)
    said.text = clean_text(said.text)
    if isinstance(said, Post):
        said.headline = _line_or_none(said.headline)


def _detect_language(article: Article) -> None:
    article.language = detect_language(article.text)
    article.provenance.pop("language", None)
    if article.language:
        article.provenance["language"] = "text"


def _drop_untrue(article: Article, at: datetime | None) -> None:
    """Keep a date that can't be true as it was written, and say in ``provenance`` what is wrong."""
    doubt = untrue(article.published, at) if article.published else None
    if article.published and doubt:
        rule = article.provenance.pop("published", "page")
        article.published_raw = article.published_raw or article.published.isoformat()
        article.provenance["published_raw"] = f"{rule}:{doubt}"
        article.published = None
    if article.modified and untrue(article.modified, at):
        article.modified = None
        article.provenance.pop("modified", None)


def clean(article: Article, at: datetime | None = None) -> Article:
    """Clean ``article`` in place and give it its identity; return it.

    ``at`` is when its page came: much later nothing can have been published.

    Raises:
        UnfetchableURL: the article's own URL is none.
        BadField: an own field of it holds what JSON cannot.
    """
    take_own_fields(article)
    article.url = untracked_url(article.url)
    _set_canonical(article)
    article.site = site_of(article.url)
    article.id = article_id(article.canonical_url)
    article.headline = clean_line(article.headline)
    article.published = _aware(article.published)
    article.modified = _aware(article.modified)
    _drop_untrue(article, at)
    if article.modified == article.published:
        article.modified = None
    article.text = clean_text(article.text)
    article.html = _SURROGATE.sub("\ufffd", article.html).replace("\x00", "")
    article.word_count = len(words(article.text))
    for name in ("subtitle", "published_raw", "language", "source_name"):
        setattr(article, name, _line_or_none(getattr(article, name)))
    if article.language in {None, "und"}:
        _detect_language(article)
    for name in ("reading_minutes", "comment_count", "share_count", "view_count"):
        setattr(article, name, _count(getattr(article, name)))
    for name in ("authors", "sections", "tags", "breadcrumbs"):
        setattr(article, name, clean_list(getattr(article, name)))
    for name in ("source_url", "previous_url", "next_url"):
        setattr(article, name, clean_url(getattr(article, name)))
    for heading in article.headings:
        heading.text = clean_line(heading.text)
    related = (clean_url(url) for url in article.related_urls)
    article.related_urls = list(dict.fromkeys(url for url in related if url is not None))
    for said in (*(article.comments or ()), *(article.posts or ())):
        _clean_said(said)
    images: dict[str, Image] = {}
    for image in filter(None, map(_clean_image, article.images)):
        images.setdefault(image.url, image)
    article.images = list(images.values())
    return article


class CleanPipeline:
    """Cleans articles, and counts dates that can't be true and doubtful texts; other items pass."""

    def __init__(self, stats: StatsCollector | None = None) -> None:
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.stats)

    def process_item(self, item: Any) -> Any:
        if not isinstance(item, Article):
            return item
        article = clean(item, datetime.now(UTC))
        if self._stats is not None:
            for name in _counted(article):
                self._stats.inc_value(f"newscrawl/{name}")
        return article


def _counted(article: Article) -> Iterator[str]:
    doubt = article.provenance.get("published_raw", "").rpartition(":")[2]
    if article.published is None and doubt in DOUBTS:
        yield f"dates/{doubt}"
    if article.confidence is not None and article.confidence < DOUBTFUL:
        yield "doubtful"
