"""How alike are two texts?

Front door: ``signatures``, when two texts are the same; then ``shingles``, when they are nearly
so.

Which article is the original is never decided here: that takes what is stored (``dataset``).
"""
