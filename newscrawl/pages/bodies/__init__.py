"""Which part of a page is the text of its article, and how does it read?

Front door: `main_text.main_text` finds the text, `body.read_body` reads it.

What a page declares beside its text (JSON-LD, meta elements) never belongs here.
"""
