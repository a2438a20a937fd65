"""How does the generated site show its stories, as pages, feeds, sitemaps and answers of its API?

Front door: `newscrawl.demo.rendering.article_page.article_page`.

Nothing is made up here and no request is looked at: what is told comes from `content`.
"""
