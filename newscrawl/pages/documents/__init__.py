"""What stands on a page, and what does it declare of itself?

Front door: `document.Document`, the one parse of a response.

Whether the page is an article, and which of two statements to believe, never belongs here.
"""
