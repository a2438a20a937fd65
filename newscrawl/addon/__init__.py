"""What does newscrawl bring into a Scrapy project of somebody else's?

Front door: ``addon.Addon``, which is also ``newscrawl.Addon``.

No value of a setting ever stands here: all of them are in ``settings.py``.
"""
