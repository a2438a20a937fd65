"""How are others told what happened to articles?

Front door: ``feed.Command``, ``webhook.Command``.

What an event is stands in ``newscrawl.events``.
"""
