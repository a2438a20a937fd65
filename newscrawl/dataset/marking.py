"""What a mark of a copy, or one taken away, changes in the ledger."""

from __future__ import annotations

from sqlalchemy import Connection, update

from newscrawl.dataset.originals import Changed
from newscrawl.outcomes import Outcome
from newscrawl.store.schema import pages


def tell_ledger(connection: Connection, change: Changed) -> None:
    """Say in the ledger what a page's article has become, without a visit to it."""
    was, now = change.before.duplicate_kind, change.marks.duplicate_kind
    if was == now:
        return
    outcomes = {True: Outcome.ARTICLE.value, False: Outcome.DUPLICATE.value}
    connection.execute(
        update(pages)
        .where(
            pages.c.article_id == change.id,
            pages.c.outcome == outcomes[was is None],
            pages.c.reason.is_(None) if was is None else pages.c.reason == was,
        )
        .values(outcome=outcomes[now is None], reason=now)
    )
