"""Whole crawls beside each other on one server, and what becomes of a crawl that grows."""

from __future__ import annotations

import statistics
import tempfile
from collections import defaultdict
from pathlib import Path

from newscrawl.exit_status import ExitStatus
from tests.bench.growth import ARTICLES_A_PAGE, grown
from tests.bench.ledger import fill
from tests.bench.measure import Begun, Measured, measure, newscrawl_command, together
from tests.demo.serving import DemoServer, run_demo

HERE = Path(__file__).parent
OURS, FOLLOWER, TUNED, CRAWLSPIDER = "newscrawl", "follower", "follower-tuned", "crawlspider"
FETCH, FLOOR = "floor-fetch", "floor"
"""Given pages fetched only, and fetched and parsed."""
KNOWN = (2_000, 20_000, 200_000)
FEW, MANY = 300, 20_000
"""Pages of a crawl from which and to which its memory grows."""
SMALL_KB = 4
"""A large crawl is of small pages: what it holds grows with their number."""
SHORT_COMMAND = ["-m", "newscrawl", "runs"]
BARE_IMPORT = ["-c", "import scrapy.cmdline"]

Turns = dict[str, list[Measured]]


def spider(name: str, *arguments: str) -> list[str]:
    return ["scrapy", "runspider", str(HERE / f"{name}.py"), *arguments]


def variants(server: DemoServer, folder: Path, paths: list[str]) -> dict[str, list[str]]:
    """Return all crawls of one turn, each of as many pages as ours has: ``paths``."""
    site = f"{server.url}/"
    limit = ("-s", f"CLOSESPIDER_PAGECOUNT={len(paths)}")
    tuned = ("-s", "CONCURRENT_ITEMS=16", "-s", "COOKIES_ENABLED=False")
    feed = ("-O", f"{folder}/{CRAWLSPIDER}/feed.jsonl")
    urls = folder / "urls"
    urls.write_text("\n".join(server.url + path for path in paths))
    given = ("-a", f"urls={urls}")
    return {
        OURS: newscrawl_command(server.url, folder / OURS),
        FOLLOWER: spider("follower", "-a", f"url={site}", *limit),
        TUNED: spider("follower", "-a", f"url={site}", *limit, *tuned),
        CRAWLSPIDER: spider("crawlspider", "-a", f"url={site}", *limit, *feed),
        FETCH: spider("floor", *given, "-a", "parse_pages=0"),
        FLOOR: spider("floor", *given, "-a", "parse_pages=1"),
    }


def fetched_by_us(articles: int, page_kb: int) -> list[str]:
    """Crawl once, unmeasured, and return the paths that were answered, in their order."""
    with (
        run_demo(articles=articles, page_kb=page_kb) as server,
        tempfile.TemporaryDirectory() as name,
    ):
        pages = measure(newscrawl_command(server.url, Path(name)), Path(name)).pages
        return [path for status, path in server.hits if status == 200][:pages]


def side_by_side(articles: int, page_kb: int, turns: int, names: tuple[str, ...] = ()) -> Turns:
    """Crawl so many times, all variants or those of ``names`` at the same time on one server.

    Every other turn they start in the opposite order.
    """
    found: defaultdict[str, list[Measured]] = defaultdict(list)
    paths = fetched_by_us(articles, page_kb)
    for turn in range(turns):
        with (
            run_demo(articles=articles, page_kb=page_kb) as server,
            tempfile.TemporaryDirectory() as folder,
        ):
            made = variants(server, Path(folder), paths)
            order = [name for name in made if not names or name in names]
            chosen = {name: made[name] for name in (order[::-1] if turn % 2 else order)}
            for name, measured in together(chosen, Path(folder)).items():
                found[name].append(measured)
    return found


def ratio(found: Turns, name: str) -> float:
    """Return our CPU a page in that of another, the median of the turns."""
    pairs = zip(found[OURS], found[name], strict=True)
    return statistics.median(ours.cpu_ms_a_page / other.cpu_ms_a_page for ours, other in pairs)


def instructions_ratio(found: Turns, name: str) -> float | None:
    """As :func:`ratio`, in instructions; ``None`` where the machine does not count them."""
    counted = [
        ours.instructions_a_page / other.instructions_a_page
        for ours, other in zip(found[OURS], found[name], strict=True)
        if ours.instructions_a_page and other.instructions_a_page
    ]
    return statistics.median(counted) if counted else None


def growth(articles: int, page_kb: int) -> dict[int, Measured]:
    """Crawl with ledgers that know so many pages already, at the same time on one server."""
    with (
        run_demo(articles=articles, page_kb=page_kb) as server,
        tempfile.TemporaryDirectory() as name,
    ):
        commands = {}
        for known in KNOWN:
            folder = Path(name, str(known))
            folder.mkdir()
            fill(folder, server.url, known)
            own = ["-s", "NEWSCRAWL_MAX_TAG_PAGES=0"]
            commands[str(known)] = [*newscrawl_command(server.url, folder), *own]
        return {int(known): each for known, each in together(commands, Path(name)).items()}


def memory() -> dict[int, float]:
    """Return the peak memory of one crawl, in MB, when it has had few pages and when many."""
    articles = int(MANY * ARTICLES_A_PAGE * 1.1)
    with (
        run_demo(articles=articles, page_kb=SMALL_KB) as server,
        tempfile.TemporaryDirectory() as name,
    ):
        return grown(server, Path(name), [FEW, MANY])


def short_command(turns: int) -> float:
    """Return the CPU of a short command of ours in an empty folder, in that of loading Scrapy."""
    ratios = []
    for turn in range(turns):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
            order = (False, True) if turn % 2 else (True, False)
            begun = {
                is_ours: Begun(SHORT_COMMAND, Path(one))
                if is_ours
                else Begun(BARE_IMPORT, Path(other))
                for is_ours in order
            }
            ours = begun[True].ended(ExitStatus.BAD_INPUT).cpu_seconds
            ratios.append(ours / begun[False].ended().cpu_seconds)
    return statistics.median(ratios)
