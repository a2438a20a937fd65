"""Which articles of a whole corpus are copies, and what is its one clean dataset?

Front door: ``deduping.Deduping``.

The rules are those of a crawl (``dedup``, ``dataset``), but the whole corpus is seen at once, so
that nothing depends on the order or the number of shards. What a text says is never read out of a page here.
"""
