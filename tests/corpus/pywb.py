"""A real pywb, an archive's server of CDX and of pages, in an environment of its own.

``python -m tests.corpus.pywb`` installs it beside the packages of the tests; it is no dependency
of anything here. Tests that need it are skipped where it is not.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

FOLDER = Path(sys.prefix, "pywb")
VERSION = "2.10.0"
COLLECTION = "coll"
START_SECONDS = 60


def missing() -> str:
    """Why there is no pywb, empty where there is one."""
    return "" if (FOLDER / "bin" / "pywb").exists() else "run: python -m tests.corpus.pywb"


def install() -> None:
    subprocess.run([sys.executable, "-m", "venv", FOLDER], check=True)
    subprocess.run([FOLDER / "bin" / "pip", "install", "-q", f"pywb=={VERSION}"], check=True)


@contextmanager
def serving(folder: Path, warcs: Sequence[Path]) -> Iterator[str]:
    """Serve WARC files for the length of a ``with`` block; gives the address of their collection."""
    manager = str(FOLDER / "bin" / "wb-manager")
    folder.mkdir(exist_ok=True)
    for words in (("init", COLLECTION), ("add", COLLECTION, *map(str, warcs))):
        subprocess.run([manager, *words], check=True, cwd=folder, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "pywb.log").open("w") as log:
        command = [str(FOLDER / "bin" / "pywb"), "-b", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/", process)
        yield f"http://127.0.0.1:{port}/{COLLECTION}/"
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            with urlopen(address, timeout=START_SECONDS):
                return
        except URLError:
            time.sleep(0.1)
    raise RuntimeError("pywb did not start")


if __name__ == "__main__":
    install()
