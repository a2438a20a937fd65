"""How do thousands of WARC files become one clean dataset?

Front door: ``building.Build``.

A file is a shard: one pure function reads it, with the page objects and pipelines of a crawl, and
leaves a part and an account of each record. No database, no engine, and nothing that the shards share.
"""
