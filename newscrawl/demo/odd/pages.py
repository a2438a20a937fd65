"""The markup of the Ternholm Courier: sheets of two columns, essays on a scroll, tiles for scripts."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from newscrawl.demo.odd.stories import ESSAYS, SITE_NAME, of_section

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newscrawl.demo.odd.stories import Story

A_PAGE = 8
"""Stories that a section shows before its script asks for more."""
ON_THE_FRONT = 4
BUILT = "2024-06-01"
"""The day of the last change to the templates, which every page gives as its date."""
TIDES = (
    "High water at the old quay comes twice a day, and twice a day somebody parks a van below the "
    "line. The harbour office asks all drivers to read the board at the gate, to leave the ramp "
    "free for the pilot boat, and to move their vans before the bell has rung for the second time."
)
NOTE = (
    "The Courier prints one essay each Sunday. Readers who would like to write one send the first "
    "page by post to the editor, who answers every letter, though seldom in the same month."
)


def page(title: str, inside: str, head: str = "") -> str:
    name = f"{escape(title)} ~ {SITE_NAME}" if title else SITE_NAME
    return (
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">\n'
        f'<title>{name}</title>\n<meta name="date" content="{BUILT}">\n{head}</head><body>\n'
        f'<div class="mast"><a href="/">{SITE_NAME}</a></div>\n'
        '<div class="bar navbar"><a href="/town/">Town</a> <a href="/sea/">Sea</a> '
        f'<a href="/essays/">Essays</a></div>\n{inside}\n'
        f'<div class="bottom">{SITE_NAME}, Kelp Lane 2, Ternholm</div>\n</body></html>\n'
    )


def front() -> str:
    shown = [story for name in ("town", "sea") for story in of_section(name)[:ON_THE_FRONT]]
    return page("", f'<ol class="today">\n{_rows(shown)}</ol>')


def section(name: str) -> str:
    """The first stories as links; a script asks for the rest of them, as ``data-more`` says."""
    rows = _rows(of_section(name)[:A_PAGE])
    return page(
        name.title(), f'<ol class="today" data-more="/{name}/stream/2">\n{rows}</ol>\n<i>…</i>'
    )


def stream(name: str) -> str:
    """What the script is answered: rows without a page around them."""
    return f'<ol class="today">\n{_rows(of_section(name)[A_PAGE:])}</ol>\n'


def tiles() -> str:
    """The essays: a script opens them, no link does."""
    shown = "".join(
        f'<div class="tile" data-open="{story.path}">{escape(story.headline)}</div>\n'
        for story in of_section(ESSAYS)
    )
    return page("Essays", f'<div class="wall">\n{shown}</div>')


def article(story: Story, base: str) -> str:
    shown = _scroll(story) if story.section == ESSAYS else _sheet(story)
    title = "Essay" if story.section == ESSAYS else story.headline
    return page(title, shown, f'<link rel="canonical" href="{base}{story.path}">\n')


def _rows(shown: Iterable[Story]) -> str:
    return "".join(
        f'<li><h3><a href="{story.path}">{escape(story.headline)}</a></h3></li>\n'
        for story in shown
    )


def _sheet(story: Story) -> str:
    middle = len(story.paragraphs) // 2
    plate = ""
    if story.picture is not None:
        note = escape(story.picture.caption)
        plate = f'<div class="plate" data-full="{story.picture.path}" data-note="{note}"></div>\n'
    marks = " ".join(f"<b>#{escape(mark)}</b>" for mark in story.marks)
    return (
        f'<div class="sheet" data-desk="{story.desk}" data-hands="{" + ".join(story.writers)}">\n'
        f"<h1>{escape(story.headline)}</h1>\n{plate}"
        f'<div class="leaf">\n{_lines(story.paragraphs[:middle])}</div>\n'
        f'<div class="gutter"><div class="ln">{TIDES}</div></div>\n'
        f'<div class="leaf">\n{_lines(story.paragraphs[middle:])}</div>\n'
        f'<div class="stamp">Sheet {story.number} / {story.published:%y|%m|%d %Hh%M}</div>\n'
        f'<div class="marks">{marks}</div>\n</div>'
    )


def _lines(paragraphs: Sequence[str]) -> str:
    return "".join(f'<div class="ln">{escape(each)}</div>\n' for each in paragraphs)


def _scroll(story: Story) -> str:
    first, *rest = story.paragraphs
    signed = ", ".join(story.writers[0].split()[::-1])
    told = "".join(f"<p>{escape(each)}</p>\n" for each in rest)
    marks = ", ".join(f"<b>{escape(mark)}</b>" for mark in story.marks)
    return (
        f'<div class="scroll"><div class="display">{escape(story.headline)}</div>\n'
        f'<div class="pen" data-day="{story.published:%Y-%j}">{signed}</div>\n'
        f'<div class="told">\n<p>{escape(first)}</p>\n'
        f'<div class="margin"><p>{NOTE}</p></div>\n{told}</div>\n'
        f'<div class="on">On {marks}</div>\n</div>'
    )
