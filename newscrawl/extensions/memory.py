"""The end of a run that takes too much memory."""

from __future__ import annotations

from scrapy.extensions.memusage import MemoryUsage

from newscrawl.store.process import peak_memory


class MemoryExtension(MemoryUsage):
    """Scrapy's own, with that peak; a run that passes ``MEMUSAGE_LIMIT_MB`` is continued by the next one."""

    def get_virtual_size(self) -> int:
        return peak_memory()
