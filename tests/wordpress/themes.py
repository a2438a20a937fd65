"""What the themes show of a post: a crawler can know no more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SINGLE_MODIFIED = (Path(__file__).parent / "single_modified.html").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Theme:
    """``single``: the template of single posts that an editor put in place of the theme's own."""

    name: str
    lead_caption: bool = False
    modified: bool = False
    neighbours: bool = False
    single: str | None = None


THEMES = {
    theme.name: theme
    for theme in (
        Theme("twentytwentyone", lead_caption=True, neighbours=True),
        Theme("twentytwentytwo", modified=True, neighbours=True, single=SINGLE_MODIFIED),
        Theme("twentytwentythree"),
    )
}
"""A classic theme; a block theme as changed in the site editor; a block theme as it comes."""
