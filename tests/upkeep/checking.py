"""What ``scrapy db check`` finds, without a process of its own."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine

from newscrawl.dataset.near import Scope
from newscrawl.store.database import reading
from newscrawl.upkeep.checks import Check, checks


def faults(engine: Engine, *more: Check, without: Sequence[str] = ()) -> list[str]:
    """Return what is wrong by all checks and some ``more``, apart from those named ``without``."""
    with reading(engine) as connection:
        return [
            found.text
            for check in (*checks(Scope.SITE), *more)
            if check.name not in without
            and (engine.dialect.name == "sqlite" or not check.sqlite_only)
            for found in check.findings(connection)
            if not found.is_note
        ]
