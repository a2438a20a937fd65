"""Who reads the shards of a corpus, and on which machines?

Front door: ``child.read_apart``, a shard in a process of its own.

What is read and how never belongs here: all do the one function of a shard.
"""
