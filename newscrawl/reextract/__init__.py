"""What would today's rules read in the pages of yesterday?

Front door: ``reextraction.Reextraction``.

Nothing is fetched, and no rule is changed: page objects and pipelines are those of a crawl.
"""
