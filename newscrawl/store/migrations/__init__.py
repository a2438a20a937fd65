"""How does a database made by an earlier version come to have the newest schema?

Front door: :func:`newscrawl.store.database.migrate`, which has Alembic run ``env`` where there is
something to do. What the newest schema is never belongs here: that is ``newscrawl.store.schema``.
"""
