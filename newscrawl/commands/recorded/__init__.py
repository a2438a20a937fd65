"""How does a person record a page?

Front door: ``recordpage.Command``; each file is the command of its name.

What is recorded, and where, never belongs here (``recording``).
"""
