"""What happens to a request on its way out, and to its answer on the way back?

Front door: ``ledger.LedgerMiddleware``, where a visit finishes; the order of all is in
``settings.py``.

Links are not chosen here (``spiders``), and pages are not read (``pages``).
"""
