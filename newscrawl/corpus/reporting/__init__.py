"""What does a corpus look like as a whole?

Front door: ``figures.figures``, which counts, and ``page.page``, which draws.

The look is that of the report of a crawl, and nothing of it is repeated here.
"""
