"""What may a user ask of a crawl, and is it asked rightly?

Front door: ``arguments.Arguments``; ``own_arguments`` are those of a user's own spider, ``limits``
the settings of Scrapy that end or bound a crawl.

What is done about it never belongs here (``spiders``).
"""
