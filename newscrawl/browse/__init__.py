"""How does a person look at what was crawled?

Front door: ``app.application``, the pages; ``serving`` shows them on this machine.

Nothing here writes, and nothing of a stored page runs or is fetched: its text is shown as text.
"""
