"""``newscrawl`` is ``scrapy`` with this project's settings, in any folder."""

from __future__ import annotations

import os
import sys

INTERRUPTED = 130
"""What a shell says of a command that Ctrl-C ended."""


def main() -> None:
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
    try:
        from scrapy.cmdline import execute  # noqa: PLC0415 - loading it may be interrupted too

        execute()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)  # noqa: T201 - the one line
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
