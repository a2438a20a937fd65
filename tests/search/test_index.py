"""The index has the words of the articles, whoever writes or removes them."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, text, update

from newscrawl.dataset.articles import ArticleStore
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.dedupe import DedupePipeline
from newscrawl.search import index
from newscrawl.search.index import State, build, differences, prepare, remove, state_of
from newscrawl.store.database import connect, migrate
from newscrawl.store.schema import articles
from newscrawl.upkeep.erasing import scrub
from newscrawl.upkeep.retention import give_back_space
from tests.search.indexing import article, expected, stored

TEXTS = {
    "a": "The Straße was naïve: it's north-west of São Paulo. ÉLAN, Ελλάδα, ﬁne 1,392 x_y",
    "b": "昨日、東京都庁で会見が行われた。ガラス・カタカナ ﾊﾝｶｸ",
    "c": "กรุงเทพมหานครเป็นเมืองหลวง របស់ ພາສາລາວ မြန်မာ",
    "d": "Москва “столица” России… Ёлка — подъезд; ІЇЄ",
    "e": "العَرَبِيَّة שָׁלוֹם हिन्दी में समाचार। 서울에서 Tiếng Việt",
    "f": "soft\u00adhyphen zero\u200bwidth \u202eright\u202c emoji 🎉party \ue000fake\ue000site",
}


def agrees(engine) -> bool:
    with engine.begin() as connection:
        assert differences(connection) == (0, 0)
        return stored(connection) == expected(connection)


def store(engine, *made) -> None:
    kept = ArticleStore("")
    with engine.begin() as connection:
        for each in made:
            kept.store(connection, DedupePipeline().process_item(clean(each)))


def test_words_of_all_scripts_are_the_same_in_both_databases(indexed, keep):
    keep(*(article(key, said) for key, said in TEXTS.items()))
    assert agrees(indexed)


def test_labels_tell_of_the_fields(indexed, keep):
    keep(
        article("a", "x", sections=["Économie", "Sport"], authors=["Ада", "Bo"], language="en-US"),
        article("b", "x", published=None, duplicate_of="a", subtitle="Below"),
        article("c", "x", sections=["S" * 500], language=""),
    )
    assert agrees(indexed)


def test_a_revision_takes_the_place_of_what_was_said_before(indexed):
    store(indexed, article("", "The council met on Monday."))
    store(indexed, article("", "The council met on Tuesday, after all."))
    assert agrees(indexed)


def test_an_article_that_turns_out_to_be_a_copy_is_known_as_one(indexed):
    said = "The council met on Monday and spoke of the pier for a very long time. " * 9
    later, earlier = (
        article("", said, url=f"https://daily.example/{name}/", canonical_url="", published=at)
        for name, at in (("z", None), ("a", article("", "").published))
    )
    store(indexed, later, earlier)
    with indexed.begin() as connection:
        assert connection.scalar(text("SELECT count(duplicate_of) FROM articles")) == 1
    assert agrees(indexed)


def test_what_is_removed_or_changed_by_hand_is_too(indexed, keep):
    keep(*(article(key, said) for key, said in TEXTS.items()))
    with indexed.begin() as connection:
        connection.execute(delete(articles).where(articles.c.id == "a"))
        connection.execute(update(articles).values(site="evening.example"))
        connection.execute(update(articles).where(articles.c.id == "b").values(id="z"))
    assert agrees(indexed)


def test_a_change_of_other_fields_touches_no_row_of_it(indexed, keep):
    keep(article("a", "x"))
    with indexed.begin() as connection:
        before = connection.scalar(text("SELECT max(id) FROM search_rows"))
        connection.execute(update(articles).values(found_via="feed", view_count=3))
        assert connection.scalar(text("SELECT max(id) FROM search_rows")) == before
    assert agrees(indexed)


def test_it_outlives_a_vacuum(indexed, keep):
    keep(*(article(key, said) for key, said in TEXTS.items()))
    with indexed.begin() as connection:
        connection.execute(delete(articles).where(articles.c.id == "a"))
    index.merge(indexed)
    give_back_space(indexed)
    assert agrees(indexed)


def test_a_huge_text_is_stored_whatever_the_index_takes_of_it(indexed, keep):
    keep(article("a", " ".join(f"word{number}é" for number in range(120_000))))
    with indexed.begin() as connection:
        found = stored(connection)["a"]
    assert "word1e" in found


def test_what_was_stored_before_is_put_in(engine, keep):
    keep(*(article(key, said) for key, said in TEXTS.items()))
    with engine.begin() as connection:
        assert state_of(connection) is State.OFF
    assert prepare(engine, wanted=True) is State.WHOLE
    assert agrees(engine)


def test_a_build_that_was_killed_is_finished_the_next_time(engine, keep, monkeypatch):
    monkeypatch.setattr(index, "AT_ONCE", 2)
    keep(*(article(key, said) for key, said in TEXTS.items()))
    next(build(engine))
    with engine.begin() as connection:
        assert state_of(connection) is State.UNFINISHED
        connection.execute(update(articles).where(articles.c.id == "f").values(text="changed"))
        connection.execute(delete(articles).where(articles.c.id == "e"))
    keep(article("g", "stored meanwhile"))
    assert list(build(engine))[-1] == 2
    assert agrees(engine)


def test_a_run_leaves_a_large_database_to_a_person(engine, keep, monkeypatch):
    monkeypatch.setattr(index, "FEW", 3)
    keep(*(article(key, said) for key, said in TEXTS.items()))
    assert prepare(engine, wanted=True) is State.OFF
    with engine.begin() as connection:
        assert state_of(connection) is State.OFF


@pytest.mark.parametrize("times", [1, 2])
def test_it_is_taken_away_where_it_is_not_wanted(indexed, keep, times):
    keep(article("a", "x"))
    for _ in range(times):
        assert prepare(indexed, wanted=False) is State.OFF
    keep(article("b", "x"))
    with indexed.begin() as connection:
        assert state_of(connection) is State.OFF
    remove(indexed)


def test_an_index_of_another_version_is_made_anew(indexed, keep):
    keep(article("a", "x"))
    with indexed.begin() as connection:
        if indexed.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER search_delete")
        else:
            connection.exec_driver_sql("COMMENT ON TRIGGER search_row ON articles IS '0'")
        connection.execute(text("DELETE FROM search_rows"))
    assert prepare(indexed, wanted=True) is State.WHOLE
    assert agrees(indexed)


def test_a_word_that_was_erased_is_in_no_byte_of_the_file(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/n.db")
    migrate(engine)
    prepare(engine, wanted=True)
    for number in range(30):
        store(engine, article("", f"the secret{number} pier", url=f"https://a.example/{number}"))
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
        connection.exec_driver_sql("DELETE FROM aliases")
        connection.execute(delete(articles).where(articles.c.text.contains("secret7")))
    scrub(engine)
    engine.dispose()
    left = (tmp_path / "n.db").read_bytes()
    assert b"secret7" not in left
    assert b"secret8" in left
