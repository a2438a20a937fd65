"""The base of Spidermon actions that send alarms somewhere."""

from __future__ import annotations

import logging
from abc import abstractmethod
from threading import Thread
from typing import ClassVar

from spidermon.core.actions import Action  # type: ignore[import-untyped]
from spidermon.exceptions import SkipAction  # type: ignore[import-untyped]

from newscrawl.verdict.notice import Notice

logger = logging.getLogger(__name__)


class AlarmAction(Action):  # type: ignore[misc] # spidermon is untyped
    """Sends the alarms of a suite of :class:`MonitorsExtension`; a failure is one warning.

    The run is stored and its lease given back when suites run, so that it waits here: for
    ``TIMEOUT`` seconds for an answer of the receiver, and for ``DEADLINE`` seconds in all.
    """

    TIMEOUT: ClassVar[float] = 10.0
    DEADLINE: ClassVar[float] = 20.0

    @property
    @abstractmethod
    def receiver(self) -> str:
        """Who gets the alarms, without secrets; empty if nobody does."""

    @abstractmethod
    def send(self, notice: Notice) -> None:
        """Send it, or raise."""

    def run_action(self) -> None:
        if not self.receiver:
            raise SkipAction("not set up")
        spider = self.data.spider
        notice = Notice(
            sorted(getattr(spider, "sites", ())),
            spider.name,
            self.data.run,
            self.data.finish_reason,
            self.result.alarms,
            self.data.job_id,
        )
        failures: list[str] = []
        sending = Thread(target=self._try, args=(notice, failures), daemon=True)
        sending.start()
        sending.join(self.DEADLINE)
        for reason in ["it takes too long"] if sending.is_alive() else failures:
            logger.warning("Alarms not sent to %s: %s", self.receiver, " ".join(reason.split()))

    def _try(self, notice: Notice, failures: list[str]) -> None:
        try:
            self.send(notice)
        except Exception as error:  # noqa: BLE001 - whatever it is, the run itself is in order
            failures.append(str(error) or type(error).__name__)
