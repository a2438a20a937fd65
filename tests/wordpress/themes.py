"""What the themes show of a post: a crawler can know no more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.wordpress import newest

HERE = Path(__file__).parent
SINGLE_EXCERPT = (HERE / "single_excerpt.html").read_text(encoding="utf-8")
SINGLE_MODIFIED = (HERE / "single_modified.html").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Theme:
    """``single``: the template of single posts that an editor put in place of the theme's own."""

    name: str
    lead_caption: bool = False
    modified: bool = False
    neighbours: bool = False
    excerpt: bool = False
    newest: bool = False
    """Of the newest WordPress, with plugins and plain permalinks."""
    single: str | None = None


THEMES = {
    theme.name: theme
    for theme in (
        Theme("twentytwentyone", lead_caption=True, neighbours=True),
        Theme("twentytwentytwo", modified=True, neighbours=True, single=SINGLE_MODIFIED),
        Theme("twentytwentythree"),
        Theme(newest.THEME, neighbours=True, excerpt=True, newest=True, single=SINGLE_EXCERPT),
    )
}
"""A classic theme; a block theme as changed in the site editor, one as it comes, and a new one."""
