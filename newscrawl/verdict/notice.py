"""The alarms of a run as a message to people and programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Notice:
    """``run`` is the number of the run, ``None`` if it never got one.

    ``job`` is what the service that started it calls it.
    """

    sites: Sequence[str]
    spider: str
    run: int | None
    finish_reason: str | None
    alarms: Sequence[str]
    job: str | None = None

    @property
    def subject(self) -> str:
        number = len(self.alarms)
        about = ", ".join(self.sites) or self.spider
        return f"newscrawl: {about}: {number} alarm{'' if number == 1 else 's'}"

    @property
    def text(self) -> str:
        """The alarms, a line each, the run they are of, and where to look further."""
        run = "no run in the database" if self.run is None else f"run {self.run}"
        job = f", job {self.job}" if self.job else ""
        return "\n".join(
            [
                *self.alarms,
                "",
                f"Spider {self.spider}, {run}{job}, ended as {self.finish_reason or 'unknown'}.",
                "To look further: newscrawl runs; newscrawl explain URL",
            ]
        )

    def as_dict(self) -> dict[str, Any]:
        """Return what a webhook gets; chat servers show ``text``."""
        return {
            "text": f"{self.subject}\n{self.text}",
            "sites": list(self.sites),
            "spider": self.spider,
            "run": self.run,
            "job": self.job,
            "finish_reason": self.finish_reason,
            "alarms": list(self.alarms),
        }
