"""What a real WordPress needs of Debian, and how root gets it without starting a service."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from glob import escape, glob
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDPRESS = Path("/usr/share/wordpress")
THEMES = WORDPRESS / "wp-content" / "themes"
PACKAGES = (
    "wordpress",
    "?name(^wordpress-theme-twentytwenty)",
    "php",
    "php-fpm",
    "php-gd",
    "php-mbstring",
    "php-mysql",
    "php-xml",
    "mariadb-server-core",
    "nginx",
)
"""Of the database the core package only: its server has no service that could be started."""
MODULES = {"gd", "mbstring", "mysqli"}
POLICY = Path("/usr/sbin/policy-rc.d")
FORBID_SERVICES = "#!/bin/sh\nexit 101\n"
APT = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
APT_SECONDS = 600


def program(*patterns: str) -> str | None:
    """The first of several programs that is there; PHP's FPM is named after its version."""
    for pattern in patterns:
        for folder in (*os.get_exec_path(), "/usr/sbin", "/usr/bin"):
            if found := sorted(glob(f"{escape(folder)}/{pattern}")):  # noqa: PTH207 - a folder of PATH may be unreadable
                return found[-1]
    return None


def missing() -> list[str]:
    """What the tests need and this machine lacks."""
    programs = {
        "mariadbd": ("mariadbd",),
        "mariadb-install-db": ("mariadb-install-db",),
        "php": ("php",),
        "php-fpm": ("php-fpm[0-9]*", "php-fpm"),
        "nginx": ("nginx",),
        "setpriv": ("setpriv",),
    }
    absent = [name for name, patterns in programs.items() if program(*patterns) is None]
    absent += [f"PHP's {name}" for name in MODULES - _php_modules()]
    return absent + ([] if themes() else ["WordPress with a theme"])


def _php_modules() -> set[str]:
    if (php := program("php")) is None:
        return set()
    return set(subprocess.check_output([php, "-m"], text=True).split())


def themes() -> list[str]:
    """The installed themes, none of them if WordPress itself is not installed."""
    if not (WORDPRESS / "wp-load.php").is_file():
        return []
    return sorted(style.parent.name for style in THEMES.glob("*/style.css"))


@contextmanager
def no_service_starts() -> Iterator[None]:
    """Let packages be set up as in the making of an image; an own policy stays as it is."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text(FORBID_SERVICES)
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def install() -> str | None:
    """Install what is missing; return why it could not be, if it could not."""
    if not missing():
        return None
    if os.geteuid() != 0:
        return "it is not run as root"
    if shutil.which("apt-get") is None:
        return "there is no apt-get"
    with no_service_starts():
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", *PACKAGES],
        ):
            try:
                done = subprocess.run(
                    command,
                    check=False,
                    env=APT,
                    capture_output=True,
                    text=True,
                    timeout=APT_SECONDS,
                )
            except subprocess.TimeoutExpired:
                return f"{' '.join(command[:2])} took more than {APT_SECONDS} s"
            if done.returncode:
                return f"{' '.join(command[:2])} failed: {done.stderr.strip()[-300:]}"
    return f"still missing: {', '.join(missing())}" if missing() else None


if __name__ == "__main__":
    if refusal := install():
        sys.stderr.write(f"WordPress is not installed: {refusal}\n")
