"""How is a site walked?

Front door: ``news.NewsSpider``, from which the spider of each site is made.

What a page says never belongs here (``pages``), nor when its row is handed out (the scheduler).
"""
