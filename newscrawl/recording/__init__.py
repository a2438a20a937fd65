"""How is a page kept for the tests?

Front door: ``fixtures.keep``, with what ``asking.Asking`` has read.

A recorded page is a fixture of web-poet: nothing of its format is our own. Neither ledger nor
database is ever opened here.
"""
