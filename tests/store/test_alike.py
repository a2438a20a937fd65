"""The same things stored in SQLite and PostgreSQL are the same rows, found in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select

from newscrawl.addresses.address import site_of
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.dataset.articles import ArticleStore
from newscrawl.discovery.links import LinkKind, Way
from newscrawl.exporters.selection import Selection, batches
from newscrawl.frontier import visits
from newscrawl.frontier.balance import balance
from newscrawl.frontier.claims import Stage, claim, release_rest
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import Found, discover, found_at
from newscrawl.frontier.runs import begin_run, end_run
from newscrawl.frontier.visits import Visit
from newscrawl.history import queries, statistics
from newscrawl.history.explaining import explain
from newscrawl.items import Article, Heading, Image
from newscrawl.outcomes import Outcome
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.dedupe import DedupePipeline
from newscrawl.store.database import connect, migrate
from newscrawl.store.schema import articles, contents, metadata, pages, runs, scopes
from tests.store.serving import Server

HOSTS = ("https://daily.example", "https://www.Weekly.example", "https://z-z.example")
SITES = tuple(map(site_of, HOSTS))
POLICY = RevisitPolicy(0, 0)
OF_THE_CLOCK = {
    *("first_seen", "last_seen", "at", "started", "finished", "due", "heartbeat"),
    *("pid", "host"),
}

STANDS_FOR = {
    **dict.fromkeys(("found_on", "page"), pages.c.url),
    **dict.fromkeys(("run", "last_run", "found_run", "cycle", "changed_run"), runs.c.spider),
    "scope": scopes.c.name,
    "content": contents.c.content_hash,
}
"""What is behind the numbers that each database gives."""
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""It takes minutes here, and what differs is told by its table anyway."""

words = st.text(
    st.sampled_from("aAbBzZéÉßİ-_./ '\0\ud83d😀東\u0301\u200b0129\n") | st.characters(), max_size=9
)
paths = st.text(st.sampled_from("aAbBzZ09-_.~é東/ 😀%"), max_size=6)
urls = st.builds("{}/{}".format, st.sampled_from(HOSTS), paths)
counts = st.none() | st.integers(0, 2**63 - 1)
OFFSETS = (0, 3600, -12_600, 3630.123456, 20_700)
times = st.none() | st.builds(
    lambda hours, offset: (datetime(2025, 2, 28, tzinfo=UTC) + timedelta(hours=hours)).astimezone(
        timezone(timedelta(seconds=offset))
    ),
    st.integers(0, 60),
    st.sampled_from(OFFSETS),
)


@st.composite
def an_article(draw: st.DrawFn) -> Article:
    names = st.lists(words, max_size=2)
    return Article(
        url=draw(urls),
        canonical_url=draw(urls),
        headline=draw(words),
        subtitle=draw(st.none() | words),
        authors=draw(names),
        published=draw(times),
        published_raw=draw(st.none() | words),
        sections=draw(names),
        tags=draw(names),
        language=draw(st.sampled_from(["en", "de-AT", "und", "X-é"])),
        text=draw(st.sampled_from(["One story of a harbour.", "Another.", "One story.\0"]) | words),
        html=draw(words),
        headings=[Heading(level=2, text=draw(words))],
        images=[Image(url=draw(urls), caption=draw(words))],
        source_url=draw(st.none() | urls),
        source_name=draw(st.none() | words),
        view_count=draw(counts),
        comment_count=draw(counts),
        related_urls=draw(st.lists(urls, max_size=2)),
        found_via="category",
        provenance={"headline": "json-ld"},
    )


class Step(NamedTuple):
    """What becomes of the rows claimed next."""

    outcomes: list[Outcome]
    article: Article
    links: list[str]
    validator: str
    evidence: dict[str, Any]


outcomes = st.lists(
    st.sampled_from([*Outcome]).filter(lambda each: each is not Outcome.PART),
    min_size=1,
    max_size=4,
)
steps = st.builds(
    Step,
    outcomes,
    an_article(),
    st.lists(urls, max_size=6),
    st.text(
        st.characters(min_codepoint=0x20, max_codepoint=255, exclude_characters="\x7f"), max_size=8
    ),
    st.dictionaries(st.sampled_from(["page", "words", "ü"]), st.integers() | words.map(repr)),
)


