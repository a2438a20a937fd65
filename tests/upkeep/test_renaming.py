"""A site is renamed whole or not at all, in the ledger, the dataset and the log."""

from __future__ import annotations

import json
import os
import signal
import socket
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select

from newscrawl.addresses.address import identity
from newscrawl.addresses.moves import Move, NoPlaceError
from newscrawl.dataset.articles import ArticleStore
from newscrawl.dataset.logs import LogPath
from newscrawl.discovery.links import Way
from newscrawl.frontier import lease, rows, runs
from newscrawl.frontier.hosts import HostLimits
from newscrawl.frontier.lease import SiteLocked
from newscrawl.frontier.renaming import moves_to
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import Found
from newscrawl.store.database import reading
from newscrawl.store.schema import (
    ERASED,
    aliases,
    articles,
    contents,
    coverage,
    hosts,
    leases,
    logs,
    metadata,
    pages,
    rebuilds,
    scopes,
)
from newscrawl.store.schema import runs as runs_table
from newscrawl.upkeep.renaming import CannotRename, Renaming
from tests.dataset.test_articles import SITE, Page
from tests.upkeep.checking import faults

NEW = "weekly.example"
POLICY = RevisitPolicy(3600.0, 86_400.0)
STORY = " ".join(f"word{number} told" for number in range(200))
MANY = 450
KILLED = """
import os, signal, sys
from newscrawl.addresses.moves import Move
from newscrawl.dataset import renaming as dataset
from newscrawl.dataset.logs import LogPath
from newscrawl.frontier import renaming as ledger
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.store.database import connect
from newscrawl.upkeep.renaming import Renaming
url, old, new, template, where = sys.argv[1:]
def killed(*_): os.kill(os.getpid(), signal.SIGKILL)
if where == "log noted":
    ledger.move_pages = killed
if where == "lines written":
    dataset.add_aliases = killed
if where == "all but committed":
    ledger.copy_limits = killed
Renaming(connect(url), Move.to(old, new), LogPath(template), RevisitPolicy(1.0, 2.0)).run()
"""


def found(url: str) -> Found:
    return rows.found_at(url, kind="article", way=Way.SEED, depth=1, priority=50)


def crawl(engine: Engine, template: str, *stories: Page, host: str = f"https://{SITE}") -> int:
    """A run that stores articles; their rows wait to be visited again."""
    site = found(f"{host}/").site
    with engine.begin() as connection:
        run = runs.begin_run(
            connection,
            spider="site",
            sites=[site],
            arguments={"url": f"{host}/"},
            version="1",
            policy=POLICY,
        ).run
        store = ArticleStore(template)
        store.run = run
        store.open_log(connection, site)
        for page in stories:
            article = page.article()
            rows.discover(connection, run, [found(article.url)])
            store.store(connection, article)
        store.before_commit(connection)
        store.close()
        runs.end_run(connection, run, "finished")
    return run


def rename(engine: Engine, template: str, new: str = NEW, old: str = SITE) -> Renaming:
    renaming = Renaming(engine, Move.to(old, new), LogPath(template), POLICY)
    renaming.run()
    return renaming


