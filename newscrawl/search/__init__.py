"""Which articles say these words?

Front door: ``finding.search``; ``index`` builds what it looks in.

Nothing here writes an article: triggers of the database keep the index, whoever writes.
"""
