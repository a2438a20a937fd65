"""What does a page say?

Front door: `news.NewsPage`, which gives the kind of any page, its links and its article.
A page object builds on the one before it: `parsed` (regions), `judged` (kind and links), `ruled`
(rules and provenance), `article` (fields), `wordpress`, `jnews`.

Whether to fetch, follow, believe or store what a page says never belongs here.
"""
