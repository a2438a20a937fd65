"""``newscrawl`` is ``scrapy`` with this project's settings, in any folder."""

from __future__ import annotations

import os

from scrapy.cmdline import execute


def main() -> None:
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
    execute()


if __name__ == "__main__":
    main()
