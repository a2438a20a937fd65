"""The newest WordPress that Debian has, beside the one of this machine's release.

It is unpacked, not installed: it is PHP alone, and runs with the PHP of any release.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent / "build" / "wordpress"
WORDPRESS = ROOT / "usr" / "share" / "wordpress"
RELEASE = "sid"
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
THEME = "twentytwentyfive"
PACKAGES = ("wordpress", f"wordpress-theme-{THEME}")
SECONDS = 600


def is_here() -> bool:
    return (WORDPRESS / "wp-load.php").is_file() and (
        WORDPRESS / "wp-content/themes" / THEME
    ).is_dir()


def fetch() -> str | None:
    """Fetch and unpack it; return why it could not be, if it could not."""
    if is_here():
        return None
    if shutil.which("apt-get") is None:
        return "there is no apt-get"
    try:
        _unpack()
    except (subprocess.SubprocessError, OSError) as error:
        said = getattr(error, "stderr", None) or str(error)
        return f"{RELEASE} cannot be asked: {said.strip()[-300:]}"
    return None if is_here() else f"{RELEASE} has no {' or '.join(PACKAGES)}"


def _unpack() -> None:
    """Ask another release of Debian with lists of its own, so that the machine's stay as they are."""
    lists, packages = ROOT / "lists", ROOT / "packages"
    for folder in (lists / "partial", packages):
        folder.mkdir(parents=True, exist_ok=True)
    sources = ROOT / "newest.list"
    sources.write_text(f"deb [signed-by={KEYS}] {_mirror()} {RELEASE} main\n")
    options = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": lists,
        "Dir::Cache": ROOT / "cache",
        "APT::Sandbox::User": "root" if os.geteuid() == 0 else "",
    }
    apt = ["apt-get", "-qq", *(f"-o{name}={value}" for name, value in options.items())]
    _run([*apt, "update"], packages)
    _run([*apt, "download", *PACKAGES], packages)
    for package in packages.glob("*.deb"):
        _run(["dpkg-deb", "-x", package.name, str(ROOT)], packages)


def _mirror() -> str:
    """The mirror of Debian itself that this machine is set to."""
    asked = ("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)")
    targets = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    known = [line.split() for line in targets.splitlines()]
    return next(uri for uri, release, *_ in known if "-" not in release)


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=SECONDS)


if __name__ == "__main__":
    if refusal := fetch():
        sys.stderr.write(f"The newest WordPress is not here: {refusal}\n")
