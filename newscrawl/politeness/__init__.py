"""How often may a host be asked?

Front door: ``politeness.PoliteSender``, which sends each request when it is its turn.

Whether a URL may be asked for at all never belongs here: that is for the gate of ``addresses``
and the middlewares.
"""
