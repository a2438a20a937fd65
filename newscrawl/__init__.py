"""A Scrapy project that turns a news site into a clean, deduplicated, exactly accounted dataset."""

__version__ = "0.1.0"
