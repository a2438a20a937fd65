"""What does the dataset look like as a whole?

Front door: ``figures.figures``, which counts, and ``page.page``, which draws; ``audit`` says how
much of a site is stored.

Nothing is stored or fetched for a report, and its page asks nothing of the network.
"""
