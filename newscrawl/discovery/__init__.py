"""Where does a site hide its articles?

Front door: ``links``, the kinds of links and the ways to a page; then one reader for each list
that a site publishes (``sitemaps``, ``feeds``, ``wordpress_api``, ``robots``).

Nothing here fetches: readers take bytes and return plain values, and whoever reads decides what
to follow.
"""
