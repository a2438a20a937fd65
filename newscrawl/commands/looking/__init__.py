"""How does a person look at what is stored?

Front door: ``search.Command`` and ``browse.Command``.

Nothing here writes: what is shown comes from ``search/`` and ``browse/``.
"""