def told(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with reading(engine) as connection:
        return {
            name: sorted(map(tuple, connection.execute(select(table)).all()), key=repr)
            for name, table in metadata.tables.items()
        }


@pytest.fixture
def template(tmp_path) -> str:
    return f"{tmp_path}/{{site}}.jsonl"


@pytest.fixture
def stored(engine, template):
    crawl(engine, template, Page("/a", STORY), Page("/b", STORY), Page("/c", "Another text."))
    return engine


def test_rows_and_articles_have_the_new_name_and_articles_keep_their_ids(stored, template):
    before = {row[0] for row in told(stored)["articles"]}
    rename(stored, template)
    with reading(stored) as connection:
        assert set(connection.execute(select(pages.c.site)).scalars()) == {NEW}
        assert set(connection.execute(select(articles.c.site)).scalars()) == {NEW}
        assert set(connection.execute(select(articles.c.id)).scalars()) == before
        known = set(connection.execute(select(pages.c.identity)).scalars())
    assert known == {identity(f"https://{NEW}/{name}") for name in "abc"}
    assert faults(stored, without=["rows of the ledger"]) == []


def test_an_article_is_known_by_its_old_and_its_new_names(stored, template):
    rename(stored, template)
    with reading(stored) as connection:
        names = set(connection.execute(select(aliases.c.identity)).scalars())
    assert names == {identity(f"https://{host}/{name}") for host in (SITE, NEW) for name in "abc"}


def test_what_is_read_at_a_new_address_is_unchanged_and_no_article(stored, template):
    rename(stored, template)
    crawl(stored, template, Page("/a", STORY, host=f"https://{NEW}"), host=f"https://{NEW}")
    with reading(stored) as connection:
        assert len(connection.execute(select(articles.c.id)).all()) == 3
        assert set(connection.execute(select(articles.c.revision)).scalars()) == {1}
    assert faults(stored) == []


def test_a_new_copy_is_known_by_the_texts_of_before(stored, template):
    rename(stored, template)
    crawl(stored, template, Page("/d", STORY, host=f"https://{NEW}"), host=f"https://{NEW}")
    with reading(stored) as connection:
        names = connection.execute(select(scopes.c.name)).scalars().all()
        kinds = connection.execute(select(articles.c.duplicate_kind)).scalars().all()
        assert connection.execute(select(contents.c.id)).first()
    assert names == [NEW]
    assert sorted(map(str, kinds)) == ["None", "None", "exact", "exact"]


def test_a_rename_is_a_run_that_articles_were_changed_by(stored, template):
    rename(stored, template)
    with reading(stored) as connection:
        (first, last) = connection.execute(select(runs_table).order_by(runs_table.c.id)).all()
        changed = set(connection.execute(select(articles.c.changed_run)).scalars())
    assert (first.sites, last.sites) == ([NEW], [NEW])
    assert first.arguments == {"url": f"https://{NEW}/"}
    assert (last.spider, last.reason, changed) == ("rename-site", "finished", {last.id})


def test_what_a_host_asked_for_holds_for_its_new_name(stored, template):
    limits = HostLimits(f"www.{SITE}", 7.0, 3.0, "Crawl-delay", since=1.0)._asdict()
    with stored.begin() as connection:
        connection.execute(insert(hosts).values(**limits))
        connection.execute(insert(coverage).values(run=1, site=SITE, articles=3, fields={}))
    rename(stored, template)
    with reading(stored) as connection:
        delays = dict(connection.execute(select(hosts.c.host, hosts.c.delay)).all())
        assert connection.execute(select(coverage.c.site)).scalars().all() == [NEW]
    assert delays == {f"www.{SITE}": 3.0, f"www.{NEW}": 3.0}


def test_subdomains_move_with_the_site(engine, template):
    crawl(engine, template, Page("/a", STORY, host=f"https://en.{SITE}"))
    rename(engine, template)
    with reading(engine) as connection:
        assert connection.execute(select(articles.c.url)).scalar() == f"https://en.{NEW}/a"


def test_what_was_erased_stays_so_under_both_names(stored, template):
    with stored.begin() as connection:
        connection.execute(pages.update().where(pages.c.url.endswith("/a")).values(state=ERASED))
    for old, new in ((SITE, NEW), (NEW, SITE), (SITE, NEW)):
        rename(stored, template, new, old)
        with reading(stored) as connection:
            stones = connection.execute(select(pages.c.identity).where(pages.c.state == ERASED))
            assert set(stones.scalars()) == {identity(f"https://{each}/a") for each in (SITE, NEW)}
            assert set(connection.execute(select(pages.c.site)).scalars()) == {new}


def test_more_than_one_batch_is_renamed(engine, template):
    stories = [Page(f"/{number}", f"Text number {number}.") for number in range(MANY)]
    crawl(engine, template, *stories)
    rename(engine, template)
    assert faults(engine, without=["rows of the ledger"]) == []
    with reading(engine) as connection:
        assert (
            len(connection.execute(select(articles.c.id).where(articles.c.site == NEW)).all())
            == MANY
        )
        assert len(connection.execute(select(aliases.c.identity)).all()) == 2 * MANY


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("{site}.jsonl", id="a-log-of-each-site"),
        pytest.param("all.jsonl", id="one-file"),
        pytest.param("{site}-{day}.jsonl", id="by-day"),
        pytest.param("{site}-{part}.jsonl", id="by-part"),
    ],
)
def test_the_log_has_a_line_of_each_article_at_its_new_address(engine, tmp_path, name):
    template = f"{tmp_path}/{name}"
    crawl(engine, template, Page("/a", STORY), Page("/c", "Another text."))
    rename(engine, template)
    texts = [path.read_text() for path in tmp_path.glob("*.jsonl")]
    lines = [json.loads(line) for text in texts for line in text.splitlines()]
    assert sorted(line["url"] for line in lines) == [
        f"https://{host}/{page}" for host in (SITE, NEW) for page in "ac"
    ]
    crawl(engine, template, Page("/d", "A third.", host=f"https://{NEW}"), host=f"https://{NEW}")
    assert faults(engine, without=["rows of the ledger"]) == []


def test_without_a_log_in_the_settings_the_open_one_goes_on(stored):
    rename(stored, "")
    assert faults(stored, without=["rows of the ledger"]) == []
    with reading(stored) as connection:
        assert len(connection.execute(select(logs.c.path)).all()) == 1


