"""What would a news site answer, if it were made up and the same at every start?

Front door: `newscrawl.demo.site.DemoSite`; `newscrawl.demo.process.run_demo` serves one.
`odd_site.OddSite` is the site of the guide for page objects of one's own.

What a crawl of the site should find, and sites that attack their crawler, belong to the tests.
"""
