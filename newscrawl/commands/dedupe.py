"""``scrapy dedupe``: decide again which stored articles are copies."""

from __future__ import annotations

import argparse

from rich.progress import Progress as Bar
from sqlalchemy import Engine

from newscrawl.dataset.articles import ArticleStore
from newscrawl.dataset.near import scope_of
from newscrawl.dataset.rebuild import Progress, Rebuild
from newscrawl.exit_status import ExitStatus
from newscrawl.frontier.lease import LeaseLost, SiteLocked
from newscrawl.terminal.database_command import DatabaseCommand


class Command(DatabaseCommand):
    def syntax(self) -> str:
        return ""

    def short_desc(self) -> str:
        return "Decide again which stored articles are copies"

    def long_desc(self) -> str:
        return (
            "Rebuilds the index of near-duplicates by the present settings and marks originals "
            "and copies by it; marks that change are new lines of the JSON Lines logs. It goes on "
            "where it was interrupted."
        )

    def work_on(self, engine: Engine, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        store = ArticleStore(
            self.settings["NEWSCRAWL_JSONL"] or "",
            sync=self.settings["NEWSCRAWL_SYNCHRONOUS"] == "FULL",
            max_bytes=self.settings.getint("NEWSCRAWL_JSONL_MAX_BYTES"),
            scope=scope_of(self.settings["NEWSCRAWL_DEDUPE_SCOPE"]),
        )
        try:
            done = self._follow(Rebuild(engine, store))
        except (SiteLocked, LeaseLost) as error:
            self.not_done(error, ExitStatus.LOCKED)
            return
        finally:
            store.close()
        self.console().print(f"{done.decided:,} articles decided, {done.changed:,} marks changed")

    def _follow(self, rebuild: Rebuild) -> Progress:
        done = Progress(0, 0, 0, 0)
        console = self.console()
        with Bar(console=console, transient=True, disable=not console.is_terminal) as bar:
            indexing, deciding = bar.add_task("indexing"), bar.add_task("deciding")
            for done in rebuild.run():
                bar.update(indexing, total=done.total, completed=done.indexed)
                bar.update(deciding, total=done.total, completed=done.decided)
        return done
