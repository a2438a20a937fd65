"""How is anything written to the database, whole or not at all?

Front door: :func:`newscrawl.store.database.connect` and :class:`newscrawl.store.writer.Writer`; the
tables are in ``schema``. What the rows mean never belongs here: that is ``frontier`` and ``dataset``.
"""
