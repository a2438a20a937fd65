"""The project's settings, with a User-Agent that tells the servers which process asks."""

import os

from newscrawl.settings import *  # noqa: F403 - all of them

USER_AGENT = f"newscrawl process {os.getpid()}"
