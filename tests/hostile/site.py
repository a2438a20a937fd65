"""A site that attacks its crawler: named attacks between honest articles.

Every attack has a page of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.hostile.answers import XML, Places, honest, reply
from tests.hostile.attacks import ATTACKS, BY_NAME
from tests.hostile.floods import bomb, laughs
from tests.hostile.traps import TRAPS

HONEST = 24


class HostileSite(Places):
    """The answers of the site; its robots.txt, sitemaps, feed and API attack too."""

    def answer(self, target: str) -> bytes | Iterator[bytes]:
        path = urlsplit(target).path
        fixed = {
            "/": self._front,
            "/robots.txt": self._robots,
            "/sitemap-inner.xml": self._sitemap,
            "/sitemap-laughs.xml": laughs,
            "/sitemap-entity.xml": self._entity,
            "/sitemap-itself.xml": self._itself,
            "/sitemap-bomb.xml": lambda: reply(bomb("gzip"), XML),
            "/feed/": self._feed,
            "/wp-json/wp/v2/posts": self._api,
        }
        if path in fixed:
            return fixed[path]()
        first, _, rest = path.strip("/").partition("/")
        if first == "honest":
            return reply(honest(int(rest))) if rest.isdigit() else reply(b"", status=404)
        if first in TRAPS:
            return reply(TRAPS[first](target))
        attack = BY_NAME.get(first)
        return reply(b"nothing", status=404) if attack is None else attack.answer(self, target)

    def _front(self) -> bytes:
        paths = [attack.path for attack in ATTACKS]
        step = max(1, len(paths) // HONEST)
        linked: list[str] = []
        for number in range(HONEST):
            linked += [f"/honest/{number}", *paths[number * step : (number + 1) * step]]
        linked += paths[HONEST * step :]
        linked += [f"/{name}/1" for name in TRAPS]
        teasers = (
            f'<article><h2><a href="{path}">A headline long enough: {path}</a></h2></article>'
            for path in linked
        )
        inner = "".join(
            f'<a href="{url}">Another headline of some length</a>' for url in self.inner()
        )
        head = (
            '<link rel="alternate" type="application/rss+xml" href="/feed/">'
            '<link rel="https://api.w.org/" href="/wp-json/">'
        )
        body = (
            f"<html><head>{head}</head><body><main>{''.join(teasers)}{inner}</main></body></html>"
        )
        return reply(body.encode())

    def _robots(self) -> bytes:
        names = ("inner", "laughs", "entity", "itself", "bomb")
        lines = [f"Sitemap: {self.url}/sitemap-{name}.xml" for name in names]
        lines += [f"Sitemap: {url}sitemap.xml" for url in self.inner()]
        return reply("\n".join(["User-agent: *", "Disallow:", *lines]).encode(), "text/plain")

    def _sitemap(self) -> bytes:
        urls = "".join(f"<url><loc>{url}</loc></url>" for url in self.inner())
        return reply(f"<urlset>{urls}</urlset>".encode(), XML)

    def _entity(self) -> bytes:
        return reply(
            (
                f'<!DOCTYPE u [<!ENTITY a SYSTEM "file:///etc/passwd">'
                f'<!ENTITY b SYSTEM "http://127.0.0.1:{self.forbidden}/entity">]>'
                f"<urlset><url><loc>{self.url}/&a;&b;</loc></url></urlset>"
            ).encode(),
            XML,
        )

    def _itself(self) -> bytes:
        locs = "".join(
            f"<sitemap><loc>{self.url}/sitemap-itself.xml?{number}</loc></sitemap>"
            for number in range(50)
        )
        return reply(f"<sitemapindex>{locs}</sitemapindex>".encode(), XML)

    def _feed(self) -> bytes:
        items = "".join(
            f"<item><title>x</title><link>{url}</link><guid>{url}</guid></item>"
            for url in self.inner()
        )
        return reply(f"<rss><channel>{items}</channel></rss>".encode(), "application/rss+xml")

    def _api(self) -> bytes:
        posts = [
            {"link": url, "date_gmt": "2025-01-01T00:00:00", "modified_gmt": "9999-99-99"}
            for url in self.inner()
        ]
        return reply(
            json.dumps(posts).encode(), "application/json", headers={"X-WP-Total": "9" * 99}
        )
