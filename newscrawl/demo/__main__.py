"""``python -m newscrawl.demo``: serves the generated site on loopback."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.demo.odd import truth
from newscrawl.demo.odd_site import OddSite
from newscrawl.demo.rendering.article_page import THEMES
from newscrawl.demo.server import DemoApp, bind, serve
from newscrawl.demo.site import DemoSite

if TYPE_CHECKING:
    from collections.abc import Sequence

PORT, ODD_PORT = 8017, 8019
_HIGHEST_PORT = 65_535


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m newscrawl.demo", description="Serves a generated news site on 127.0.0.1."
    )
    parser.add_argument("--port", type=int, help="8017, with --odd 8019; 0 takes a free one")
    parser.add_argument("--articles", type=int, default=300, help="number of original articles")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another site")
    parser.add_argument("--generation", type=int, default=0, help="how often the site has changed")
    parser.add_argument("--theme", choices=sorted(THEMES), default="jnews")
    parser.add_argument("--page-kb", type=int, metavar="N", help="least size of a page in KiB")
    parser.add_argument(
        "--odd", action="store_true", help="the Ternholm Courier, whose markup is its own"
    )
    parser.add_argument(
        "--check", type=Path, metavar="FILE", help="say what is wrong in articles read of it"
    )
    parser.add_argument(
        "--access-log", type=Path, metavar="FILE", help="time, status, path and agent"
    )
    return parser


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    options = parser.parse_args(argv)
    if options.check and not options.odd:
        parser.error("--check is of the site that --odd serves")
    if options.port is None:
        options.port = ODD_PORT if options.odd else PORT
    if not 0 <= options.port <= _HIGHEST_PORT:
        parser.error(f"--port must be 0 to {_HIGHEST_PORT}")
    for name, least in (("articles", 1), ("generation", 0), ("page_kb", 1)):
        value = getattr(options, name)
        if value is not None and value < least:
            parser.error(f"--{name.replace('_', '-')} must be at least {least}")
    return options


def _announce(url: str) -> None:
    sys.stdout.write(f"demo site at {url}/\n")
    sys.stdout.flush()


def _check(file: Path) -> int:
    try:
        sys.stdout.write(truth.told(file))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"nothing to check: {error}\n")
        return 2
    return 0


def _site(options: argparse.Namespace, url: str) -> DemoSite | OddSite:
    if options.odd:
        return OddSite(url)
    return DemoSite(
        options.articles,
        options.seed,
        url,
        options.page_kb,
        generation=options.generation,
        theme=options.theme,
    )


def main(argv: Sequence[str] | None = None) -> int:
    options = _parse(argv)
    if options.check:
        return _check(options.check)
    with contextlib.ExitStack() as stack:
        try:
            sock = stack.enter_context(bind(options.port))
            log = (
                stack.enter_context(options.access_log.open("a", buffering=1, encoding="utf-8"))
                if options.access_log
                else None
            )
        except OSError as error:
            sys.stderr.write(f"demo site cannot start on port {options.port}: {error}\n")
            return 2
        url = f"http://127.0.0.1:{sock.getsockname()[1]}"
        site = _site(options, url)
        site.prepare()
        app = DemoApp(site, log)
        asyncio.run(serve(sock, app, lambda: _announce(url)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
