"""What Scrapy's settings say of the session of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.store.waiting import Waits

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """Database, files, commits and revisits; ``jsonl`` and ``archive`` are empty where none is kept."""

    database_url: str
    synchronous: str
    database_patience: float
    waits: Waits
    jsonl: str
    jsonl_max_bytes: int
    archive: str
    archive_max_bytes: int
    dedupe_scope: str
    commit_interval: float
    commit_events: int
    max_revisits: int
    max_barren: int
    revisits: RevisitPolicy
    search: bool = True
    """Whether the words of articles are indexed."""

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        return cls(
            database_url=settings["NEWSCRAWL_DATABASE_URL"],
            synchronous=settings["NEWSCRAWL_SYNCHRONOUS"],
            database_patience=settings.getfloat("NEWSCRAWL_DATABASE_PATIENCE"),
            waits=Waits.of(settings),
            jsonl=settings["NEWSCRAWL_JSONL"] or "",
            jsonl_max_bytes=settings.getint("NEWSCRAWL_JSONL_MAX_BYTES"),
            archive=settings["NEWSCRAWL_ARCHIVE"] or "",
            archive_max_bytes=settings.getint("NEWSCRAWL_ARCHIVE_MAX_BYTES"),
            dedupe_scope=settings["NEWSCRAWL_DEDUPE_SCOPE"],
            commit_interval=settings.getfloat("NEWSCRAWL_COMMIT_INTERVAL"),
            commit_events=settings.getint("NEWSCRAWL_COMMIT_EVENTS"),
            max_revisits=settings.getint("NEWSCRAWL_MAX_REVISITS"),
            max_barren=settings.getint("NEWSCRAWL_MAX_BARREN"),
            revisits=RevisitPolicy(
                settings.getfloat("NEWSCRAWL_REVISIT_MIN"),
                settings.getfloat("NEWSCRAWL_REVISIT_MAX"),
            ),
            search=settings.getbool("NEWSCRAWL_SEARCH"),
        )

    @property
    def syncs(self) -> bool:
        """Whether files, too, are on the disk before a commit counts."""
        return self.synchronous == "FULL"
