"""How do WARC files become a dataset of articles?

Front door: ``actions``, what a person may ask of a corpus.

The ledger never belongs here: a corpus is files alone.
"""
