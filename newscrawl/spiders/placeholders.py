"""Pages that are there in place of the one asked for, and what becomes of their visits."""

from __future__ import annotations

from newscrawl.outcomes import (
    BotWall,
    ConsentWall,
    NeedsBrowser,
    Outcome,
    PasswordProtected,
    SoftNotFound,
)
from newscrawl.pages.judging.kinds import PageKind

PLACEHOLDERS: dict[PageKind, tuple[Outcome, type[Exception]]] = {
    PageKind.CONSENT_WALL: (Outcome.REFUSED, ConsentWall),
    PageKind.BOT_WALL: (Outcome.REFUSED, BotWall),
    PageKind.PASSWORD_WALL: (Outcome.REJECTED, PasswordProtected),
    PageKind.NOT_FOUND: (Outcome.GONE, SoftNotFound),
    PageKind.SHELL: (Outcome.REJECTED, NeedsBrowser),
}
"""Outcomes of pages that are there in place of the one asked for."""
WITH_MENUS = frozenset({PageKind.SHELL, PageKind.PASSWORD_WALL})
"""Of these the links of the site may be there; relative links of what is not found lead nowhere."""
