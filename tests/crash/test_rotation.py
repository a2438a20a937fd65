"""A run that dies between beginning a part of the log and the commit that tells of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from newscrawl.dataset.logs import LogPath, SiteLog
from newscrawl.items import Article
from newscrawl.store.database import connect, migrate


class Killed(Exception):  # noqa: N818 - it stands for a death, not for an error
    pass


def test_the_next_run_goes_on_after_a_death_at_the_turn_of_the_day(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/newscrawl.db")
    migrate(engine)
    path = LogPath(f"{tmp_path}/{{site}}-{{day}}.jsonl")
    days = [date(2026, 1, 1)]
    with engine.begin() as connection:
        log = SiteLog(connection, "a.example", path, today=lambda: days[-1])
    days.append(date(2026, 1, 2))
    log.append(Article(url="https://a.example/tide/", id="1", site="a.example"))
    with suppress(Killed), engine.begin() as connection:
        log.before_commit(connection)
        raise Killed
    log.close()
    with engine.begin() as connection:
        again = SiteLog(connection, "a.example", path, today=lambda: days[-1])
    again.close()
    engine.dispose()
