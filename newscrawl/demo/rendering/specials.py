"""Addresses that answer oddly, and what a crawler should make of each."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.demo.content.posts import NEWEST
from newscrawl.demo.content.taxonomy import CATEGORIES, SITE_NAME
from newscrawl.demo.rendering.markup import day_text, meta

if TYPE_CHECKING:
    from newscrawl.demo.rendering.markup import Layout


class Special(NamedTuple):
    """``answer`` is a status, a target after ``>``, a media type, or the name of a page here."""

    label: str
    answer: str
    outcome: str


SPECIALS = {
    "/lost-ferry-timetable/": Special("Lost ferry timetable found", "404", "gone"),
    "/withdrawn-mayor-interview/": Special("Mayor withdraws interview", "410", "gone"),
    "/broken-tide-gauge/": Special("Tide gauge stays broken", "500", "failed"),
    "/moved-harbour-story/": Special("Harbour story moves", ">/moved-again/", "redirected"),
    "/moved-again/": Special("", ">/moved-a-third-time/", "redirected"),
    "/moved-a-third-time/": Special("", ">article", "redirected"),
    "/roundabout-north/": Special("Roundabout opens north", ">/roundabout-south/", "failed"),
    "/roundabout-south/": Special("", ">/roundabout-north/", "failed"),
    "/mirror-lake/": Special("Mirror lake reflects itself", ">/mirror-lake/", "failed"),
    "/guest-column-elsewhere/": Special(
        "Guest column appears elsewhere", ">http://elsewhere.invalid/column/", "refused"
    ),
    "/harbour-budget-report/": Special("Harbour budget in full", "application/pdf", "refused"),
    "/front-page-scan/": Special("Front page of the day", "image/jpeg", "refused"),
    "/blank-verse/": Special("Blank verse night", "empty", "page"),
    "/short-notice/": Special("Short notice on the pier", "short", "rejected"),
    "/untitled-dispatch/": Special("Untitled dispatch", "untitled", "rejected"),
    "/private/night-desk/": Special("Night desk memo", "private", "refused"),
}

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb0043000302020302020303030304030304050805050404050a"
    "070706080c0a0c0c0b0a0b0b0d0e12100d0e110e0b0b1016101113141515150c0f171816141812141514ffc9000b08"
    "000100010101110000ffcc000600101005ffda0008010100003f00d2cf20ffd9"
)
"""Enough of a picture for its type to be recognised."""

_LONG = (
    "The night ferry came in at four with its lamps out, and nobody on the quay could say who had "
    "ordered the crossing or where the passengers had gone. By breakfast the ticket office had "
    "found three umbrellas, a crate of pears and a chart with every lighthouse crossed through. "
    "The harbour master kept the pears. A clerk who asked to see the chart was told it had dried "
    "to the wall, and the wall, in turn, belonged to the customs service, which opens on Tuesdays."
)
_SHORT = "The pier closes at noon today for paint. Bring no bicycles."


def teasers(layout: Layout, category: str) -> str:
    """The special addresses linked from the first page of a category."""
    slugs = list(CATEGORIES)
    linked = [path for path, special in SPECIALS.items() if special.label]
    return "".join(
        f'<article class="jeg_post jeg_pl_md_2 format-standard"><div class="jeg_postblock_content">'
        f'<h3 class="jeg_post_title"><a href="{layout.base}{path}">'
        f"{escape(SPECIALS[path].label)}</a></h3></div></article>"
        for place, path in enumerate(linked)
        if slugs[place % len(slugs)] == category
    )


def odd_article(layout: Layout, path: str, *, titled: bool) -> bytes:
    """An article too short to keep, or one without any headline."""
    title = SPECIALS[path].label if titled else ""
    headline = f'<h1 class="jeg_post_title">{escape(title)}</h1>' if titled else ""
    told = (_SHORT,) if titled else (_LONG, _LONG.replace("night", "mail").replace("pears", "figs"))
    paragraphs = "".join(f"<p>{paragraph}</p>\n" for paragraph in told)
    head = [f'<link rel="canonical" href="{layout.base}{path}" />\n', meta("og:type", "article")]
    if titled:
        head.append(meta("og:title", title))
    head.append(meta("article:published_time", NEWEST.isoformat()))
    return layout.page(
        path=path,
        title=f"{title} - {SITE_NAME}" if titled else "",
        head="".join(head),
        body_class="post-template-default single single-post postid-90 single-format-standard",
        main=layout.frame(
            f'<div class="jeg_main_content col-md-8"><div class="entry-header">{headline}'
            '<div class="jeg_post_meta jeg_post_meta_1"><div class="jeg_meta_date">'
            f'<a href="{layout.base}{path}">{day_text(NEWEST)}</a></div></div></div>'
            f'<div class="entry-content no-share"><div class="content-inner ">{paragraphs}</div>'
            "</div></div>\n",
            "jeg_content jeg_singlepage",
        ),
    )
