"""Which page of the generated site answers a request; no state, no clock."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit
from zlib import crc32

from newscrawl.demo.content.posts import FLAKY, MISDECLARED, SLOW, THROTTLED
from newscrawl.demo.content.story import tell
from newscrawl.demo.content.taxonomy import AUTHORS, CATEGORIES, PAGES, SITE_NAME
from newscrawl.demo.rendering import feeds
from newscrawl.demo.rendering.article_page import article_page
from newscrawl.demo.rendering.listing_page import (
    HERO,
    PER_PAGE,
    Listing,
    archive_header,
    author_header,
    category_header,
    front_page,
    listing_page,
    page_count,
)
from newscrawl.demo.rendering.markup import MONTHS
from newscrawl.demo.rendering.plain_page import (
    PRODUCTS,
    attachment_page,
    missing_page,
    page_content,
    plain_page,
    product_page,
)
from newscrawl.demo.rendering.specials import JPEG, PDF, SPECIALS, odd_article, teasers
from newscrawl.demo.responses import DemoResponse, Validators, conditional, content, moved

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newscrawl.demo.rendering.article_page import Theme
    from newscrawl.demo.rendering.markup import Layout

_RSS = "application/rss+xml; charset=UTF-8"
_XML = "text/xml; charset=UTF-8"
_JSON = "application/json; charset=UTF-8"
_GZIP = "application/gzip"
_SLOW_SECONDS = 0.2
_CHAIN_END = 0  # the post at the end of the chain of redirects
_WITHOUT_VALIDATORS = 9  # last digit of the posts sent without ETag and Last-Modified

_PAGED = re.compile(r"^(?P<path>/.*?)(?:page/(?P<page>[1-9]\d{0,5})/)?$")
_CATEGORY = re.compile(r"^/category/(?:(?P<parent>[a-z-]+)/)?(?P<slug>[a-z-]+)/$")
_TERM = re.compile(r"^/(?P<kind>tag|author)/(?P<slug>[a-z-]+)/$")
_DATE = re.compile(r"^/(?P<year>\d{4})/(?P<month>0[1-9]|1[0-2])/(?:(?P<day>\d{2})/)?$")
_POST = re.compile(r"^/(?P<slug>[a-z0-9-]+)/(?:(?P<part>[2-9])/)?$")
_VARIANT = re.compile(r"^/edition/(?P<slug>[a-z0-9-]+)/$")
_ATTACHMENT = re.compile(r"^/[a-z0-9-]+/attachment/(?P<name>[a-z0-9-]+)/$")
_FEED = re.compile(r"^(?P<path>/.*)feed/$")
_POST_ID = re.compile(r"^[0-9]{1,9}$")
_API_POST = re.compile(r"^/wp-json/wp/v2/posts/(?P<id>\d{1,9})$")
_ASSET = re.compile(r"^/wp-(?:content|includes)/.*\.(?P<kind>[a-z0-9]+)$")


class Routes:
    def __init__(self, layout: Layout, theme: Theme) -> None:
        self._layout = layout
        self._posts = layout.posts
        self._theme = theme

    def respond(self, path_and_query: str, headers: Mapping[str, str]) -> DemoResponse:
        parts = urlsplit(path_and_query.partition("#")[0])
        path = unquote(parts.path) or "/"
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        known = {name.lower(): value for name, value in headers.items()}
        if "rest_route" in query:
            path = f"/wp-json{query['rest_route']}"
        return (
            self._by_query(path, parts.query, query)
            or self._file(path, query, known)
            or self._without_slash(path, parts.query)
            or self._special(path)
            or self._page(path)
            or self._feed(path, query, known)
            or self._listing(path, parts.query, known)
            or self._article(path, known)
            or self._missing()
        )

    def first_response(self, path: str) -> DemoResponse | None:
        """What a server answers only to its first request for ``path``."""
        for number, status, extra in (
            (FLAKY, 500, {}),
            (THROTTLED, 429, {"Retry-After": "0"}),
        ):
            if number in self._posts and path == f"/{self._posts.card(number).slug}/":
                return DemoResponse(status, {"Content-Type": "text/html", **extra}, b"Later.")
        return None

    def _missing(self, status: int = 404) -> DemoResponse:
        return content(missing_page(self._layout), status=status)

    def _by_query(  # noqa: PLR0911 - one return for each parameter
        self, path: str, raw: str, query: dict[str, str]
    ) -> DemoResponse | None:
        if not query or path.startswith("/wp-json/"):
            return None
        if "ajax-request" in query:
            return content(b'{"response":0}', _JSON)
        post_id = query.get("p", "")
        if _POST_ID.match(post_id):
            number, rest = divmod(int(post_id) - 1200, 3)
            if rest or number not in self._posts:
                return self._missing()
            return moved(f"{self._layout.base}/{self._posts.card(number).slug}/")
        if "s" in query:
            return self._search(path, raw, query["s"])
        if "attachment_id" in query:
            return content(attachment_page(self._layout, path, "picture"))
        if "share" in query:
            return moved("https://social.example/share", 302)
        return None

    def _search(self, path: str, raw: str, words: str) -> DemoResponse:
        """Every search finds something, on as many pages as anyone cares to open."""
        match = _PAGED.match(path)
        page = int(match["page"] or 1) if match else 1
        title = f"Search Result for '{words[:80]}'"
        listing = Listing(
            path="/",
            title=title,
            body_class="search search-results",
            header=archive_header(title),
            wrapper="jnews_search_content_wrapper",
            numbers=self._posts.latest(PER_PAGE),
            page=page,
            pages=page + 1,
            query=raw,
            robots="noindex, follow",
        )
        return content(listing_page(self._layout, listing))

    def _file(  # noqa: PLR0911 - one return for each kind of file
        self, path: str, query: dict[str, str], known: Mapping[str, str]
    ) -> DemoResponse | None:
        layout = self._layout
        if path == "/robots.txt":
            return content(feeds.robots_txt(layout), "text/plain; charset=UTF-8")
        if path.endswith((".xml", ".xml.gz")):
            body = feeds.sitemap(layout, path[1:].removesuffix(".gz"))
            if body is None:
                return self._missing()
            if path.endswith(".gz"):
                return self._dated(known, content(gzip.compress(body, mtime=0), _GZIP))
            return self._dated(known, content(body, _XML))
        if path in ("/wp-json/", "/wp-json"):
            return content(feeds.api_index(layout), _JSON)
        if path.rstrip("/") == "/wp-json/wp/v2/posts":
            status, headers, body = feeds.api_posts(layout, query)
            response = DemoResponse(status, {"Content-Type": _JSON, **headers}, body)
            return self._dated(known, response) if status == HTTPStatus.OK else response
        one = _API_POST.match(path)
        if one:
            status, headers, body = feeds.api_one(layout, int(one["id"]))
            return DemoResponse(status, {"Content-Type": _JSON, **headers}, body)
        if path.startswith("/wp-json/"):
            return content(b'{"code":"rest_no_route"}', _JSON, 404)
        asset = _ASSET.match(path)
        if asset:
            kind = {"css": "text/css", "js": "text/javascript"}.get(asset["kind"])
            return content(b"/* */", kind) if kind else content(JPEG, "image/jpeg")
        return content(b"", "text/xml", 405) if path == "/xmlrpc.php" else None

    def _dated(self, known: Mapping[str, str], response: DemoResponse) -> DemoResponse:
        """A list of posts, short where the client has it."""
        state = f"{crc32(response.body):08x}"
        return conditional(known, Validators(state, self._posts.today), lambda: response)

    def _without_slash(self, path: str, raw: str) -> DemoResponse | None:
        if path.endswith("/"):
            return None
        if "." in path.rpartition("/")[2]:
            return self._missing()
        return moved(f"{self._layout.base}{path}/" + (f"?{raw}" if raw else ""))

    def _special(  # noqa: PLR0911 - one return for each kind of answer
        self, path: str
    ) -> DemoResponse | None:
        special = SPECIALS.get(path)
        if special is None:
            return None
        answer = special.answer
        if answer == ">article":
            return moved(f"{self._layout.base}/{self._posts.card(_CHAIN_END).slug}/")
        if answer.startswith(">"):
            target = answer[1:]
            return moved(target if "://" in target else f"{self._layout.base}{target}", 302)
        if answer.isdecimal():
            return self._missing(int(answer))
        if "/" in answer:
            return content(PDF if answer.endswith("pdf") else JPEG, answer)
        if answer == "empty":
            return content(b"")
        if answer == "private":
            return content(plain_page(self._layout, path, special.label, "<p>Not for readers.</p>"))
        return content(odd_article(self._layout, path, titled=answer == "short"))

    def _page(self, path: str) -> DemoResponse | None:
        layout = self._layout
        if path == "/":
            return content(front_page(layout))
        if path in PAGES:
            return content(plain_page(layout, path, PAGES[path], page_content(layout, path)))
        if path.startswith(("/wp-admin/", "/private/")):
            return content(plain_page(layout, path, "Staff only", "<p>Not for readers.</p>"))
        for _, slug, name, _ in PRODUCTS:
            if path == f"/product/{slug}/":
                return content(product_page(layout, path, name))
        attachment = _ATTACHMENT.match(path)
        if attachment:
            return content(attachment_page(layout, path, attachment["name"]))
        return None

    def _feed(
        self, path: str, query: dict[str, str], known: Mapping[str, str]
    ) -> DemoResponse | None:
        """Comment feeds are empty, as they mostly are."""
        match = _FEED.match(path)
        if match is None:
            return None
        path = match["path"]
        numbers: Sequence[int] = ()
        title = f"Comments on {SITE_NAME}"
        category, term = _CATEGORY.match(path), _TERM.match(path)
        if path == "/":
            title, numbers = SITE_NAME, self._posts.newest
        elif category:
            numbers = self._posts.by_category.get(category["slug"], ())
            title = f"{category['slug']} Archives - {SITE_NAME}"
        elif term:
            filed = self._posts.index.tags if term["kind"] == "tag" else self._posts.index.authors
            numbers = filed.get(term["slug"], ())
            title = f"{term['slug']} Archives - {SITE_NAME}"
        paged = query.get("paged", "1")
        start = (int(paged) - 1) * feeds.FEED_LENGTH if _POST_ID.match(paged) else 0
        numbers = numbers[start : start + feeds.FEED_LENGTH] if start >= 0 else ()
        if start and not numbers:
            return self._missing()
        return self._dated(known, content(feeds.feed(self._layout, title, path, numbers), _RSS))

    def _listing(self, path: str, raw: str, headers: Mapping[str, str]) -> DemoResponse | None:
        match = _PAGED.match(path)
        if match is None:
            return None
        base, page = match["path"], int(match["page"] or 1)
        if match["page"] == "1":
            return moved(f"{self._layout.base}{base}" + (f"?{raw}" if raw else ""))
        listing = self._list(base, page, raw)
        if listing is None:
            return None
        if page > listing.pages:
            return self._missing()
        numbers = [*listing.hero, *listing.numbers]
        edited = self._posts.evolution.edited
        state = f"{listing.path}:{page}/{listing.pages}:{[(n, edited.get(n)) for n in numbers]}"
        changed = self._posts.published(max(numbers)) if numbers else self._posts.today
        return conditional(
            headers,
            Validators(state, changed),
            lambda: content(listing_page(self._layout, listing)),
        )

    def _list(self, path: str, page: int, raw: str) -> Listing | None:
        category, term, date = _CATEGORY.match(path), _TERM.match(path), _DATE.match(path)
        if category:
            return self._category(path, category["slug"], page, raw)
        if term:
            return self._term(path, term["kind"], term["slug"], page, raw)
        if date:
            return self._archive(path, date, raw) if page == 1 else None
        if path == "/blog/":
            numbers = self._posts.newest
            return Listing(
                path=path,
                title="Blog",
                body_class="blog",
                header=archive_header("Blog"),
                wrapper="jnews_archive_content_wrapper",
                numbers=numbers[(page - 1) * PER_PAGE : page * PER_PAGE],
                page=page,
                pages=page_count(len(numbers)),
                query=raw,
            )
        return None

    def _category(self, path: str, slug: str, page: int, raw: str) -> Listing | None:
        category = CATEGORIES.get(slug)
        if category is None or category.path != path:
            return None
        filed = self._posts.by_category[slug]
        start = HERO + (page - 1) * PER_PAGE
        return Listing(
            path=path,
            title=f"{category.name} Archives",
            body_class=f"archive category category-{slug} category-{category.term_id}",
            header=category_header(self._layout, category),
            wrapper="jnews_category_content_wrapper",
            numbers=filed[start : start + PER_PAGE],
            page=page,
            pages=page_count(len(filed), HERO),
            query=raw,
            hero=filed[:HERO],
            extra=teasers(self._layout, slug) if page == 1 else "",
        )

    def _term(self, path: str, kind: str, slug: str, page: int, raw: str) -> Listing | None:
        filed = self._posts.index.tags if kind == "tag" else self._posts.index.authors
        if slug not in filed:
            return None
        name = slug if kind == "tag" else next(a.name for a in AUTHORS if a.slug == slug)
        header = archive_header(f"Tag: {name}") if kind == "tag" else author_header(name)
        return Listing(
            path=path,
            title=f"{name} Archives",
            body_class=f"archive {kind} {kind}-{slug}",
            header=header,
            wrapper=f"jnews_{'archive' if kind == 'tag' else 'author'}_content_wrapper",
            numbers=filed[slug][(page - 1) * PER_PAGE : page * PER_PAGE],
            page=page,
            pages=page_count(len(filed[slug])),
            query=raw,
        )

    def _archive(self, path: str, date: re.Match[str], raw: str) -> Listing | None:
        year, month, day = int(date["year"]), int(date["month"]), int(date["day"] or 1)
        try:
            start = datetime(year, month, day, tzinfo=UTC)
            end = start + timedelta(days=1 if date["day"] else 31)
        except (ValueError, OverflowError):
            return None
        title = f"{'Day' if date['day'] else 'Month'}: {MONTHS[month - 1]} {day}, {year}"
        return Listing(
            path=path,
            title=title,
            body_class="archive date",
            header=archive_header(title),
            wrapper="jnews_archive_content_wrapper",
            numbers=self._posts.published_between(start, end)[:PER_PAGE],
            query=raw,
            robots="noindex, follow",
            sidebar=self._layout.calendar(year, month),
        )

    def _article(self, path: str, headers: Mapping[str, str]) -> DemoResponse | None:
        match = _VARIANT.match(path) or _POST.match(path)
        number = self._posts.index.slugs.get(match["slug"]) if match else None
        if match is None or number is None:
            return None
        if number not in self._posts:
            return self._missing(410)
        part = int(match.groupdict().get("part") or 1)
        if part > self._posts.parts(number):
            return self._missing()
        render = partial(self._render, number, part)
        if number % 10 == _WITHOUT_VALIDATORS:
            return render()
        edit = self._posts.evolution.edited.get(number, 0)
        changed = self._posts.modified(number) or self._posts.published(number)
        state = f"{self._posts.seed}:{number}:{part}:{edit}:{self._theme}"
        return conditional(headers, Validators(state, changed), render)

    def _render(self, number: int, part: int) -> DemoResponse:
        story = tell(self._posts, number)
        media_type = "text/html; charset=ISO-8859-1" if number == MISDECLARED else ""
        response = content(article_page(self._layout, self._theme, story, part))
        if media_type:
            response.headers["Content-Type"] = media_type
        return response._replace(delay=_SLOW_SECONDS if number == SLOW else 0.0)
