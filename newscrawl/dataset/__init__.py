"""What is stored of the articles?

Front door: ``articles.ArticleStore``, through which a run stores articles, revisions, copies and
log lines, and nothing else does.

What is to be fetched never belongs here (``frontier``), nor files for others (``exporters``).
"""
