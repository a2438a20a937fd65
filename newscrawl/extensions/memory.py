"""How much memory a crawl takes, and the end of one that takes too much."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from scrapy.extensions.memusage import MemoryUsage

STATUS = Path("/proc/self/status")
_KIB = 1024


def peak() -> int:
    """Return the most memory that this program has held, in bytes.

    ``getrusage`` would begin with what the process held that started it: a crawl started by a
    large one would seem as large.
    """
    try:
        lines = STATUS.read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * _KIB
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * _KIB


class MemoryExtension(MemoryUsage):
    """Scrapy's own, with that peak; a run that passes ``MEMUSAGE_LIMIT_MB`` is taken up again."""

    def get_virtual_size(self) -> int:
        return peak()
