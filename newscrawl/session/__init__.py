"""What does a run open, keep and close?

Front door: :class:`newscrawl.session.session.Session`, which ``session_of`` finds for a crawl.
Which row is handed out when never belongs here: that is the scheduler's.
"""
