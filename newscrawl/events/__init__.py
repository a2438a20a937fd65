"""How do others hear what happened to articles?

Front door: ``events.latest`` and ``events.after``; ``feed`` writes them for readers of feeds,
``delivery`` posts them to a program.

No event is kept here: all of them are read from what the crawls have kept anyway.
"""
