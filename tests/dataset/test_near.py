"""Near-duplicates: which article is the original, whatever the order, and what it costs to change."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from newscrawl.dataset import near
from newscrawl.dataset.articles import ArticleStore
from newscrawl.dataset.near import Scope, scope_of
from newscrawl.outcomes import Outcome
from newscrawl.store.schema import contents, revisions, shingles
from tests.dataset.test_articles import MORNING, NOON, SITE, Page, crawled, id_of, logged, put, rows

OTHER = "weekly.example"


def story(seed: int, words: int = 60) -> list[str]:
    """Words of an invented language: two stories share no three in a row."""
    random = Random(seed)
    return ["".join(random.choices("abcdefghijklmnoprstuvw", k=6)) for _ in range(words)]


def edited(words: list[str], at: int) -> list[str]:
    return [*words[:at], "edited", *words[at + 1 :]]


def text(words: list[str]) -> str:
    return " ".join(words)


ONE = story(1)
EDITED = text(edited(ONE, 20))


@pytest.fixture
def db(engine):
    with engine.begin() as connection:
        yield connection


@pytest.fixture
def store(tmp_path, db):
    store = ArticleStore(f"{tmp_path}/{{site}}.jsonl")
    store.open_log(db, SITE)
    yield store
    store.close()


def marks(db: Connection) -> dict[str, tuple[str | None, str | None]]:
    return {key: (row.duplicate_of, row.duplicate_kind) for key, row in rows(db).items()}


def count(db: Connection, table) -> int:
    return db.execute(select(func.count()).select_from(table)).scalar_one()


def test_an_edited_copy_is_near(store, db):
    put(store, db, Page("/a", text(ONE), MORNING))
    stored = put(store, db, Page("/b", EDITED, NOON))
    assert stored[:3] == (Outcome.DUPLICATE, id_of("/b"), "near")
    assert marks(db)[id_of("/b")] == (id_of("/a"), "near")


def test_the_similarity_of_a_near_copy_is_the_containment_of_its_shingles(store, db):
    put(store, db, Page("/a", text(ONE), MORNING))
    put(store, db, Page("/b", EDITED, NOON))
    assert rows(db)[id_of("/b")].similarity == round(55 / 58, 3)


def test_an_earlier_story_takes_over_its_near_copies(store, db, tmp_path):
    put(store, db, Page("/b", EDITED, NOON))
    stored = put(store, db, Page("/a", text(ONE), MORNING))
    assert (stored.outcome, stored.demoted) == (Outcome.ARTICLE, 1)
    assert marks(db)[id_of("/b")] == (id_of("/a"), "near")
    last = logged(store, db, tmp_path / f"{SITE}.jsonl")[-1]
    assert (last["id"], last["duplicate_of"]) == (id_of("/b"), id_of("/a"))


def test_an_excerpt_is_a_near_copy(store, db):
    long = story(2, 300)
    put(store, db, Page("/a", text(long), MORNING))
    assert put(store, db, Page("/b", text(long[:90]), NOON)).kind == "near"


def test_two_stories_are_two_articles(store, db):
    put(store, db, Page("/a", text(ONE)))
    assert put(store, db, Page("/b", text(story(2)))).outcome is Outcome.ARTICLE


def test_short_texts_are_only_compared_exactly(store, db):
    put(store, db, Page("/a", text(ONE[:20])))
    assert put(store, db, Page("/b", text(ONE[:19]))).outcome is Outcome.ARTICLE


def test_a_copy_of_another_site_is_an_article_of_its_own(store, db):
    put(store, db, Page("/a", text(ONE)))
    assert put(store, db, Page("/a", EDITED, host=f"https://{OTHER}")).outcome is Outcome.ARTICLE


@pytest.mark.parametrize("copy", [text(ONE), EDITED], ids=["exact", "near"])
def test_in_the_scope_of_all_sites_a_story_is_told_once(db, copy):
    store = ArticleStore("", scope=Scope.ALL)
    put(store, db, Page("/a", text(ONE), MORNING))
    stored = put(store, db, Page("/a", copy, NOON, host=f"https://{OTHER}"))
    assert stored.outcome is Outcome.DUPLICATE


def test_a_copy_rewritten_becomes_an_article_of_its_own(store, db):
    put(store, db, Page("/a", text(ONE), MORNING))
    put(store, db, Page("/b", EDITED, NOON))
    put(store, db, Page("/b", text(story(3)), NOON))
    assert marks(db)[id_of("/b")] == (None, None)


def test_copies_of_a_rewritten_original_choose_another(store, db):
    put(store, db, Page("/a", text(ONE), MORNING))
    for at, path in enumerate("bc"):
        put(store, db, Page(f"/{path}", text(edited(ONE, 10 + at)), NOON))
    put(store, db, Page("/a", text(story(3)), MORNING))
    assert marks(db) == {
        id_of("/a"): (None, None),
        id_of("/b"): (None, None),
        id_of("/c"): (id_of("/b"), "near"),
    }


def test_a_text_that_no_article_has_any_more_leaves_the_index(store, db):
    put(store, db, Page("/a", text(ONE)))
    indexed = count(db, shingles)
    put(store, db, Page("/a", text(story(3))))
    put(store, db, Page("/a", text(ONE)))
    assert (count(db, contents), count(db, shingles)) == (1, indexed)
    assert count(db, revisions) == 2


def test_the_same_text_is_indexed_once(store, db):
    put(store, db, Page("/a", text(ONE)))
    indexed = count(db, shingles)
    put(store, db, Page("/b", text(ONE)))
    assert (count(db, contents), count(db, shingles)) == (1, indexed)


def test_boilerplate_makes_no_copies(store, db, monkeypatch):
    monkeypatch.setattr(near, "COMMON", 2)
    outro = story(9, 200)
    pages = [Page(f"/{seed}", text(story(seed, 400) + outro)) for seed in range(5)]
    for page in pages:
        put(store, db, page)
    assert set(marks(db).values()) == {(None, None)}


def test_a_common_shingle_takes_one_row(store, db, monkeypatch):
    monkeypatch.setattr(near, "COMMON", 2)
    for seed in range(5):
        put(store, db, Page(f"/{seed}", text(story(seed, 400) + story(9, 200))))
    held = select(func.count(shingles.c.content)).group_by(shingles.c.hash)
    assert max(db.execute(held).scalars()) == 1


def test_a_story_with_many_copies_is_still_found_by_the_next(store, db, monkeypatch):
    monkeypatch.setattr(near, "COMMON", 4)
    monkeypatch.setattr(near, "FAMILY", 2)
    for at in range(12):
        put(store, db, Page(f"/{at}", text(edited(ONE, 4 * at)), MORNING if at == 0 else NOON))
    assert {key for key, (of, _) in marks(db).items() if of is None} == {id_of("/0")}
    assert count(db, contents) == 2


def test_a_scope_that_is_none_is_named():
    with pytest.raises(ValueError, match="NEWSCRAWL_DEDUPE_SCOPE is 'everything'; use one of site"):
        scope_of("everything")


def test_what_was_stored_in_another_scope_has_to_be_decided_again(store, db):
    put(store, db, Page("/a", text(ONE)))
    with pytest.raises(ValueError, match="run newscrawl dedupe"):
        ArticleStore("", scope=Scope.ALL).check(db)


@st.composite
def near_copies(draw) -> tuple[list[Page], list[Page]]:
    """Articles of three stories in two orders: copies of copies drift apart, ties are likely."""
    dates = st.sampled_from([None, MORNING, NOON])
    pages = []
    for number in range(draw(st.integers(2, 6))):
        words = story(draw(st.integers(1, 2)), 40)
        for at in draw(st.lists(st.integers(0, 4), max_size=5, unique=True)):
            words = [*words[: 8 * at], *story(10 + at, 4), *words[8 * at + 4 :]]
        begin = draw(st.sampled_from([0, 0, 10]))
        pages.append(Page(f"/{number}", text(words[begin:]), draw(dates)))
    return pages, draw(st.permutations(pages))


@pytest.mark.parametrize("common", [near.COMMON, 2], ids=["all shingles tell", "some are common"])
@given(orders=near_copies())
@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_order_of_near_copies_gives_the_same_originals(engine, monkeypatch, common, orders):
    monkeypatch.setattr(near, "COMMON", common)
    with engine.begin() as db:
        (one, told), (other, _) = (crawled(db, order) for order in orders)
    assert one == other
    assert told == one
