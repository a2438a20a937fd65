"""What does a site offer to a crawl, and how often does it publish?

Front door: ``adding.Adding``, which asks sites politely, each a few times (``asking.probe``).

Nothing is stored here, and no article is read: what was found becomes a job of ``sites.toml``.
"""