def test_a_dataset_that_never_had_a_log_is_renamed_too(engine):
    crawl(engine, "", Page("/a", STORY))
    rename(engine, "")
    with reading(engine) as connection:
        assert connection.execute(select(articles.c.site)).scalar() == NEW


def test_a_file_of_somebody_else_is_not_overwritten(stored, template, tmp_path):
    theirs = tmp_path / f"{NEW}.jsonl"
    theirs.write_text("mine\n")
    before = told(stored)
    with pytest.raises(ValueError, match="already exists"):
        rename(stored, template)
    assert theirs.read_text() == "mine\n"
    assert told(stored) == before


def test_a_site_may_be_renamed_twice_and_back(stored, template):
    for old, new in ((SITE, NEW), (NEW, "third.example"), ("third.example", SITE)):
        rename(stored, template, new, old)
        assert faults(stored, without=["rows of the ledger"]) == []
    with reading(stored) as connection:
        assert set(moves_to(connection, [SITE])) == {NEW, "third.example"}
        assert moves_to(connection, ["other.example"]) == {}


def test_a_rename_beside_a_run_is_refused(stored, template):
    own = {"run": 1, "host": socket.gethostname(), "pid": 1}
    with stored.begin() as connection:
        at = lease.now(connection)
        connection.execute(insert(leases).values(site=SITE, **own, heartbeat=at))
    before = told(stored)
    with pytest.raises(SiteLocked, match="is crawling"):
        rename(stored, template)
    assert told(stored) == before


def test_a_rename_beside_a_rebuild_is_refused(stored, template):
    with stored.begin() as connection:
        connection.execute(insert(rebuilds).values(id=1, scope="site", indexed=False, after=""))
    with pytest.raises(SiteLocked, match="dedupe"):
        rename(stored, template)


def test_a_site_whose_last_run_died_is_renamed_and_its_rows_wait(stored, template):
    with stored.begin() as connection:
        dead = runs.begin_run(
            connection, spider="site", sites=[SITE], arguments={}, version="1", policy=POLICY
        ).run
        connection.execute(leases.update().values(heartbeat=0.0))
    rename(stored, template)
    with reading(stored) as connection:
        reasons = dict(connection.execute(select(runs_table.c.id, runs_table.c.reason)).all())
        assert connection.execute(select(leases.c.site)).first() is None
        assert set(connection.execute(select(pages.c.state)).scalars()) == {"queued"}
    assert reasons[dead] == "killed"
    assert faults(stored, without=["rows of the ledger"]) == []


def test_a_name_with_articles_of_its_own_is_refused(stored, template):
    host = f"https://{NEW}"
    crawl(stored, template, Page("/z", "Their own.", host=host), host=host)
    before = told(stored)
    with pytest.raises(CannotRename, match="1 pages, 1 articles"):
        rename(stored, template)
    assert told(stored) == before


def test_a_subdomain_without_a_place_at_the_new_name_changes_nothing(engine, template):
    crawl(engine, template, Page("/a", STORY), Page("/b", "Text.", host=f"https://en.{SITE}"))
    before = told(engine)
    with pytest.raises(NoPlaceError, match=r"en\.daily\.example has no place"):
        rename(engine, template, "127.0.0.1:8000")
    after = told(engine)
    del before["logs"], after["logs"]
    assert after == before
    assert faults(engine, without=["rows of the ledger"]) == []


def test_pages_that_would_have_one_address_are_not_merged(engine, template):
    crawl(engine, template, Page("/a", STORY), Page("/a", "Text.", host=f"https://{SITE}:8080"))
    with pytest.raises(CannotRename, match="two pages"):
        rename(engine, template, f"{NEW}:81")


def test_a_preview_counts_and_changes_nothing(stored, template, tmp_path):
    before = told(stored)
    preview = Renaming(stored, Move.to(SITE, NEW), LogPath(template), POLICY).preview()
    assert (preview.pages, preview.articles, preview.aliases) == (3, 3, 3)
    assert told(stored) == before
    assert not (tmp_path / f"{NEW}.jsonl").exists()


@pytest.mark.parametrize("where", ["log noted", "lines written", "all but committed"])
def test_a_rename_that_was_killed_has_not_happened_and_can_be_done_again(
    stored, database, template, tmp_path, nursery, where
):
    before = told(stored)
    arguments = [database, SITE, NEW, template, where]
    ended = nursery.run(arguments, folder=tmp_path, environment=os.environ, code=KILLED)
    assert ended.returncode == -signal.SIGKILL
    after = told(stored)
    del before["logs"], after["logs"]
    assert after == before
    assert faults(stored, without=["rows of the ledger"]) == []
    rename(stored, template)
    assert faults(stored, without=["rows of the ledger"]) == []
    assert len(Path(tmp_path, f"{NEW}.jsonl").read_text().splitlines()) == 3
