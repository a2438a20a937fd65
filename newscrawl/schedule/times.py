"""The times of a cron expression in a time zone, also where its clocks are changed.

Where minute or hour begin with ``*``, a run comes whenever the clock on the wall shows a time of
the expression: in a repeated hour once more, in one that is left out not at all. Other
expressions name times of a day: each comes once, the first time that the clock shows it, or when
the clock has jumped over it. Debian's cron does the same for changes of under three hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
LONGEST_CHANGE = 26
"""Hours; islands have crossed the date line."""


@dataclass(frozen=True, slots=True)
class Times:
    """Moments go in and come out as UTC; what is called ``shown`` is naive and of the zone."""

    cron: str
    zone: ZoneInfo

    def last(self, moment: datetime) -> datetime:
        """Return the last time that is not after a moment."""
        moment = moment.astimezone(UTC).replace(microsecond=0)
        return self._last_shown(moment) if self._goes_by_clock else self._last_named(moment)

    def after(self, moment: datetime) -> Iterator[datetime]:
        """Yield the times after a moment."""
        moment = moment.astimezone(UTC).replace(microsecond=0)
        return self._all_shown(moment) if self._goes_by_clock else self._all_named(moment)

    @property
    def _goes_by_clock(self) -> bool:
        return any(part.startswith("*") for part in self.cron.split()[:2])

    def _last_shown(self, moment: datetime) -> datetime:
        while True:
            offset = self._offset(moment)
            found = self._before(_shown(moment, offset)).replace(tzinfo=UTC) - offset
            changed = self._last_change(found, moment)
            if changed is None:
                return found
            moment = changed - SECOND

    def _all_shown(self, moment: datetime) -> Iterator[datetime]:
        since = moment + SECOND
        while True:
            offset = self._offset(since)
            shown: datetime = next(CronSim(self.cron, _shown(since, offset) - SECOND))
            found = shown.replace(tzinfo=UTC) - offset
            changed = self._first_change(since, found)
            if changed is None:
                yield found
                since = found + SECOND
            else:
                since = changed

    def _last_named(self, moment: datetime) -> datetime:
        latest = max(self._offset(moment - hours * HOUR) for hours in range(LONGEST_CHANGE))
        shown = _shown(moment, latest)
        while (found := self._instant(self._before(shown))) > moment:
            shown = self._before(shown) - SECOND
        return found

    def _all_named(self, moment: datetime) -> Iterator[datetime]:
        earliest = min(self._offset(moment - hours * HOUR) for hours in range(LONGEST_CHANGE))
        for shown in CronSim(self.cron, _shown(moment, earliest) - DAY):
            found = self._instant(shown)
            if found > moment:
                yield found
                moment = found

    def _before(self, shown: datetime) -> datetime:
        found: datetime = next(CronSim(self.cron, shown + SECOND, reverse=True))
        return found

    def _instant(self, shown: datetime) -> datetime:
        """Return when the clock shows a time first, or jumps over it."""
        first, other = (
            shown.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1)
        )
        if other >= first:
            return first
        return self._change(other, first)

    def _last_change(self, after: datetime, until: datetime) -> datetime | None:
        """Return the last moment of a change of the clock ``after`` a moment and ``until`` another."""
        while until > after:
            earlier = max(after, until - DAY)
            if self._offset(earlier) != self._offset(until):
                return self._change(earlier, until)
            until = earlier
        return None

    def _first_change(self, after: datetime, until: datetime) -> datetime | None:
        while after < until:
            later = min(until, after + DAY)
            if self._offset(after) != self._offset(later):
                return self._change(after, later)
            after = later
        return None

    def _change(self, before: datetime, after: datetime) -> datetime:
        """Return the first second at which the clock goes as it does ``after`` the change."""
        offset = self._offset(after)
        while after - before > SECOND:
            middle = before + (after - before) // (2 * SECOND) * SECOND
            if self._offset(middle) == offset:
                after = middle
            else:
                before = middle
        return after

    def _offset(self, moment: datetime) -> timedelta:
        return moment.astimezone(self.zone).utcoffset() or timedelta()


def _shown(moment: datetime, offset: timedelta) -> datetime:
    return (moment + offset).replace(tzinfo=None)
