"""What does a single page give, without a crawl?

Front door: ``parse.Command`` and ``shell.Command``, Scrapy's own commands of these names.

Nothing here opens the ledger.
"""
