"""``newscrawl``: Scrapy's commands and ours, with the settings of the project around us, or our own."""

from __future__ import annotations

import os
import sys

INTERRUPTED = 130
"""What a shell says of a command that Ctrl-C ended."""
SETTINGS = "SCRAPY_SETTINGS_MODULE"
OURS = "newscrawl.settings"


def main() -> None:
    try:
        _main()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)  # noqa: T201 - the one line
        sys.exit(INTERRUPTED)


def _main() -> None:
    """Loading anything may be interrupted too."""
    if sys.argv[1:] == ["--version"]:
        from newscrawl.terminal.version import version  # noqa: PLC0415 - as said above

        print(version())  # noqa: T201 - what was asked for
        return
    from scrapy.cmdline import execute  # noqa: PLC0415 - as said above
    from scrapy.utils.conf import closest_scrapy_cfg  # noqa: PLC0415 - as said above

    named = os.environ.get(SETTINGS)
    if named is None and not closest_scrapy_cfg():
        os.environ[SETTINGS] = OURS
    elif named != OURS:
        from newscrawl.addon.command import execute_in_project  # noqa: PLC0415 - as said above

        execute_in_project(sys.argv)
    execute()


if __name__ == "__main__":
    main()