@pytest.fixture(scope="module")
def engines(
    tmp_path_factory: pytest.TempPathFactory, postgresql: Server
) -> Iterator[tuple[Engine, ...]]:
    with postgresql.database() as url:
        sqlite = f"sqlite:///{tmp_path_factory.mktemp('alike')}/n.db"
        both = (connect(sqlite), connect(url))
        for engine in both:
            migrate(engine)
        yield both
        for engine in both:
            engine.dispose()


def links(found: list[str]) -> list[Found]:
    made = []
    for number, url in enumerate(found):
        try:
            made.append(
                found_at(
                    url, kind=LinkKind.ARTICLE, way=Way.RELATED, depth=1, priority=number % 3 - 1
                )
            )
        except UnfetchableURL:
            continue
    return made


def crawl(db: Connection, crawled: list[Step]) -> list[Any]:
    """Do the steps as a run does; returns what the ledger and the store answered."""
    run = begin_run(
        db, spider="é", sites=SITES, arguments={"a": "é\0"}, version="1", policy=POLICY
    ).run
    store, sign = ArticleStore(""), DedupePipeline().process_item
    store.run = run
    answers: list[Any] = [discover(db, run, links([f"{host}/" for host in HOSTS]))]
    for step in crawled:
        stored = store.store(db, sign(clean(deepcopy(step.article))))
        rows = [
            row
            for stage in (Stage.ORDINARY, Stage.FEEDS, Stage.WAITING)
            for row in claim(db, run, SITES, 2, stage, claimed_before=9)
        ]
        answers.append((stored, [row.url for row in rows]))
        done = [
            Visit(
                row,
                step.outcomes[at % len(step.outcomes)],
                article_id=stored.article_id,
                links=links(step.links),
                next_pages=[link.identity for link in links(step.links[:at])],
                etag=step.validator,
                evidence=step.evidence,
                seconds=len(row.url) / 3,
            )
            for at, row in enumerate(rows)
        ]
        if done:
            answers.append(visits.finish(db, run, done, POLICY, cycle=run))
    store.tell_strongest_ways(db, SITES, run)
    answers.append(release_rest(db, run, SITES))
    answers.append(balance(db, run, SITES))
    end_run(db, run, "finished")
    return answers


def tables(db: Connection) -> dict[str, list[str]]:
    """All rows of all tables, without what is of the clock; for numbers what they stand for."""
    meaning = {
        name: {row.id: row for row in db.execute(select(column.table.c.id, column))}
        for name, column in STANDS_FOR.items()
    }
    found = {}
    for table in metadata.sorted_tables:
        rows = []
        for row in db.execute(select(table)).mappings():
            kept = {key: value for key, value in row.items() if key not in OF_THE_CLOCK}
            if table is not articles:
                kept.pop("id", None)
            for name in meaning.keys() & kept.keys():
                kept[name] = meaning[name].get(kept[name], [kept[name]])[-1]
            rows.append(repr(kept))
        found[table.name] = sorted(rows)
    return found


def asked(db: Connection) -> dict[str, Any]:
    """What commands and reports read, in the order in which they get it."""
    exported = [
        tuple(zip(batch.columns["id"], batch.columns["published"], strict=True))
        for filters in (
            {"with_copies": True, "with_revisions": True},
            {"languages": ["DE", "x-É"]},
            {"since": datetime(2025, 3, 1, tzinfo=UTC)},
        )
        for batch in batches(db, Selection(**filters))
    ]
    known = db.execute(select(pages.c.url).order_by(pages.c.identity)).scalars().all()
    explained = [explain(db, url) for url in known]
    return {
        "exported": exported,
        "known": known,
        "copies": [[copy["url"] for copy in each.copies] for each in explained],
        "told": [each[:3] for each in queries.told(db)],
        "sites": queries.known_sites(db),
        "count": queries.count_articles(db),
        "facts": sorted(map(repr, statistics.article_facts(db, SITES))),
        "states": list(statistics.states(db, SITES).items()),
        "slowest": statistics.slowest(db, SITES, 3),
        "failing": statistics.failing(db, SITES, 3),
    }


@given(st.lists(steps, min_size=1, max_size=4))
@settings(
    deadline=None,
    max_examples=30,
    phases=WITHOUT_SHRINKING,
    suppress_health_check=[HealthCheck.too_slow],
)
def test_the_same_crawl_is_stored_alike_in_both_databases(engines, crawled):
    with ExitStack() as stack:
        seen = []
        for engine in engines:
            db = stack.enter_context(engine.connect())
            transaction = db.begin()
            stack.callback(transaction.rollback)
            seen.append({"answers": crawl(db, crawled), **tables(db), **asked(db)})
        assert seen[0] == seen[1]
