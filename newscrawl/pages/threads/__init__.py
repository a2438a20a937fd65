"""What do readers say on a page, and what has a live one posted?

Front door: `marked.find_comments` and `marked.find_posts`; `declared` reads what JSON-LD says.

The article's own text never belongs here.
"""
