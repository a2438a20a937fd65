"""How does the dataset become files for others?

Front door: ``export.Export``; ``formats`` says which ending of a name means what.

Nothing reads its files again: what is stored is the database's, and its log is ``dataset``'s.
"""
