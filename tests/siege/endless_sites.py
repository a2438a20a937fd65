"""Newspapers whose pages have no end, each in another shape; each route serves one of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from urllib.parse import urlsplit

from tests.siege.site import SECTIONS, WORDS, Answer, Route, html, path_of, sentences, title_of

XML = (("Content-Type", "application/xml"),)
SHORT = [word for word in WORDS if len(word) < 8]
"""Words that a shape keeps: each further one makes another shape."""


def _menu(*links: str) -> str:
    return "".join(f'<nav><a href="{each}">{each.strip("/")[:20]}</a></nav>' for each in links)


def _cards(numbers: range) -> str:
    return "".join(
        f'<article><h2><a href="{path_of(each)}">{title_of(each)}</a></h2></article>'
        for each in numbers
    )


def _story(number: int, head: str = "", below: str = "") -> Answer:
    """A page with the text of an article, always the same one of a number."""
    text = "".join(f"<p>{sentences(Random(f'copy {number}'))}</p>" for _ in range(6))
    return html(
        f"<article><h1>{title_of(number)}</h1><p>By Ada Quill</p>{text}</article>{below}",
        f'<title>{title_of(number)}</title><meta property="og:type" content="article">{head}',
    )


def _leads_to(first: str, pages: Callable[[str], Answer | None]) -> Route:
    """A front page whose menu leads to ``first``, beside what ``pages`` answers."""

    def route(path: str) -> Answer | None:
        if path == "/":
            return html(f"<h1>The Estuary Post</h1>{_menu(first)}")
        return pages(path)

    return route


def _numbered(pattern: str, page: Callable[[int], Answer]) -> Callable[[str], Answer | None]:
    """Pages of a path with a number."""

    def pages(path: str) -> Answer | None:
        found = re.fullmatch(pattern, path)
        return page(int(found[1])) if found else None

    return pages


def redirects() -> Route:
    """Each address redirects to the next one."""
    return _leads_to(
        "/r/1",
        _numbered(r"/r/(\d+)", lambda n: Answer(b"", 302, (("Location", f"/r/{n + 1}"),))),
    )


def refreshes() -> Route:
    """Each page sends its readers on to fifty others, by links that redirect."""

    def page(number: int) -> Answer:
        if number % 2:
            return Answer(b"", 301, (("Location", f"/go/{number * 50 + 50}"),))
        return html(_menu(*(f"/go/{number * 50 + each}" for each in range(1, 100, 2))))

    return _leads_to("/go/1", _numbered(r"/go/(\d+)", page))


def deeper() -> Route:
    """Folders in folders of all names, so that hardly two addresses have one shape."""

    def pages(path: str) -> Answer | None:
        parts = path.strip("/").split("/")
        if not 1 < len(parts) < 18 or not set(parts) <= set(SHORT):
            return None
        chance = Random(path)
        below = "/".join(parts)
        return html(
            f"<h1>{parts[-1].title()}</h1>"
            f"{_menu(*(f'/{below}/{each}' for each in chance.sample(SHORT, 12)))}"
        )

    return _leads_to(f"/{SHORT[0]}/{SHORT[1]}", pages)


def listings() -> Route:
    """A listing of which every page shows articles that are known, and has fifty further pages."""

    def page(number: int) -> Answer:
        further = "".join(
            f'<a href="/all/page/{number * 7 + each}">{number * 7 + each}</a> '
            for each in range(1, 51)
        )
        shown = range(number % 20, number % 20 + 10)
        return html(f"<h1>All</h1>{_cards(shown)}<nav class=pagination>{further}</nav>")

    return _leads_to("/all/page/1", _numbered(r"/all/page/(\d+)", page))


def following() -> Route:
    """Pages that name the next one in their head alone."""

    def page(number: int) -> Answer:
        shown = range(number % 30, number % 30 + 8)
        head = f'<link rel=next href="/latest?from={number + 1}">'
        return html(f"<h1>Latest</h1>{_cards(shown)}", head)

    return _leads_to("/latest?from=1", _numbered(r"/latest\?from=(\d+)", page))


def canonicals() -> Route:
    """Copies of one article, each of which names the next one as the true one."""

    def page(number: int) -> Answer:
        true = f'<link rel=canonical href="/harbour/copy-of-a-story-{number + 1}">'
        names = "".join(
            f'<li><a href="/harbour/copy-of-a-story-{number * 9 + each}">'
            f"Another story of year {number * 9 + each}</a></li>"
            for each in range(1, 10)
        )
        return _story(0, true, f"<aside><h2>Read also</h2><ul>{names}</ul></aside>")

    return _leads_to(
        "/harbour/copy-of-a-story-1", _numbered(r"/harbour/copy-of-a-story-(\d+)", page)
    )


def sitemaps() -> Route:
    """Sitemaps that name three further ones, and pages that are not there."""

    def page(number: int) -> Answer:
        maps = "".join(
            f"<sitemap><loc>http://HOST/maps/{number * 3 + each}.xml</loc></sitemap>"
            for each in (1, 2, 3)
        )
        xmlns = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return Answer(f'<sitemapindex xmlns="{xmlns}">{maps}</sitemapindex>'.encode(), 200, XML)

    def pages(path: str) -> Answer | None:
        if path == "/robots.txt":
            said = b"User-agent: *\nAllow: /\nSitemap: http://HOST/maps/1.xml\n"
            return Answer(said, 200, (("Content-Type", "text/plain"),))
        return _numbered(r"/maps/(\d+)\.xml", page)(path)

    return _leads_to("/council", pages)


def calendar() -> Route:
    """Days before and after, as words and numbers, with a picture of the day."""

    def page(number: int) -> Answer:
        chance = Random(number)
        days = [
            f"/agenda/{chance.choice(SHORT)}/{chance.choice(SHORT)}/day-{number * 4 + each}"
            for each in range(1, 5)
        ]
        return html(f"<h1>Day {number}</h1><p>Nothing is planned.</p>{_menu(*days)}")

    return _leads_to("/agenda/mayor/vote/day-1", _numbered(r"/agenda/\w+/\w+/day-(\d+)", page))


def parts() -> Route:
    """An article of which every part is there, and leads to further parts."""

    def pages(path: str) -> Answer | None:
        split = urlsplit(path)
        if split.path != "/rivers/the-long-read":
            return None
        number = int(split.query.partition("page=")[2] or 1)
        links = "".join(
            f'<a href="{split.path}?page={number + each}">{number + each}</a> ' for each in (1, 2)
        )
        head = f'<link rel=next href="{split.path}?page={number + 1}">'
        others = _menu(*(f"{split.path}?page={number * 5 + each}" for each in range(1, 6)))
        return _story(7, head, f"<div class=page-links>{links}</div>{others}")

    return _leads_to("/rivers/the-long-read", pages)


def errors() -> Route:
    """Pages that are not there, half of them with a menu of others."""

    def page(number: int) -> Answer:
        links = _menu(*(f"/gone/{number * 20 + each}" for each in range(1, 21)))
        told = html(f"<h1>Not found</h1><p>This page is not here.</p>{links}")
        return told._replace(status=404) if number % 2 else told

    return _leads_to("/gone/2", _numbered(r"/gone/(\d+)", page))


def variants() -> Route:
    """Articles of the newspaper under ever more addresses, from each to twenty others."""

    def pages(path: str) -> Answer | None:
        split = urlsplit(path)
        if not split.query.startswith("view=") or split.path.split("/")[1] not in SECTIONS:
            return None
        number = int(split.query.removeprefix("view="))
        links = "".join(
            f'<li><a href="{path_of(each)}?view={number * 20 + each}">{title_of(each)}</a></li>'
            for each in range(1, 21)
        )
        aside = f"<aside><h2>Read also</h2><ul>{links}</ul></aside>"
        return _story(int(split.path.rpartition("-")[2]), below=aside)

    return _leads_to(f"{path_of(0)}?view=1", pages)


SITES: dict[str, Callable[[], Route]] = {
    each.__name__: each
    for each in (
        redirects,
        refreshes,
        deeper,
        listings,
        following,
        canonicals,
        sitemaps,
        calendar,
        parts,
        errors,
        variants,
    )
}
