"""The index in PostgreSQL: a ``tsvector`` without positions and a GIN index, kept by a trigger.

Words are told apart by our own rules, those of :mod:`newscrawl.store.folding`: the parser of
PostgreSQL takes addresses and numbers for single words, and letters for what the locale says.
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, text

from newscrawl.store.folding import LABEL, LONGEST_LABEL, SEPARATORS, STRIPPED, UNSPACED

FORM = 1
"""One more with each change of what the functions make of a text."""
COLLATIONS = ("pg_c_utf8", "und-x-icu", "C.utf8")
"""Those that know the case of all letters, whatever the locale; the first that is there is taken."""
LONGEST = 250_000
"""Characters of a text that are looked at: a ``tsvector`` has at most a megabyte."""
LONGEST_WORD = 500
_MAKE = (
    """CREATE TABLE search_rows (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article_id text COLLATE "C" NOT NULL UNIQUE, at bigint, words tsvector NOT NULL)""",
    "CREATE INDEX ix_search_rows_at ON search_rows (at)",
    "CREATE INDEX ix_search_rows_words ON search_rows USING gin (words)",
    'CREATE TABLE search_build (after text COLLATE "C" NOT NULL)',
)
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION newscrawl_words(said text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT array(
    SELECT DISTINCT word FROM regexp_split_to_table(
        regexp_replace(
            normalize(regexp_replace(
                lower(normalize(left(said, {LONGEST}), NFKD) COLLATED), '[{STRIPPED}]', '', 'g'
            ), NFC), '([{UNSPACED}])', ' \\1 ', 'g'
        ), '[{SEPARATORS}]+') AS word
    WHERE word <> '' AND length(word) <= {LONGEST_WORD})
$$;
CREATE OR REPLACE FUNCTION newscrawl_label(kind text, value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT '{LABEL}' || kind || encode(convert_to(
    translate(left(value, {LONGEST_LABEL}), '{_UPPER}', '{_UPPER.lower()}'), 'UTF8'), 'hex')
$$;
CREATE OR REPLACE FUNCTION newscrawl_labels(kind text, listed json) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT array(SELECT newscrawl_label(kind, each) FROM json_array_elements_text(listed) AS each
    WHERE each IS NOT NULL)
$$;
CREATE OR REPLACE FUNCTION newscrawl_moment(published text) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN floor(extract(epoch FROM published::timestamptz));
EXCEPTION WHEN others THEN
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION newscrawl_dated(at bigint) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN at IS NULL THEN ARRAY[newscrawl_label('year', 'none')] ELSE ARRAY[
    newscrawl_label('year', to_char(to_timestamp(at) AT TIME ZONE 'UTC', 'YYYY')),
    newscrawl_label('month', to_char(to_timestamp(at) AT TIME ZONE 'UTC', 'YYYY-MM'))] END
$$;
CREATE OR REPLACE FUNCTION newscrawl_indexed(a articles) RETURNS tsvector
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    own text[] := ARRAY[
            newscrawl_label('site', a.site),
            newscrawl_label('copy', CASE WHEN a.duplicate_of IS NULL THEN 'no' ELSE 'yes' END)]
        || CASE WHEN coalesce(a.language, '') = '' THEN '{{}}'::text[] ELSE ARRAY[
            newscrawl_label('language', a.language),
            newscrawl_label('language', split_part(a.language, '-', 1))] END
        || newscrawl_labels('section', a.sections) || newscrawl_labels('author', a.authors)
        || newscrawl_dated(newscrawl_moment(a.published));
    head text := a.headline || E'\\n' || coalesce(a.subtitle, '');
BEGIN
    RETURN array_to_tsvector(own || newscrawl_words(head || E'\\n' || a.text));
EXCEPTION WHEN program_limit_exceeded THEN
    RETURN array_to_tsvector(own || newscrawl_words(left(head || E'\\n' || a.text, 20000)));
END $$;
CREATE OR REPLACE FUNCTION newscrawl_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM search_rows WHERE article_id = OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO search_rows (article_id, at, words)
            VALUES (NEW.id, newscrawl_moment(NEW.published), newscrawl_indexed(NEW));
    END IF;
    RETURN NULL;
END $$"""
_COLUMNS = (
    *("id", "headline", "subtitle", "text", "site", "language"),
    *("sections", "authors", "published", "duplicate_of"),
)
_CHANGES = " OR ".join(f"OLD.{name}::text IS DISTINCT FROM NEW.{name}::text" for name in _COLUMNS)
_TRIGGERS = {
    "search_row": "CREATE TRIGGER search_row AFTER INSERT OR DELETE ON articles"
    " FOR EACH ROW EXECUTE FUNCTION newscrawl_search()",
    "search_update": "CREATE TRIGGER search_update AFTER UPDATE ON articles"
    f" FOR EACH ROW WHEN ({_CHANGES}) EXECUTE FUNCTION newscrawl_search()",
}
_REMOVE = (
    *(f"DROP TRIGGER IF EXISTS {name} ON articles" for name in _TRIGGERS),
    """DROP FUNCTION IF EXISTS newscrawl_search(), newscrawl_indexed(articles),
    newscrawl_dated(bigint), newscrawl_moment(text), newscrawl_labels(text, json),
    newscrawl_label(text, text), newscrawl_words(text)""",
    "DROP TABLE IF EXISTS search_rows, search_build",
)
_FILL = """INSERT INTO search_rows (article_id, at, words)
    SELECT id, newscrawl_moment(published), newscrawl_indexed(articles) FROM articles
    WHERE id > :after AND id <= :upto
    AND NOT EXISTS (SELECT 1 FROM search_rows WHERE article_id = articles.id)
    ORDER BY id ON CONFLICT DO NOTHING"""
_IS_UTF8 = "SELECT current_setting('server_encoding') = 'UTF8'"
_KNOWN = (
    "SELECT tgname AS name, obj_description(oid, 'pg_trigger') AS form FROM pg_trigger"
    " WHERE tgname LIKE 'search%' AND tgrelid = to_regclass('articles')"
)
_COLLATIONS = (
    "SELECT collname FROM pg_collation WHERE collname IN :names"
    " AND collencoding IN (-1, pg_char_to_encoding('UTF8'))"
)


def is_possible(connection: Connection) -> bool:
    return bool(connection.scalar(text(_IS_UTF8)))


def is_kept(connection: Connection) -> bool:
    """Whether triggers of this version keep an index."""
    known = {row.name: row.form for row in connection.execute(text(_KNOWN))}
    return known == dict.fromkeys(_TRIGGERS, str(FORM))


def make(connection: Connection) -> None:
    for statement in _MAKE:
        connection.exec_driver_sql(statement)
    collation = _collation(connection)
    functions = _FUNCTIONS.replace("COLLATED", f'COLLATE "{collation}"' if collation else "")
    connection.exec_driver_sql(functions)
    for name, statement in _TRIGGERS.items():
        connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"COMMENT ON TRIGGER {name} ON articles IS '{FORM}'")


def remove(connection: Connection) -> None:
    for statement in _REMOVE:
        connection.exec_driver_sql(statement)


def fill(connection: Connection, after: str, upto: str) -> None:
    """Put in the articles between two ids that are not in it, the second one too."""
    connection.execute(text(_FILL), {"after": after, "upto": upto})


def merge(connection: Connection) -> None:
    """Leave to VACUUM what was taken out."""


def _collation(connection: Connection) -> str | None:
    query = text(_COLLATIONS).bindparams(bindparam("names", expanding=True))
    known = set(connection.scalars(query, {"names": COLLATIONS}))
    return next((name for name in COLLATIONS if name in known), None)
