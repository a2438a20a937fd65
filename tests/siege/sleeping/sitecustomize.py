"""Python's sleep in a way that libfaketime 0.9.10 leaves alone.

Where it fakes no monotonic clock, it still takes the fake one's difference from the moment until
which ``clock_nanosleep`` is to wait, which is then in the past and refused.
"""

from __future__ import annotations

import select
import time
from typing import SupportsIndex


def sleep(seconds: float | SupportsIndex, /) -> None:
    select.select((), (), (), float(seconds))


time.sleep = sleep
