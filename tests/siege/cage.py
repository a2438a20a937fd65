"""``python -m tests.siege.cage FOLDER CHROMIUM ARGUMENTS…``: a Chromium in a network of its own.

It sees nothing but the port of its proxy; whatever else leaves it is written to FOLDER/packets.
All addresses of that network lead nowhere, so that every try is a packet. Needs root.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from tests.siege.listening import end_with_parent

ROUTES = (
    "ip link set lo up multicast on",
    "ip route add local 0.0.0.0/0 dev lo",
    "ip -6 route add local ::/0 dev lo",
)


def relay(one: socket.socket, other: socket.socket) -> None:
    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    threads = [threading.Thread(target=pump, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    one.close()
    other.close()


def bridge(listener: socket.socket, family: int, target: tuple[str, int] | str) -> None:
    """Join each connection of a listener with one to the target."""
    while True:
        one, _ = listener.accept()
        other = socket.socket(family)
        try:
            other.connect(target)
        except OSError:
            one.close()
            continue
        threading.Thread(target=relay, args=(one, other), daemon=True).start()


def helper(listener: socket.socket, family: int, target: tuple[str, int] | str) -> None:
    """Have a bridge kept by a process that ends with this one."""
    if os.fork() == 0:
        end_with_parent()
        os.closerange(3, 5)
        bridge(listener, family, target)
    listener.close()


def outside(folder: str, arguments: list[str]) -> None:
    port = proxy_port(arguments)
    path = f"{folder}/cage-{os.getpid()}"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(128)
    (Path(folder) / "ports").open("a").write(f"{port}\n")
    helper(listener, socket.AF_INET, ("127.0.0.1", port))
    inner = [sys.executable, "-m", "tests.siege.cage", "--inside", folder, path, str(port)]
    os.execvp("unshare", ["unshare", "-n", "--", *inner, *arguments])


def inside(folder: str, path: str, port: int, arguments: list[str]) -> None:
    for line in ROUTES:
        subprocess.run(line.split(), check=True)
    listener = socket.create_server(("127.0.0.1", port), backlog=128)
    told = [sys.executable, "-m", "tests.siege.listening", f"{folder}/packets", str(port)]
    ears = subprocess.Popen(told, stdout=subprocess.PIPE)
    assert ears.stdout is not None
    ears.stdout.readline()
    ears.stdout.close()
    helper(listener, socket.AF_UNIX, path)
    os.execvp(arguments[0], arguments)


def proxy_port(arguments: list[str]) -> int:
    named = [each for each in arguments if each.startswith("--proxy-server=")]
    return urlsplit(named[-1].partition("=")[2]).port or 0 if named else 0


def caged(folder: Path, chromium: str = "chromium") -> str:
    """Write a program that starts a caged Chromium, and return its path."""
    path = folder / "caged-chromium"
    root = Path(__file__).parents[2]
    found = shutil.which(chromium)
    path.write_text(
        f'#!/bin/sh\ncd "{root}"\nexec "{sys.executable}" -m tests.siege.cage "{folder}" "{found}" "$@"\n'
    )
    path.chmod(0o755)
    return str(path)


def main() -> None:
    if sys.argv[1] == "--inside":
        folder, path, port, *arguments = sys.argv[2:]
        inside(folder, path, int(port), arguments)
    else:
        outside(sys.argv[1], sys.argv[2:])


if __name__ == "__main__":
    main()
