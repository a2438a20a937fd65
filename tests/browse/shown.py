"""A database that says hostile things wherever a page shows them, and a real browse over it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page
from sqlalchemy import delete, insert, update

from newscrawl.dataset.articles import ArticleStore
from newscrawl.dedup.signatures import article_id
from newscrawl.discovery.links import Way
from newscrawl.frontier import claims, visits
from newscrawl.frontier.claims import Stage
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import discover, found_at
from newscrawl.frontier.runs import begin_run, end_run
from newscrawl.frontier.visits import Visit
from newscrawl.items import Article, Comment, Image
from newscrawl.outcomes import Outcome
from newscrawl.pipelines.dedupe import DedupePipeline
from newscrawl.search import index
from newscrawl.store.database import connect, migrate
from newscrawl.store.schema import hosts, leases, pages, runs
from tests.crawl.crawling import ENVIRONMENT, NEWSCRAWL
from tests.tabs import Tab

SITE = "daily.example"
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>"
BREAKING_OUT = "\"'></title></textarea></style><svg/onload=alert(3)>{{7*7}}{% raw %}"
TURNED = "\u202eturned around\u202d \u2066and\u0007\u001b[31mred"
ADDRESS = "javascript:alert(4)"
LEADING = 'http://evil.example/"><script>alert(5)</script>'
LONG = "endless" * 150_000
NAMES = ("north", "harbour", "long", "copy", "turned", "arabic")
DAY = datetime(2025, 3, 1, 8, tzinfo=UTC)
POLICY = RevisitPolicy(3600.0, 86_400.0)
PHONE = {"width": 390, "height": 844}


def article(name: str, **fields) -> Article:
    url = f"https://{SITE}/{name}/"
    given = {
        "headline": f"Story {name} {ATTACK}",
        "subtitle": BREAKING_OUT,
        "text": f"The {name} pier was rebuilt. {ATTACK}\n\nA second paragraph: {BREAKING_OUT}",
        "html": f"<p>The {name} pier</p>{ATTACK}",
        "authors": [f"Ada {ATTACK}"],
        "sections": ["Sport", ATTACK],
        "language": "en",
        "published": DAY + timedelta(days=NAMES.index(name)),
        "images": [
            Image(url=ADDRESS, caption=ATTACK, alt=BREAKING_OUT, credit=TURNED),
            Image(url="https://pictures.example/a.jpg", path="full/a.jpg", caption="A pier"),
            Image(url="https://pictures.example/b.jpg", path="../../secret.txt"),
        ],
        "comments": [Comment(author=ATTACK, text=BREAKING_OUT)],
        "source_url": ADDRESS,
        "provenance": {"headline": ATTACK, "text": "html", "rating": "own"},
        "extra": {"rating": {"stars": 4, "said": ATTACK}, ATTACK: [TURNED]},
        "doubts": [ATTACK],
        "confidence": 0.4,
        **fields,
    }
    return Article(id=article_id(url), url=url, canonical_url=url, site=SITE, **given)


def fill(url: str) -> None:
    engine, store, sign = connect(url), ArticleStore(""), DedupePipeline().process_item
    migrate(engine)
    index.prepare(engine, wanted=True)
    with engine.begin() as connection:
        run = begin_run(
            connection,
            spider="site",
            sites=[SITE],
            arguments={"url": ATTACK},
            version="",
            policy=POLICY,
        ).run
        texts = {"long": LONG, "turned": f"Before {TURNED} after", "arabic": "قال العَرَبي pier"}
        made = [article(name, **({"text": texts[name]} if name in texts else {})) for name in NAMES]
        made[3].text = made[0].text  # a copy
        for each in made:
            found = found_at(each.url, kind="related", way=Way.RELATED, depth=1, priority=1)
            discover(connection, run, [found])
            store.store(connection, sign(each))
        again = article("harbour", text="The harbour pier was opened in May. A second sentence.")
        store.store(connection, sign(again))
        _visit(connection, run)
        end_run(connection, run, "finished")
        connection.execute(update(runs).values(alarms=[ATTACK], outcomes={"failed": 1}))
        connection.execute(
            insert(hosts).values(host=ATTACK, until=2e9, delay=3.0, reason=TURNED, since=1.0)
        )
        begin_run(connection, spider="site", sites=[SITE], arguments={}, version="", policy=POLICY)
        connection.execute(delete(leases))  # as if nobody had worked on it for long
    engine.dispose()


def _visit(connection, run: int) -> None:
    path = f"https://{SITE}/failed?x={ATTACK}"
    discover(
        connection, run, [found_at(path, kind="related", way=Way.RELATED, depth=1, priority=9)]
    )
    for row in claims.claim(connection, run, [SITE], 50, Stage.ORDINARY, claimed_before=1):
        said = {"said": ATTACK}
        done = Visit(row, outcome=Outcome.FAILED, reason=ATTACK, status=500, evidence=said)
        if "failed" not in row.url:
            done = Visit(row, outcome=Outcome.ARTICLE, article_id=article_id(row.url), status=200)
        visits.finish(connection, run, [done], POLICY, cycle=run)
    connection.execute(
        update(pages)
        .where(pages.c.url.contains("/long/"))
        .values(outcome="redirected", reason=LEADING)
    )


@contextmanager
def browsing(database: str, folder: Path, *options: str) -> Iterator[str]:
    """Run ``newscrawl browse``; yields its URL."""
    command = [
        *NEWSCRAWL,
        *("browse", "--port", "0", *options),
        *("-s", f"NEWSCRAWL_DATABASE_URL={database}"),
    ]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            told = re.match(r"(http://127\.0\.0\.1:\d+)/ ", process.stdout.readline())
            assert told is not None, process.communicate()
            yield told[1]
        finally:
            process.terminate()
            process.communicate()


@dataclass
class Opened(Tab):
    """A tab in which the pages of one browse are opened."""

    base: str = ""

    def go(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page

    def id_of(self, name: str) -> str:
        """Return where the article of that name is shown."""
        self.go(f"/url?u=https://{SITE}/{name}/")
        href = self.page.locator("main a[href^='/article/']").first.get_attribute("href")
        assert href is not None
        return href

    @property
    def elsewhere(self) -> list[str]:
        """What was asked for that is not ours."""
        return [url for url in self.requests if not url.startswith(self.base)]


def follow(link: Locator) -> None:
    """Click on what leads to another page, and wait until all of that is there."""
    with link.page.expect_navigation():
        link.click()


@contextmanager
def tab(browser: Browser, base: str, **options) -> Iterator[Opened]:
    context = browser.new_context(**options)
    opened = Opened(context.new_page(), base=base)
    opened.listen()
    yield opened
    context.close()
