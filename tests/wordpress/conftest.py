from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.engine import RowMapping

from newscrawl.addresses.address import identity
from newscrawl.items import Article
from tests.crawl.crawling import Crawl
from tests.wordpress import newest
from tests.wordpress.blocks import BlockSite
from tests.wordpress.packages import missing, themes
from tests.wordpress.server import WordPress, run_wordpress
from tests.wordpress.spec import Post, Site
from tests.wordpress.themes import THEMES, Theme

collect_ignore_glob = [] if os.environ.get("NEWSCRAWL_WORDPRESS") else ["test_*.py"]

PLUGINS = Path(__file__).with_name("plugins.php")
RUNS = pytest.StashKey[list["Crawled"]]()


@dataclass(frozen=True)
class Crawled:
    """A whole crawl of the site in one theme that has ended; ``hits`` are its requests."""

    theme: Theme
    sources: str
    url: str
    site: Site
    process: subprocess.CompletedProcess[str]
    log: str
    hits: list[tuple[int, str]]
    stored: dict[str, Article]
    pages: dict[str, RowMapping]
    lines: str

    def key(self, path: str) -> str:
        return identity(self.url + path)

    @property
    def truth(self) -> dict[str, Post]:
        return {self.key(post.path): post for post in self.site.posts}


Crawls = Callable[[str, str], Crawled]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sources(*names): crawls by these sources only")


Running = Callable[[Theme], WordPress]


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    """Return the site that has a theme, started when it is first asked for."""
    with ExitStack() as stack:
        sites: dict[bool, WordPress] = {}

        def of(theme: Theme) -> WordPress:
            if absent := missing():
                pytest.skip(f"WordPress cannot run here, missing: {', '.join(absent)}")
            if theme.newest and not newest.is_here():
                pytest.skip("the newest WordPress is not here")
            if theme.newest not in sites:
                site = (
                    run_wordpress(BlockSite(), newest.WORDPRESS, PLUGINS)
                    if theme.newest
                    else run_wordpress(Site())
                )
                sites[theme.newest] = stack.enter_context(site)
            return sites[theme.newest]

        yield of


@pytest.fixture(scope="session")
def crawls(
    running: Running,
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> Crawls:
    """Crawl the site in a theme by some sources, once for all tests that look at it."""
    done: dict[tuple[str, str], Crawled] = {}
    runs = pytestconfig.stash.setdefault(RUNS, [])

    def crawled(theme: str, sources: str) -> Crawled:
        if (theme, sources) not in done:
            folder = tmp_path_factory.mktemp(f"{theme}-{sources}")
            wordpress = running(THEMES[theme])
            if not runs or runs[-1].theme.name != theme:
                _switch(wordpress, THEMES[theme])
            done[theme, sources] = _crawl(wordpress, THEMES[theme], sources, folder)
            runs.append(done[theme, sources])
        return done[theme, sources]

    return crawled


@pytest.fixture
def crawled(request: pytest.FixtureRequest, crawls: Crawls) -> Crawled:
    return crawls(*request.param)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "crawled" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("sources")
        sources = marker.args if marker else ("links", "all")
        pairs = [(theme, source) for theme in THEMES for source in sources]
        metafunc.parametrize("crawled", pairs, ids=map("-".join, pairs), indirect=True)


def _switch(wordpress: WordPress, theme: Theme) -> None:
    if not theme.newest and theme.name not in themes():
        pytest.skip(f"the theme {theme.name} is not installed")
    wordpress.switch_theme(theme.name, theme.single)


def _crawl(wordpress: WordPress, theme: Theme, sources: str, folder: Path) -> Crawled:
    before = len(wordpress.hits)
    seeds = [f"{wordpress.url}/"]
    if sources == "all":
        seeds += [wordpress.url + post.old_path for post in wordpress.site.posts if post.old_slug]
    arguments = ["-a", f"discover={sources}"] if sources != "all" else []
    crawl = Crawl(folder)
    process = crawl.run("site", "-a", f"url={','.join(seeds)}", *arguments)
    began = crawl.jsonl.exists()
    return Crawled(
        theme=theme,
        sources=sources,
        url=wordpress.url,
        site=wordpress.site,
        process=process,
        log=crawl.log if began else process.stderr,
        hits=wordpress.hits[before:],
        stored=crawl.articles() if began else {},
        pages=crawl.pages() if began else {},
        lines=crawl.jsonl.read_text(encoding="utf-8") if began else "",
    )


def _share(crawled: Crawled, *, true_body: bool) -> float:
    stored = crawled.stored
    found = [
        key
        for key, post in crawled.truth.items()
        if key in stored and (not true_body or stored[key].text == post.body)
    ]
    return len(found) / len(crawled.truth)


def _measured(runs: list[Crawled]) -> Iterator[tuple[str, str]]:
    """Shares over all posts, of the worst theme first; then each crawl by itself."""
    yield "posts", str(len(runs[0].truth))
    for sources in sorted({run.sources for run in runs}):
        shares = [_share(run, true_body=False) for run in runs if run.sources == sources]
        yield f"recall_{sources}", f"{min(shares):.4f}"
    yield "body_exact", f"{min(_share(run, true_body=True) for run in runs):.4f}"
    yield "others_stored", str(max(len(run.stored.keys() - run.truth.keys()) for run in runs))
    for run in runs:
        name = f"{run.theme.name}_{run.sources}"
        yield f"{name}_recall", f"{_share(run, true_body=False):.4f}"
        yield f"{name}_body_exact", f"{_share(run, true_body=True):.4f}"
        yield f"{name}_requests", str(len(run.hits))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if runs := config.stash.get(RUNS, []):
        terminalreporter.section("WordPress")
        for name, value in _measured(runs):
            terminalreporter.write_line(f"wordpress_{name}: {value}")
