"""Which pages are to be fetched, and what became of those that were?

Front door: :mod:`newscrawl.frontier.rows`, then ``claims``, ``visits`` and ``runs``. What a page
says, and how a crawl is wired to Scrapy, never belongs here: functions take a connection and rows.
"""
