"""The browser: many ways by which a page may lead it astray, and who heard of it.

Site, name server and crawl live in a network namespace without a way out, the browser in another
one where it sees only the port of its proxy. All packets of both are looked at. Needs root.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.siege.browser_town import HONEST, OPEN, ORIGINS, Origin, Town, all_ways, open_town
from tests.siege.cage import ROUTES, caged
from tests.siege.listening import TCP, UDP, Packet, listen

SETTINGS = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "4",
    "CONCURRENT_REQUESTS": "4",
    "DOWNLOAD_TIMEOUT": "30",
    "DOWNLOAD_VERIFY_CERTIFICATES": "False",
    "RETRY_ENABLED": "False",
    "NEWSCRAWL_BACKOFF": "0",
    "NEWSCRAWL_MAX_FAILURES": "100000",
}
NAMES = ("127.0.0.1", 53)


def missing() -> str:
    """What of this machine is missing, empty if nothing is."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "network namespaces need Linux and root"
    programs = [each for each in ("unshare", "ip", "openssl", "chromium") if not shutil.which(each)]
    if programs:
        return f"there is no {' nor '.join(programs)}"
    tried = subprocess.run(["unshare", "-nm", "true"], check=False, capture_output=True)
    return "" if tried.returncode == 0 else "unshare is not allowed here"


def figures(
    folder: Path, ways: Sequence[str] = (), origins: Sequence[str] = ()
) -> Iterator[tuple[str, object]]:
    """Besiege the browser by all ways, or those named, from all origins, or those named."""
    if reason := missing():
        yield "browser_skipped", reason
        return
    command = ["unshare", "-nm", sys.executable, "-m", "tests.siege.browser", str(folder)]
    command += [f"--ways={','.join(ways)}", f"--origins={','.join(origins)}"]
    root = Path(__file__).parents[2]
    found = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True, cwd=root)
    yield from json.loads(found.stdout or '{"browser_failed": 1}').items()


def crawl(origin: Origin, folder: Path, chromium: str) -> tuple[int, int]:
    """Crawl the site from an origin; the exit status, and the honest pages that were not stored."""
    home = folder / origin.name
    home.mkdir()
    settings = {**SETTINGS, "NEWSCRAWL_CHROMIUM": chromium, "LOG_FILE": f"{home}/crawl.log"}
    options = [part for pair in settings.items() for part in ("-s", "=".join(pair))]
    site = ["site", "-a", f"url={origin.url}/", "-a", "discover=links", "-a", "browser=auto"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "newscrawl", "crawl", *site, *options]
    done = subprocess.run(
        command, check=False, cwd=home, env=environment, capture_output=True, text=True
    )
    logs = (path.read_text(encoding="utf-8") for path in home.glob("data/*.jsonl"))
    stored = {json.loads(line)["url"] for log in logs for line in log.splitlines()}
    wanted = {f"{origin.url}/honest/{number}" for number in range(HONEST)}
    if done.returncode:
        print(done.stdout[-2000:], done.stderr[-2000:], file=sys.stderr)
    return done.returncode, len(wanted - stored)


def is_led_astray(packet: Packet, proxies: set[int]) -> bool:
    place = (packet.target, packet.port)
    if packet.protocol == UDP:
        return NAMES not in {place, (packet.source, packet.source_port)}
    is_proxy = packet.target == "127.0.0.1" and packet.port in proxies
    return packet.protocol != TCP or not (place in OPEN or is_proxy)


def besiege(folder: Path, ways: list[str], origins: list[Origin]) -> dict[str, object]:
    """Run all crawls, within the namespaces."""
    heard: list[Packet] = []
    listen(heard.append)
    town = Town(ways)
    open_town(town, folder)
    cage = folder / "cage"
    cage.mkdir()
    chromium = caged(cage) if not os.environ.get("SIEGE_UNCAGED") else "chromium"
    lost = failed = 0
    for origin in origins:
        town.begin(origin)
        status, missed = crawl(origin, folder, chromium)
        lost, failed = lost + missed, failed + bool(status)
    ports = cage / "ports"
    proxies = set(map(int, ports.read_text().split())) if ports.exists() else set()
    packets = (cage / "packets").read_text().splitlines() if ports.exists() else []
    astray = [str(each) for each in heard if is_led_astray(each, proxies)]
    told = "".join(f"{where} {port} {path}\n" for where, port, path in town.asked)
    (folder / "asked").write_text(told, encoding="utf-8")
    asked = [(where, port, path) for where, port, path in town.asked if (where, port) not in OPEN]
    forbidden = [each for each in town.asked if each[2].startswith("/forbidden/")]
    for each in sorted({*map(str, asked), *map(str, forbidden), *astray, *packets}):
        print(f"led astray: {each}", file=sys.stderr)
    return {
        "browser_ways": len(town.attacked),
        "browser_leaks": len(astray) + len(packets) + len(forbidden),
        "browser_packets_astray": len(astray) + len(packets),
        "browser_asked_what_robots_forbid": len(forbidden),
        "browser_honest_pages_lost": lost,
        "browser_crawls_failed": failed,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ways", default="")
    parser.add_argument("--origins", default="")
    options = parser.parse_args()
    for line in ROUTES:
        subprocess.run(line.split(), check=True)
    names = {*options.origins.split(",")} - {""}
    origins = [each for each in ORIGINS if not names or each.name in names]
    ways = [each for each in options.ways.split(",") if each] or all_ways()
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as resolver:
        resolver.write(f"nameserver {NAMES[0]}\noptions timeout:2\n")
        resolver.flush()
        command = ["mount", "--bind", resolver.name, "/etc/resolv.conf"]
        subprocess.run(command, check=True)
        print(json.dumps(besiege(options.folder, ways, origins)), flush=True)
        os._exit(0)


if __name__ == "__main__":
    main()
