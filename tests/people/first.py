"""How long a person waits for the first article, at one request a second."""

from __future__ import annotations

import signal
import subprocess
import tempfile
import time
from pathlib import Path

from tests.crawl.crawling import ENVIRONMENT, NEWSCRAWL
from tests.demo.serving import run_demo

LONGEST = 60.0


def first_article() -> float:
    """Return the seconds from the start of a crawl of the demo to the first line of its log."""
    with tempfile.TemporaryDirectory() as folder, run_demo(articles=300) as server:
        begun = time.monotonic()
        process = subprocess.Popen(
            [*NEWSCRAWL, server.url, "--data", folder],
            env=ENVIRONMENT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while not any(path.stat().st_size for path in Path(folder).glob("*.jsonl")):
                waited = time.monotonic() - begun
                if waited > LONGEST or process.poll() is not None:
                    raise RuntimeError(f"no article in {waited:.0f} s")
                time.sleep(0.02)
            return time.monotonic() - begun
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
